"""T93: what a student can write is inert wherever staff, other students or a mailbox show it."""

import pytest
from django.contrib import admin
from django.core import mail
from django.urls import reverse

from accounts.models import User
from common.models import OutgoingMail
from tests import factories as make
from tests.accounts.helpers import logged_in
from tests.conftest import client_of
from tests.threats.state import unchanged
from tests.threats.test_stored_markup import PAYLOADS, dangers

pytestmark = pytest.mark.django_db
NAMES = [payload for payload in PAYLOADS if len(payload) <= 120]
# One of each way out of a text: a tag, a tag with a handler, out of an attribute, out of a script.
WAYS_OUT = [name for name in NAMES if name.startswith(("<script", "<img", '">', "</script"))]
# The part before the @ may be quoted, and then hold nearly anything.
QUOTED = '"<img/src=x/onerror=alert(1)>"@example.com'
PASSWORD = make.PASSWORD
AGENT = {"HTTP_USER_AGENT": "<img src=x onerror=alert(1)>"}


@pytest.fixture
def owner(db):
    return client_of(make.StaffFactory(email="owner@example.com", is_superuser=True))


def sign_up(client, **fields):
    return client.post("/register/", {"name": "Sam", "email": "sam@example.com", "password1": PASSWORD} | fields)


def follow_up(user, words="Plain"):
    """Rows about the student, as staff and the site make them, with words of the student's in each text."""
    course = make.CourseFactory()
    revoked = {"status": "revoked", "revoked_at": make.NOW, "revocation_reason": words}
    make.CourseAccessFactory(user=user, course=course, notes=words, **revoked)
    make.AccessEventFactory(user=user, course=course, reason=words)
    make.CourseEnrollmentFactory(user=user, course=course)
    make.SuspensionFactory(user=user, course=course, reason=words)
    logged_in(user).get("/account/", **AGENT)


def admin_pages():
    """For each table in Django's admin its list, a search, and for its newest row the page, history and removal."""
    for model in admin.site._registry:
        start = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{start}_changelist")
        yield reverse(f"{start}_changelist") + "?q=%3Cscript%3Ealert(1)%3C/script%3E"
        row = model._default_manager.order_by("-pk").first()
        for kind in ("change", "history", "delete") if row else ():
            yield reverse(f"{start}_{kind}", args=[row.pk])


def dangers_in(client, pages):
    """What would run on each page; the page must be there, or be one that staff may not see."""
    found = {}
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in {200, 403}, page
        found[page] = dangers(answer.content.decode())
    return found


@pytest.mark.parametrize("name", WAYS_OUT)
def test_a_students_words_run_nowhere_in_the_admin(owner, name):
    follow_up(make.UserFactory())
    before = dangers_in(owner, admin_pages())
    follow_up(make.UserFactory(name=name), name)

    after = dangers_in(owner, admin_pages())

    assert (list(after.values()), len(after)) == (list(before.values()), len(before))


def test_the_admin_shows_the_words_as_they_were_written(owner):
    user = make.UserFactory(name=NAMES[0])
    follow_up(user, NAMES[0])
    lists = ("accounts_user", "access_accessevent", "access_suspension")

    pages = [owner.get(reverse(f"admin:{name}_changelist")).content.decode() for name in lists]

    assert ["&lt;script&gt;alert(1)&lt;/script&gt;" in page for page in pages] == [True] * 3


def test_an_address_made_of_markup_runs_nowhere(owner, client):
    assert sign_up(client, email=QUOTED).status_code == 302
    user = User.objects.get(email=QUOTED)
    follow_up(user, QUOTED)

    own = ["/account/", "/account/email/", "/account/sessions/", "/account/security/", "/my-dashboard/"]
    shown = dangers_in(owner, admin_pages()) | dangers_in(client_of(user), own)

    assert {page: found for page, found in shown.items() if "alert" in str(found)} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_students_name_runs_nowhere_on_the_site(client, name):
    assert sign_up(client, name=name).status_code == 302
    make.CourseFactory(slug="c")
    pages = ["/", "/courses/", "/courses/c/", "/my-dashboard/", "/account/", "/account/sessions/", "/account/security/"]

    found = dangers_in(client, pages)

    assert User.objects.get().name == name.strip()
    assert {page: danger for page, danger in found.items() if danger} == {}


def test_a_browser_that_calls_itself_markup_is_shown_as_words(client):
    client.post("/register/", {"name": "Sam", "email": "sam@example.com", "password1": PASSWORD}, **AGENT)
    client.get("/account/", **AGENT)

    page = client.get("/account/sessions/").content.decode()

    assert dangers(page) == []


HEADER = [
    "\r\nBcc: evil@example.com",
    "\nBcc: evil@example.com\n\nHello",
    "\r\nSubject: New",
    "\u2028Bcc: evil@example.com",
]


@pytest.mark.parametrize("more", HEADER)
def test_a_name_with_a_line_break_reaches_no_header_of_a_mail(client, run_jobs, more):
    sign_up(client, name=f"Sam{more}")
    client.post("/password/reset/", {"email": "sam@example.com"})

    run_jobs()

    sent = [(message.recipients(), message.bcc, set(message.message().keys())) for message in mail.outbox]
    usual = {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID"}
    assert [(to, bcc) for to, bcc, _ in sent] == [(["sam@example.com"], [])] * len(sent)
    assert [keys - usual for *_, keys in sent] == [set()] * len(sent)
    assert [len(message.message()["Subject"].splitlines()) for message in mail.outbox] == [1] * len(sent)
    assert sent


@pytest.mark.parametrize("more", HEADER)
@pytest.mark.parametrize("url", ["/register/", "/password/reset/", "/account/email/"])
def test_an_address_with_a_line_break_is_refused(client, url, more):
    user = make.UserFactory()
    visitor = client_of(user) if url == "/account/email/" else client
    visitor.post("/account/confirm/", {"password": PASSWORD})
    visitor.get("/account/email/")  # it makes the row of the address that everybody has
    fields = {"name": "Sam", "password1": PASSWORD, "action_add": "", "email": f"sam@example.com{more}"}

    with unchanged():
        sent = visitor.post(url, fields)

    assert (sent.status_code, OutgoingMail.objects.count()) == (422, 0)


def test_no_mail_repeats_what_a_student_wrote_nor_is_markup(client, run_jobs):
    sign_up(client, name=NAMES[0], email=QUOTED)
    client.post("/password/reset/", {"email": QUOTED})

    run_jobs()

    assert {(message.content_subtype, len(getattr(message, "alternatives", []))) for message in mail.outbox} == {
        ("plain", 0)
    }
    assert [NAMES[0] in message.body + message.subject for message in mail.outbox] == [False] * len(mail.outbox)
