"""Every column of every audited table is in a leaf, or is listed with its reason."""

import re

import pytest
from django.apps import apps

from commonpurse.record.models import AuditedModel
from commonpurse.record.unaudited import UNAUDITED

AUDITED = [model for model in apps.get_models() if issubclass(model, AuditedModel)]
REASON_CHARS_MIN = 20


def test_every_column_that_is_in_no_leaf_is_real_and_has_a_reason() -> None:
    real = {
        f"{model._meta.label}.{field.attname}"
        for model in AUDITED
        for field in model._meta.concrete_fields
    }
    assert set(UNAUDITED) <= real
    assert [name for name, reason in UNAUDITED.items() if len(reason) < REASON_CHARS_MIN] == []


@pytest.mark.parametrize("model", AUDITED, ids=lambda model: model._meta.label)
def test_an_audited_table_names_its_leaf_and_its_file(model: type[AuditedModel]) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", model.leaf_kind)
    assert re.fullmatch(r"[a-z_]+", model.table)


def test_no_two_audited_tables_share_a_leaf_kind_or_a_file() -> None:
    for names in ([model.leaf_kind for model in AUDITED], [model.table for model in AUDITED]):
        assert len(set(names)) == len(names)


def test_no_audited_column_holds_what_is_private() -> None:
    """Names, mails, bank details and secrets never stand in a leaf; commitments to them may."""
    private = re.compile(r"(^|_)(email|iban|bic|password|token|secret|holder|phone|address)$")
    found = [
        f"{model._meta.label}.{field.attname}"
        for model in AUDITED
        for field in model._meta.concrete_fields
        if private.search(field.attname) and f"{model._meta.label}.{field.attname}" not in UNAUDITED
    ]
    assert found == []
