from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()

UNDO = """
DROP TRIGGER electorate_judge ON groups_departure;
DROP TRIGGER electorate_judge ON groups_membership;
DROP FUNCTION decisions_electorate_judge();
DROP TRIGGER ballot_judge ON decisions_ballot;
DROP FUNCTION decisions_ballot_judge();
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial"), ("groups", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
