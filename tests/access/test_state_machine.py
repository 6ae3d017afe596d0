"""Whatever people, staff and time do to a school: SQL, Python, the pages and the ledger agree after every step.

ACCESS_TIMES multiplies how much is tried: `ACCESS_TIMES=10 pytest tests/access/test_state_machine.py`.
"""

import os
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.db.models import Q, Value
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, run_state_machine_as_test

from access.decisions import Code, Decision
from access.models import OPENING, Suspension
from access.selectors import course_decision
from catalog.models import Prerequisite
from tests.access.machine.agreement import check_everything
from tests.access.machine.groups import Groups, Products
from tests.access.machine.rules import Rights, Settings, Students
from tests.access.machine.world import DAY, WAYS_IN, School, fresh

pytestmark = pytest.mark.django_db
TIMES = int(os.environ.get("ACCESS_TIMES", "1"))


class Machine(RuleBasedStateMachine):
    """The school, and the one thing that must hold."""

    pages = False
    seen = Counter()  # noqa: RUF012 - of all runs together

    @initialize(way_in=st.sampled_from(WAYS_IN))
    def begin(self, way_in):
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.school, self.remembered = School(way_in), []
        self.school.seen = self.seen

    def teardown(self):
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    @invariant()
    def all_agree(self):
        check_everything(self.school, self.remembered, pages=self.pages)
        self.school.tick()


class Access(Rights, Students, Groups, Products, Settings, Machine):
    """Every rule."""


class AccessWithPages(Access):
    """And after every step all the pages, which takes several times as long."""

    pages = True


def run(machine, *, examples, steps):
    """The same steps in every run, but for those who ask for more of them."""
    machine.seen = Counter()
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=how)
    return machine.seen


@pytest.fixture(autouse=True)
def _sessions_outlast_the_machine(settings):
    settings.SESSION_COOKIE_AGE = 10 * 365 * 86_400


def test_lists_judge_pages_and_ledger_agree_after_every_step():
    seen = run(AccessWithPages, examples=2 * TIMES, steps=20)

    assert seen["drip"] > 0


def test_lists_judge_and_ledger_agree_after_many_more_steps():
    seen = run(Access, examples=4 * TIMES, steps=40)

    assert len(seen.keys() & set(Code)) >= 8


GIVEN = {"who": 1, "which": 2, "kind": "manual", "ends": None, "key": 0, "must_join": False, "starts": None}
MINE = {"pick": 1}  # the second right of the school, after the one that a free course gave the first student
# How the second student comes to each answer of the judge: about which course, by which steps.
STEPS = {
    Code.ACTIVE: (0, [("enroll_in_a_free_course", {"who": 1, "which": 0})]),
    Code.NOT_FOUND: (0, [("change_status", {"which": 0, "status": "draft"})]),
    Code.SUSPENDED: (0, [("suspend", {"who": 1, "which": 0})]),
    Code.COMING_SOON: (0, [("change_status", {"which": 0, "status": "coming_soon"})]),
    Code.NOT_JOINED: (2, [("grant", GIVEN | {"must_join": True})]),
    Code.PREREQUISITES: (1, [("grant", GIVEN | {"which": 1})]),
    Code.COHORT_UPCOMING: (0, [("staff_add_to_a_cohort", {"who": 1, "group": 0})]),
    Code.PENDING: (2, [("grant", GIVEN | {"starts": DAY})]),
    Code.PAYMENT_REQUIRED: (2, [("grant", GIVEN), ("lock", MINE)]),
    Code.EXPIRED: (2, [("grant", GIVEN | {"ends": DAY}), ("wait", {"by": DAY}), ("sweep", {})]),
    Code.REVOKED: (2, [("grant", GIVEN), ("revoke", MINE)]),
    Code.FREE: (0, []),
    Code.PURCHASE: (2, []),
    Code.SUBSCRIPTION: (2, [("change_the_way_in", {"which": 2, "way": ("subscription_only", 2)})]),
    Code.INVITE_ONLY: (2, [("change_the_way_in", {"which": 2, "way": ("invite_only", 0)})]),
    Code.COHORT_ONLY: (2, [("change_the_way_in", {"which": 2, "way": ("cohort_only", 0)})]),
    Code.CLOSED: (0, [("change_status", {"which": 0, "status": "locked"})]),
}


def test_the_steps_lead_to_every_answer_a_student_can_get():
    assert set(STEPS) == set(Code) - {Code.STAFF, Code.SIGN_IN, Code.PREVIEW, Code.DRIP}


@pytest.fixture
def machine():
    machine = AccessWithPages()
    machine.begin(way_in=("purchase", 2))
    yield machine
    machine.teardown()


@pytest.mark.parametrize("code", STEPS)
def test_all_agree_on_the_way_to_each_answer(machine, code):
    which, steps = STEPS[code]
    machine.all_agree()

    for name, arguments in steps:
        getattr(machine, name)(**arguments)
        machine.all_agree()

    school = machine.school
    assert course_decision(school.students[1], fresh(school.courses[which]), school.now).code == code


def ending_with_the_end(rows, now):
    """`open_at` as it must not be: a right is open at its end."""
    return rows.filter(Q(expires_at=None) | Q(expires_at__gte=now), status__in=OPENING, starts_at__lte=now)


ALLOWED = Decision(True, Code.ACTIVE)
NOBODY = SimpleNamespace(objects=Suspension.objects.none())
TO_ITS_END = [("grant", GIVEN | {"ends": DAY}), ("wait_for_the_boundary", {"pick": -1, "just": timedelta(0)})]
# What is broken, how, and the steps after which the school must be seen to disagree.
FAULTS = {
    "a list that counts the end itself": (
        "access.models.CourseAccessQuerySet.open_at", ending_with_the_end, TO_ITS_END,
    ),
    "a list that forgets suspensions": (
        "access.selectors.Suspension", NOBODY, [("grant", GIVEN), ("suspend", {"who": 1, "which": 2})],
    ),
    "a list that forgets prerequisites": (
        "access.selectors._missing_links",
        lambda user: Prerequisite.objects.none().annotate(reached=Value(0)),
        [("grant", GIVEN | {"which": 1})],
    ),
    "a change without an event": ("access.services.rights._record", lambda *_, **__: None, [("revoke", MINE)]),
    "a suspension without an event": (
        "access.services.suspending._record_suspension", lambda *_, **__: None, [("suspend", {"who": 1, "which": 0})],
    ),
    "a seat taken without counting": (
        "access.services.cohorts._has_taken_one",
        lambda cohort: True,
        [("staff_add_to_a_cohort", {"who": 1, "group": 0})],
    ),
    "a page that forgets drip": ("access.decisions.drip_opens_at", lambda *_: None, []),
    "a lesson page that asks nobody": ("progress.views.decide_lesson_in", lambda course, *_, **__: ALLOWED, []),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_notices(machine, monkeypatch, fault):
    path, broken, steps = FAULTS[fault]
    machine.grant(**GIVEN | {"key": 1, "which": 0})
    machine.all_agree()
    monkeypatch.setattr(path, broken)

    for name, arguments in steps:
        getattr(machine, name)(**arguments)

    with pytest.raises(AssertionError):
        machine.all_agree()
