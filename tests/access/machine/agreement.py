"""After every step: the list in SQL, the judge in Python, the pages and the fold of events say the same."""

import re
from dataclasses import replace

import time_machine

from access.auditing import BOOKS, differences_in_rows, differences_in_seats
from access.decisions import Code, decide_course
from access.history import open_rights_at
from access.invariants import violations
from access.models import CohortMembership, CourseAccess, CourseEnrollment
from access.selectors import courses_open_to, courses_visible_to
from access.standings import standings_in
from catalog.models import Course
from progress.models import LessonProgress
from tests.access.machine.world import DAY, FACTS, closed_to, day_in_paris, events, fold, held

JOINABLE = {"ready_to_join", "cohort_choice", "cohort_full"}
# What the course page may say for each answer of the judge.
STATES = {
    Code.ACTIVE: {"active", "active_new", "completed", *JOINABLE},
    Code.NOT_JOINED: {"prerequisite", *JOINABLE},
    Code.PREREQUISITES: {"prerequisite"},
    **{code: {"restricted"} for code in (Code.SUBSCRIPTION, Code.INVITE_ONLY, Code.COHORT_ONLY, Code.CLOSED)},
}


def state_on(page):
    found = re.search(r'data-state="(\w+)"', page.content.decode())
    return found.group(1) if found else None


def check_ledger(remembered):
    """The fold equals the rows, now and as of every moment that was looked at before."""
    story = events()
    for moment, rows, suspended in remembered:
        assert fold(story, moment) == (rows, suspended)


def check_site_itself(now, remembered):
    """What the site says about itself finds nothing: rows against ledger, seats, invariants, a moment of the past."""
    found = [*differences_in_seats(), *violations(now)]
    for book in BOOKS:
        found += differences_in_rows(book)
    assert found == []
    moment, rows, _ = remembered[len(remembered) // 2]
    was_open = {
        pk for pk, facts in rows.items() if CourseAccess(**dict(zip(FACTS, facts, strict=True))).is_open(moment)
    }
    assert {found.access.pk for found in open_rights_at(moment)} == was_open


def check_decisions(school, student):
    """SQL, Python and the folded ledger decide alike; returns the decisions by course."""
    courses = list(Course.objects.order_by("pk"))
    standings = standings_in(student, courses)
    decisions = {each.course: decide_course(each, school.now) for each in standings}
    in_sql = set(courses_open_to(student, school.now))
    known = set(courses_visible_to(student))
    assert in_sql == {course for course, decision in decisions.items() if decision.code == Code.ACTIVE}
    assert known == {course for course, decision in decisions.items() if decision.code != Code.NOT_FOUND}
    rows, suspended = fold(events(), school.now)
    for standing in standings:
        assert decide_course(refolded(standing, rows, suspended), school.now) == decisions[standing.course]
    return decisions


def refolded(standing, rows, suspended):
    """The same standing with rights and suspension as the events tell them."""
    told = []
    for row in standing.rows:
        status, starts_at, expires_at = rows[row.pk]
        told.append(CourseAccess(pk=row.pk, user_id=row.user_id, course_id=row.course_id, tier_level=row.tier_level,
                                 access_type=row.access_type, must_join=row.must_join, granted_at=row.granted_at,
                                 status=status, starts_at=starts_at, expires_at=expires_at))  # fmt: skip
    is_suspended = (standing.user.pk, standing.course.pk) in suspended
    return replace(standing, rows=tuple(told), is_suspended=is_suspended)


def check_pages(school, number, decisions):
    """The course page's state and each lesson page's answer follow from the decision."""
    student, client = school.students[number], school.clients[number]
    for course, decision in decisions.items():
        page = client.get(f"/courses/{course.slug}/")
        if decision.code == Code.NOT_FOUND:
            assert page.status_code == 404
        else:
            assert (page.status_code, state_on(page) in STATES.get(decision.code, {decision.code.value})) == (200, True)
        for lesson in school.lessons_of(course):
            expected = lesson_answer(student, lesson, decision.code, school.now)
            assert client.get(f"/courses/{course.slug}/{lesson.slug}/").status_code == expected
            school.seen["drip"] += (decision.code, expected) == (Code.ACTIVE, 403)


def lesson_answer(student, lesson, code, now):
    """200, 403 or 404, from the course's answer and the lesson's own rules."""
    if code == Code.NOT_FOUND:
        return 404
    if lesson.is_preview:
        return 200
    if code != Code.ACTIVE:
        return 403
    return 200 if is_dripped_open(student, lesson, now) else 403


def is_dripped_open(student, lesson, now):
    """Drip by the calendar of the site's zone; what was once completed stays open."""
    done = LessonProgress.objects.filter(user=student, lesson=lesson, was_completed=True)
    if lesson.available_after_days is None or done.exists():
        return True
    course = Course.objects.get(pk=lesson.course_id)
    mine = CohortMembership.objects.filter(user=student, left_at=None, cohort__courses=course, cohort__is_active=True)
    first_day = min(mine.exclude(cohort__starts_on=None).values_list("cohort__starts_on", flat=True), default=None)
    if first_day is None and course.access_duration_type == "drip":
        joined = CourseEnrollment.objects.filter(user=student, course=course).values_list("enrolled_at", flat=True)
        first_day = day_in_paris(joined.first() or now)
    return first_day is None or day_in_paris(now) >= first_day + lesson.available_after_days * DAY


def check_everything(school, remembered, *, pages):
    """Ledger, lists, judge; and with `pages` what the students' browsers get."""
    remembered.append((school.now, held(), closed_to()))
    check_ledger(remembered)
    check_site_itself(school.now, remembered)
    with time_machine.travel(school.now, tick=False):
        for number, student in enumerate(school.students):
            decisions = check_decisions(school, student)
            school.seen.update(decision.code for decision in decisions.values())
            if pages:
                check_pages(school, number, decisions)
