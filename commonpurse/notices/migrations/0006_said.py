from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0005_feed_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="said",
            field=models.JSONField(null=True),
        ),
    ]
