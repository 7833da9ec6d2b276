"""Payees and payments can be found: by words, by amount, by payload code."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("treasury", "0004_sponsor_staff")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX payee_search ON treasury_payee USING gin ((
                to_tsvector('simple', name) || array_to_tsvector(ARRAY[coop_id::text])
            ))
            """,
            "DROP INDEX payee_search",
        ),
        migrations.RunSQL(
            """
            CREATE INDEX request_search ON treasury_requestversion USING gin ((
                to_tsvector('simple', purpose) || array_to_tsvector(ARRAY[coop_id::text,
                    'amount:' || amount_minor::text, 'code:' || replace(code, '-', '')])
            ))
            """,
            "DROP INDEX request_search",
        ),
    ]
