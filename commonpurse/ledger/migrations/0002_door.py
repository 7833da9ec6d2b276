"""The walls and the door: triggers that judge every entry, the function that writes them."""

from pathlib import Path

from django.db import migrations

BACK = """
DROP FUNCTION ledger_post;
DROP TRIGGER period_judge ON ledger_periodclose;
DROP TRIGGER hold_end_judge ON ledger_holdend;
DROP TRIGGER hold_judge ON ledger_hold;
DROP TRIGGER posting_judge ON ledger_posting;
DROP TRIGGER entry_judge ON ledger_entry;
DROP TRIGGER balance_guard ON ledger_balance;
DROP TRIGGER account_judge ON ledger_account;
DROP FUNCTION ledger_period_judge, ledger_hold_end_judge, ledger_hold_judge,
    ledger_posting_judge, ledger_entry_judge, ledger_balance_guard, ledger_account_judge,
    ledger_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("record", "0001_initial")]

    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), reverse_sql=BACK),
    ]
