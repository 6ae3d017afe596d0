"""The fold of events: the present, the past, and histories that cannot be."""

from datetime import timedelta

import pytest

from access import ledger
from access.ledger import BrokenHistory, right_of, suspension_of, until
from access.models import AccessAction, AccessEvent
from tests.factories import NOW

DAY = timedelta(days=1)


def event(action, day=0, **fields):
    """An event some days after NOW about an open right without end, unless told otherwise; not saved."""
    return AccessEvent(
        **{"user_id": 1, "course_id": 2, "action": action, "at": NOW + day * DAY, "starts_at": NOW} | fields
    )


def history(*actions):
    """The first today, the next tomorrow, and so on."""
    return [event(action, day) for day, action in enumerate(actions)]


def status(*actions):
    return right_of(history(*actions)).status


def test_no_events_are_no_right():
    assert (right_of([]), suspension_of([])) == (None, None)


@pytest.mark.parametrize(
    ("starts_at", "expected"), [(None, "pending"), (NOW + DAY, "pending"), (NOW, "unlocked"), (NOW - DAY, "unlocked")]
)
def test_a_right_begins_as_its_start_says(starts_at, expected):
    assert right_of([event("granted", starts_at=starts_at)]).status == expected


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (("granted", "locked"), "locked"),
        (("granted", "locked", "unlocked"), "unlocked"),
        (("granted", "expired"), "expired"),
        (("granted", "expired", "extended"), "unlocked"),
        (("granted", "extended"), "unlocked"),
        (("granted", "locked", "extended"), "locked"),
        (("granted", "revoked"), "revoked"),
        (("granted", "locked", "revoked"), "revoked"),
        (("granted", "expired", "revoked"), "revoked"),
    ],
)
def test_each_action_leads_to_its_status(actions, expected):
    assert status(*actions) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("activated", "unlocked"),
        ("extended", "pending"),
        ("locked", "locked"),
        ("expired", "expired"),
        ("revoked", "revoked"),
    ],
)
def test_each_action_on_a_pending_right_leads_to_its_status(action, expected):
    events = [event("granted", starts_at=None), event(action, 1, starts_at=NOW + 2 * DAY)]

    assert right_of(events).status == expected


def test_a_right_says_who_gave_it_when_and_for_how_long():
    events = [event("granted", actor_id=7, expires_at=NOW + DAY), event("extended", expires_at=NOW + 2 * DAY)]

    state = right_of(events)

    assert (state.user_id, state.course_id, state.granted_by_id, state.granted_at) == (1, 2, 7, NOW)
    assert (state.starts_at, state.expires_at) == (NOW, NOW + 2 * DAY)


def test_a_revoked_right_says_when_by_whom_and_why():
    state = right_of([event("granted"), event("revoked", 3, actor_id=7, reason="Refund")])

    assert (state.revoked_at, state.revoked_by_id, state.revocation_reason) == (NOW + 3 * DAY, 7, "Refund")


@pytest.mark.parametrize(
    ("actions", "named"),
    [
        (("unlocked",), "unlocked before granted"),
        (("revoked",), "revoked before granted"),
        (("granted", "granted"), "granted while unlocked"),
        (("granted", "unlocked"), "unlocked while unlocked"),
        (("granted", "activated"), "activated while unlocked"),
        (("granted", "locked", "locked"), "locked while locked"),
        (("granted", "locked", "expired"), "expired while locked"),
        (("granted", "expired", "expired"), "expired while expired"),
        (("granted", "expired", "locked"), "locked while expired"),
        (("granted", "suspended"), "suspended while unlocked"),
        *((("granted", "revoked", action), f"{action} while revoked") for action in AccessAction.values),
    ],
)
def test_a_history_that_cannot_be_is_named(actions, named):
    with pytest.raises(BrokenHistory) as broken:
        status(*actions)

    assert str(broken.value) == named


@pytest.mark.parametrize("other", [{"user_id": 9}, {"course_id": 9}, {"course_id": None}])
def test_a_history_about_two_students_or_courses_is_named(other):
    with pytest.raises(BrokenHistory, match="locked is about another student or course"):
        right_of([event("granted"), event("locked", **other)])


def test_a_suspension_says_why_and_who_lifted_it():
    state = suspension_of([event("suspended", actor_id=7, reason="Shared"), event("reinstated", 2, actor_id=8)])

    assert (state.reason, state.suspended_by_id, state.suspended_at) == ("Shared", 7, NOW)
    assert (state.lifted_by_id, state.lifted_at) == (8, NOW + 2 * DAY)


@pytest.mark.parametrize(
    ("actions", "named"),
    [
        (("reinstated",), "reinstated before suspended"),
        (("suspended", "suspended"), "suspended while suspended"),
        (("suspended", "reinstated", "reinstated"), "reinstated twice"),
        (("suspended", "granted"), "granted while suspended"),
    ],
)
def test_a_history_of_a_suspension_that_cannot_be_is_named(actions, named):
    with pytest.raises(BrokenHistory) as broken:
        suspension_of(history(*actions))

    assert str(broken.value) == named


@pytest.mark.parametrize(
    ("day", "expected"), [(-1, None), (0, "unlocked"), (1, "locked"), (1.5, "locked"), (2, "unlocked"), (9, "unlocked")]
)
def test_the_past_is_a_beginning_of_the_history(day, expected):
    state = right_of(until(history("granted", "locked", "unlocked"), NOW + day * DAY))

    assert (state and state.status) == expected


def test_an_event_never_counts_before_the_one_written_before_it():
    events = [event("granted"), event("locked", 2), event("unlocked", 1)]

    assert right_of(until(events, NOW + 1.5 * DAY)).status == "unlocked"
    assert [one.action for one in until(events, NOW + 1.5 * DAY)] == ["granted"]


@pytest.mark.parametrize(
    ("starts_at", "day", "read"),
    [
        (None, 0, "pending"),
        (None, 9, "pending"),
        (NOW + DAY, 0, "pending"),
        (NOW + DAY, 1, "unlocked"),
        (NOW, 0, "unlocked"),
        (NOW, 4.9, "unlocked"),
        (NOW, 5, "expired"),
        (NOW + DAY, 5, "expired"),
    ],
)
def test_readers_need_no_sweep(starts_at, day, read):
    state = right_of([event("granted", starts_at=starts_at, expires_at=NOW + 5 * DAY)])

    moment = NOW + day * DAY
    assert (state.status_at(moment), state.is_open(moment)) == (read, read == "unlocked")


def test_a_right_unlocked_before_its_start_is_read_as_pending_until_then():
    tomorrow = {"starts_at": NOW + DAY}
    state = right_of([event(action, **tomorrow) for action in ("granted", "locked", "unlocked")])

    assert (state.status, state.status_at(NOW), state.status_at(NOW + DAY)) == ("unlocked", "pending", "unlocked")


@pytest.mark.parametrize("action", ["locked", "expired", "revoked"])
def test_a_closed_status_stays_whatever_the_time(action):
    assert right_of(history("granted", action)).status_at(NOW + 9 * DAY) == action


def test_every_action_is_known_to_the_fold():
    firsts = {AccessAction.GRANTED, AccessAction.SUSPENDED, AccessAction.REINSTATED}

    assert set(ledger.STEPS) | firsts == set(AccessAction.values)
