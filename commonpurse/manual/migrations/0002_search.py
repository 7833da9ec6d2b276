"""Clauses can be found."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("manual", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX manual_search ON manual_manualversion USING gin ((
                jsonb_to_tsvector('simple', clauses, '["string"]')
                || array_to_tsvector(ARRAY[coop_id::text])
            ))
            """,
            "DROP INDEX manual_search",
        ),
    ]
