import pytest
from tests.web.scene import scene


@pytest.mark.django_db
def test_smoke():
    s = scene()
    c = s.slug
    paths = [
        "/",
        "/me/",
        "/me/erase/",
        "/found/",
        f"/invitation/{s.token}/",
        "/sign-in/",
        "/sign-up/",
        "/sign-out/",
        *[
            f"/c/{c}/{p}"
            for p in [
                "",
                "more/",
                "leave/",
                "members/",
                "members/invite/",
                f"members/{s.world.bo.member_id}/",
                "manual/",
                "manual/1/",
                "manual/2/",
                "threads/",
                "threads/new/",
                f"threads/{s.thread_id}/",
                f"comments/{s.comment_id}/",
                f"comments/{s.comment_id}/discard/",
                "propose/",
                "propose/?kind=statement",
                "propose/?kind=spend",
                "propose/?kind=trustees",
                "propose/?kind=amendment",
                "propose/?kind=cover",
                "decisions/",
                "decisions/1/",
                "decisions/2/",
                "decisions/3/",
                "decisions/4/",
                "decisions/5/",
                "decisions/5/take-back/",
                "record/",
                "record/verify/",
                f"record/leaf/{s.vote.id}/",
                f"record/leaf/{s.vote.id}/proof",
                "log/checkpoint",
                "log/tile/0/000",
                "fund/",
                "fund/account/",
                "mandates/",
                f"mandates/{s.mandate.number}/",
                f"mandates/{s.mandate.number}/request/",
                "requests/",
                "requests/1/",
                "requests/1/edit/",
                "payees/",
                "payees/new/",
                f"payees/{s.payee_id}/",
                "dues/",
                "orders/",
                "statements/",
            ]
        ],
    ]
    clients = {w: s.client(w) for w in s.people}
    bad = []
    for p in paths:
        row = []
        for w, cl in clients.items():
            try:
                row.append(cl.get(p).status_code)
            except Exception as e:
                row.append(f"{type(e).__name__}: {str(e)[:150]}")
        print(p, row)
