"""The property of bulk access: whatever the lines, it leaves the rows and events that the services leave one by one."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from access.invariants import violations
from access.models import AccessEvent, CourseAccess
from access.services import extend_access, grant_by_hand, lock_access, revoke_access, suspend
from tests import factories as make
from tests.access.bulk import DAY, LATER, apply, checked, wish, without
from tests.access.ledgers import give, rebuild
from tests.factories import NOW

pytestmark = pytest.mark.django_db
STATES = some.sampled_from(["nothing", "open", "ending", "ended", "locked", "revoked", "suspended", "staff"])
ACTIONS = some.sampled_from(["grant", "extend", "revoke"])
MONTH = LATER + 30 * DAY
LINES = some.tuples(STATES, ACTIONS, some.sampled_from(["", MONTH.isoformat(), "2026-03-01"]))


@pytest.fixture
def course():
    return make.CourseFactory(slug="camera", title="Camera")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=some.lists(LINES, min_size=1, max_size=5))
def test_whatever_the_lines_it_is_as_one_by_one_and_again_nothing(lines, staff, course):
    mine, twins = ([one_in(state, course, staff) for state, _, _ in lines] for _ in range(2))
    batch = checked(staff, *[wish(user, course, *line[1:], "Why") for user, line in zip(mine, lines, strict=True)])
    if batch.total:
        apply(batch, staff)
    for row, twin, (state, _, _) in zip(batch.rows.order_by("line"), twins, lines, strict=True):
        one_by_one(row, twin, state, staff)
    again = checked(
        staff, *[wish(user, course, *line[1:], "") for user, line in zip(mine, lines, strict=True)], now=LATER
    )

    assert [history(user) for user in mine] == [history(user) for user in twins]
    assert (rebuild("--check")[1], list(violations(LATER)), again.total) == (0, [], 0)


def one_in(state, course, staff):
    user = make.UserFactory(is_staff=state == "staff")
    if state in {"nothing", "staff"}:
        return user
    ends = {"ending": LATER + DAY, "ended": NOW - DAY}.get(state)
    right = give(user, course, now=NOW - 9 * DAY, expires_at=ends)
    if state == "locked":
        lock_access(access=right, now=NOW, reason="Open payment")
    if state == "revoked":
        revoke_access(access=right, now=NOW, reason="Refund")
    if state == "suspended":
        suspend(user=user, course=course, actor=staff, reason="Shared", now=NOW)
    return user


def one_by_one(row, twin, state, staff):
    said = {"actor": staff, "now": LATER, "reason": "Why", "cause": row.batch.source_key}
    if row.verdict == "grant":
        key = {"source_key": row.batch.source_key, "expires_at": row.until, "notes": "Why"}
        grant_by_hand(user=twin, course=row.course, actor=staff, now=LATER, **key)
    if row.verdict == "extend":
        extend_access(access=twin.accesses.get(), days={"ending": 29, "ended": 30}[state], **said)
    if row.verdict == "revoke":
        revoke_access(access=twin.accesses.get(), **said)


def history(user):
    rights = CourseAccess.objects.filter(user=user).values()
    found = AccessEvent.objects.filter(user=user, suspension=None).order_by("pk").values()
    left_out = ("id", "user_id", "access_id", "suspension_id")
    return [without(row, *left_out) for row in (*rights, *found)]
