"""The walls behind the approvals: triggers that judge each signature and each order."""

from pathlib import Path

from django.db import migrations

BACK = """
DROP TRIGGER order_judge ON treasury_paymentorder;
DROP TRIGGER approval_judge ON treasury_approval;
DROP FUNCTION treasury_order_judge, treasury_approval_judge;
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0001_initial")]

    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), reverse_sql=BACK),
    ]
