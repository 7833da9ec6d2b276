"""What the application's role may do: everything but change what is append-only.

Two guards stand before every append-only table. The application's role has no right to UPDATE,
DELETE or TRUNCATE it, and a trigger refuses the three for everybody, the owner too. Whoever means
to tamper must first disable the trigger, and then the public record contradicts them.

A model is append-only when it is audited, or when it says so with `append_only = True`. A model
whose rights are narrower still lists them: `app_grants = ("SELECT",)`. A room whose tables are
written by a function of the database alone names it in its AppConfig: `app_functions = ("f",)`.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.models import Model

from commonpurse.record.models import AuditedModel, AuditRow, Leaf

APPEND_ONLY: tuple[type[Model], ...] = (Leaf, AuditRow)

ALL_GRANTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND_GRANTS = ("SELECT", "INSERT")
READ_GRANTS = ("SELECT",)

READ_ONLY_TABLES = {"django_migrations"}

REFUSE = """
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation',
              HINT = 'Write a new row that corrects the old one.';
END $$
"""

TRIGGER = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()
"""

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""


def is_append_only(model: type[Model]) -> bool:
    """Whether rows of this table are written once and stay."""
    return (
        issubclass(model, AuditedModel)
        or model in APPEND_ONLY
        or bool(getattr(model, "append_only", False))
    )


def grants_of(model: type[Model]) -> tuple[str, ...]:
    """The rights of the application's role on this table."""
    narrower: tuple[str, ...] | None = getattr(model, "app_grants", None)
    if narrower is not None:
        assert set(narrower) <= set(APPEND_GRANTS if is_append_only(model) else ALL_GRANTS)
        return narrower
    return APPEND_GRANTS if is_append_only(model) else ALL_GRANTS


def grants_by_table() -> dict[str, tuple[str, ...]]:
    """The rights of the application's role on every table of a model."""
    return {
        model._meta.db_table: grants_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }


def roles_apply() -> None:
    """Give the application's role its rights and the tables their triggers, as the owner.

    One transaction, and the same again changes nothing: run it after every migration.
    """
    role = connections["owner"].ops.quote_name(settings.DATABASES["default"]["USER"])
    quote = connections["owner"].ops.quote_name
    grants = grants_by_table()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(REFUSE)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(TABLES)
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            rights = READ_GRANTS if table in READ_ONLY_TABLES else grants.get(table, ALL_GRANTS)
            cursor.execute(f"REVOKE ALL ON TABLE {quote(table)} FROM {role}")
            if rights:
                cursor.execute(f"GRANT {', '.join(rights)} ON TABLE {quote(table)} TO {role}")
        for config in apps.get_app_configs():
            for function in getattr(config, "app_functions", ()):
                cursor.execute(f"REVOKE ALL ON FUNCTION {quote(function)} FROM PUBLIC")
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {quote(function)} TO {role}")
        for model in apps.get_models():
            if is_append_only(model) and model._meta.db_table in tables:
                cursor.execute(TRIGGER.format(table=quote(model._meta.db_table)))
