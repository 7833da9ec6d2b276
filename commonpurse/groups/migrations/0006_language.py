from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0005_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
