from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonpurse.errors import Invalid
from commonpurse.manual.clauses import clauses_changed, clauses_from_json, clauses_to_json
from commonpurse.manual.codec import changed, parameters_from_json, parameters_to_json
from commonpurse.manual.parameters import (
    FIELDS,
    Parameters,
    StandingKind,
    StandingMandate,
    check_for_members,
)
from commonpurse.manual.rules import rules_for
from commonpurse.manual.sentences import sentences
from commonpurse.manual.templates import TEMPLATES, template

SOFTWARE = TEMPLATES["software-users"].parameters


def refused(changes, field):
    with pytest.raises(Invalid) as refusal:
        changed(SOFTWARE, changes)
    assert refusal.value.field == field
    return refusal.value.message


def test_a_proposal_of_a_software_users_coop_reads_as_one_would_say_it():
    texts = [sentence.text for sentence in sentences(SOFTWARE)]
    assert texts[:3] == [
        "The fund is kept in EUR.",
        "Each member owes €15.00 every month, due on day 1.",
        (
            "A proposal passes when at least 2/3 of votes cast agree "
            "and at least 1/4 of all who may vote take part."
        ),
    ]
    assert (
        "Without a new vote there may flow: refunds to members up to €60.00 a month; "
        "the sponsor's fee up to €100.00 a month; bank fees up to €20.00 a month; "
        "returned debits up to €200.00 a month." in texts
    )


def test_every_parameter_is_read_aloud_once():
    for manual in TEMPLATES.values():
        keys = [key for sentence in sentences(manual.parameters) for key in sentence.keys]
        assert sorted(keys) == sorted(spec.key for spec in FIELDS)


def test_two_thirds_stay_two_thirds_in_json():
    json = parameters_to_json(SOFTWARE)
    assert json["threshold"] == "2/3"
    assert json["dues_minor"] == 1_500
    assert json["standing_mandates"][0] == {"kind": "refund", "max_minor_per_month": 6_000}
    assert changed(SOFTWARE, {"threshold": "4/6"}) == SOFTWARE


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_a_template_survives_the_way_through_json(key):
    manual = template(key)
    assert parameters_from_json(parameters_to_json(manual.parameters)) == manual.parameters
    assert clauses_from_json(clauses_to_json(manual.clauses)) == manual.clauses


@given(
    quorum=st.fractions(0, 1, max_denominator=999),
    threshold=st.fractions(Fraction(1, 999), 1, max_denominator=999),
    days=st.integers(1, 90),
    standing=st.lists(
        st.builds(StandingMandate, st.sampled_from(StandingKind), st.integers(1, 10**12)),
        unique_by=lambda mandate: mandate.kind,
    ),
)
def test_any_parameters_survive_the_way_through_json(quorum, threshold, days, standing):
    order = list(StandingKind)
    parameters = replace(
        SOFTWARE,
        quorum=quorum,
        amendment_quorum=quorum,
        threshold=threshold,
        amendment_threshold=Fraction(1),
        voting_days=days,
        standing_mandates=tuple(sorted(standing, key=lambda item: order.index(item.kind))),
    )
    assert parameters_from_json(parameters_to_json(parameters)) == parameters


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dues_minor", 12.5),
        ("dues_minor", "1500"),
        ("dues_minor", True),
        ("dues_minor", -1),
        ("dues_day", 29),
        ("dues_period_months", 0),
        ("voting_days", 0),
        ("voting_days", 91),
        ("quorum", "3/2"),
        ("quorum", 0.25),
        ("threshold", "0"),
        ("threshold", "1/0"),
        ("threshold", "two thirds"),
        ("threshold", "-1/2"),
        ("threshold_base", "of the loud"),
        ("threshold_comparison", None),
        ("is_block_allowed", "yes"),
        ("tie_rule", "coin"),
        ("timezone", "Berlin"),
        ("standing_mandates", {"kind": "refund"}),
        ("standing_mandates", [{"kind": "refund"}]),
        ("standing_mandates", [{"kind": "party", "max_minor_per_month": 5}]),
        ("standing_mandates", [{"kind": "refund", "max_minor_per_month": 0}]),
        ("standing_mandates", [{"kind": "refund", "max_minor_per_month": 1}] * 2),
        ("cooling_days", 61),
        ("request_valid_days", 0),
        ("currency", "USD"),
        ("surprise", 1),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_and_named(key, value):
    refused({key: value}, key)


def test_a_missing_parameter_is_named():
    json = parameters_to_json(SOFTWARE)
    del json["cooling_days"]
    with pytest.raises(Invalid, match="Waiting after new bank details") as refusal:
        parameters_from_json(json)
    assert refusal.value.field == "cooling_days"


def test_there_is_a_seat_more_than_approvals_because_who_asks_never_approves():
    message = refused({"trustees_seats": 4, "approvals_needed": 4}, "trustees_seats")
    assert message == ("Have at least 5 trustees' seats: who asks for a payment never approves it.")


def test_three_trustees_never_pay_on_one_approval():
    refused({"trustees_seats": 3, "approvals_needed": 1}, "approvals_needed")
    assert changed(SOFTWARE, {"trustees_seats": 2, "approvals_needed": 1}).approvals_needed == 1


def test_a_coop_of_three_members_needs_two_approvals():
    small = changed(SOFTWARE, {"trustees_seats": 2, "approvals_needed": 1})
    check_for_members(small, 2)
    with pytest.raises(Invalid, match="three members or more"):
        check_for_members(small, 3)


def test_more_than_all_is_refused():
    refused({"threshold": "1", "threshold_comparison": "more_than"}, "threshold")
    refused(
        {"amendment_threshold": "1", "amendment_comparison": "more_than"}, "amendment_threshold"
    )


def test_amending_is_never_easier_than_deciding():
    refused({"amendment_quorum": "1/5"}, "amendment_quorum")
    refused({"amendment_threshold": "1/2"}, "amendment_threshold")


def test_rules_are_copied_by_the_kind_of_decision():
    assert rules_for("spend", SOFTWARE) == {
        "quorum": "1/4",
        "threshold": "2/3",
        "comparison": "at_least",
        "base": "cast",
        "is_block_allowed": True,
        "is_early_close_allowed": True,
        "tie_rule": "fails",
        "voting_days": 7,
    }
    assert rules_for("amendment", SOFTWARE)["threshold"] == "3/4"
    assert rules_for("trustees", SOFTWARE)["quorum"] == "1/2"
    founding = rules_for("founding", SOFTWARE)
    assert (founding["threshold"], founding["base"]) == ("1", "eligible")


def test_a_clause_is_replaced_added_or_struck_out():
    clauses = TEMPLATES["software-users"].clauses
    after = clauses_changed(
        clauses,
        [
            {"key": "purpose", "title": "Why", "text": "To share a bill."},
            {"key": "party", "title": "The party", "text": "Once a year."},
            {"key": "blocking", "title": "", "text": ""},
        ],
    )
    assert after[0].text == "To share a bill."
    assert after[-1].key == "party"
    assert len(after) == len(clauses)
    assert "blocking" not in {clause.key for clause in after}


@pytest.mark.parametrize(
    "clause",
    [
        {"key": "Purpose", "title": "T", "text": "x"},
        {"key": "purpose", "title": " ", "text": "x"},
        {"key": "purpose", "title": "T"},
        {"key": "purpose", "title": "T", "text": "x" * 8_001},
        "purpose",
    ],
)
def test_a_clause_that_is_none_is_refused(clause):
    with pytest.raises(Invalid):
        clauses_from_json([clause])


def test_the_declaration_of_each_parameter_has_a_help_sentence():
    for spec in FIELDS:
        assert spec.help.endswith("."), spec.key
        assert spec.label
        assert spec.section in {"money", "deciding", "amending", "paying"}


def test_an_unknown_template_is_refused_with_the_choices():
    with pytest.raises(Invalid, match="Solidarity fund, Software users' co-op"):
        template("anarchy")


def test_parameters_cannot_be_made_inconsistent_in_python_either():
    with pytest.raises(Invalid):
        replace(SOFTWARE, approvals_needed=4)
    assert isinstance(SOFTWARE, Parameters)
