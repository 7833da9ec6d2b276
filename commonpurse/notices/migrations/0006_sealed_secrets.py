"""Secrets of webhooks that were kept as they are become sealed ones."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from commonpurse.notices.signing import PREFIX, secret_sealed


def secrets_seal(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Seal whatever is open; rows that were sealed already stay as they are."""
    webhooks = apps.get_model("notices", "Webhook").objects.using(editor.connection.alias)
    for row in webhooks.all():
        for name in ("secret", "secret_former"):
            if getattr(row, name).startswith(PREFIX):
                setattr(row, name, secret_sealed(getattr(row, name)))
        row.save(update_fields=["secret", "secret_former"])


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_feed_tokens")]

    operations = [
        migrations.AlterField("Webhook", "secret", models.CharField(max_length=300)),
        migrations.AlterField(
            "Webhook", "secret_former", models.CharField(blank=True, max_length=300)
        ),
        migrations.RunPython(secrets_seal, migrations.RunPython.noop),
    ]
