"""How a student comes to each answer of the judge, and what the page of the inspector says, read off its text."""

import re
from datetime import date, timedelta

from access.models import CourseAccess
from access.services import add_to_cohort, enroll, grant_access, lock_access, revoke_access, suspend
from catalog.services import require_first
from tests import factories as make
from tests.factories import NOW

DAY = timedelta(days=1)
CRUST = "%2Fcourses%2Fbread%2Fcrust%2F"
URL = "/dashboard/access/inspect/"


def words_of(answer):
    text = re.sub(r"<svg.*?</svg>", "", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def code_of(answer):
    return re.findall(r'data-verdict="(\w+)" data-code="(\w+)"', answer.text)


def decided_by(answer):
    return re.findall(r"data-deciding>\s*<th scope=\"row\">\d+\. ([^<]+)</th>", answer.text)


def fixes_in(answer):
    return re.findall(r'data-fix="(\w+)"', answer.text)


def give(student, course, **fields):
    of = {"access_type": "manual", "source_key": f"k:{CourseAccess.objects.count()}", "now": NOW - 9 * DAY}
    return grant_access(user=student, course=course, **of | fields)


# Each way to an answer: what is done before, the code, the rule that decides, what the student reads, what would help.
def nothing(student, staff, lesson):
    pass


def ended(student, staff, lesson):
    give(student, lesson.course, expires_at=NOW - DAY, actor=staff)


def suspended(student, staff, lesson):
    give(student, lesson.course)
    suspend(user=student, course=lesson.course, actor=staff, reason="Shared the password", now=NOW - DAY)


def revoked(student, staff, lesson):
    revoke_access(access=give(student, lesson.course), reason="Refund", actor=staff, now=NOW - DAY)


def locked(student, staff, lesson):
    lock_access(access=give(student, lesson.course), reason="Open payment", now=NOW - DAY)


def pending(student, staff, lesson):
    give(student, lesson.course, is_pending=True, access_type="purchase")


def unprepared(student, staff, lesson):
    give(student, lesson.course)
    require_first(lesson.course, [make.CourseFactory(title="Flour", lesson_count=1)])


def to_join(student, staff, lesson):
    give(student, lesson.course, must_join=True)


def upcoming(student, staff, lesson):
    cohort = make.CohortFactory(name="Spring", grants_access=True, starts_on=date(2026, 3, 5))
    cohort.courses.add(lesson.course)
    add_to_cohort(user=student, cohort=cohort, now=NOW - DAY)


def dripped(student, staff, lesson):
    give(student, lesson.course)
    type(lesson).objects.filter(pk=lesson.pk).update(available_after_days=3)
    type(lesson.course).objects.filter(pk=lesson.course.pk).update(access_duration_type="drip")
    enroll(user=student, course=lesson.course, now=NOW)


def settings(**fields):
    def change(student, staff, lesson):
        type(lesson.course).objects.filter(pk=lesson.course.pk).update(**fields)

    return change


def unpublished(student, staff, lesson):
    give(student, lesson.course)
    type(lesson).objects.filter(pk=lesson.pk).update(is_published=False)


PAUSED, SOON = "Your access is paused until an open payment arrives.", "Opening date to come"
GONE = "There is no page at this address"
CASES = [
    (nothing, "purchase", "Open right", "Paid course.", ["grant"]),
    (ended, "expired", "Open right", "Your access ended on 1 March 2026.", ["extend", "grant"]),
    (suspended, "suspended", "Not suspended", "Your access to this course is suspended.", ["reinstate"]),
    (revoked, "revoked", "Open right", "Your access ended on 1 March 2026.", ["grant"]),
    (locked, "payment_required", "Open right", PAUSED, ["unlock", "grant"]),
    (pending, "pending", "Open right", "We are confirming your payment.", ["activate", "grant"]),
    (unprepared, "prerequisites", "Prerequisites", "First finish Flour.", ["complete"]),
    (to_join, "not_joined", "Joined", "This course is open to you.", ["join"]),
    (upcoming, "cohort_upcoming", "Open right", "Starts Thu 5 March 2026, 00:00 (Paris).", ["wait", "grant"]),
    (dripped, "drip", "Day of the lesson", "Opens Thu 5 March 2026, 00:00 (Paris)", ["wait"]),
    (settings(status="coming_soon"), "coming_soon", "Course opened", SOON, ["publish_course", "grant"]),
    (settings(status="draft"), "not_found", "Course visible", GONE, ["publish_course", "grant"]),
    (settings(visibility="private"), "not_found", "Course visible", GONE, ["grant"]),
    (settings(status="locked"), "closed", "Open right", "Closed to new students.", ["grant"]),
    (settings(enrollment_method="open"), "free", "Open right", "Free course.", ["enroll", "grant"]),
    (unpublished, "not_found", "Lesson published", GONE, ["publish_lesson"]),
]  # fmt: skip
