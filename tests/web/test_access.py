"""Who may open which page, and that looking changes nothing."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.addresses import addresses
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.django_db

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|ALTER|CREATE|DROP)\b", re.IGNORECASE)
SIGN_IN, REFUSED, SHOWN, GONE, LATE = 302, 403, 200, 404, 409
ON_ALREADY = SIGN_IN
QUERIES_MAX = 75

PUBLIC = {
    "landing",
    "style_sheet",
    "search",
    "search_here",
    "api_reference",
    "invitation",
    "draft_join",
    "coop_home",
    "manual",
    "manual_version",
    "decision_list",
    "decision",
    "decision-founding",
    "decision-spend",
    "decision-amendment",
    "record",
    "record_leaf",
    "record_verify",
    "fund",
    "mandate_list",
    "mandate",
    "account_inactive",
    "unsubscribe",
}
PERSONAL = {
    "inbox",
    "me",
    "me_erase",
    "me_ways",
    "me_passkey_new",
    "me_second_factor",
    "me_second_factor_off",
    "me_recovery_codes",
    "me_prove",
    "me_visits",
    "me_tokens",
    "found",
    "account_logout",
}
PASSKEYS = {"me_passkey", "me_passkey_remove"}
"""The scene's passkey is the coordinator's."""
COORDINATORS = {"invitation_new"}
COORDINATORS = {"invitation_new", "webhook_list", "webhook_new", "webhook", "webhook_end"}
TREASURERS = {
    *("fund_account", "order_list", "statement_list"),
    *("month_list", "month", "month_close"),
}
SPONSORS = {"sponsor", "sponsor_staff", "sponsor_staff_end", "sponsor_fund"}
"""A sponsor's console does not exist for who does not act for it, the treasurer included."""
DRAFTS = {"draft", "draft_history", "draft_clause", "draft_clause_edit"}
DRAFTS |= {"draft_suggestion", "draft_invite", "draft_leave"}
"""The scene's draft is founded by the coordinator and the member; others meet none."""
LEADING = {"draft_step", "draft_numbers", "draft_discard"}
"""What only who leads the draft may open: the coordinator."""
SIGNING = {"account_login", "account_signup"}


def expected(name: str, who: str) -> int:
    """What a page answers to whom: the table of access."""
    is_member = who not in ("anonymous", "stranger", "sponsor")
    plain = name.split("-", maxsplit=1)[0]
    rules = (
        (name == "missing", GONE),
        (name in PUBLIC, SHOWN),
        (name in SIGNING, SHOWN if who == "anonymous" else SIGN_IN),
        (who == "anonymous", SIGN_IN),
        (name == "me_second_factor" and who == "treasurer", ON_ALREADY),
        (name in PERSONAL, SHOWN),
        (name in PASSKEYS, SHOWN if who == "coordinator" else GONE),
        (name in SPONSORS, SHOWN if who == "sponsor" else GONE),
        (plain in DRAFTS | LEADING and who not in ("coordinator", "member"), GONE),
        (plain in LEADING and who == "member", REFUSED),
        (not is_member, REFUSED),
        (name in COORDINATORS and who == "member", REFUSED),
        (name in TREASURERS and who != "treasurer", REFUSED),
        (name == "request_edit" and who in ("trustee", "coordinator"), REFUSED),
        (name == "request_withdraw" and who != "member", REFUSED),
        (name == "ballot_withdraw" and who in ("member", "treasurer"), LATE),
    )
    return next((status for holds, status in rules if holds), SHOWN)


WHO = ("anonymous", "stranger", "member", "trustee", "coordinator", "treasurer", "sponsor")


@pytest.mark.parametrize("who", WHO)
def test_each_page_is_open_to_whom_the_table_says_and_looking_writes_nothing(who):
    made = scene()
    client = made.client(who)
    wrong: list[tuple[object, ...]] = []
    for name, path in addresses(made):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        if answer.status_code != expected(name, who):
            wrong.append((name, answer.status_code, expected(name, who)))
        wrote = [query["sql"][:80] for query in seen if WRITES.match(query["sql"])]
        if wrote:
            wrong.append((name, wrote))
        if len(seen) > QUERIES_MAX:
            wrong.append((name, f"{len(seen)} queries"))
    assert wrong == []


def test_every_address_of_the_url_conf_says_who_may_come_and_is_in_the_table():
    ours = {
        name: view
        for name, view in named_views(get_resolver())
        if name and not view.__module__.startswith(PROGRAMS)
    }
    undeclared = [
        name
        for name, view in ours.items()
        if not hasattr(view, "who")
        and not view.__module__.startswith(("allauth.", "commonpurse.config."))
        and not is_operation(name, view)
    ]
    assert undeclared == []
    shown = {name.split("-")[0] for name, _ in addresses(fake())}
    readable = {
        name
        for name, view in ours.items()
        if "GET" in getattr(view, "methods", ("GET",)) and not is_operation(name, view)
    }
    assert readable - shown - NOT_PAGES == set()


PROGRAMS = ("ninja.", "commonpurse.api.", "functools")
"""Where addresses for programs come from (two are partials): the tests of the API walk them."""

NOT_PAGES = {
    "healthz",
    "readyz",
    "account_confirm_login_code",  # only on the way in, tested there
    "account_request_login_code",
    "mfa_authenticate",  # only on the way in, tested there
    "openid_connect_login",  # only where a provider is set up, tested there
    "openid_connect_callback",
    "demo_sign_in",
    "record_export",
    "record_proof",
    "log_checkpoint",
    "log_tile",
    "order_download",
    "order_paid",
    "line_book",
    "payment",
    "demo_mails",
    "found_address",
    "feed",
    "feed_private",
    "calendar",
    "calendar_private",
    "table",
    "table_ballots",
    "month_table",
    "sponsor_table",
    "sponsor_orders",
    "sponsor_file",
    "sponsor_order",
    "sponsor_order_refused",
}
"""Files for programs, and pages that need what the bank says: their own tests walk them."""


def is_operation(name: str, view: object) -> bool:
    """An operation of the API: those have a table of their own, in tests/api/test_matrix.py."""
    own = {"api_nothing", "api-root", "openapi-json"}
    return name in own or getattr(view, "__module__", "").startswith("ninja.")


def fake() -> Scene:
    """A stand-in whose every value is itself: addresses need names here, not paths."""

    class Anything:
        def __getattr__(self, name: str) -> "Anything":
            return self

    return Anything()  # type: ignore[return-value]


def named_views(resolver: URLResolver) -> list[tuple[str | None, object]]:
    found: list[tuple[str | None, object]] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found.append((pattern.name, pattern.callback))
        else:
            found += named_views(pattern)
    return found


def test_ids_of_another_coop_are_nobody_s_business_here():
    made = scene()
    from tests.decisions.founding_world import founded

    other = founded(slug="other")
    client = made.client("coordinator")
    inside = [
        f"/c/{other.coop.slug}/threads/{made.thread_id}/",
        f"/c/{other.coop.slug}/comments/{made.comment_id}/",
        f"/c/{other.coop.slug}/members/{made.world.cy.member_id}/",
        f"/c/{other.coop.slug}/decisions/{made.vote.number}/",
        f"/c/{other.coop.slug}/record/leaf/{made.vote.id}/",
        f"/c/{other.coop.slug}/payees/{made.payee_id}/",
        f"/c/{other.coop.slug}/mandates/{made.mandate.number}/",
        f"/c/{other.coop.slug}/requests/{made.request.number}/",
        f"/c/{other.coop.slug}/webhooks/{made.webhook_id}/",
        f"/c/{made.slug}/threads/{uuid4()}/",
        "/c/no-such-coop/",
    ]
    assert [client.get(path).status_code for path in inside] == [GONE] * len(inside)


def test_a_secret_coop_does_not_exist_for_others():
    from tests.world import world

    secret = world(visibility="secret")
    for path in (
        "",
        "fund/",
        "decisions/",
        "record/",
        "record/export.zip",
        "log/checkpoint",
        "threads/",
    ):
        answer = Client().get(f"/c/{secret.coop.slug}/{path}")
        assert answer.status_code in (GONE, SIGN_IN)
        assert "Shared Bill" not in answer.content.decode()


def test_every_page_forbids_foreign_and_inline_code():
    made = scene()
    client = made.client("coordinator")
    for _, path in addresses(made):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        html = answer.content.decode()
        assert " style=" not in html
        assert re.findall("<script(?! src=./static/purse/[a-z]+[.]js. defer></script>)", html) == []
        assert "javascript:" not in html
    assert settings.SECURE_CONTENT_TYPE_NOSNIFF
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_form_without_its_token_is_refused_with_a_page():
    made = scene()
    client = Client(enforce_csrf_checks=True)
    client.cookies = made.client("member").cookies
    answer = client.post(f"/c/{made.slug}/threads/new/", {"title": "Hello"})
    assert answer.status_code == REFUSED
    assert "opened too long ago" in answer.content.decode()


def test_a_post_without_signing_in_changes_nothing():
    made = scene()
    answer = Client().post(
        f"/c/{made.slug}/decisions/{made.vote.number}/vote/", {"choice": "agree"}
    )
    assert answer.status_code == SIGN_IN
    assert answer["Location"] == f"/sign-in/?next=%2Fc%2F{made.slug}%2F"
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert said == ["Your session had ended, so nothing was saved. Sign in and send it again."]


def test_what_does_something_does_not_answer_to_a_look():
    made = scene()
    client = made.client("coordinator")
    member = made.world.cy.member_id
    doing = [
        f"decisions/{made.vote.number}/vote/",
        f"decisions/{made.vote.number}/outcome/",
        f"threads/{made.thread_id}/read/",
        f"members/{member}/role/",
        f"members/{member}/role/end/",
        f"members/invite/{made.invitation_id}/revoke/",
        f"webhooks/{made.webhook_id}/secret/",
        f"webhooks/{made.webhook_id}/resume/",
        f"webhooks/{made.webhook_id}/deliveries/{made.webhook_id}/",
        "feeds/key/",
        f"feeds/key/{made.webhook_id}/revoke/",
    ]
    answers = [client.get(f"/c/{made.slug}/{path}").status_code for path in doing]
    draft = f"/found/{made.drafted.draft_id}"
    doing_too = [
        f"{draft}/clauses/members/drop/",
        f"{draft}/suggestions/{made.drafted.suggestion_id}/accept/",
        f"{draft}/invite/{made.drafted.invitation_id}/revoke/",
        f"{draft}/founders/{made.drafted.founder_id}/remove/",
    ]
    answers += [client.get(path).status_code for path in doing_too]
    assert answers == [405] * len(doing + doing_too)
    assert client.post(f"/c/{made.slug}/record/").status_code == 405


def test_an_address_that_takes_a_form_says_so_to_who_looks_at_it():
    client, path = Client(), "/sign-in/passkey/"
    looked = client.get(path)
    assert (looked.status_code, looked["Allow"]) == (405, "POST")
    words = "This address only takes a form. Go back and send it from there."
    assert words in looked.content.decode()
    sent = client.put("/")
    assert (sent.status_code, sent["Allow"]) == (405, "GET")
    assert "This is not a request that a page of ours sends." in sent.content.decode()
