"""Co-ops and people can be found by their names."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("groups", "0005_language")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX coop_search ON groups_coop USING gin ((
                to_tsvector('simple', name) || array_to_tsvector(ARRAY[coop_id::text])
            ))
            """,
            "DROP INDEX coop_search",
        ),
        migrations.RunSQL(
            """
            CREATE INDEX person_search ON groups_person USING gin ((
                to_tsvector('simple', name)
            ))
            """,
            "DROP INDEX person_search",
        ),
    ]
