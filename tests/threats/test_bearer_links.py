"""T17: what works without a session works by a random, short-lived, bound token, and never by an identifier.

Two addresses do: confirming an e-mail address and choosing a new password. The token that says when a lesson page was
served is signed too, but opens nothing: the session decides, and the token only dates a report.
"""

import json
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from django.core import signing
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from accounts.models import User
from common.models import OutgoingMail
from progress.player import SALT, opened_at, opened_token
from tests import factories as make
from tests.accounts.helpers import link_of_last_mail
from tests.conftest import client_of
from tests.threats.state import unchanged
from tests.urls_of_site import site_addresses

pytestmark = pytest.mark.django_db
# Blanks that name a thing, as all those that end in _id do: the session is judged for it (tests/test_gates.py).
# What stands behind an old address of staff, `rest`, leads to the dashboard, which asks the session.
NAMES = {"slug", "lesson_slug", "module_number", "lesson_number", "name", "rest"}
BLANK = re.compile(r"<(?:\w+:)?(\w+)>")
BEARERS = {"account_confirm_email", "account_reset_password_from_key"}
NO_LONGER = "This link no longer works"
NEW = "another long phrase"
LEAST_BITS = 128


def confirmation_link(user):
    """Ask for the mail as the user does and return the address in it."""
    address = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})[0]
    request = RequestFactory().get("/")
    with context.request_context(request):
        address.send_confirmation(request)
    return link_of_last_mail()


def reset_link(user):
    Client().post(reverse("account_reset_password"), {"email": user.email})
    return link_of_last_mail()


def choose(link, password=NEW):
    client = Client()
    opened = client.get(link)
    return client.post(opened.url, {"password1": password}) if opened.status_code == 302 else opened


def key_of(link):
    return link.rstrip("/").rpartition("/")[2]


def is_confirmed(user):
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def values_in(data):
    """Every number and word in an answer."""
    if isinstance(data, dict):
        return {found for value in data.values() for found in values_in(value)}
    if isinstance(data, list):
        return {found for value in data for found in values_in(value)}
    return {str(data)}


def names_a_thing(blank):
    return blank in NAMES or blank.endswith("_id")


def test_two_addresses_work_by_what_is_in_them(db):
    public = [address for address in site_addresses() if address.is_public]

    by_key = {each.name for each in public for blank in BLANK.findall(each.pattern) if not names_a_thing(blank)}

    assert by_key - {"course_image"} == BEARERS  # a course's own pictures are public


def test_no_identifier_that_is_seen_in_json_opens_them(world, clients):
    addresses = ("/api/courses/guarded", "/api/courses/", f"/api/courses/guarded/units/{world.lesson.pk}")
    seen = {found for url in addresses for found in values_in(clients["active"].get(url).json())}
    seen |= {str(user.pk) for user in world.people.values()} | {user.email for user in world.people.values()}
    keys = {re.sub(r"[^\w:@.-]", "", found)[:200] or "x" for found in seen}
    uid = int_to_base36(world.people["active"].pk)

    with unchanged():
        for key in keys:
            for url in (f"/confirm-email/{key}/", f"/password/reset/{uid}-{key}/"):
                assert NO_LONGER in clients["none"].get(url).content.decode()
                clients["none"].post(url, {"password1": NEW})


def test_the_keys_are_signed_with_enough_bits(student):
    confirmation = key_of(confirmation_link(student)).rpartition(":")[2]
    reset = key_of(reset_link(student)).rpartition("-")[2]

    assert len(confirmation) * 6 >= LEAST_BITS
    assert len(reset) * 4 >= LEAST_BITS


def test_no_two_people_and_no_two_moments_share_a_key(student, stranger, time_machine):
    now = timezone.localtime()
    keys = set()
    for minutes in (0, 5):
        time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
        keys |= {
            key_of(link(user)).split("-")[-1]
            for link in (confirmation_link, reset_link)
            for user in (student, stranger)
        }

    assert len(keys) == 8


def test_a_confirmation_is_bound_to_its_address(client, student, stranger):
    own, other = (key_of(confirmation_link(user)).split(":") for user in (student, stranger))
    mixed = ":".join([other[0], *own[1:]])

    with unchanged():
        client.post(f"/confirm-email/{mixed}/")

    assert (is_confirmed(student), is_confirmed(stranger)) == (False, False)


def test_a_confirmation_works_once(client, student):
    link = confirmation_link(student)
    client.post(link)
    EmailAddress.objects.filter(user=student).update(primary=False)

    with unchanged():
        again = Client().post(link)
        page = Client().get(link)

    assert (again.status_code, NO_LONGER in page.content.decode()) == (404, True)


@pytest.mark.parametrize(("days", "works"), [(2, True), (4, False)])
def test_a_confirmation_lasts_three_days(client, student, time_machine, days, works):
    link = confirmation_link(student)

    time_machine.move_to(timezone.localtime() + timedelta(days=days))
    client.post(link)

    assert is_confirmed(student) is works


def test_a_confirmation_signs_nobody_in(client, student):
    client.post(confirmation_link(student))

    assert "_auth_user_id" not in client.session


def test_looking_at_a_confirmation_confirms_nothing(client, student):
    link = confirmation_link(student)

    with unchanged():
        client.get(link)

    assert not is_confirmed(student)


def test_a_reset_is_bound_to_its_person(student, stranger):
    own, other = key_of(reset_link(student)), int_to_base36(stranger.pk)

    answer = choose(f"/password/reset/{other}-{own.partition('-')[2]}/")

    assert NO_LONGER in answer.content.decode()
    assert not User.objects.get(pk=stranger.pk).check_password(NEW)


def test_a_reset_works_once(student):
    link = reset_link(student)
    choose(link)

    again = choose(link, "a third long phrase")

    assert (User.objects.get(pk=student.pk).check_password(NEW), NO_LONGER in again.content.decode()) == (True, True)


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_a_reset_lasts_an_hour(student, time_machine, minutes, works):
    link = reset_link(student)

    time_machine.move_to(timezone.localtime() + timedelta(minutes=minutes))
    choose(link)

    assert User.objects.get(pk=student.pk).check_password(NEW) is works


def test_no_key_of_a_mail_is_kept_after_it_was_sent(student, run_jobs):
    link = reset_link(student)

    run_jobs()

    kept = json.dumps(list(OutgoingMail.objects.values("body", "html_body", "headers")))
    assert key_of(link) not in kept


def test_the_moment_a_page_was_served_is_bound_to_student_and_lesson():
    token = opened_token(lesson_id=1, user_id=2, now=make.NOW)
    forged = [
        signing.dumps([1, 2, 0], salt="another"), signing.dumps([1, 2, 0], key="another key", salt=SALT), "1:2:3",
        token[:-1], token + "A", "", None, [1, 2, 0],
    ]  # fmt: skip

    assert opened_at(token, lesson_id=1, user_id=2) == make.NOW.timestamp()
    assert [opened_at(token, lesson_id=lesson, user_id=user) for lesson, user in ((1, 3), (3, 2), (2, 1))] == [None] * 3
    assert [opened_at(each, lesson_id=1, user_id=2) for each in forged] == [None] * len(forged)


@pytest.mark.parametrize(("role", "status"), [("anonymous", 401), ("none", 403), ("expired", 403), ("suspended", 403)])
def test_the_moment_a_page_was_served_opens_nothing(clients, world, role, status):
    holder = world.people["active"]
    token = opened_token(lesson_id=world.lesson.pk, user_id=holder.pk, now=timezone.now())
    body = json.dumps({"ranges": [[0, 1]], "timestamp": 1, "watch_percentage": 1, "opened": token})

    with unchanged():
        sent = clients[role].post(f"/api/lessons/{world.lesson.pk}/progress/", body, "application/json")

    assert sent.status_code == status


def test_the_moment_of_another_students_page_gives_no_time(world):
    """The holder's token of an hour ago would allow an hour of watching; in another's hands it is none."""
    holder, other = world.people["active"], world.people["tier"]
    before = timezone.now() - timedelta(hours=1)
    token = opened_token(lesson_id=world.lesson.pk, user_id=holder.pk, now=before)
    body = json.dumps({"ranges": [[0, 90]], "timestamp": 90, "watch_percentage": 90, "opened": token})
    url = f"/api/lessons/{world.lesson.pk}/progress/"

    sent = [client_of(user).post(url, body, "application/json").json() for user in (holder, other)]

    assert [answer["completed"] for answer in sent] == [True, False]
