"""Any sequence of what students and authors do leaves counters that equal a recount (invariants 8, 31)."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from access.decisions import Code, Decision
from access.models import CourseEnrollment
from catalog.models import Course
from catalog.services import recount_lessons, save_lesson
from progress.models import CourseProgress, LessonProgress
from progress.services import WatchReport, record_watching, set_completed
from progress.signals import course_completed
from tests.factories import NOW, CourseFactory, LessonFactory, UserFactory

ACTIVE = Decision(True, Code.ACTIVE)
PICK = st.integers(0, 99)
LENGTH = 40


class Learning(RuleBasedStateMachine):
    """Two students and an author at one course; the clock moves with every step."""

    @initialize()
    def begin(self):
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.now, self.highest, self.first_done, self.announced = NOW, {}, {}, []
        self.course = CourseFactory()
        self.students = [UserFactory(), UserFactory()]
        self.lessons = []
        course_completed.connect(self.hear)

    def hear(self, user_id, **_):
        self.announced.append(user_id)

    def teardown(self):
        course_completed.disconnect(self.hear)
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    def tick(self, seconds=1):
        self.now += timedelta(seconds=seconds)

    @rule()
    def add_lesson(self):
        lesson = LessonFactory.build(course=self.course, video_duration_seconds=LENGTH, completion_threshold=50)
        self.lessons.append(save_lesson(lesson))

    @precondition(lambda self: self.lessons)
    @rule(pick=PICK)
    def publish_or_unpublish(self, pick):
        lesson = self.lessons[pick % len(self.lessons)]
        lesson.is_published = not lesson.is_published
        save_lesson(lesson)

    @precondition(lambda self: self.lessons)
    @rule(pick=PICK)
    def delete_an_unstarted_lesson(self, pick):
        lesson = self.lessons[pick % len(self.lessons)]
        if not LessonProgress.objects.filter(lesson=lesson).exists():
            self.lessons.remove(lesson)
            lesson.delete()
            recount_lessons(lesson.course_id)

    @precondition(lambda self: self.lessons)
    @rule(pick=PICK, who=st.integers(0, 1), wanted=st.booleans())
    def mark(self, pick, who, wanted):
        self.tick()
        lesson, user = self.lessons[pick % len(self.lessons)], self.students[who]
        set_completed(user=user, lesson=lesson, decision=ACTIVE, is_completed=wanted, now=self.now)
        if not wanted:
            self.first_done.pop((user.pk, lesson.pk), None)

    @precondition(lambda self: self.lessons)
    @rule(pick=PICK, who=st.integers(0, 1), start=st.integers(0, LENGTH), seconds=st.integers(0, LENGTH))
    def watch(self, pick, who, start, seconds):
        self.tick(seconds)
        lesson, user = self.lessons[pick % len(self.lessons)], self.students[who]
        mine = LessonProgress.objects.filter(user=user, lesson=lesson).first()
        report = WatchReport(ranges=((start, start + seconds),), position_seconds=float(start), opened_at=NOW)
        record_watching(user=user, lesson=lesson, mine=mine, decision=ACTIVE, report=report, now=self.now)

    @invariant()
    def counters_equal_a_recount(self):
        for counter in CourseProgress.objects.all():
            rows = LessonProgress.objects.filter(user=counter.user_id, status="completed", lesson__is_published=True)
            assert counter.completed_lessons == rows.count()

    @invariant()
    def the_course_knows_its_lessons(self):
        course = Course.objects.get(pk=self.course.pk)
        assert course.lesson_count == sum(lesson.is_published for lesson in self.lessons)

    @invariant()
    def nothing_watched_is_ever_lost(self):
        for row in LessonProgress.objects.all():
            assert row.watch_percentage >= self.highest.get(row.pk, 0)
            self.highest[row.pk] = row.watch_percentage

    @invariant()
    def the_first_completion_keeps_its_time(self):
        for row in LessonProgress.objects.filter(status="completed"):
            assert self.first_done.setdefault((row.user_id, row.lesson_id), row.completed_at) == row.completed_at

    @invariant()
    def a_course_is_completed_when_all_is_done_and_announced_once(self):
        finished = set(CourseEnrollment.objects.exclude(completed_at=None).values_list("user_id", flat=True))
        assert sorted(self.announced) == sorted(finished)
        lesson_count = Course.objects.get(pk=self.course.pk).lesson_count
        for counter in CourseProgress.objects.filter(completed_lessons__gte=max(lesson_count, 1)):
            assert counter.user_id in finished


@pytest.mark.django_db
def test_counters_equal_a_recount_after_anything():
    few = settings(
        max_examples=25, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )

    run_state_machine_as_test(Learning, settings=few)
