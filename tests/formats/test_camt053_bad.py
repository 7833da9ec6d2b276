"""What banks, browsers and strangers send instead of a statement: one clear line for each."""

import tracemalloc
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonpurse.errors import Invalid
from commonpurse.formats import camt053
from commonpurse.formats.camt053 import read
from commonpurse.rules.money import decimal_text, minor_units
from tests.formats.statements import balance, camt, detail, entry, statement

GOOD = camt(statement(entry(details=detail(text="RF18 5390 0754 7034"))))
DTD = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "b">]>' + GOOD.partition(b"\n")[2]
MT940 = b":20:START\r\n:25:123\r\n"

BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "blanks": (b" \n\t ", "empty"),
    "a mark of the encoding and nothing": (b"\xef\xbb\xbf", "empty"),
    "cut in an entry": (GOOD[: len(GOOD) // 2], "ends in the middle"),
    "cut before its last tag": (GOOD[:-3], "ends in the middle"),
    "only a declaration": (b'<?xml version="1.0"?>', "ends in the middle"),
    "a DTD": (DTD, "document type"),
    "an entity bomb": (
        b'<!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><z>&b;</z>',
        "document type",
    ),
    "an outside entity": (
        b'<!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/passwd">]><z>&a;</z>',
        "document type",
    ),
    "payment orders": (camt(statement(), message="pain.001.001", version="09"), "payment orders"),
    "direct debits": (camt(statement(), message="pain.008.001", version="08"), "direct debits"),
    "the running day": (camt(statement(), message="camt.052.001", version="02"), "camt.052"),
    "single bookings": (camt(statement(), message="camt.054.001", version="02"), "camt.054"),
    "a web page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    "a web page in XHTML": (b'<?xml version="1.0"?>\n<html xmlns="x"></html>', "web page"),
    "another XML": (b"<rss><channel/></rss>", "another kind"),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "a ZIP": (b"PK\x03\x04....", "ZIP"),
    "MT940": (MT940, "MT940"),
    "a table": (b"date;amount\n2026-01-01;5\n", "not XML"),
    "noise": (bytes(range(256)), "not XML"),
    "tags crossed": (GOOD.replace(b"</Amt>", b"</Atm>", 1), "makes no sense at line"),
    "an unknown encoding": (GOOD.replace(b"UTF-8", b"X-KLINGON"), "encoding|makes no sense"),
    "no statement": (camt(), "no statement"),
    "no account": (GOOD.replace(b"<Acct>", b"<Acc>").replace(b"</Acct>", b"</Acc>"), "account"),
    "no direction": (GOOD.replace(b"CRDT", b"BOTH"), "neither CRDT nor DBIT"),
    "no amount": (GOOD.replace(b">12.50<", b"><"), "no amount"),
    "no status": (GOOD.replace(b"<Sts>BOOK</Sts>", b""), "booked"),
    "no date": (GOOD.replace(b"<Dt>2026-03-02</Dt>", b""), "no date"),
    "a wrong date": (GOOD.replace(b"2026-03-02", b"2026-02-30"), "not a date"),
    "elements without end": (b"<a>" * 5_000, "too deeply|of another kind"),
    "depth inside an entry": (GOOD.replace(b"<RmtInf>", b"<RmtInf>" + b"<x>" * 100), "deeply"),
    "a text without end": (GOOD.replace(b"RF18", b"x" * 30_000), "characters"),
    "an entry without end": (GOOD.replace(b"<Sts>", b"<X/>" * 6_000 + b"<Sts>"), "elements"),
    "balances without end": (
        camt(statement(entry(), balances=balance("OPBD", "1") * 3_000)),
        "too many balances",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_each_bad_file_is_refused_with_a_line_that_says_what_it_is(name: str) -> None:
    data, said = BAD[name]
    with pytest.raises(Invalid, match=said) as refusal:
        read(data)
    assert "\n" not in refusal.value.message


@pytest.mark.parametrize("cut", range(1, len(GOOD), 37))
def test_a_file_cut_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(Invalid):
        read(GOOD[:cut])


@given(st.binary(max_size=400))
def test_noise_is_refused_or_read_and_never_crashes(noise: bytes) -> None:
    with pytest.raises(Invalid):
        read(noise)


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_refused_or_read_and_never_crashes(place: int, damage: bytes) -> None:
    with suppress(Invalid):
        read(GOOD[:place] + damage + GOOD[place + len(damage) :])


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(-(10**9), 10**9).filter(bool), max_size=12),
    st.integers(-3, 3),
)
def test_balanced_means_exactly_that_it_adds_up(
    opening: int, amounts: list[int], error: int
) -> None:
    closing = opening + sum(amounts) + error
    data = camt(
        statement(
            *(
                entry(decimal_text(abs(one), "EUR"), way="CRDT" if one > 0 else "DBIT")
                for one in amounts
            ),
            opening=decimal_text(opening, "EUR"),
            closing=decimal_text(closing, "EUR"),
        )
    )
    (found,) = read(data).statements
    assert [one.amount_minor for one in found.entries] == amounts
    assert found.difference_minor == error
    assert found.balanced is (error == 0)


@given(st.integers(0, 10**15), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_an_amount_written_and_read_is_the_same(amount: int, currency: str) -> None:
    assert minor_units(decimal_text(amount, currency), currency) == amount


@pytest.mark.parametrize("limit", ["ENTRIES_MAX", "STATEMENTS_MAX"])
def test_more_entries_or_statements_than_any_bank_sends_are_refused(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camt053, limit, 2)
    two = (entry("1"), entry("1")) if limit == "ENTRIES_MAX" else (statement(), statement())
    rest = two if limit == "STATEMENTS_MAX" else (statement(*two),)
    read(camt(*rest))
    more = (*two, two[0])
    with pytest.raises(Invalid, match="More than 2"):
        read(camt(*more) if limit == "STATEMENTS_MAX" else camt(statement(*more)))


class Endless:
    """A file of 100 MB that is never whole in memory: a head, the same entry again, a tail."""

    def __init__(self, size: int) -> None:
        head, tail = camt(statement(entry("0.01"), opening="0", closing="0")).split(b"<Ntry>")
        body, end, tail = tail.partition(b"</Ntry>")
        one = b"<Ntry>" + body + b"<AddtlNtryInf>" + b"y" * 3_000 + b"</AddtlNtryInf>" + end
        self.block = one * 20
        self.left = size // len(self.block)
        self.count = self.left * 20
        self.head, self.tail = head, tail
        self.buffer = head

    def read(self, size: int) -> bytes:
        while len(self.buffer) < size and self.left:
            self.buffer += self.block
            self.left -= 1
            if not self.left:
                self.buffer += self.tail
        out, self.buffer = self.buffer[:size], self.buffer[size:]
        return out

    def seek(self, place: int) -> None:
        assert place == 0
        self.__init__(self.count // 20 * len(self.block))  # type: ignore[misc]


def test_a_file_of_100_mb_is_read_in_little_memory() -> None:
    source = Endless(100_000_000)
    tracemalloc.start()
    found = read(_as_file(source))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.statements[0].entries) == source.count
    assert peak < 64_000_000


def test_a_file_of_300_mb_is_refused() -> None:
    source = Endless(300_000_000)
    source.block = b"<!-- " + b"y" * 1_000_000 + b" -->"
    source.left = 300
    with pytest.raises(Invalid, match="256 MB"):
        read(_as_file(_Counted(source)))


class _Counted:
    """The same without a way back to its beginning being costly."""

    def __init__(self, source: Endless) -> None:
        self.source = source
        self.read = source.read

    def seek(self, place: int) -> None:
        assert place == 0
        self.source.buffer = self.source.head
        self.source.left = 300


def _as_file(source: object) -> BinaryIO:
    return source  # type: ignore[return-value]


def test_a_file_from_disk_reads_as_its_bytes_do() -> None:
    assert read(BytesIO(GOOD)) == read(GOOD)
