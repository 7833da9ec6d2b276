"""Webhooks: facts of the log reach a real receiver, signed, each at least once, or are retried."""

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from commonpurse.errors import Invalid, NotAllowed, NotFound
from commonpurse.notices import wire
from commonpurse.notices.models import Delivery, Webhook
from commonpurse.notices.selectors import delivery_list, notice_list, webhook_by_id, webhook_list
from commonpurse.notices.services import (
    deliveries_forget_due,
    deliveries_send_due,
    delivery_repeat,
    webhook_add,
    webhook_end,
    webhook_renew,
    webhook_resume,
    webhooks_collect_due,
)
from commonpurse.notices.services.deliveries import KEY_LOST, LEASE, WAITS, deliveries_lease
from commonpurse.notices.wire import Unreachable, post, url_checked
from commonpurse.record.sequencer import record_sequence
from tests.decisions.founding_world import asked, founded
from tests.record.loop import SIGNER
from tests.world import NOON

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATER = NOON + 2 * DAY


@dataclass
class Received:
    """What a receiver was given, and what it answers."""

    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    location: str = ""


@contextmanager
def receiver(status: int = 204) -> Iterator[tuple[str, Received]]:
    got = Received(status=status)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(got.status)
            if got.location:
                self.send_header("Location", got.location)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            del args

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook?x=1", got
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def local(settings):
    settings.PURSE_WEBHOOKS_LOCAL = True


@pytest.fixture
def here():
    return founded()


def sequenced(here, at=LATER):
    record_sequence(coop_id=here.coop_id, at=at, signer=SIGNER)


def hook(here, url, kinds=("decision.opened",), at=LATER):
    return webhook_add(name="Our site", url=url, kinds=kinds, actor=here.ann, at=at)


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As a receiver checks it, written down from the standard and not from our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in headers["webhook-signature"].split(" ")


def test_a_fact_reaches_the_receiver_signed_and_as_the_record_has_it(here):
    sequenced(here)
    with receiver() as (url, got):
        made = hook(here, url)
        vote = asked(here, at=LATER)
        assert webhooks_collect_due(at=LATER) == 0, "nothing that is not in the log yet"
        sequenced(here)
        assert webhooks_collect_due(at=LATER) == 1
        assert webhooks_collect_due(at=LATER) == 0
        assert deliveries_send_due(at=LATER) == 1
        assert deliveries_send_due(at=LATER) == 0
    ((headers, body),) = got.calls
    assert verified(made.secret, headers, body)
    assert not verified(made.secret, headers, body + b" ")
    assert headers["webhook-timestamp"] == str(int(LATER.timestamp()))
    said = json.loads(body)
    assert (said["type"], said["data"]["id"]) == ("decision.opened", str(vote.id))
    assert said["data"]["fields"]["question"] == vote.question
    (log,) = delivery_list(webhook_id=made.webhook.webhook_id)
    assert (log.state, log.tries, log.answer) == ("taken", 1, "204 No Content")
    assert headers["webhook-id"] == str(log.delivery_id)


def test_a_secret_has_the_form_of_the_standard_and_is_in_no_view(here):
    with receiver() as (url, _):
        made = hook(here, url)
    assert made.secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(made.secret.removeprefix("whsec_"))) <= 64
    (listed,) = webhook_list(coop_id=here.coop_id)
    assert made.secret not in str(listed)


def test_only_facts_that_were_asked_for_and_only_of_this_co_op_are_sent(here):
    other = founded(slug="other")
    sequenced(here)
    with receiver() as (url, _):
        made = hook(here, url, kinds=("decision.closed",))
        asked(here, at=LATER)
        asked(other, at=LATER)
        record_sequence(coop_id=None, at=LATER, signer=SIGNER)
        assert webhooks_collect_due(at=LATER) == 0
    assert delivery_list(webhook_id=made.webhook.webhook_id) == ()


def test_while_a_secret_is_changed_both_sign_and_after_a_day_the_new_one_alone(here):
    sequenced(here)
    with receiver() as (url, got):
        old = hook(here, url)
        new = webhook_renew(webhook_id=old.webhook.webhook_id, actor=here.ann, at=LATER)
        for at in (LATER, LATER + DAY):
            asked(here, at=at)
            sequenced(here, at)
            webhooks_collect_due(at=at)
            assert deliveries_send_due(at=at) == 1
    held = [[verified(made.secret, *call) for made in (old, new)] for call in got.calls]
    assert held == [[True, True], [False, True]]


def test_without_the_key_that_sealed_its_secret_a_webhook_sends_nothing_and_says_why(
    here, settings
):
    with receiver() as (url, got):
        webhook_id = one_waits(here, url)
        settings.SECRET_KEY = "another"
        assert deliveries_send_due(at=LATER) == 0
        assert got.calls == []
        (seen,) = delivery_list(webhook_id=webhook_id)
        assert seen.answer == KEY_LOST
        webhook_renew(webhook_id=webhook_id, actor=here.ann, at=LATER)
        assert deliveries_send_due(at=LATER + DAY) == 1


def one_waits(here, url):
    sequenced(here)
    made = hook(here, url)
    asked(here, at=LATER)
    sequenced(here)
    webhooks_collect_due(at=LATER)
    return made.webhook.webhook_id


def test_what_is_refused_is_tried_ten_times_over_three_days_then_the_webhook_is_stopped(here):
    assert timedelta(days=3) <= sum(WAITS, timedelta()) < timedelta(days=3, hours=2)
    at = LATER
    with receiver(500) as (url, got):
        webhook_id = one_waits(here, url)
        for wait in (*WAITS, timedelta()):
            assert deliveries_send_due(at=at) == 0
            assert deliveries_send_due(at=at + wait - timedelta(seconds=1)) == 0
            at += wait
        assert len(got.calls) == 10
        assert len({headers["webhook-id"] for headers, _ in got.calls}) == 1
        (log,) = delivery_list(webhook_id=webhook_id)
        assert (log.state, log.tries, log.answer) == ("failed", 10, "500 Internal Server Error")
        assert webhook_by_id(coop_id=here.coop_id, webhook_id=webhook_id).is_stopped
        told = {
            name: [each.kind for each in notice_list(person_id=member.person_id)]
            for name, member in (("ann", here.ann), ("cy", here.cy))
        }
        assert told == {"ann": ["webhook_stopped"], "cy": []}
        asked(here, at=at)
        sequenced(here, at)
        assert webhooks_collect_due(at=at) == 0
        got.status = 200
        webhook_resume(webhook_id=webhook_id, actor=here.ann, at=at)
        delivery_repeat(webhook_id=webhook_id, delivery_id=log.delivery_id, actor=here.ann, at=at)
        assert webhooks_collect_due(at=at) == 1, "what happened meanwhile is not lost"
        assert deliveries_send_due(at=at) == 2
    assert {each.state for each in delivery_list(webhook_id=webhook_id)} == {"taken"}


def test_a_fact_that_fails_alone_does_not_stop_a_webhook_that_takes_others(here):
    with receiver(500) as (url, got):
        webhook_id = one_waits(here, url)
        deliveries_send_due(at=LATER)
        Delivery.objects.update(tries=len(WAITS), next_at=LATER + DAY)
        got.status = 200
        asked(here, at=LATER)
        sequenced(here)
        webhooks_collect_due(at=LATER)
        assert deliveries_send_due(at=LATER) == 1
        got.status = 500
        deliveries_send_due(at=LATER + DAY)
    assert sorted(each.state for each in delivery_list(webhook_id=webhook_id)) == [
        "failed",
        "taken",
    ]
    assert not webhook_by_id(coop_id=here.coop_id, webhook_id=webhook_id).is_stopped


def test_a_receiver_that_says_gone_is_left_alone_at_once(here):
    with receiver(410) as (url, got):
        webhook_id = one_waits(here, url)
        deliveries_send_due(at=LATER)
        deliveries_send_due(at=LATER + DAY)
        assert len(got.calls) == 1
    assert webhook_by_id(coop_id=here.coop_id, webhook_id=webhook_id).is_stopped


def test_a_redirect_is_not_followed(here):
    with receiver() as (safe, safe_got), receiver(307) as (url, got):
        got.location = safe
        webhook_id = one_waits(here, url)
        assert deliveries_send_due(at=LATER) == 0
    assert (len(got.calls), len(safe_got.calls)) == (1, 0)
    assert delivery_list(webhook_id=webhook_id)[0].answer.startswith("307")


def test_what_a_killed_worker_had_taken_is_sent_by_the_next_one(here):
    with receiver() as (url, got):
        one_waits(here, url)
        assert len(deliveries_lease(at=LATER)) == 1
        assert deliveries_send_due(at=LATER) == 0
        assert deliveries_send_due(at=LATER + LEASE) == 1
        assert len(got.calls) == 1


def test_an_ended_webhook_gets_nothing_and_its_secret_is_gone(here):
    with receiver() as (url, got):
        webhook_id = one_waits(here, url)
        webhook_end(webhook_id=webhook_id, actor=here.ann, at=LATER)
        assert deliveries_send_due(at=LATER) == 0
        assert got.calls == []
    assert webhook_list(coop_id=here.coop_id) == ()
    assert Webhook.objects.get().secret == ""
    with pytest.raises(NotFound):
        webhook_renew(webhook_id=webhook_id, actor=here.ann, at=LATER)


def test_only_coordinators_of_this_co_op_have_a_hand_in_webhooks(here):
    other = founded(slug="other")
    with receiver() as (url, _):
        made = hook(here, url)
        with pytest.raises(NotAllowed):
            webhook_add(name="Mine", url=url, kinds=["ballot.cast"], actor=here.cy, at=LATER)
    given = {"webhook_id": made.webhook.webhook_id, "at": LATER}
    with pytest.raises(NotAllowed):
        webhook_end(**given, actor=here.cy)
    with pytest.raises(NotFound):
        webhook_end(**given, actor=other.ann)


def test_old_deliveries_are_forgotten_and_waiting_ones_are_not(here):
    with receiver(500) as (url, _):
        webhook_id = one_waits(here, url)
    month = LATER + timedelta(days=31)
    assert deliveries_forget_due(at=month) == 0
    Delivery.objects.update(state="taken")
    assert deliveries_forget_due(at=month) == 1
    assert delivery_list(webhook_id=webhook_id) == ()


PRIVATE = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.5.5",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104  (an address to refuse)
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "2002:0a00:0001::1",
    "64:ff9b::10.0.0.1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_never_called(address, settings, monkeypatch):
    settings.PURSE_WEBHOOKS_LOCAL = False
    leads_to(monkeypatch, address)
    with pytest.raises(Unreachable, match="not public"):
        post("https://innocent.example/hook", b"{}", {})
    shown = f"[{address}]" if ":" in address else address
    with pytest.raises(Invalid):
        url_checked(f"https://{shown}/hook")


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "fe80::1", "::ffff:10.0.0.1"])
def test_where_this_machine_may_be_called_its_neighbours_may_not(address, monkeypatch):
    leads_to(monkeypatch, address)
    with pytest.raises(Unreachable, match="not public"):
        post("http://innocent.example/hook", b"{}", {})


def leads_to(monkeypatch, *addresses: str):
    """The resolver answers with these, and a connection anywhere fails the test."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)

    def connect(target, *_args: object, **_kwargs: object):
        raise AssertionError(f"called {target}")

    monkeypatch.setattr(socket, "create_connection", connect)


def test_one_private_address_among_public_ones_is_enough_to_refuse(settings, monkeypatch):
    settings.PURSE_WEBHOOKS_LOCAL = False
    leads_to(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(Unreachable, match="not public"):
        post("https://innocent.example/hook", b"{}", {})


def test_a_name_that_turns_round_after_the_check_is_not_asked_again(settings, monkeypatch):
    """Rebinding: the first look-up says a public address, every later one says this machine."""
    settings.PURSE_WEBHOOKS_LOCAL = False
    answers = iter(["93.184.215.14"])
    called = []

    def resolve(*_args: object, **_kwargs: object):
        address = next(answers, "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    def connect(target, *_args: object, **_kwargs: object):
        called.append(target)
        raise OSError("nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable, match="nobody there"):
        post("https://turning.example/hook", b"{}", {})
    assert called == [("93.184.215.14", 443)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https://name:secret@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: x",
        "https://" + "a" * 600 + ".org/",
        "https://" + "a" * 64 + ".example.org/",
        "https://" + "a.bc" * 64 + ".org/",
        "https://example..org/",
        "https://.example.org/",
        "https://exam%ple.org/",
    ],
)
def test_what_is_no_address_to_send_to_is_refused(url):
    with pytest.raises(Invalid):
        url_checked(url)


def test_a_name_that_cannot_be_one_leads_nowhere_and_holds_nobody_up():
    for host in ("a" * 64 + ".example", "example..org"):
        with pytest.raises(Unreachable, match="leads nowhere"):
            post(f"https://{host}/hook", b"{}", {})


def test_without_the_setting_only_tls_will_do(settings):
    settings.PURSE_WEBHOOKS_LOCAL = False
    assert url_checked("https://example.org/hook")
    assert url_checked("https://in-ner.xn--bcher-kva.example./hook")
    with pytest.raises(Invalid):
        url_checked("http://example.org/hook")


def test_a_receiver_that_drips_or_sleeps_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(wire, "PATIENCE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            line, _ = server.accept()
            with line:
                try:
                    for _ in range(100):
                        line.sendall(b"HTTP/1.1 200 OK\r\nA: b" if _ == 0 else b"c")
                        stop.wait(0.05)
                except OSError:
                    pass

        stop = threading.Event()
        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(Unreachable):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        assert time.monotonic() - began < 2
        stop.set()
        thread.join(3)
        assert not thread.is_alive()
