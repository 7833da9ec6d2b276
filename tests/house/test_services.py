"""What every service has in common: the actor, the instant, one transaction, one audit row."""

import ast

import pytest

from tests.house.source import PACKAGE, is_called, public_functions, service_files, shown

AUDIT = ("audit_add", "door_post")
"""`door_post` is the ledger's door: the audit row of an entry is written inside the database."""

WRITES = ("row_add", "rows_add", "bulk_create", "save", "delete", "update")

EXCEPTIONS: dict[str, str] = {
    "groups.token_seen": "notes when a program last came in; nobody does anything by it",
    "notices.mail_carry": "carries the outbox to the post; each mail's own service was audited",
    "notices.webhook_collect": "copies the log for a webhook, whose own service was audited",
    "notices.deliveries_lease": "takes what is due for a while; settled below",
    "notices.delivery_settle": "writes down what a receiver said; a stop is told as a notice",
    "notices.mails_and_notices_forget": "a step of person_erase, which writes the audit row",
}
"""room.function -> why it writes no audit row of its own."""


def services() -> list[tuple[str, ast.FunctionDef]]:
    """Every function that opens a transaction for its caller, with its room."""
    found = []
    for path in service_files():
        room = path.relative_to(PACKAGE).parts[0]
        found += [
            (f"{room}.{node.name}", node)
            for node in public_functions(path)
            if any("atomic" in ast.unparse(one) for one in node.decorator_list)
        ]
    return found


SERVICES = services()
NAMES = [name for name, _ in SERVICES]
NODES = [node for _, node in SERVICES]


def test_there_are_services_and_their_names_are_their_own() -> None:
    assert len(NAMES) > 20
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(("name", "node"), SERVICES, ids=NAMES)
def test_a_service_writes_exactly_one_audit_row(name: str, node: ast.FunctionDef) -> None:
    wanted = 0 if name in EXCEPTIONS else 1
    assert sum(is_called(audit, node) for audit in AUDIT) == wanted


@pytest.mark.parametrize(("name", "node"), SERVICES, ids=NAMES)
def test_a_service_takes_named_facts_and_the_instant(name: str, node: ast.FunctionDef) -> None:
    if name in EXCEPTIONS:
        return
    assert node.args.args == [], "facts are given by name"
    assert "at" in {argument.arg for argument in node.args.kwonlyargs}, "the caller knows the time"


@pytest.mark.parametrize(("name", "node"), SERVICES, ids=NAMES)
def test_a_service_is_named_noun_and_verb_and_says_what_it_does(
    name: str, node: ast.FunctionDef
) -> None:
    assert "_" in node.name, name
    assert ast.get_docstring(node), name


def test_every_exception_still_exists() -> None:
    every = {
        f"{path.relative_to(PACKAGE).parts[0]}.{node.name}"
        for path in service_files()
        for node in public_functions(path)
    }
    assert set(EXCEPTIONS) <= every


def test_what_a_room_offers_writes_only_in_a_transaction_of_its_own() -> None:
    """A name that `services/__init__.py` hands out either opens a transaction or writes nothing."""
    loose = []
    for path in service_files():
        if path.name != "__init__.py":
            continue
        offered = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for sibling in sorted(path.parent.glob("*.py")):
            loose += [
                f"{shown(sibling)}: {node.name}"
                for node in public_functions(sibling)
                if node.name in offered
                and not node.name.endswith("_due")
                and not any("atomic" in ast.unparse(one) for one in node.decorator_list)
                and any(is_called(write, node) for write in WRITES)
                and f"{path.parts[-3]}.{node.name}" not in EXCEPTIONS
            ]
    assert loose == []
