"""An address for every page that a GET shows, on the scene."""

from tests.web.scene import Scene

Address = tuple[str, str]


def addresses(s: Scene) -> list[Address]:
    """Name and path of every page; one name may stand with several paths."""
    inside = {**talk(s), **people(s), **money(s), **programs(s)}
    found = list(outside(s).items())
    found += [(name, f"/found/{path}") for name, path in founding(s).items()]
    return found + [(name, f"/c/{s.slug}/{path}") for name, path in inside.items()]


def outside(s: Scene) -> dict[str, str]:
    """Pages that belong to no co-op."""
    return {
        "landing": "/",
        "style_sheet": "/style/",
        "api_reference": "/developers/",
        "inbox": "/inbox/",
        "unsubscribe": s.leave,
        "me": "/me/",
        "me_erase": "/me/erase/",
        "me_ways": "/me/ways/",
        "me_passkey_new": "/me/ways/passkeys/new/",
        "me_passkey": f"/me/ways/passkeys/{s.passkey_id}/",
        "me_passkey_remove": f"/me/ways/passkeys/{s.passkey_id}/remove/",
        "me_second_factor": "/me/ways/second-factor/",
        "me_second_factor_off": "/me/ways/second-factor/off/",
        "me_recovery_codes": "/me/ways/recovery-codes/",
        "me_prove": "/me/prove/",
        "me_visits": "/me/visits/",
        "me_tokens": "/me/tokens/",
        "search": "/search/",
        "sponsor": f"/sponsors/{s.fund.sponsor_id}/",
        "sponsor_staff": f"/sponsors/{s.fund.sponsor_id}/people/",
        "sponsor_staff_end": f"/sponsors/{s.fund.sponsor_id}/people/{s.staff_id}/end/",
        "sponsor_fund": f"/sponsors/{s.fund.sponsor_id}/funds/{s.fund.id}/",
        "invitation": f"/invitation/{s.token}/",
        "account_login": "/sign-in/",
        "account_signup": "/sign-up/",
        "account_logout": "/sign-out/",
        "account_inactive": "/sign-in/inactive/",
        "missing": "/nowhere/",
    }


def founding(s: Scene) -> dict[str, str]:
    """A draft that the coordinator leads and the member founds with them."""
    draft = str(s.drafted.draft_id)
    return {
        "found": "",
        "draft_join": f"join/{s.drafted.token}/",
        "draft": f"{draft}/",
        "draft_step-purpose": f"{draft}/step/purpose/",
        "draft_step-name": f"{draft}/step/name/",
        "draft_step-money": f"{draft}/step/money/",
        "draft_step-dues": f"{draft}/step/dues/",
        "draft_step-manual": f"{draft}/step/manual/",
        "draft_step-founders": f"{draft}/step/founders/",
        "draft_step-check": f"{draft}/step/check/",
        "draft_numbers": f"{draft}/numbers/",
        "draft_history": f"{draft}/history/",
        "draft_clause": f"{draft}/clauses/members/",
        "draft_clause-quiet": f"{draft}/clauses/blocking/",
        "draft_clause_edit": f"{draft}/clauses/members/edit/",
        "draft_clause_edit-new": f"{draft}/clauses/new-clause/edit/",
        "draft_suggestion": f"{draft}/suggestions/{s.drafted.suggestion_id}/",
        "draft_invite": f"{draft}/invite/",
        "draft_leave": f"{draft}/leave/",
        "draft_discard": f"{draft}/discard/",
    }


def people(s: Scene) -> dict[str, str]:
    """A co-op, its people, its rules and its record."""
    return {
        "coop_home": "",
        "coop_more": "more/",
        "coop_leave": "leave/",
        "search_here": "search/",
        "member_list": "members/",
        "invitation_new": "members/invite/",
        "member": f"members/{s.world.bo.member_id}/",
        "manual": "manual/",
        "manual_version": "manual/2/",
        "record": "record/",
        "record_leaf": f"record/leaf/{s.world.founding.id}/",
        "record_verify": "record/verify/",
    }


def talk(s: Scene) -> dict[str, str]:
    """What is said and decided."""
    return {
        "thread_list": "threads/",
        "thread_new": "threads/new/",
        "thread": f"threads/{s.thread_id}/",
        "comment_edit": f"comments/{s.comment_id}/",
        "comment_discard": f"comments/{s.comment_id}/discard/",
        "propose": "propose/",
        "propose-statement": "propose/?kind=statement",
        "propose-spend": "propose/?kind=spend",
        "propose-trustees": "propose/?kind=trustees",
        "propose-amendment": "propose/?kind=amendment",
        "propose-cover": "propose/?kind=cover",
        "decision_list": "decisions/",
        "decision": f"decisions/{s.vote.number}/",
        "decision-founding": "decisions/1/",
        "decision-spend": f"decisions/{s.spend.number}/",
        "decision-amendment": "decisions/3/",
        "ballot_withdraw": f"decisions/{s.vote.number}/take-back/",
    }


def money(s: Scene) -> dict[str, str]:
    """The fund and what it pays."""
    return {
        "fund": "fund/",
        "fund_account": "fund/account/",
        "month_list": "fund/months/",
        "month": "fund/months/2026/3/",
        "month_close": "fund/months/2026/3/close/",
        "mandate_list": "mandates/",
        "mandate": f"mandates/{s.mandate.number}/",
        "request_new": f"mandates/{s.mandate.number}/request/",
        "request_list": "requests/",
        "request": f"requests/{s.request.number}/",
        "request_edit": f"requests/{s.request.number}/edit/",
        "request_withdraw": f"requests/{s.request.number}/withdraw/",
        "payee_list": "payees/",
        "payee_new": "payees/new/",
        "payee": f"payees/{s.payee_id}/",
        "dues": "dues/",
        "order_list": "orders/",
        "statement_list": "statements/",
    }


def programs(s: Scene) -> dict[str, str]:
    """What reaches people by mail, and programs."""
    return {
        "preferences": "preferences/",
        "feed_list": "feeds/",
        "webhook_list": "webhooks/",
        "webhook_new": "webhooks/new/",
        "webhook": f"webhooks/{s.webhook_id}/",
        "webhook_end": f"webhooks/{s.webhook_id}/end/",
    }
