from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0004_visits"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
