"""A right opens and closes at the same microsecond in SQL and in Python; days are counted alike in every zone."""

import os
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st

from access.decisions import Standing, drip_opens_at
from access.models import AccessStatus, AccessType, Cohort, CourseAccess
from access.services import activate_access, add_to_cohort, expiry_for, extend_access, grant_access, save_cohort
from catalog.models import Course, DurationType, Lesson
from tests import factories as make
from tests.factories import NOW

SEED = int(os.environ.get("TIMES_SEED", "20260302"))
TICK, SECOND, HOUR, DAY = timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
YEARS = range(2020, 2041)
# Clocks that move by an hour, by half an hour, at midnight, in the south, against summer, and not any more or never.
ZONES = [
    "Europe/Paris", "Europe/London", "America/New_York", "America/Havana", "America/Santiago", "America/Sao_Paulo",
    "America/Nuuk", "America/Scoresbysund", "Atlantic/Azores", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut",
    "Asia/Tehran", "Asia/Gaza", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe",
    "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "UTC",
]  # fmt: skip


def clock_changes(name, years=YEARS):
    """Every moment at which this zone's clocks are moved, found by halving the day on which the offset differs."""
    zone, found = ZoneInfo(name), []
    day = datetime(years[0], 1, 1, tzinfo=UTC)
    while day.year <= years[-1]:
        if day.astimezone(zone).utcoffset() != (day + DAY).astimezone(zone).utcoffset():
            found.append(_change_between(zone, day, day + DAY))
        day += DAY
    return found


def _change_between(zone, before, after):
    while after - before > SECOND:
        middle = before + (after - before) // 2
        is_before = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
        before, after = (middle, after) if is_before else (before, middle)
    return after.replace(microsecond=0)


LEAP_DAYS = [datetime(year, 2, 29, tzinfo=UTC) for year in (2000, 2020, 2024, 2028, 2032, 2036, 2040, 2400)]
FAR = [
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(1582, 10, 15, tzinfo=UTC),
    datetime(1900, 2, 28, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC),
]


def noteworthy(chance):
    """Moments at which a comparison may go wrong; some are close together, so that many pairs fall on a boundary."""
    changes = [change for name in ZONES for change in clock_changes(name, range(2025, 2028))]
    return [*chance.sample(changes, 30), *LEAP_DAYS, *FAR, NOW]


STEPS = [timedelta(0)] * 6 + [TICK, -TICK, SECOND, -SECOND, SECOND - TICK, HOUR, -HOUR, DAY, -DAY]


def moment(chance, anchors):
    """One of the anchors or just beside it, in any zone of the world; now and then any moment of those years."""
    if chance.random() < 0.2:
        return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=chance.randrange(5 * 365 * 86_400 * 10**6))
    near = chance.choice(anchors) + chance.choice(STEPS)
    return near if near.year in {1, 9999} else near.astimezone(ZoneInfo(chance.choice(ZONES)))


def random_right(chance, anchors, user, number):
    status = chance.choice(AccessStatus.values)
    can_wait = status in {AccessStatus.PENDING, AccessStatus.REVOKED}
    starts_at = None if can_wait and chance.random() < 0.3 else moment(chance, anchors)
    ends_at = moment(chance, anchors) if chance.random() < 0.7 else None
    if ends_at and starts_at and ends_at.astimezone(UTC) <= starts_at.astimezone(UTC):
        ends_at = None
    revoked = {"revoked_at": NOW, "revocation_reason": "Refund"} if status == AccessStatus.REVOKED else {}
    return CourseAccess(
        user=user, tier_level=1, access_type=AccessType.MANUAL, source_key=f"n:{number}", granted_at=NOW,
        status=status, starts_at=starts_at, expires_at=ends_at, **revoked,
    )  # fmt: skip


def disagreements(seed, user, *, rows, moments):
    """The pairs (row, moment) for which the database and Python differ, and how many pairs were asked."""
    chance = random.Random(seed)
    anchors = noteworthy(chance)
    made = [random_right(chance, anchors, user, number) for number in range(rows)]
    CourseAccess.objects.bulk_create(made, batch_size=2000)
    stored, wrong = list(CourseAccess.objects.all()), []
    for _ in range(moments):
        now = moment(chance, anchors)
        in_sql = set(CourseAccess.objects.open_at(now).values_list("pk", flat=True))
        in_python = {row.pk for row in stored if row.is_open(now)}
        wrong += [(pk, now.isoformat()) for pk in in_sql ^ in_python]
    CourseAccess.objects.all().delete()
    return wrong, len(stored) * moments


@pytest.mark.django_db
@pytest.mark.parametrize("world", range(10))
def test_a_hundred_thousand_rights_and_moments_are_open_alike_in_sql_and_python(student, world):
    wrong, asked = disagreements(SEED + world, student, rows=2_000, moments=50)

    assert (asked, wrong) == (100_000, []), f"TIMES_SEED={SEED + world}"


@pytest.mark.django_db
def test_a_reader_who_counts_the_end_itself_is_noticed(student, monkeypatch):
    original = CourseAccess.is_open
    monkeypatch.setattr(CourseAccess, "is_open", lambda row, now: original(row, now) or row.expires_at == now)

    wrong, _ = disagreements(SEED, student, rows=500, moments=50)

    assert wrong != []


def first_moment_of(day, zone):
    """When a calendar day begins: read off the world's clock minute by minute, without any arithmetic in the zone."""
    earliest = datetime.combine(day, time(9), tzinfo=UTC) - DAY
    minutes = (earliest + timedelta(minutes=n) for n in range(28 * 60))
    return next(minute for minute in minutes if minute.astimezone(zone).date() == day)


def day_of(moment_, zone):
    """The calendar day of a moment, from the offset alone."""
    return (moment_ + moment_.astimezone(zone).utcoffset()).date()


ANY_MOMENT = st.integers(0, 20 * 365 * 86_400 * 10**6).map(
    lambda ticks: datetime(2020, 1, 2, tzinfo=UTC) + timedelta(microseconds=ticks)
)
NEAR_A_CHANGE = st.sampled_from(ZONES[:20]).flatmap(
    lambda name: st.sampled_from(clock_changes(name) or [NOW]).map(lambda change: change - 5 * HOUR)
)
DAYS_LATER = st.integers(0, 3) | st.integers(0, 400)


@settings(max_examples=int(os.environ.get("TIMES_EXAMPLES", "300")), deadline=None, database=None)
@given(name=st.sampled_from(ZONES), joined_at=ANY_MOMENT | NEAR_A_CHANGE, days=DAYS_LATER, by_cohort=st.booleans())
@example(name="America/Havana", joined_at=datetime(2026, 3, 7, 12, tzinfo=UTC), days=1, by_cohort=False)
@example(name="America/Santiago", joined_at=datetime(2025, 9, 6, 12, tzinfo=UTC), days=1, by_cohort=True)
def test_a_dripped_lesson_opens_with_the_first_moment_of_its_day_in_every_zone(name, joined_at, days, by_cohort):
    zone, kind = ZoneInfo(name), DurationType.LIFETIME if by_cohort else DurationType.DRIP
    first_day = day_of(joined_at, zone)
    anchor = {"cohort_starts_on": first_day} if by_cohort else {"enrolled_at": joined_at}
    standing = Standing(None, Course(access_duration_type=kind), **anchor)

    with override_settings(TIME_ZONE=name):
        opens_at = drip_opens_at(standing, Lesson(available_after_days=days), joined_at)

    # As UTC, for a midnight that the clocks skip equals nothing in another zone.
    assert opens_at.astimezone(UTC) == first_moment_of(first_day + days * DAY, zone)


@settings(max_examples=int(os.environ.get("TIMES_EXAMPLES", "300")), deadline=None, database=None)
@given(name=st.sampled_from(ZONES), start=ANY_MOMENT | NEAR_A_CHANGE, days=st.integers(1, 3) | st.integers(1, 4000))
@example(name="Europe/Paris", start=datetime(2026, 3, 28, 23, tzinfo=UTC), days=1)
@example(name="Europe/Paris", start=datetime(2026, 10, 24, 22, tzinfo=UTC), days=1)
@example(name="UTC", start=datetime(2028, 2, 28, tzinfo=UTC), days=366)
def test_fixed_days_are_twenty_four_hours_each_whatever_the_clocks_do(name, start, days):
    course = Course(access_duration_type=DurationType.FIXED_DAYS, access_duration_days=days)

    ends_at = expiry_for(course, start.astimezone(ZoneInfo(name)))

    assert (ends_at - start).total_seconds() == days * 86_400


BEFORE_A_CHANGE = [change - HOUR for change in clock_changes("Europe/Paris", range(2026, 2028))]


@pytest.mark.django_db
@pytest.mark.parametrize("now", BEFORE_A_CHANGE, ids=str)
def test_a_right_of_ten_days_lasts_240_hours_however_it_starts(student, now):
    local = now.astimezone(ZoneInfo("Europe/Paris"))
    course = make.CourseFactory(access_duration_type=DurationType.FIXED_DAYS, access_duration_days=10)
    of = {"user": student, "course": course, "access_type": AccessType.MANUAL, "now": now}
    at_once = grant_access(source_key="at once", **of)
    dated = grant_access(source_key="dated", starts_at=local + HOUR, **of)
    waiting = grant_access(source_key="waiting", is_pending=True, **of)
    activate_access(access=waiting, now=local)

    for row in (at_once, dated, waiting):
        row.refresh_from_db()
        assert row.expires_at - row.starts_at == 240 * HOUR


@pytest.mark.django_db
@pytest.mark.parametrize("now", BEFORE_A_CHANGE, ids=str)
@pytest.mark.parametrize("ended", [False, True])
def test_ten_more_days_are_240_hours_from_the_end_or_from_now(student, now, ended):
    row = make.CourseAccessFactory(user=student, starts_at=now - DAY, expires_at=now - HOUR if ended else now + HOUR)

    extend_access(access=row, days=10, now=now.astimezone(ZoneInfo("Europe/Paris")))

    row.refresh_from_db()
    assert row.expires_at == (now if ended else now + HOUR) + 240 * HOUR


@pytest.mark.django_db
@pytest.mark.parametrize("moved_to", [date(2026, 3, 29), date(2026, 10, 25)], ids=str)
def test_ten_days_of_a_cohort_stay_240_hours_when_its_start_moves_over_a_clock_change(student, moved_to):
    course = make.CourseFactory(access_duration_type=DurationType.FIXED_DAYS, access_duration_days=10)
    cohort = Cohort.objects.create(name="Spring", starts_on=date(2026, 3, 10))
    cohort.courses.add(course)
    add_to_cohort(user=student, cohort=cohort, now=NOW)
    cohort.starts_on = moved_to

    save_cohort(cohort=cohort, now=NOW)

    row = student.accesses.get()
    assert (row.starts_at, row.expires_at - row.starts_at) == (cohort.starts_at, 240 * HOUR)


@pytest.mark.parametrize(
    ("days", "opens_on"), [(1, date(2028, 2, 29)), (2, date(2028, 3, 1)), (366, date(2029, 2, 28))]
)
def test_a_leap_day_is_a_day(days, opens_on):
    standing = Standing(None, Course(), cohort_starts_on=date(2028, 2, 28))

    opens_at = drip_opens_at(standing, Lesson(available_after_days=days), NOW)

    assert opens_at == datetime.combine(opens_on, time(), tzinfo=ZoneInfo("Europe/Paris"))
