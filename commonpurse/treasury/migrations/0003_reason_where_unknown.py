"""A statement that lacks a balance needs its reason too: a CHECK lets pass what is NULL."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treasury", "0002_separation")]

    operations = [
        migrations.RemoveConstraint(
            model_name="bankstatement", name="statement_reconciles_or_reason"
        ),
        migrations.AddConstraint(
            model_name="bankstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("balanced", True), ("balanced__isnull", False)),
                    ("reason_mac__isnull", False),
                    _connector="OR",
                ),
                name="statement_reconciles_or_reason",
            ),
        ),
    ]
