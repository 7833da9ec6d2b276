"""Totals of days beside the bank's lines: from now on by triggers, once for what stands."""

from pathlib import Path

from django.db import migrations

BACK = """
DROP TRIGGER booking_total ON treasury_linebooking;
DROP TRIGGER assignment_total ON treasury_lineassignment;
DROP TRIGGER cover_total ON treasury_suspensecover;
DROP FUNCTION treasury_line_total;
DROP FUNCTION treasury_line_total_move;
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0006_linetotal")]

    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), reverse_sql=BACK),
    ]
