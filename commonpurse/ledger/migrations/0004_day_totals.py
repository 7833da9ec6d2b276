"""Totals of days beside the postings: from now on by a trigger, and once for what stands."""

from pathlib import Path

from django.db import migrations

BACK = """
DROP TRIGGER day_total_guard ON ledger_daytotal;
DROP TRIGGER posting_total ON ledger_posting;
DROP FUNCTION ledger_day_total;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_daytotal")]

    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), reverse_sql=BACK),
    ]
