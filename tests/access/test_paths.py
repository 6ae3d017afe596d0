"""Joining, advancing, leaving and changing a learning path: one test per exit."""

from contextlib import suppress
from datetime import timedelta

import pytest

from access.models import AccessEvent, AccessStatus, CourseAccess, CourseEnrollment, PathMembership
from access.selectors import course_decision
from access.services import (
    PathClosed,
    advance_paths,
    join_path,
    leave_path,
    revoke_access,
    start_path,
)
from progress.services import finish_course, recount_course
from tests import factories as make
from tests.access.catching import catch_up_all
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
OPEN, WAITING = ("unlocked", True), ("pending", False)


def path_of(*required, **fields):
    """A path with one course of one lesson per argument, which says whether the step is required; and its courses."""
    path = make.LearningPathFactory(**fields)
    for number, is_required in enumerate(required):
        course = make.CourseFactory(lesson_count=1, enrollment_method="purchase")
        make.PathStepFactory(path=path, course=course, order=number, is_required=is_required)
    return path, [step.course for step in path.steps.order_by("order")]


def rows(user):
    """Status of each right of the path in the order of its steps, and whether it has a start."""
    found = CourseAccess.objects.filter(user=user, path__isnull=False).order_by("pk")
    return [(row.status, row.starts_at is not None) for row in found]


def actions():
    return list(AccessEvent.objects.order_by("pk").values_list("action", flat=True))


def complete(user, course, now=NOW):
    """As the site does it when the last lesson is done."""
    make.CourseEnrollmentFactory(user=user, course=course)
    make.CourseProgressFactory(user=user, course=course, completed_lessons=course.lesson_count)
    finish_course(user_id=user.pk, course_id=course.pk, now=now)


def test_joining_opens_the_first_and_lets_the_others_wait(student):
    path, courses = path_of(True, True, True)

    join_path(user=student, path=path, now=NOW)

    assert rows(student) == [OPEN, WAITING, WAITING]
    assert set(CourseAccess.objects.values_list("access_type", "source_key", "path")) == {
        ("path", f"path:{path.pk}", path.pk)
    }
    assert [course_decision(student, course, NOW).code for course in courses] == ["active", "pending", "pending"]


def test_joining_twice_changes_nothing(student):
    path, _ = path_of(True, True)
    first = join_path(user=student, path=path, now=NOW)

    again = join_path(user=student, path=path, now=LATER)

    assert (again, again.joined_at, actions()) == (first, NOW, ["granted"] * 2)


def test_joining_names_who_put_the_student_there(student, staff):
    path, _ = path_of(True)

    join_path(user=student, path=path, now=NOW, actor=staff, reason="Promised", cause="order:4")

    event = AccessEvent.objects.get()
    assert (event.actor, event.reason, event.cause) == (staff, "Promised", "order:4")


def test_an_optional_step_holds_nobody_up(student):
    path, _ = path_of(False, True, True)

    join_path(user=student, path=path, now=NOW)

    assert rows(student) == [OPEN, OPEN, WAITING]


def test_what_was_completed_before_counts(student):
    path, courses = path_of(True, True, True)
    complete(student, courses[0])

    join_path(user=student, path=path, now=NOW)

    assert rows(student) == [OPEN, OPEN, WAITING]


def test_an_empty_course_counts_as_complete(student):
    path, courses = path_of(True, True)
    type(courses[0]).objects.filter(pk=courses[0].pk).update(lesson_count=0)

    join_path(user=student, path=path, now=NOW)

    assert rows(student) == [OPEN, OPEN]


def test_a_course_held_from_elsewhere_is_not_locked(student):
    path, courses = path_of(True, True)
    make.CourseAccessFactory(user=student, course=courses[1])

    join_path(user=student, path=path, now=NOW)

    assert (rows(student)[1], course_decision(student, courses[1], NOW).code) == (WAITING, "active")


def test_a_course_whose_last_day_has_passed_is_left_out(student):
    path, courses = path_of(True, True)
    type(courses[0]).objects.filter(pk=courses[0].pk).update(access_duration_type="until_date", access_until=NOW)

    join_path(user=student, path=path, now=NOW)

    assert list(CourseAccess.objects.values_list("course", flat=True)) == [courses[1].pk]


def test_completing_a_course_opens_the_next_one_only(student):
    path, courses = path_of(True, True, True)
    join_path(user=student, path=path, now=NOW)

    complete(student, courses[0], now=LATER)

    opened = CourseAccess.objects.get(course=courses[1])
    event = AccessEvent.objects.last()
    assert (rows(student), opened.starts_at) == ([OPEN, OPEN, WAITING], LATER)
    assert (event.action, event.access, event.cause) == ("activated", opened, f"course:{courses[0].pk}")


def test_the_days_of_a_later_course_count_from_its_opening(student):
    path, courses = path_of(True, True)
    type(courses[1]).objects.update(access_duration_type="fixed_days", access_duration_days=30)
    join_path(user=student, path=path, now=NOW)

    complete(student, courses[0], now=LATER)

    assert CourseAccess.objects.get(course=courses[1]).expires_at == LATER + timedelta(days=30)


def test_completing_out_of_order_waits_for_all_before(student):
    path, courses = path_of(True, True, True)
    join_path(user=student, path=path, now=NOW)

    complete(student, courses[1])
    waiting = rows(student)
    complete(student, courses[0])

    assert (waiting, rows(student)) == ([OPEN, WAITING, WAITING], [OPEN, OPEN, OPEN])


def test_completing_an_optional_course_opens_nothing(student):
    path, courses = path_of(False, True, True)
    join_path(user=student, path=path, now=NOW)

    complete(student, courses[0])

    assert rows(student) == [OPEN, OPEN, WAITING]


def test_one_course_may_open_the_next_of_two_paths(student):
    path, courses = path_of(True, True)
    other = make.LearningPathFactory()
    for number, course in enumerate([courses[0], make.CourseFactory()]):
        make.PathStepFactory(path=other, course=course, order=number)
    for each in (path, other):
        join_path(user=student, path=each, now=NOW)

    complete(student, courses[0])

    assert rows(student) == [OPEN] * 4


def test_a_right_that_ended_while_it_waited_stops_no_completion(student):
    path, courses = path_of(True, True)
    type(courses[1]).objects.filter(pk=courses[1].pk).update(access_duration_type="until_date", access_until=LATER)
    join_path(user=student, path=path, now=NOW)

    complete(student, courses[0], now=LATER)

    assert (rows(student)[1], CourseEnrollment.objects.get().completed_at) == (WAITING, LATER)


def test_completing_opens_nothing_for_somebody_else(student, stranger):
    path, courses = path_of(True, True)
    join_path(user=student, path=path, now=NOW)

    complete(stranger, courses[0])

    assert rows(student) == [OPEN, WAITING]


def test_lessons_taken_out_of_a_course_complete_it_and_open_the_next(student):
    path, courses = path_of(True, True)
    join_path(user=student, path=path, now=NOW)
    lesson = make.LessonFactory(course=courses[0])
    make.CourseEnrollmentFactory(user=student, course=courses[0])
    make.CourseProgressFactory(user=student, course=courses[0])
    make.LessonProgressFactory(user=student, lesson=lesson, status="completed", completed_at=NOW)

    recount_course(course_id=courses[0].pk, now=NOW)

    assert rows(student) == [OPEN, OPEN]


def test_advancing_costs_one_query_without_paths_and_two_beside_them(student, max_queries):
    (_, (on_a_path,)), elsewhere = path_of(True), make.CourseFactory()

    with max_queries(1):
        advance_paths(user_id=student.pk, course_id=elsewhere.pk, now=NOW)
    with max_queries(2):
        advance_paths(user_id=student.pk, course_id=on_a_path.pk, now=NOW)

    assert rows(student) == []


def test_a_free_path_is_started_by_the_student(student):
    path, _ = path_of(True, True, is_free=True)

    start_path(user=student, path=path, now=NOW)

    assert rows(student) == [OPEN, WAITING]


@pytest.mark.parametrize("fields", [{"is_free": False}, {"is_free": True, "is_active": False}])
def test_a_path_that_is_not_free_or_not_on_offer_is_not_started(student, fields):
    path, _ = path_of(True, **fields)

    with pytest.raises(PathClosed, match="cannot be started here"):
        start_path(user=student, path=path, now=NOW)

    assert (rows(student), PathMembership.objects.count()) == ([], 0)


def test_the_suspended_do_not_start_a_path(student):
    path, courses = path_of(True, True, is_free=True)
    make.SuspensionFactory(user=student, course=courses[1])

    with pytest.raises(PathClosed, match="suspended"):
        start_path(user=student, path=path, now=NOW)

    assert rows(student) == []


@pytest.mark.parametrize("status", ["locked", "archived"])
def test_a_path_is_no_way_into_a_course_that_takes_no_new_students(student, staff, status):
    path, courses = path_of(True, True, is_free=True)
    type(courses[1]).objects.filter(pk=courses[1].pk).update(status=status)

    with pytest.raises(PathClosed, match="takes no new students"):
        start_path(user=student, path=path, now=NOW)

    join_path(user=student, path=path, now=NOW, actor=staff)
    assert rows(student) == [OPEN, WAITING]


def test_who_was_taken_off_a_path_does_not_start_it_again(student, staff):
    path, _ = path_of(True, True, is_free=True)
    leave_path(membership=start_path(user=student, path=path, now=NOW), now=NOW, actor=staff, reason="Cheated")

    with pytest.raises(PathClosed, match="was withdrawn"):
        start_path(user=student, path=path, now=LATER)

    assert [status for status, _ in rows(student)] == ["revoked", "revoked"]


@pytest.mark.parametrize(("taken_by", "statuses"), [("staff", []), ("student", ["unlocked"]), (None, ["unlocked"])])
def test_a_free_path_gives_no_course_back_that_staff_took_away(student, request, taken_by, statuses):
    path, (course,) = path_of(True, is_free=True)
    own = make.CourseAccessFactory(user=student, course=course)
    by = request.getfixturevalue(taken_by) if taken_by else None
    revoke_access(access=own, now=NOW, reason="Over", actor=by)

    with suppress(PathClosed):
        start_path(user=student, path=path, now=LATER)

    assert [row.status for row in CourseAccess.objects.filter(path=path)] == statuses


def test_who_is_on_the_path_starts_nothing_new(student):
    path, _ = path_of(True)
    membership = join_path(user=student, path=path, now=NOW)

    assert (start_path(user=student, path=path, now=LATER), actions()) == (membership, ["granted"])


def test_leaving_takes_just_the_rights_of_the_path(student, staff):
    path, courses = path_of(True, True)
    own = make.CourseAccessFactory(user=student, course=courses[0])
    membership = join_path(user=student, path=path, now=NOW)

    leave_path(membership=membership, now=LATER, actor=staff, reason="Refund")

    ended = CourseAccess.objects.filter(status=AccessStatus.REVOKED)
    assert set(ended.values_list("path", "revocation_reason", "revoked_by")) == {(path.pk, "Refund", staff.pk)}
    assert (ended.count(), membership.left_at, own in CourseAccess.objects.open_at(LATER)) == (2, LATER, True)


def test_leaving_twice_changes_nothing(student):
    membership = join_path(user=student, path=path_of(True)[0], now=NOW)
    leave_path(membership=membership, now=NOW)

    leave_path(membership=membership, now=LATER)

    assert (membership.left_at, actions()) == (NOW, ["granted", "revoked"])


def test_completing_after_leaving_opens_nothing(student):
    path, courses = path_of(True, True)
    leave_path(membership=join_path(user=student, path=path, now=NOW), now=NOW)

    complete(student, courses[0])

    assert [status for status, _ in rows(student)] == ["revoked", "revoked"]


@pytest.mark.parametrize("now", [NOW, LATER])
def test_joining_again_after_leaving_gives_rights_anew(student, now):
    path, _ = path_of(True, True)
    leave_path(membership=join_path(user=student, path=path, now=NOW), now=NOW)

    join_path(user=student, path=path, now=now)

    assert rows(student)[2:] == [OPEN, WAITING]


def test_a_new_step_reaches_the_members_when_staff_say_so(student, stranger):
    path, courses = path_of(True)
    for user in (student, stranger):
        join_path(user=user, path=path, now=NOW)
    complete(student, courses[0])
    make.PathStepFactory(path=path, order=9)

    written = catch_up_all(path, now=LATER)

    assert (written, rows(student), rows(stranger)) == (2, [OPEN, OPEN], [OPEN, WAITING])


def test_a_step_that_became_optional_opens_what_waited_for_it(student):
    path, courses = path_of(True, True)
    join_path(user=student, path=path, now=NOW)
    path.steps.filter(course=courses[0]).update(is_required=False)

    written = catch_up_all(path, now=LATER)

    assert (written, rows(student), catch_up_all(path, now=LATER)) == (1, [OPEN, OPEN], 0)


def test_a_course_staff_took_from_a_member_does_not_come_back(student):
    path, courses = path_of(True, True)
    join_path(user=student, path=path, now=NOW)
    revoke_access(access=CourseAccess.objects.get(course=courses[0]), now=LATER, reason="Abuse")

    written = catch_up_all(path, now=LATER)

    assert (written, [status for status, _ in rows(student)]) == (0, ["revoked", "pending"])


def test_who_left_misses_nothing(student):
    path, _ = path_of(True)
    leave_path(membership=join_path(user=student, path=path, now=NOW), now=NOW)
    make.PathStepFactory(path=path, order=9)

    assert catch_up_all(path, now=LATER) == 0


def test_one_mail_tells_of_joining_and_one_of_the_next_course(student, run_jobs, mailoutbox):
    path, courses = path_of(True, True)
    join_path(user=student, path=path, now=NOW)
    complete(student, courses[0], now=LATER)

    run_jobs()

    assert [mail.to for mail in mailoutbox] == [[student.email]] * 2


def test_starting_a_path_oneself_sends_no_mail(student, run_jobs, mailoutbox):
    path, _ = path_of(True, True)
    type(path).objects.filter(pk=path.pk).update(is_free=True)
    path.refresh_from_db()
    start_path(user=student, path=path, now=NOW)

    run_jobs()

    assert mailoutbox == []
