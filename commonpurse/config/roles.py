"""What the application's role may do: everything but change what is append-only."""

from django.apps import apps
from django.conf import settings
from django.db import connections

from commonpurse.record.models import AuditedModel, AuditRow, Leaf

APPEND_ONLY = (Leaf, AuditRow)


def roles_apply() -> None:
    """Grant the application's role its rights, table by table, as the owner. Idempotent."""
    role = settings.DATABASES["default"]["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
        cursor.execute(
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"'
        )
        cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
        for model in apps.get_models():
            if (
                issubclass(model, AuditedModel)
                or model in APPEND_ONLY
                or getattr(model, "append_only", False)
            ):
                table = model._meta.db_table
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"')
