"""The ledger against a plain model of it: whatever is done in whatever order, they agree."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from commonpurse.errors import PurseError
from commonpurse.ledger import selectors, services
from commonpurse.ledger.values import EntryView, Line, NewEntry
from tests.ledger.chart import ANN, MARCH, NOON, Chart, chart_make

NAMES = ("bank", "receivable", "dues", "spending", "dollars", "dollar_income")
SIGNS = dict(zip(NAMES, (1, 1, -1, 1, 1, -1), strict=True))
FLOORS = {"bank": 0, "dollars": 0}
DOLLARS = {"dollars", "dollar_income"}

names = st.sampled_from(NAMES)
amounts = st.integers(-500, 500)
days = st.integers(0, 40).map(lambda offset: MARCH + timedelta(days=offset))


@dataclass
class Model:
    """What a bookkeeper with pencil and paper would keep."""

    balances: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    held: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    history: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in NAMES})
    bodies: dict[str, tuple[object, ...]] = field(default_factory=dict)
    reversed_keys: set[str] = field(default_factory=set)
    closed: date | None = None

    def refusal(self, lines: dict[str, int], kind: str, day: date) -> str:
        sums = {False: 0, True: 0}
        for name, amount in lines.items():
            sums[name in DOLLARS] += amount
        if any(sums.values()):
            return "unbalanced"
        if self.closed is not None and day <= self.closed:
            return "period_closed"
        for name, amount in lines.items():
            after = SIGNS[name] * (self.balances[name] + amount) - self.held[name]
            falls = SIGNS[name] * amount < 0
            if name in FLOORS and falls and after < FLOORS[name] and kind != "bank_fact":
                return "short"
        return ""

    def post(self, lines: dict[str, int]) -> None:
        for name, amount in lines.items():
            self.balances[name] += amount
            self.history[name].append(self.balances[name])


def code_of(deed: Callable[[], object]) -> str:
    """The code of the refusal, nothing when the deed was done."""
    try:
        deed()
    except PurseError as refusal:
        return refusal.code
    return ""


class LedgerMachine(RuleBasedStateMachine):
    posted = Bundle("posted")
    holds = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.room = transaction.atomic()
        self.room.__enter__()
        self.chart: Chart = chart_make()
        self.model = Model()
        self.count = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.room.__exit__(None, None, None)

    def account(self, name: str) -> UUID:
        found: UUID = getattr(self.chart, name)
        return found

    def key(self) -> str:
        self.count += 1
        return f"key-{self.count}"

    def new_entry(self, lines: dict[str, int], kind: str, day: date, key: str) -> NewEntry:
        return NewEntry(
            key=key,
            booked_on=day,
            kind=kind,
            memo="A line",
            lines=tuple(Line(self.account(name), amount) for name, amount in lines.items()),
        )

    def attempt(self, lines: dict[str, int], kind: str, day: date, key: str) -> str:
        """Post it in both; how the ledger answered."""
        expected = self.model.refusal(lines, kind, day)
        # Which of several faults is named first is the database's affair.
        got = code_of(lambda: self.chart.post(self.new_entry(lines, kind, day, key)))
        assert bool(got) == bool(expected), (got, expected, lines)
        if not got:
            self.model.post(lines)
            self.model.bodies[key] = (lines, kind, day)
        return got

    @rule(
        target=posted,
        lines=st.dictionaries(names, amounts.filter(bool), min_size=2, max_size=4),
        is_balanced=st.booleans(),
        kind=st.sampled_from(["transfer", "transfer", "bank_fact"]),
        day=days,
    )
    def post(self, lines: dict[str, int], is_balanced: bool, kind: str, day: date) -> str:
        if is_balanced:
            lines = {name: amount for name, amount in lines.items() if name not in DOLLARS}
            if len(lines) < 2:
                lines = {"bank": 100, "dues": -100}
            *others, last = lines
            lines[last] = -sum(lines[name] for name in others)
            if not lines[last]:
                lines = {"bank": 70, "dues": -70}
        key = self.key()
        self.attempt(lines, kind, day, key)
        return key

    @rule(key=posted)
    def post_again(self, key: str) -> None:
        body = self.model.bodies.get(key)
        if body is None:
            return
        lines, kind, day = body
        assert isinstance(lines, dict)
        again = self.chart.post(self.new_entry(lines, str(kind), day, key))  # type: ignore[arg-type]
        assert not again.is_new

    @rule(key=posted)
    def reverse(self, key: str) -> None:
        body = self.model.bodies.get(key)
        if body is None:
            return
        lines = {name: -amount for name, amount in body[0].items()}  # type: ignore[attr-defined]
        day = MARCH + timedelta(days=50)
        original = self.entry(key)
        expected = "already_reversed" if key in self.model.reversed_keys else ""
        expected = expected or self.model.refusal(lines, "reversal", day)
        try:
            services.entry_reverse(
                coop_id=self.chart.coop_id,
                entry_id=original.id,
                key=self.key(),
                booked_on=day,
                memo="Taken back",
                actor=ANN,
                at=NOON,
            )
        except PurseError:
            assert expected
            return
        assert not expected
        self.model.reversed_keys.add(key)
        self.model.post(lines)

    def entry(self, key: str) -> EntryView:
        found = selectors.entry_by_key(
            coop_id=self.chart.coop_id, book_id=self.chart.book_id, key=key
        )
        assert found is not None
        return found

    @rule(target=holds, name=names, amount=st.integers(1, 300))
    def reserve(self, name: str, amount: int) -> tuple[UUID, str, int] | None:
        free = SIGNS[name] * self.model.balances[name] - self.model.held[name]
        key = self.key()
        got = code_of(
            lambda: services.hold_reserve(
                coop_id=self.chart.coop_id,
                account_id=self.account(name),
                key=key,
                amount_minor=amount,
                actor=ANN,
                at=NOON,
            )
        )
        assert got == ("short" if name in FLOORS and free < amount else "")
        if got:
            return None
        self.model.held[name] += amount
        hold = selectors.hold_by_key(
            coop_id=self.chart.coop_id, account_id=self.account(name), key=key
        )
        assert hold is not None
        return hold.id, name, amount

    @rule(hold=consumes(holds))
    def release(self, hold: tuple[UUID, str, int] | None) -> None:
        if hold is None:
            return
        hold_id, name, amount = hold
        services.hold_release(coop_id=self.chart.coop_id, hold_id=hold_id, actor=ANN, at=NOON)
        self.model.held[name] -= amount

    @rule(hold=consumes(holds))
    def settle(self, hold: tuple[UUID, str, int] | None) -> None:
        if hold is None or hold[1] != "bank":
            return
        hold_id, name, amount = hold
        self.model.held[name] -= amount
        lines = {"spending": amount, "bank": -amount}
        day = MARCH + timedelta(days=50)
        expected = self.model.refusal(lines, "transfer", day)
        entry = self.new_entry(lines, "transfer", day, self.key())
        try:
            services.hold_settle(
                coop_id=self.chart.coop_id, hold_id=hold_id, entry=entry, actor=ANN, at=NOON
            )
        except PurseError:
            assert expected
            self.model.held[name] += amount
            return
        assert not expected
        self.model.post(lines)

    @rule(day=days)
    def close(self, day: date) -> None:
        is_further = self.model.closed is None or day > self.model.closed
        try:
            services.period_close(
                coop_id=self.chart.coop_id,
                book_id=self.chart.book_id,
                through=day,
                actor=ANN,
                at=NOON,
            )
        except PurseError:
            assert not is_further
            return
        assert is_further
        self.model.closed = day

    @invariant()
    def they_agree(self) -> None:
        accounts = selectors.account_list(coop_id=self.chart.coop_id, book_id=self.chart.book_id)
        by_id = {account.id: account for account in accounts}
        for name in NAMES:
            account = by_id[self.account(name)]
            assert account.balance_minor == self.model.balances[name]
            assert account.held_minor == self.model.held[name]
            assert account.version == len(self.model.history[name])
        assert sum(self.model.balances[name] for name in NAMES if name not in DOLLARS) == 0

    @invariant()
    def statements_tell_the_same_story(self) -> None:
        page = selectors.account_statement(
            coop_id=self.chart.coop_id, account_id=self.chart.bank, limit=500
        )
        story = self.model.history["bank"]
        assert [line.balance_after for line in page.lines] == story[::-1]
        assert [line.account_version for line in page.lines] == list(range(len(story), 0, -1))


@pytest.mark.django_db
def test_the_ledger_agrees_with_pencil_and_paper():
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
