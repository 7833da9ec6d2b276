"""What is said can be found: one index of words for threads, one for comments."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("discussion", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX thread_search ON discussion_thread USING gin ((
                to_tsvector('simple', title || ' ' || body)
                || array_to_tsvector(ARRAY[coop_id::text])
            ))
            """,
            "DROP INDEX thread_search",
        ),
        migrations.RunSQL(
            """
            CREATE INDEX comment_search ON discussion_comment USING gin ((
                to_tsvector('simple', body) || array_to_tsvector(ARRAY[coop_id::text])
            ))
            """,
            "DROP INDEX comment_search",
        ),
    ]
