"""What would open a course or lesson really opens it, in any world; and each kind of step in one of its own."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.decisions import Code, Standing
from access.explaining import Question, decide, explain
from access.models import CourseAccess, CourseEnrollment, Suspension
from access.openings import Kind, steps_to_open
from access.selectors import missing_prerequisites
from access.services import (
    activate_access,
    enroll_free,
    extend_access,
    grant_access,
    join_course,
    reinstate,
    unlock_access,
)
from access.standings import standing_of
from catalog.models import Course, CourseStatus, DurationType, Lesson
from tests.access.test_lists_agree import EXAMPLES, MOMENTS, WORLDS, build
from tests.factories import NOW, LessonFactory, StaffFactory, UserFactory

DAY = timedelta(days=1)
MOST = 12
LESSONS = st.fixed_dictionaries(
    {
        "is_published": st.sampled_from([True, True, False]),
        "is_preview": st.sampled_from([False, False, True]),
        "available_after_days": st.sampled_from([None, 0, 3]),
    }
)


class School:
    """One student, one course and one lesson of a world, asked about and changed by the site's own services."""

    def __init__(self, people, course, lesson, now):
        self.student, self.staff = people[0], people[2]
        self.course, self.lesson, self.now = course, lesson, now

    def question(self):
        course = Course.objects.get(pk=self.course.pk)
        lesson = Lesson.objects.get(pk=self.lesson.pk) if self.lesson else None
        return Question(standing_of(self.student, course), self.now, lesson)

    def do(self, fix):
        of = {"user": self.student, "course": Course.objects.get(pk=self.course.pk), "now": self.now}
        given_ = of | {"access_type": "manual", "source_key": f"fix:{CourseAccess.objects.count()}"}
        deeds = {
            Kind.PUBLISH_COURSE: lambda: Course.objects.filter(pk=self.course.pk).update(status=CourseStatus.ACTIVE),
            Kind.PUBLISH_LESSON: lambda: Lesson.objects.filter(pk=self.lesson.pk).update(is_published=True),
            Kind.REINSTATE: self.reinstate,
            Kind.EXTEND: lambda: extend_access(access=fix.access, days=fix.days, now=self.now),
            Kind.UNLOCK: lambda: unlock_access(access=fix.access, now=self.now),
            Kind.ACTIVATE: lambda: activate_access(access=fix.access, now=self.now),
            Kind.GRANT: lambda: grant_access(**given_, is_lifetime=True),
            Kind.ENROLL: lambda: enroll_free(**of),
            Kind.JOIN: lambda: join_course(**of),
            Kind.COMPLETE: self.complete,
            Kind.WAIT: lambda: setattr(self, "now", fix.until),
        }
        deeds[fix.kind]()

    def reinstate(self):
        suspension = Suspension.objects.get(user=self.student, course=self.course, lifted_at=None)
        reinstate(suspension=suspension, actor=self.staff, now=self.now)

    def complete(self):
        for course in missing_prerequisites(self.student, self.course):
            done = {"completed_at": self.now, "lowest_quiz_score": 100}
            CourseEnrollment.objects.update_or_create(
                user=self.student, course=course, defaults=done, create_defaults=done | {"enrolled_at": self.now}
            )

    def follow(self, pick):
        """Take the first step by one of its ways until the answer is yes; returns how many it took."""
        for count in range(MOST):
            steps = steps_to_open(self.question(), now=self.now)
            if not steps:
                return count
            self.do(steps[0][pick % len(steps[0])])
        raise AssertionError("it never opened")


@pytest.fixture
def people(student, stranger, staff):
    return [student, stranger, staff]


def schools(people, world, lessons, dripped, now):
    """Every course of the world, and its one lesson, for both of its students."""
    made = build(world, people)
    for course in (made[number] for number in dripped):
        Course.objects.filter(pk=course.pk).update(access_duration_type=DurationType.DRIP)
    for course, fields in zip(made, lessons, strict=True):
        lesson = LessonFactory(course=course, **fields)
        for student in people[:2]:
            yield from (School([student, *people[1:]], course, asked, now) for asked in (None, lesson))


@settings(max_examples=EXAMPLES // 4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(world=WORLDS, now=MOMENTS, lessons=st.lists(LESSONS, min_size=4, max_size=4),
       dripped=st.sets(st.integers(0, 3)), pick=st.integers(0, 1))  # fmt: skip
@pytest.mark.django_db
def test_following_the_steps_opens_any_course_and_lesson_in_any_world(people, world, now, lessons, dripped, pick):
    with transaction.atomic():
        for school in schools(people, world, lessons, dripped, now):
            point = transaction.savepoint()
            promised = len(steps_to_open(school.question(), now=now))

            taken = school.follow(pick)

            assert (decide(school.question()).is_allowed, pick or taken) == (True, pick or promised)
            transaction.savepoint_rollback(point)
        transaction.set_rollback(True)


@settings(max_examples=EXAMPLES // 4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(world=WORLDS, now=MOMENTS, lessons=st.lists(LESSONS, min_size=4, max_size=4), dripped=st.sets(st.integers(0, 3)))
@pytest.mark.django_db
def test_one_rule_decides_and_its_result_is_that_of_the_answer(people, world, now, lessons, dripped):
    with transaction.atomic():
        for school in schools(people, world, lessons, dripped, now):
            found = explain(school.question())

            deciding = [rule for rule in found.rules if rule.name == found.deciding]
            assert [bool(rule.passed) for rule in deciding] == [found.decision.is_allowed]
            assert len(found.others) + (found.decision.access is not None) == len(school.question().standing.rows)
        transaction.set_rollback(True)


def right(**fields):
    of = {"pk": 1, "access_type": "manual", "granted_at": NOW, "starts_at": NOW - DAY}
    return CourseAccess(**of | fields)


def sold(**fields):
    return Course(status="active", enrollment_method="purchase", **fields)


def asked(*rows, lesson=None, course=None, moment=NOW, **facts):
    return Question(Standing(UserFactory.build(), course or sold(), rows, **facts), moment, lesson)


WORDED = [
    (asked(), [["grant"]]),
    (asked(right()), []),
    (asked(right(), is_suspended=True, missing=1), [["reinstate"], ["complete"]]),
    (asked(right(expires_at=NOW)), [["extend", "grant"]]),
    (asked(right(status="revoked"), right(pk=2, expires_at=NOW)), [["extend", "grant"]]),
    (asked(right(status="expired", expires_at=None)), [["grant"]]),
    (asked(right(status="locked")), [["unlock", "grant"]]),
    (asked(right(status="locked", expires_at=NOW)), [["grant"]]),
    (asked(right(status="revoked")), [["grant"]]),
    (asked(right(status="pending", starts_at=None)), [["activate", "grant"]]),
    (asked(right(status="pending", starts_at=None, expires_at=NOW)), [["grant"]]),
    (asked(right(status="pending", starts_at=NOW + DAY)), [["wait", "grant"]]),
    (asked(right(must_join=True)), [["join"]]),
    (asked(right(must_join=True), missing=1), [["complete"], ["join"]]),
    (asked(course=Course(status="active")), [["enroll", "grant"]]),
    (asked(course=Course(status="active"), missing=1), [["complete"], ["enroll", "grant"]]),
    (asked(course=sold(visibility="private")), [["grant"]]),
    (asked(course=Course(status="draft")), [["publish_course"], ["enroll", "grant"]]),
    (asked(right(), lesson=Lesson(is_published=False)), [["publish_lesson"]]),
    (asked(right(), lesson=Lesson(available_after_days=5), cohort_starts_on=date(2026, 3, 1)), [["wait"]]),
    (
        asked(right(expires_at=NOW + DAY), lesson=Lesson(available_after_days=5), cohort_starts_on=date(2026, 3, 1)),
        [["wait"], ["extend", "grant"]],
    ),
    (
        asked(right(), course=sold(access_duration_type="drip"), lesson=Lesson(available_after_days=5)),
        [["join"], ["wait"]],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "kinds"), WORDED)
def test_the_steps_of_one_question(question, kinds):
    steps = steps_to_open(question, now=NOW)

    assert [[fix.kind.value for fix in step] for step in steps] == kinds


@pytest.mark.parametrize(
    ("expires", "moment", "days"),
    [(-3, 0, 1), (0, 0, 1), (2, 2, 1), (2, 7, 6), (-3, 7, 8)],
)
def test_a_right_is_extended_past_the_moment_asked_about(expires, moment, days):
    question = asked(right(starts_at=NOW - 9 * DAY, expires_at=NOW + expires * DAY), moment=NOW + moment * DAY)

    fix = steps_to_open(question, now=NOW)[0][0]

    assert (fix.kind, fix.days, fix.until) == (Kind.EXTEND, days, NOW + max(expires, 0) * DAY + days * DAY)


def test_an_answer_of_yes_for_staff_needs_nothing():
    question = Question(Standing(StaffFactory.build(), Course(status="draft")), NOW)

    assert (explain(question).deciding, steps_to_open(question, now=NOW)) == ("staff", [])


def test_a_preview_decides_for_itself():
    found = explain(asked(lesson=Lesson(is_preview=True)))

    assert (found.decision.code, found.deciding) == (Code.PREVIEW, "preview")


@pytest.mark.parametrize(
    ("days", "completed", "passed"), [(None, False, None), (0, False, True), (9, False, False), (9, True, True)]
)
def test_drip_is_shown_as_it_is_asked(days, completed, passed):
    question = asked(right(), lesson=Lesson(available_after_days=days), cohort_starts_on=date(2026, 3, 1))

    rules = explain(Question(question.standing, NOW, question.lesson, completed)).rules

    assert [rule.passed for rule in rules if rule.name == "drip"] == [passed]
