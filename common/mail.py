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

MAILS_IN_A_JOB = 50  # of 10 s each at worst, all are tried before the worker takes the job for hung


class NotStorable(Exception):
    """The message has a part that the table of waiting mail has no column for."""


class QueuedBackend(BaseEmailBackend):
    """The site's mail backend: every message, also the account pages', becomes a row; fifty of them share a job."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for start in range(0, len(email_messages), MAILS_IN_A_JOB):
            _store(email_messages[start : start + MAILS_IN_A_JOB])
        return len(email_messages)


@transaction.atomic
def _store(messages: Sequence[EmailMessage]) -> None:
    mails = OutgoingMail.objects.bulk_create([_waiting(message) for message in messages])
    if len(mails) == 1:
        enqueue("common.mail.send", mails[0].pk)
    else:
        enqueue("common.mail.send_each", *[mail.pk for mail in mails])


def _waiting(message: EmailMessage) -> OutgoingMail:
    if message.cc or message.bcc or message.reply_to or message.attachments:
        raise NotStorable("Copies, reply addresses and attachments are not supported.")
    alternatives: list[Any] = getattr(message, "alternatives", [])
    return OutgoingMail(
        subject=str(message.subject)[:300],
        from_email=message.from_email,
        to=list(message.to),
        body=str(message.body),
        html_body=next((str(part[0]) for part in alternatives if part[1] == "text/html"), ""),
        headers=message.extra_headers,
    )


def send_each(*mail_ids: int) -> None:
    """Send these messages one by one; one that fails keeps none of the others back.

    :raises Exception: the last that a transport raised, when all were tried; the queue tries the unsent ones again
    """
    failure: Exception | None = None
    for mail_id in mail_ids:
        try:
            send(mail_id)
        except Exception as error:  # noqa: BLE001 - raised below, after the others
            failure = error
    if failure:
        raise failure


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
