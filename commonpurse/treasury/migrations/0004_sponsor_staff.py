"""People who act for a sponsor."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import commonpurse.record.ids


class Migration(migrations.Migration):
    dependencies = [
        ("treasury", "0003_reason_where_unknown"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SponsorStaff",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=commonpurse.record.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="treasury.sponsor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sponsor", "person"), name="sponsor_staff_once")
                ],
            },
        ),
    ]
