"""Django's mail goes to our outbox: written with what caused it, sent by the worker."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from commonpurse.notices.services import mail_add
from commonpurse.record.selectors import database_now

CODE_HEADER = "X-Purse-Code"


class OutboxBackend(BaseEmailBackend):
    """Writes each mail to the outbox, once per address."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put these mails into the outbox; how many there were."""
        for message in email_messages:
            for address in message.recipients():
                mail_add(
                    to=address,
                    subject=str(message.subject),
                    body=str(message.body),
                    code=str(message.extra_headers.get(CODE_HEADER, "")),
                    at=database_now(),
                )
        return len(email_messages)
