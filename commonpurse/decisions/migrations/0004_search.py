"""What is asked and what came of it can be found."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_drafts")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX decision_search ON decisions_decision USING gin ((
                to_tsvector('simple', question || ' ' || details)
                || array_to_tsvector(ARRAY[coop_id::text])
            ))
            """,
            "DROP INDEX decision_search",
        ),
        migrations.RunSQL(
            """
            CREATE INDEX outcome_search ON decisions_outcome USING gin ((
                to_tsvector('simple', statement) || array_to_tsvector(ARRAY[coop_id::text])
            ))
            """,
            "DROP INDEX outcome_search",
        ),
    ]
