import smtplib
import socket

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction

from common import jobs
from common.mail import NotStorable
from common.models import Job, OutgoingMail

LINK = "https://courses.example.com/reset/secret-token/"


def send(subject="Your link", body=LINK, to=("sam@example.com",), **options):
    send_mail(subject, body, "Site <site@example.com>", list(to), **options)


def test_mail_waits_for_the_worker(db):
    send()

    assert (len(mail.outbox), OutgoingMail.objects.get().subject) == (0, "Your link")


def test_mail_is_sent_by_the_job_with_text_and_html(run_jobs):
    send(html_message="<p>Hello</p>")

    run_jobs()

    [sent] = mail.outbox
    assert (sent.to, sent.body, sent.alternatives[0][0]) == (["sam@example.com"], LINK, "<p>Hello</p>")


def test_mail_is_not_sent_when_the_change_is_rolled_back(run_jobs):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send()
        raise ZeroDivisionError

    assert (run_jobs(), len(mail.outbox), OutgoingMail.objects.count()) == (0, 0, 0)


def test_mail_is_sent_once_when_the_job_is_delivered_twice(run_jobs):
    send()
    run_jobs()
    Job.objects.update(finished_at=None, attempts=0)

    jobs.run(Job.objects.get().pk)

    assert len(mail.outbox) == 1


def test_sent_mail_keeps_no_text_that_could_open_an_account(run_jobs):
    send(html_message=LINK)

    run_jobs()

    stored = OutgoingMail.objects.get()
    assert (stored.body, stored.html_body, stored.sent_at is None) == ("", "", False)


def test_mail_keeps_its_message_id_over_attempts(run_jobs):
    send()
    run_jobs()
    OutgoingMail.objects.update(sent_at=None)
    Job.objects.update(finished_at=None)

    jobs.run(Job.objects.get().pk)

    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second
    assert first.endswith("@testserver>")


def test_a_subject_too_long_for_the_table_is_cut(db):
    send(subject="x" * 400)

    assert len(OutgoingMail.objects.get().subject) == 300


@pytest.mark.parametrize("option", ["cc", "bcc", "reply_to"])
def test_copies_are_refused_rather_than_shown_to_everyone(db, option):
    with pytest.raises(NotStorable):
        EmailMessage("Subject", "Body", to=["a@example.com"], **{option: ["b@example.com"]}).send()


def test_attachments_are_refused_rather_than_lost(db):
    message = EmailMultiAlternatives("Subject", "Body", to=["a@example.com"])
    message.attach("file.txt", "text", "text/plain")

    with pytest.raises(NotStorable):
        message.send()


def test_a_message_is_called_by_its_subject(db):
    send()

    assert str(OutgoingMail.objects.get()) == "Your link"


class MailServer:
    """Answers each message with the next of `answers`, the last one for ever."""

    def __init__(self, answers):
        self.answers = answers
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("250"):
            self.taken.append(envelope.content.decode())
        return answer


@pytest.fixture
def mail_server(settings):
    """Start a mail server on loopback that gives these answers, and send through it."""
    running = []

    def start(*answers):
        server = MailServer(list(answers))
        controller = Controller(server, hostname="127.0.0.1", port=free_port())
        controller.start()
        running.append(controller)
        use(settings, controller.port)
        return server

    yield start
    for controller in running:
        controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def use(settings, port):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.5


def test_mail_reaches_a_server_as_it_was_written(db, mail_server):
    server = mail_server("250 taken")
    send(subject="Grüße", body="Schön")

    jobs.run(Job.objects.get().pk)

    assert "Subject: =?utf-8?" in server.taken[0]
    assert "Message-ID: <mail-" in server.taken[0]


@pytest.mark.parametrize("refusal", ["421 come back later", "451 try again", "552 too big", "554 no"])
def test_refused_mail_stays_and_goes_out_once_the_server_takes_it(db, mail_server, refusal):
    server = mail_server(refusal, refusal, "250 taken")
    send()
    job = Job.objects.get()

    for _ in range(2):
        with pytest.raises(smtplib.SMTPException):
            jobs.run(job.pk)
    jobs.run(job.pk)
    jobs.run(job.pk)

    assert (len(server.taken), OutgoingMail.objects.filter(sent_at=None).count()) == (1, 0)


def send_three():
    messages = [EmailMessage("News", "Hello", to=[f"{name}@example.com"]) for name in ("ana", "ben", "cleo")]
    mail.get_connection().send_messages(messages)


def test_many_mails_at_once_share_a_job(db, monkeypatch, run_jobs):
    monkeypatch.setattr("common.mail.MAILS_IN_A_JOB", 2)
    send_three()
    tasks = list(Job.objects.order_by("pk").values_list("task", flat=True))

    run_jobs()

    assert tasks == ["common.mail.send_each", "common.mail.send"]
    assert [sent.to[0] for sent in mail.outbox] == ["ana@example.com", "ben@example.com", "cleo@example.com"]


def test_one_refused_mail_of_many_keeps_no_other_back_and_is_tried_again(db, mail_server):
    server = mail_server("554 no", "250 taken")
    send_three()
    job = Job.objects.get()

    with pytest.raises(smtplib.SMTPException):
        jobs.run(job.pk)
    unsent = list(OutgoingMail.objects.filter(sent_at=None).values_list("to", flat=True))
    jobs.run(job.pk)

    assert (unsent, len(server.taken)) == ([["ana@example.com"]], 3)


def test_mail_survives_a_server_that_is_away(db, settings):
    use(settings, free_port())
    send()

    with pytest.raises(ConnectionRefusedError):
        jobs.run(Job.objects.get().pk)

    job, stored = Job.objects.get(), OutgoingMail.objects.get()
    assert (job.failures, job.finished_at, stored.sent_at, stored.body) == (1, None, None, LINK)


def test_mail_gives_up_waiting_for_a_server_that_says_nothing(db, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(settings, silent.getsockname()[1])
        send()

        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            jobs.run(Job.objects.get().pk)

    assert Job.objects.get().failures == 1


def test_production_has_a_time_limit_for_the_mail_server(settings):
    assert settings.EMAIL_TIMEOUT == 10
