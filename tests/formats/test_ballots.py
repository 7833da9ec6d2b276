"""Ballots as CSV are read exactly, and nonsense is refused with its line."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonpurse.formats.lines import BadLine
from commonpurse.rules.pools.ballots import Vote
from tests.formats.elections import csv, reads_or_refuses

HEAD = "voter,channel,value\n"
FULL = "voter,channel,value,age_days,weight\n"


def test_values_are_read_exactly_with_age_and_weight() -> None:
    found = csv(FULL + 'ann,news,1/3,12,0.2\nann,"Code, daily",.5,0,1\nbo,news,1e-1,9,2/3\n')
    assert found.votes == [
        Vote("ann", "news", Fraction(1, 3), 12, Fraction(1, 5)),
        Vote("ann", "Code, daily", Fraction(1, 2), 0, Fraction(1)),
        Vote("bo", "news", Fraction(1, 10), 9, Fraction(2, 3)),
    ]
    assert found.lines == {"ann": 3, "bo": 4}


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + HEAD.encode() + b"ann,news,1\n",
        HEAD.replace("\n", "\r\n") + "ann,news,1\r\n",
        HEAD + "\nann,news,1",
        '"voter","channel","value"\n"ann","news","1"\n',
        "channel,value,voter\nnews, 1 ,ann\n",
    ],
)
def test_what_spreadsheets_do_to_a_file_changes_nothing(text: str | bytes) -> None:
    assert csv(text).votes == [Vote("ann", "news", Fraction(1))]


def test_a_quoted_name_over_two_lines_is_refused_and_lines_are_counted_right() -> None:
    with pytest.raises(BadLine, match="cannot be printed") as refusal:
        csv(HEAD + 'ann,"two\nlines",1\n')
    assert refusal.value.line == 2


BAD = [
    (HEAD + "a\x14" * 150 + ",news,1\n", 2, "voter holds letters that cannot be printed"),
    ("", 1, "column voter is missing"),
    (HEAD, 1, "no ballot"),
    ("ann,news,1\n", 1, "no column of ballots"),
    ("voter,channel\n", 1, "column value is missing"),
    ("voter,channel,value,value\n", 1, "named twice"),
    ("voter,channel,value,colour\n", 1, "no column of ballots"),
    (HEAD + "ann,news\n", 2, "2 fields"),
    (HEAD + "ann,news,1,2\n", 2, "4 fields"),
    (HEAD + "ann,news,1\nann,news,1\n", 3, "votes twice"),
    (HEAD + ",news,1\n", 2, "voter is missing"),
    (HEAD + "ann, ,1\n", 2, "channel is missing"),
    (HEAD + "ann,news,\n", 2, "not a number"),
    (HEAD + "ann,news,-1\n", 2, "not a number"),
    (HEAD + "ann,news,nan\n", 2, "not a number"),
    (HEAD + "ann,news,Infinity\n", 2, "not a number"),
    (HEAD + "ann,news,1/0\n", 2, "divides by nothing"),
    (HEAD + "ann,news,0x10\n", 2, "not a number"),
    (HEAD + "ann,news,1_0\n", 2, "not a number"),
    (HEAD + "ann,news,٣\n", 2, "not a number"),
    (HEAD + "ann,news,1e99\n", 2, "more than"),
    (HEAD + "ann,news," + "9" * 31 + "\n", 2, "not a number"),
    (HEAD + 'ann,"news,1\n', 2, "quotes"),
    (HEAD + 'ann,"news"s,1\n', 2, "quotes"),
    (HEAD + "ann,ne\0ws,1\n", 2, "zero byte"),
    (HEAD + "ann,ne\rws,1\n", 2, "carriage return"),
    (HEAD.encode() + b"ann,n\xe9ws,1\n", 2, "not UTF-8"),
    (HEAD + "ann," + "x" * 201 + ",1\n", 2, "200 letters"),
    (HEAD + "ann," + "x" * 200_000 + ",1\n", 2, "CSV"),
    (HEAD + "ann,a\u2028b,1\n", 2, "cannot be printed"),
    (FULL + "ann,news,1,-1,1\n", 2, "not a whole number"),
    (FULL + "ann,news,1,1.5,1\n", 2, "not a whole number"),
    (FULL + "ann,news,1,100001,1\n", 2, "days are more"),
    (FULL + "ann,news,1,1,-1\n", 2, "not a number"),
    (FULL + "ann,news,1,1,1e10\n", 2, "more than"),
]


@pytest.mark.parametrize(("text", "line", "said"), BAD)
def test_nonsense_is_refused_with_its_line(text: str | bytes, line: int, said: str) -> None:
    with pytest.raises(BadLine) as refusal:
        csv(text)
    assert said in refusal.value.message
    assert refusal.value.line == line
    assert refusal.value.message.isprintable()


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for text in (data, FULL.encode() + data):
        assert reads_or_refuses(csv, text)
