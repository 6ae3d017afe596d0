"""A small school: two students, staff, an open, a private and a members' course, groups, a path and a bundle."""

from collections import Counter
from datetime import UTC, date, timedelta

import time_machine

from access.models import AccessEvent, Bundle, Cohort, CourseAccess, LearningPath, Suspension
from access.services import enroll_free
from catalog.models import Course
from catalog.services import require_first, save_course, save_lesson
from tests import factories as make
from tests.conftest import client_of
from tests.factories import NOW

SECOND, TICK, DAY = timedelta(seconds=1), timedelta(microseconds=1), timedelta(days=1)
COURSES = {
    "open": {"enrollment_method": "open", "access_duration_type": "drip"},
    "private": {"enrollment_method": "invite_only", "visibility": "private"},
}
WAYS_IN = [("subscription_only", 2), ("purchase", 2), ("purchase", 0), ("invite_only", 0), ("cohort_only", 0)]
LESSONS = {
    "open": {"welcome": {"is_preview": True}, "basics": {}, "later": {"available_after_days": 2}},
    "private": {"secret": {}},
    "members": {"club": {}},
}
STARTS_ON = date(2026, 3, 6)


class School:
    """The people and things, and the clock that every rule moves."""

    def __init__(self, way_in):
        self.now = NOW
        self.seen = Counter()  # what the machine came across, so that a test can say it was not idle
        self.students = [make.UserFactory(email=f"{name}@school.example", name=name) for name in ("ada", "ben")]
        self.staff = make.StaffFactory(email="staff@school.example")
        ways = COURSES | {"members": {"enrollment_method": way_in[0], "required_level": way_in[1]}}
        self.courses = [save_course(make.CourseFactory.build(slug=slug, **of)) for slug, of in ways.items()]
        self.lessons = [self._lesson(course, slug, **of) for course in self.courses
                        for slug, of in LESSONS[course.slug].items()]  # fmt: skip
        self.cohorts = [self._cohort("Spring", [0, 1], max_participants=1), self._cohort("Readers", [0, 2])]
        Cohort.objects.filter(name="Readers").update(grants_access=False)
        self.path = LearningPath.objects.create(title="Path", slug="path", is_free=True)
        self.bundle = Bundle.objects.create(name="Bundle", slug="bundle", bundle_type="tiered")
        for number, course in enumerate(self.courses):
            self.path.steps.create(course=course, order=number)
            self.bundle.entries.create(course=course, level=number + 1, order=number)
        require_first(self.courses[1], [self.courses[2]])
        enroll_free(user=self.students[0], course=self.courses[0], now=self.now)
        with time_machine.travel(self.now, tick=False):
            self.clients = [client_of(student) for student in self.students]

    def _lesson(self, course, slug, **fields):
        return save_lesson(make.LessonFactory.build(course=course, slug=slug, body=f"The text of {slug}.", **fields))

    def _cohort(self, name, courses, **fields):
        cohort = Cohort.objects.create(name=name, starts_on=STARTS_ON, ends_on=STARTS_ON + 30 * DAY, **fields)
        cohort.courses.set([self.courses[number] for number in courses])
        return cohort

    def lessons_of(self, course):
        return [lesson for lesson in self.lessons if lesson.course_id == course.pk]

    def tick(self, by=SECOND):
        self.now += by

    def moments_to_come(self):
        """When something will open or close by itself."""
        times = CourseAccess.objects.values_list("starts_at", "expires_at")
        midnight = self.now.replace(hour=23, minute=0, second=0, microsecond=0)  # in Paris: drip and cohorts
        found = {moment for pair in times for moment in pair if moment} | {midnight}
        return sorted(moment for moment in found if moment > self.now)


FACTS = ("status", "starts_at", "expires_at")


def held():
    """Every right as it stands: what the fold of events must give."""
    rows = CourseAccess.objects.values_list("pk", *FACTS)
    return {pk: tuple(facts) for pk, *facts in rows}


def closed_to():
    """The open suspensions, as pairs of student and course."""
    return set(Suspension.objects.filter(lifted_at=None).values_list("user_id", "course_id"))


AFTER = {
    "activated": "unlocked", "locked": "locked", "unlocked": "unlocked", "expired": "expired", "revoked": "revoked",
}  # fmt: skip


def fold(events, at):
    """The rights and suspensions that these events leave at a moment, by the words of the ledger alone."""
    rows, suspended = {}, set()
    for event in events:
        if event.at > at:
            break
        if event.access_id:
            before = rows.get(event.access_id, ("", None, None))[0]
            rows[event.access_id] = (_status(event, before), event.starts_at, event.expires_at)
        elif event.action == "suspended":
            suspended.add((event.user_id, event.course_id))
        else:
            suspended.discard((event.user_id, event.course_id))
    return rows, suspended


def _status(event, before):
    if event.action == "granted":
        return "pending" if event.starts_at is None or event.starts_at > event.at else "unlocked"
    if event.action == "extended":
        return "unlocked" if before == "expired" else before
    return AFTER[event.action]


def events():
    return list(AccessEvent.objects.order_by("at", "pk"))


def fresh(course):
    return Course.objects.get(pk=course.pk)


def day_in_paris(moment):
    """The calendar day of a moment in the site's zone, in the weeks of the machine: summer time began on 29 March."""
    hours = 2 if moment.astimezone(UTC) >= make.NOW.replace(day=29, hour=1) else 1
    return (moment.astimezone(UTC) + timedelta(hours=hours)).date()
