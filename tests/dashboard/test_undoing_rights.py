"""Undo of a grant, an extension and a removal from a cohort: exactly that, and only while nobody touched it since."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from access.auditing import BOOKS, differences_in_rows, differences_in_seats
from access.models import CohortMembership, CourseAccess
from access.services import add_to_cohort, extend_access, grant_access, lock_access, remove_from_cohort, revoke_access
from access.services.sweeping import sweep_access
from access.services.undoing import ChangedSince, undo_removal
from tests import factories as make
from tests.dashboard.posting import address, ledger, told
from tests.dashboard.undo import press_undo, token

pytestmark = pytest.mark.django_db
ONCE = "abcdefghij12"
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return make.CourseFactory(title="Camera", slug="camera", enrollment_method="purchase")


@pytest.fixture
def access(student, course):
    now = timezone.now()
    source = {"access_type": "purchase", "source_key": "order:12", "now": now - 9 * DAY}
    return grant_access(user=student, course=course, expires_at=now + 10 * DAY, **source)


@pytest.fixture
def cohort(course):
    cohort = make.CohortFactory(name="Spring group", grants_access=True, max_participants=1)
    cohort.courses.add(course)
    return cohort


@pytest.fixture
def member(student, cohort, staff):
    return add_to_cohort(user=student, cohort=cohort, actor=staff, now=timezone.now() - 9 * DAY)[0]


def undo(client, student):
    press_undo(client)
    return told(client, student)


def grant(client, student, course):
    client.post(address(student, "grant-access"), {"course": course.pk, "once": ONCE})


def extend(client, access, days=7):
    client.post(address(access.user, "extend-access", access=access.pk), {"days": days, "once": ONCE})


def remove(client, student, cohort, **fields):
    client.post(address(student, "remove-cohort", cohort=cohort.pk), fields)


def live(student):
    rows = CourseAccess.objects.filter(user=student).exclude(status="revoked")
    return list(rows.order_by("pk").values_list("access_type", "status", "expires_at"))


def is_sound():
    return [*(found for book in BOOKS for found in differences_in_rows(book)), *differences_in_seats()] == []


def test_a_grant_is_taken_back(owner_client, student, course):
    grant(owner_client, student, course)

    said = undo(owner_client, student)

    assert said == ["The access to Camera is taken back. Every other right stays."]
    assert ledger(student) == [("granted", "Olga Owner", ""), ("revoked", "Olga Owner", "Undone")]


def test_a_grant_of_which_something_became_is_left(owner_client, student, course, owner):
    grant(owner_client, student, course)
    lock_access(access=CourseAccess.objects.get(), reason="Dispute", actor=owner, now=timezone.now())

    said = undo(owner_client, student)

    assert (said, len(live(student))) == (["This access was changed since, so it stays as it is."], 1)


def test_undo_pressed_twice_does_it_once(owner_client, student, course):
    grant(owner_client, student, course)
    sent = {"token": token(owner_client)}

    answers = [owner_client.post("/dashboard/undo/", sent).status_code for _ in range(2)]

    assert (answers, [action for action, *_ in ledger(student)]) == ([302, 302], ["granted", "revoked"])


def test_an_extension_is_taken_back(owner_client, student, access):
    extend(owner_client, access)

    said = undo(owner_client, student)

    assert said == ["The extension is taken back. The access ends when it did before."]
    assert live(student) == [("purchase", "unlocked", access.expires_at)]
    assert is_sound()


def test_an_extension_of_what_had_ended_ends_again_without_a_second_mail(owner_client, student, access, run_jobs):
    ended = timezone.now() - DAY
    CourseAccess.objects.update(expires_at=ended)
    sweep_access(now=timezone.now())
    run_jobs()
    extend(owner_client, access)

    undo(owner_client, student)
    sweep_access(now=timezone.now())
    run_jobs()

    assert live(student) == [("purchase", "expired", ended)]
    assert len(mail.outbox) == 1


def test_more_days_of_what_has_not_begun_are_taken_back(owner_client, student, course):
    course.access_duration_type, course.access_duration_days = "fixed_days", 28
    source = {"access_type": "purchase", "source_key": "order:9", "now": timezone.now()}
    access = grant_access(user=student, course=course, is_pending=True, **source)
    extend(owner_client, access)

    undo(owner_client, student)

    assert CourseAccess.objects.get().duration_days == 28


def test_an_extension_extended_since_is_left(owner_client, student, access):
    extend(owner_client, access)
    extend_access(access=access, days=1, now=timezone.now())

    said = undo(owner_client, student)

    assert said == ["This access was changed since, so it stays as it is."]
    assert live(student)[0][2] == access.expires_at


def test_who_was_removed_from_a_cohort_is_back_with_the_same_end(owner_client, student, cohort, member, course):
    end = timezone.now() + 3 * DAY
    CourseAccess.objects.update(expires_at=end)
    remove(owner_client, student, cohort)

    said = undo(owner_client, student)

    cohort.refresh_from_db()
    assert said == ["They are in Spring group again, with the access it gave."]
    assert (live(student), cohort.member_count) == ([("cohort", "unlocked", end)], 1)


def test_undoing_a_removal_leaves_books_and_seats_right_and_sends_no_mail(
    owner_client, student, cohort, member, run_jobs
):
    run_jobs()
    mail.outbox.clear()
    remove(owner_client, student, cohort)

    undo(owner_client, student)
    run_jobs()

    assert (is_sound(), mail.outbox) == (True, [])


def test_what_they_were_let_keep_goes_back_into_the_place(owner_client, student, cohort, member):
    remove(owner_client, student, cohort, keep_access="on")

    undo(owner_client, student)

    assert live(student) == [("cohort", "unlocked", None)]


def test_what_was_locked_is_locked_again_and_what_has_run_out_stays_gone(owner_client, student, cohort, member, course):
    other = make.CourseFactory()
    cohort.courses.add(other)
    right = CourseAccess.objects.get()
    lock_access(access=right, reason="Dispute", now=timezone.now())
    source = {"access_type": "cohort", "source_key": f"cohort:{cohort.pk}", "cohort": cohort}
    ended = timezone.now() - DAY
    grant_access(user=student, course=other, now=ended - DAY, expires_at=ended, **source)
    remove(owner_client, student, cohort)

    undo(owner_client, student)

    assert live(student) == [("cohort", "locked", None)]


def test_a_form_sent_again_undoes_nothing_that_others_did_since(owner_client, student, course):
    grant(owner_client, student, course)
    lock_access(access=CourseAccess.objects.get(), reason="Dispute", actor=make.StaffFactory(), now=timezone.now())
    grant(owner_client, student, course)

    undo(owner_client, student)

    assert live(student) == [("manual", "locked", None)]


def test_nor_does_an_extension_sent_again(owner_client, access):
    extend(owner_client, access)
    extend_access(access=access, days=9, actor=make.StaffFactory(), now=timezone.now())
    extend(owner_client, access)
    before = live(access.user)

    undo(owner_client, access.user)

    assert live(access.user) == before


def test_a_taken_seat_stays_taken(owner_client, student, stranger, cohort, member):
    remove(owner_client, student, cohort)
    add_to_cohort(user=stranger, cohort=cohort, now=timezone.now())

    said = undo(owner_client, student)

    assert (said, live(student)) == (["This cohort is full."], [])
    assert CohortMembership.objects.filter(left_at=None).count() == 1


def test_who_is_back_otherwise_stays_as_they_are(owner, student, cohort, member):
    now = timezone.now()
    remove_from_cohort(user=student, cohort=cohort, actor=owner, now=now)
    add_to_cohort(user=student, cohort=cohort, now=now)

    with pytest.raises(ChangedSince, match="Sam Student is in Spring group again already"):
        undo_removal(membership_id=member.pk, actor=owner, now=now)

    assert len(live(student)) == 1


def test_a_removal_undone_once_is_not_undone_again_after_the_next(owner_client, owner, student, cohort, member):
    remove(owner_client, student, cohort)
    first = token(owner_client)
    press_undo(owner_client)
    remove_from_cohort(user=student, cohort=cohort, actor=owner, now=timezone.now(), reason="Asked for it")

    owner_client.post("/dashboard/undo/", {"token": first})

    assert told(owner_client, student)[-1] == "Sam Student was in Spring group again since, so nothing is taken back."
    assert (live(student), CohortMembership.objects.filter(left_at=None).count()) == ([], 0)


def test_what_they_kept_and_staff_changed_is_not_touched(owner_client, owner, student, cohort, member):
    remove(owner_client, student, cohort, keep_access="on")
    revoke_access(access=CourseAccess.objects.get(access_type="manual"), reason="No", actor=owner, now=timezone.now())

    undo(owner_client, student)

    assert [kind for kind, *_ in live(student)] == ["cohort"]


def test_the_page_of_a_lasting_extension_has_the_days_the_address_proposes(owner_client, access):
    page = owner_client.get(address(access.user, "extend-access", access=access.pk, days=45))

    assert 'name="days" value="45"' in page.text


@pytest.mark.parametrize("days", ["", "x", "-1", "1.5", "9" * 10_000, "٣"])
def test_days_that_are_none_propose_the_usual_ones(owner_client, access, days):
    page = owner_client.get(
        address(access.user, "extend-access", access=access.pk), {"access": access.pk, "days": days}
    )

    assert 'name="days" value="30"' in page.text
