"""Mail leaves through a job: the message is stored with the change that causes it and sent by the worker."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from common.jobs import enqueue
from common.models import OutgoingMail


class NotStorable(Exception):
    """The message has a part that the table of waiting mail has no column for."""


class QueuedBackend(BaseEmailBackend):
    """The site's mail backend: every message, also the account pages', becomes a row and a job."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _store(message)
        return len(email_messages)


@transaction.atomic
def _store(message: EmailMessage) -> None:
    if message.cc or message.bcc or message.reply_to or message.attachments:
        raise NotStorable("Copies, reply addresses and attachments are not supported.")
    alternatives: list[Any] = getattr(message, "alternatives", [])
    mail = OutgoingMail.objects.create(
        subject=str(message.subject)[:300],
        from_email=message.from_email,
        to=list(message.to),
        body=str(message.body),
        html_body=next((str(part[0]) for part in alternatives if part[1] == "text/html"), ""),
        headers=message.extra_headers,
    )
    enqueue("common.mail.send", mail.pk)


def send(mail_id: int) -> None:
    """Send one stored message through MAIL_TRANSPORT; a message already sent is left alone.

    Its text is deleted then: it may hold a link that opens an account.

    :raises Exception: whatever the transport raises; the queue tries again
    """
    mail = OutgoingMail.objects.get(pk=mail_id)
    if mail.sent_at:
        return
    message = EmailMultiAlternatives(
        mail.subject,
        mail.body,
        mail.from_email,
        mail.to,
        connection=get_connection(settings.MAIL_TRANSPORT),
        headers={"Message-ID": _message_id(mail), **mail.headers},
    )
    if mail.html_body:
        message.attach_alternative(mail.html_body, "text/html")
    message.send()
    OutgoingMail.objects.filter(pk=mail_id).update(sent_at=timezone.now(), body="", html_body="")


def _message_id(mail: OutgoingMail) -> str:
    """The same on every attempt, so that a message sent twice is shown once."""
    return f"<mail-{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{urlsplit(settings.SITE_URL).hostname}>"
