"""How a mail leaves the house: by SMTP, or, with no server named, onto the terminal."""

import smtplib
import ssl
import sys
from email.message import EmailMessage
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from commonpurse.notices.values import MailView
from commonpurse.rules.texts import CONTROLS

SMTP_PORTS = {"smtp": 587, "smtps": 465}
PATIENCE_SECONDS = 20
LOCAL = {"localhost", "127.0.0.1", "::1"}
UNPRINTED = "\N{REPLACEMENT CHARACTER}"


class Post(Protocol):
    """Something that carries mails away."""

    is_final: bool
    """Whether a mail is out of our hands afterwards, so its text need not be kept."""

    def __enter__(self) -> Self:
        """Open the way."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""

    def carry(self, mail: MailView, sender: str) -> None:
        """Take one mail."""


class TerminalPost:
    """Prints each mail on the terminal: a code on a line of its own."""

    is_final = False

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def carry(self, mail: MailView, sender: str) -> None:  # noqa: ARG002  (one way for all)
        """Print one mail; of a mail with a sign-in code, the code alone."""
        if mail.code:
            text = f"sign-in code for {mail.to}: {mail.code}\n"
        else:
            text = f"mail for {mail.to}: {mail.subject}\n{mail.body}\n"
        # Strangers wrote some of it: a terminal must not take any of that for an order.
        sys.stdout.write(CONTROLS.sub(UNPRINTED, text))
        sys.stdout.flush()


class SmtpPost:
    """Sends through the server that `PURSE_SMTP_URL` names.

    `smtp://` upgrades to TLS and refuses to send without it, but to this machine itself;
    `smtps://` speaks TLS from the start.
    """

    is_final = True

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in SMTP_PORTS or not parts.hostname:
            raise ValueError("PURSE_SMTP_URL must look like smtp://name:secret@host:587")
        self.scheme = parts.scheme
        self.host = parts.hostname
        self.port = parts.port or SMTP_PORTS[parts.scheme]
        self.name = unquote(parts.username or "")
        self.secret = unquote(parts.password or "")

    def __enter__(self) -> Self:
        """Open one connection for all mails."""
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            self.server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=PATIENCE_SECONDS, context=context
            )
        else:
            self.server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)
            if self.host not in LOCAL:
                self.server.starttls(context=context)
        if self.name:
            self.server.login(self.name, self.secret)
        return self

    def __exit__(self, *_: object) -> None:
        """Say goodbye."""
        self.server.close()

    def carry(self, mail: MailView, sender: str) -> None:
        """Send one mail: as text, and as HTML where there is some."""
        message = EmailMessage()
        message["From"] = sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Message-ID"] = f"<{mail.mail_id}@commonpurse>"
        message["Auto-Submitted"] = "auto-generated"
        if mail.unsubscribe:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.body)
        if mail.html:
            message.add_alternative(mail.html, subtype="html")
        self.server.send_message(message)


def post_open(smtp_url: str) -> Post:
    """The way out that the settings name."""
    return SmtpPost(smtp_url) if smtp_url else TerminalPost()
