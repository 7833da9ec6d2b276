from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()

UNDO = """
DROP TABLE purse_cache;
DROP TRIGGER membership_judge ON groups_membership;
DROP FUNCTION groups_membership_judge();
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial"), ("record", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
