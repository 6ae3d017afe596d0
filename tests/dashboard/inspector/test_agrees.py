"""The inspector and the site: what it says of a moment is what the pages answered with the clock at that moment.

A school lives through days of rights, suspensions, cohorts and lessons; after each of them the students' own pages are
asked, and later the inspector about each of these moments. ACCESS_TIMES multiplies how much is tried.
"""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from access.models import Suspension
from catalog.models import Course, Lesson
from dashboard.selectors.inspecting import inspect
from tests.access.machine.agreement import STATES, state_on
from tests.access.machine.groups import Groups, Products
from tests.access.machine.rules import Rights, Students
from tests.access.machine.world import DAY
from tests.access.test_state_machine import TIMES, Machine, run

pytestmark = pytest.mark.django_db
AHEAD = (timedelta(0), DAY, 5 * DAY, 40 * DAY)
ANSWERS = {True: {200}, False: {403, 404}}


@pytest.fixture(autouse=True)
def _sessions_outlast_the_machine(settings):
    settings.SESSION_COOKIE_AGE = 10 * 365 * 86_400


def targets():
    return [*Course.objects.order_by("pk"), *Lesson.objects.select_related("course").order_by("pk")]


def got(school, number, moment):
    """What each page of the site answers this student with the clock at a moment: status, and a course page's state."""
    with time_machine.travel(moment, tick=False):
        answers = {}
        for target in targets():
            page = school.clients[number].get(target.get_absolute_url())
            answers[target] = (page.status_code, state_on(page) if isinstance(target, Course) else None)
        return answers


def fits(decision, target, answer):
    """Whether this is what the site shows to whom the judge says that."""
    status, state = answer
    if isinstance(target, Lesson):
        return status in ANSWERS[decision.is_allowed]
    if decision.code == "not_found":
        return status == 404
    return status == 200 and state in STATES.get(decision.code, {decision.code.value})


class Story(Rights, Students, Groups, Products, Machine):
    """Everything that is kept over time: no changes of settings, of cohorts' dates, and no lesson un-marked."""

    mark_a_lesson = change_a_cohort = give_a_cohort_another_course = None

    @invariant()
    def all_agree(self):
        """The pages now, the inspector's answer about now and about a moment past by now; and about one to come."""
        count, now = len(self.remembered), self.school.now
        for number in range(2):
            self.remembered.append((now, number, got(self.school, number, now)))
            self.check(self.remembered[-1])
            self.check(self.remembered[len(self.remembered) // 3])
        to_come = now + AHEAD[count % len(AHEAD)]
        self.check((to_come, count // 2 % 2, got(self.school, count // 2 % 2, to_come)))
        self.school.tick()

    @rule(which=st.integers(0, 4))
    def complete_a_lesson(self, which):
        self.press(which % 2, self.school.lessons[which], "true")

    def check(self, memory):
        moment, number, answers = memory
        when = (moment > self.school.now) - (moment < self.school.now)
        for target, answer in answers.items():
            found = inspect(self.school.students[number], target, moment, now=self.school.now)
            decision = found.explanation.decision
            assert fits(decision, target, answer), (moment, target, decision, answer)
            self.school.seen[decision.code, when] += 1


def test_the_answer_about_any_moment_is_what_the_pages_give_with_the_clock_at_it():
    seen = run(Story, examples=2 * TIMES, steps=9)

    codes = {when: {code for code, at in seen if at == when} for when in (-1, 0, 1)}
    assert {when: len(found) >= 5 for when, found in codes.items()} == {-1: True, 0: True, 1: True}


@pytest.fixture
def story():
    """The first student holds the free course; then staff suspend them, and reinstate them."""
    story = Story()
    story.begin(way_in=("purchase", 2))
    for step in (lambda: story.suspend(who=0, which=0), lambda: story.reinstate(pick=0)):
        story.all_agree()
        step()
    story.all_agree()
    yield story
    story.teardown()


def check_all(story):
    for memory in story.remembered:
        story.check(memory)


def test_a_story_agrees_from_its_end(story):
    check_all(story)

    assert {len(answers) for _, _, answers in story.remembered} == {8}


@pytest.mark.parametrize(
    ("name", "fault"),
    [("_suspensions", lambda *_: Suspension.objects.none()), ("right_at", lambda row, events, moment: row)],
)
def test_an_inspector_that_forgets_is_noticed(story, monkeypatch, name, fault):
    story.revoke(pick=0)
    monkeypatch.setattr(f"access.past.{name}", fault)

    with pytest.raises(AssertionError):
        check_all(story)
