"""The mails of a batch: one for each student, after the rights, only where something is open to them."""

import pytest

from access import tasks
from access.services import suspend
from access.services.bulk_telling import tell_batch
from accounts.models import User
from common.models import OutgoingMail
from tests import factories as make
from tests.access.bulk import DAY, LATER, applied, apply, checked, wish
from tests.access.ledgers import give
from tests.factories import NOW

pytestmark = pytest.mark.django_db
UNTIL = "2026-05-31"


@pytest.fixture
def course():
    return make.CourseFactory(slug="camera", title="Camera")


def test_a_student_is_told_of_all_courses_in_one_mail(student, staff, run_jobs):
    courses = [make.CourseFactory(title=title) for title in ("Bread", "Camera")]
    applied(staff, *[wish(student, course) for course in courses], tells=True)

    run_jobs()

    assert list(OutgoingMail.objects.values_list("subject", "to")) == [
        ("You have access to Bread and 1 more", [student.email])
    ]


def test_nobody_is_told_unless_asked_for(student, staff, course, run_jobs):
    applied(staff, wish(student, course))
    run_jobs()

    assert OutgoingMail.objects.count() == 0


def test_only_who_was_given_something_is_told_and_may_open_it(staff, course, run_jobs):
    gone, suspended, extended, revoked = make.UserFactory.create_batch(4)
    for user in (extended, revoked):
        give(user, course, expires_at=NOW + DAY)
    batch = checked(
        staff,
        wish(gone, course),
        wish(suspended, course),
        wish(extended, course, "extend", UNTIL),
        wish(revoked, course, "revoke", note="Left"),
        tells=True,
    )
    User.objects.filter(pk=gone.pk).update(is_active=False)
    apply(batch, staff)
    suspend(user=suspended, course=course, actor=staff, reason="Shared", now=LATER)
    OutgoingMail.objects.all().delete()

    tell_batch(batch_id=batch.pk, now=LATER)

    assert (batch.counts["verdicts"], OutgoingMail.objects.count()) == ({"grant": 2, "extend": 1, "revoke": 1}, 0)


def test_mails_are_written_once_some_students_at_a_time(staff, course, monkeypatch, run_jobs):
    monkeypatch.setattr("access.services.bulk_telling.STUDENTS", 2)
    monkeypatch.setattr("access.services.bulk_telling.CHUNKS_IN_A_JOB", 1)
    students = make.UserFactory.create_batch(5)
    batch = applied(staff, *[wish(user, course) for user in students], tells=True)

    run_jobs()
    tasks.tell_batch(batch.pk)

    told = sorted(address for mail in OutgoingMail.objects.all() for address in mail.to)
    assert told == sorted(user.email for user in students)
