import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction

from commonpurse.errors import Invalid
from commonpurse.notices.backend import CODE_HEADER
from commonpurse.notices.models import Mail
from commonpurse.notices.post import SmtpPost
from commonpurse.notices.selectors import (
    mail_latest,
    mail_latest_code,
    notice_count_unread,
    notice_list,
)
from commonpurse.notices.services import mail_add, mail_send_due, notice_add, notice_read
from commonpurse.record.services import SYSTEM
from tests.world import NOON, world

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mail_send'")
        return cursor.fetchone()[0]


def add(to="ann@example.org", at=NOON, code=""):
    return mail_add(to=to, subject="A code", body="Here it is", at=at, code=code)


def test_a_mail_and_the_job_that_sends_it_are_born_together():
    before = jobs()
    add()
    assert jobs() == before + 1
    with transaction.atomic():
        add(to="bo@example.org")
        transaction.set_rollback(True)
    assert jobs() == before + 1
    assert mail_latest(email="bo@example.org") == ()


def test_with_no_server_a_code_is_printed_once_and_the_banner_keeps_it(settings, capsys):
    settings.PURSE_SMTP_URL = ""
    add(code="BCDF-GHJK")
    assert mail_send_due(at=NOON) == 1
    assert mail_send_due(at=NOON) == 0
    assert capsys.readouterr().out == "sign-in code for ann@example.org: BCDF-GHJK\n"
    assert mail_latest_code(email="Ann@example.org", at=NOON + 14 * MINUTE) == "BCDF-GHJK"
    assert mail_latest_code(email="ann@example.org", at=NOON + 15 * MINUTE) is None
    assert mail_latest_code(email="bo@example.org", at=NOON) is None


class LetterServer(socketserver.ThreadingTCPServer):
    """Keeps the lines of the letters it took."""

    letters: list[str]


class Letterbox(socketserver.StreamRequestHandler):
    """As much of an SMTP server as one mail needs."""

    def handle(self) -> None:
        self.say("220 letterbox")
        taking = False
        for raw in self.rfile:
            text = raw.decode().rstrip("\r\n")
            if taking:
                assert isinstance(self.server, LetterServer)
                self.server.letters.append(text)
                if text == ".":
                    taking = False
                    self.say("250 taken")
            elif text.upper() == "DATA":
                taking = True
                self.say("354 go on")
            elif text.upper().startswith("RCPT") and "full@" in text:
                self.say("552 the box is full")
            elif text.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def letterbox():
    with LetterServer(("127.0.0.1", 0), Letterbox) as server:
        server.letters = []
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{server.server_address[1]}", server.letters
        finally:
            server.shutdown()
            thread.join()


def test_a_mail_that_left_by_smtp_is_emptied(settings):
    add(code="BCDF-GHJK")
    with letterbox() as (url, letters):
        settings.PURSE_SMTP_URL = url
        assert mail_send_due(at=NOON) == 1
    assert "To: ann@example.org" in letters
    assert "Here it is" in letters
    [mail] = mail_latest(email="ann@example.org")
    assert (mail.body, mail.code, mail.sent_at) == ("", "", NOON)


def test_a_mail_that_is_refused_stays_for_the_next_run_and_lets_others_pass(settings):
    add(to="full@example.org")
    add(to="bo@example.org")
    with letterbox() as (url, _letters):
        settings.PURSE_SMTP_URL = url
        assert mail_send_due(at=NOON) == 1
    stuck = Mail.objects.get(to="full@example.org")
    assert (stuck.sent_at, stuck.tries) == (None, 1)
    assert "the box is full" in stuck.error
    assert stuck.body == "Here it is"


def test_mails_are_forgotten_after_thirty_days(settings):
    settings.PURSE_SMTP_URL = ""
    add()
    mail_send_due(at=NOON + timedelta(days=31))
    assert mail_latest(email="ann@example.org") == ()


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org"])
def test_an_address_of_a_mail_server_that_is_none_is_refused(url):
    with pytest.raises(ValueError, match="PURSE_SMTP_URL"):
        SmtpPost(url)


def test_a_subject_can_carry_no_further_header():
    mail = mail_add(to="ann@example.org", subject="Hi\r\nBcc: all@x.org", body="", at=NOON)
    assert mail.subject == "Hi Bcc: all@x.org"
    with pytest.raises(Invalid):
        mail_add(to="ann@example.org\nbo@example.org", subject="Hi", body="", at=NOON)


def test_djangos_mail_goes_to_the_outbox():
    message = EmailMessage("Hi", "You", to=["ann@example.org"], headers={CODE_HEADER: "BCDF"})
    from commonpurse.notices.backend import OutboxBackend

    assert OutboxBackend().send_messages([message]) == 1
    assert mail_latest(email="ann@example.org")[0].code == "BCDF"


def tell(here, key="decision-1", kind="decision_opened", path="/c/shared-bill/decisions/1/"):
    return notice_add(
        coop_id=here.coop_id,
        person_ids=[member.person_id for member in here.members],
        kind=kind,
        subject="Vote on the  bill\nfor March",
        path=path,
        key=key,
        actor=SYSTEM,
        at=NOON,
    )


def test_everybody_is_told_of_a_fact_once():
    here = world()
    assert tell(here) == 4
    assert tell(here) == 0
    assert tell(here, key="decision-2") == 4
    listed = notice_list(person_id=here.cy.person_id)
    assert [item.subject for item in listed] == ["Vote on the bill for March"] * 2
    assert notice_list(person_id=here.di.person_id) == ()


def test_a_notice_is_read_by_whom_it_was_for():
    here = world()
    tell(here)
    tell(here, key="decision-2")
    [newest, _oldest] = notice_list(person_id=here.cy.person_id, coop_id=here.coop_id)
    theirs: dict[str, Any] = {"notice_id": newest.notice_id, "at": NOON + MINUTE}
    assert notice_read(person_id=here.ann.person_id, actor=here.ann.actor, **theirs) == 0
    assert notice_count_unread(person_id=here.cy.person_id) == 2
    assert notice_read(person_id=here.cy.person_id, actor=here.cy.actor, **theirs) == 1
    assert notice_count_unread(person_id=here.cy.person_id, coop_id=here.coop_id) == 1
    assert notice_read(person_id=here.cy.person_id, actor=here.cy.actor, at=NOON) == 1
    assert notice_count_unread(person_id=here.cy.person_id) == 0


def test_a_notice_leads_to_a_page_of_ours():
    here = world()
    for path in ("https://evil.example", "//evil.example/", "c/shared-bill/"):
        with pytest.raises(Invalid):
            tell(here, path=path)
    with pytest.raises(ValueError, match="no kind of notice"):
        tell(here, kind="gossip")
