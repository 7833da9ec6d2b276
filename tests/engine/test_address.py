"""Addresses of databases: read, written, and never shown with their password in a refusal."""

import pytest

from commonpurse.engine.address import address_from
from commonpurse.engine.surroundings import surroundings
from commonpurse.errors import Invalid

URLS = [
    "postgresql://ann:se%2Fcret@db.example:6432/purse",
    "postgresql://ann@/purse?host=/run/purse",
    "postgresql://ann:x@/purse?host=/run/purse&port=5433",
    "postgresql://ann:x@db.example/purse?sslmode=require",
]


@pytest.mark.parametrize("url", URLS)
def test_an_address_reads_back_as_it_was_written(url: str) -> None:
    assert address_from(address_from(url).url) == address_from(url)
    assert address_from(address_from(url).conninfo) == address_from(url)


def test_parts_of_an_address_are_what_the_url_says() -> None:
    found = address_from(URLS[0])
    assert (found.host, found.port, found.user, found.password, found.name) == (
        "db.example",
        "6432",
        "ann",
        "se/cret",
        "purse",
    )


def test_a_refused_url_is_not_repeated_with_its_password() -> None:
    with pytest.raises(Invalid) as caught:
        address_from("postgresql://ann:secret@host:port:port/%%%")
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("port", ["0", "65536", "http", "80 80", "-1", "１２"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(Invalid, match="PORT"):
        surroundings({"PORT": port})
