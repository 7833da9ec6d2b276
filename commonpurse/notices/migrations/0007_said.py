from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0006_sealed_secrets"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="said",
            field=models.JSONField(null=True),
        ),
    ]
