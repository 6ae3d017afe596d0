"""Cohorts: a seat, a membership, and the rights that come with a place.

The seat is taken by one conditional UPDATE, which also locks the cohort; whatever a cohort gives or takes follows under
that lock.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from access.emails import announce_grants
from access.groups import has_ended
from access.models import OPENING, AccessStatus, AccessType, Cohort, CohortMembership, CourseAccess
from access.services.enrolling import enroll_free
from access.services.rights import LIVE, expiry_for, grant_access, move_access, revoke_access
from accounts.models import User
from catalog.models import Course, DurationType

# The count of members is nobody's to write.
WRITTEN_BY_STAFF = [f.name for f in Cohort._meta.concrete_fields if f.editable and not f.primary_key] + ["updated_at"]


class CohortFull(Exception):
    """Every seat is taken."""


class CohortClosed(Exception):
    """Students do not join this cohort by themselves."""


class NotAMember(Exception):
    """The student is not in this cohort, or has left it already."""


class SeatsBelowMembers(Exception):
    """A cohort cannot have fewer seats than members."""


@transaction.atomic
def join_cohort(*, user: User, cohort: Cohort, course: Course, now: datetime) -> tuple[CohortMembership, bool]:
    """Put a student into a cohort of a course they may open, and enroll them; True says that they were not in it.

    A free course is given to them with the seat  [T-32]. Only staff and purchases put somebody into a cohort that
    gives rights: through a free course it would give the others away.

    :raises CohortFull: without a free seat
    :raises CohortClosed: if the cohort has ended, gives rights, is not active, or is another course's
    :raises EnrollmentClosed: without an open right to a course that is not free
    """
    membership, is_new = take_seat(cohort, user, now, added_by=None)
    if is_new:
        _refuse_to_students(cohort, course, now)
        enroll_free(user=user, course=course, now=now)
    return membership, is_new


def _refuse_to_students(cohort: Cohort, course: Course, now: datetime) -> None:
    if not cohort.is_active or has_ended(cohort, now) or not cohort.courses.filter(pk=course.pk).exists():
        raise CohortClosed("This cohort takes nobody any more.")
    if cohort.grants_access:
        raise CohortClosed("Places in this cohort are given by the people who run it.")


@transaction.atomic
def add_to_cohort(
    *, user: User, cohort: Cohort, now: datetime, actor: User | None = None
) -> tuple[CohortMembership, bool]:
    """Put a student into a cohort, with the rights it gives and one mail; True says that they were not in it.

    A suspension keeps its courses closed all the same.

    :raises CohortFull: without a free seat
    :raises AccessRefused: if a course of the cohort ends before the cohort starts
    """
    membership, is_new = take_seat(cohort, user, now, added_by=actor)
    if is_new and cohort.grants_access:
        _give(cohort, user, cohort.courses.order_by("pk"), now, actor)
    return membership, is_new


def take_seat(cohort: Cohort, user: User, now: datetime, *, added_by: User | None) -> tuple[CohortMembership, bool]:
    """Take a seat for a student unless they have one; True says that they had none. Gives no right and sends no mail.

    A member is told so before anything is said about seats; afterwards the cohort is locked and read afresh.

    :raises CohortFull: without a free seat
    """
    membership, is_new = CohortMembership.objects.get_or_create(
        cohort=cohort, user=user, left_at=None, defaults={"joined_at": now, "added_by": added_by}
    )
    if is_new:
        if not _has_taken_one(cohort):
            raise CohortFull("This cohort is full.")
        cohort.refresh_from_db()
    return membership, is_new


def _has_taken_one(cohort: Cohort) -> bool:
    has_room = Q(max_participants=None) | Q(member_count__lt=F("max_participants"))
    return bool(Cohort.objects.filter(has_room, pk=cohort.pk).update(member_count=F("member_count") + 1))


def _give(cohort: Cohort, user: User, courses: Iterable[Course], now: datetime, actor: User | None) -> None:
    """One right per course, from the start of the cohort on, and one mail for all of them."""
    starts_at = _opens_at(cohort, now)
    granted = [
        grant_access(
            user=user,
            course=course,
            access_type=AccessType.COHORT,
            source_key=f"cohort:{cohort.pk}",
            now=now,
            cohort=cohort,
            starts_at=starts_at,
            actor=actor,
            reason=f"Member of {cohort}",
        )
        for course in courses
    ]
    announce_grants(user=user, accesses=granted, now=now)


def _opens_at(cohort: Cohort, now: datetime) -> datetime:
    return max(cohort.starts_at or now, now)


def leave_cohort(*, user: User, cohort: Cohort, now: datetime) -> None:
    """Let a student go: the seat is free again, and the rights it gave end if the cohort says so.

    :raises NotAMember: if they are not in it
    """
    keeps = not cohort.remove_access_on_leave
    _end_membership(cohort, user, now, actor=user, reason=f"Left {cohort}", keeps_access=keeps)


def remove_from_cohort(
    *, user: User, cohort: Cohort, now: datetime, actor: User, reason: str = "", keep_access: bool = False
) -> None:
    """The same by staff, who may let the student keep what the place gave, as a right granted by hand.

    :raises NotAMember: if they are not in it
    """
    keeps = keep_access or not cohort.remove_access_on_leave
    why = reason.strip() or f"Removed from {cohort}"
    _end_membership(cohort, user, now, actor=actor, reason=why, keeps_access=keeps)


@transaction.atomic
def _end_membership(cohort: Cohort, user: User, now: datetime, *, actor: User, reason: str, keeps_access: bool) -> None:
    """Rows are read after the seat is free, under the cohort's lock: what was given meanwhile ends too."""
    membership = CohortMembership.objects.filter(cohort=cohort, user=user, left_at=None).first()
    if membership is None or not _has_left(membership, now):
        raise NotAMember("You are not in this cohort.")
    Cohort.objects.filter(pk=cohort.pk, member_count__gt=0).update(member_count=F("member_count") - 1)
    cohort.refresh_from_db()
    rows = CourseAccess.objects.filter(cohort=cohort, user=user, status__in=LIVE).select_related("course")
    for access in rows.select_for_update(of=("self",)).order_by("pk"):
        if keeps_access:
            _keep(access, membership, now, None if actor == user else actor, reason)
        revoke_access(access=access, now=now, reason=reason, actor=actor, cause=f"cohort:{cohort.pk}")


def _has_left(membership: CohortMembership, now: datetime) -> bool:
    """One conditional UPDATE: of two who leave at once, one did. Nobody leaves before they joined."""
    still_in = CohortMembership.objects.filter(pk=membership.pk, left_at=None)
    return bool(still_in.update(left_at=max(now, membership.joined_at)))


def member_source(membership: CohortMembership) -> str:
    """The source of what somebody was let keep of their place."""
    return f"cohort:{membership.cohort_id}:member:{membership.pk}"


def _keep(access: CourseAccess, membership: CohortMembership, now: datetime, actor: User | None, reason: str) -> None:
    """A right of its own with the same end, for one that is open or still to open: a cohort's needs a member."""
    has_run_out = access.expires_at is not None and access.expires_at <= now
    if access.status not in OPENING or has_run_out:
        return
    grant_access(
        user=membership.user,
        course=access.course,
        access_type=AccessType.MANUAL,
        source_key=member_source(membership),
        now=now,
        starts_at=max(access.starts_at or now, now),
        expires_at=access.expires_at,
        is_lifetime=access.expires_at is None,
        must_join=access.must_join,
        actor=actor,
        reason=reason,
        cause=f"cohort:{membership.cohort_id}",
    )


@transaction.atomic
def save_cohort(*, cohort: Cohort, now: datetime, actor: User | None = None) -> Cohort:
    """Save a cohort as staff wrote it, but for its count of members. A moved start moves what waits for it.

    :raises SeatsBelowMembers: if there would be fewer seats than members
    :raises AccessRefused: if a course ends before the new start
    """
    if cohort._state.adding:
        cohort.save()
        return cohort
    before = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    refuse_fewer_seats_than_members(before, cohort.max_participants)
    cohort.member_count = before.member_count
    cohort.save(update_fields=WRITTEN_BY_STAFF)
    if cohort.starts_on != before.starts_on:
        _move_start(cohort, now, actor)
    return cohort


def refuse_fewer_seats_than_members(cohort: Cohort, seats: int | None) -> None:
    """:raises SeatsBelowMembers: with the sentence for staff"""
    if seats is not None and seats < cohort.member_count:
        raise SeatsBelowMembers(f"At least {cohort.member_count}, because so many seats are taken.")


def _move_start(cohort: Cohort, now: datetime, actor: User | None) -> None:
    """Rights that have not opened follow the start, locked ones too; of a number of days, all are left."""
    starts_at = _opens_at(cohort, now)
    waiting = CourseAccess.objects.filter(cohort=cohort, status__in=[*OPENING, AccessStatus.LOCKED], starts_at__gt=now)
    for access in waiting.select_related("course").select_for_update(of=("self",)).order_by("pk"):
        move_access(
            access=access,
            starts_at=starts_at,
            expires_at=_end_after(access, starts_at),
            now=now,
            actor=actor,
            reason=f"The start of {cohort} moved",
            cause=f"cohort:{cohort.pk}",
        )


def _end_after(access: CourseAccess, starts_at: datetime) -> datetime | None:
    ends_on_a_date = access.course is not None and access.course.access_duration_type == DurationType.UNTIL_DATE
    if access.expires_at is None or access.starts_at is None or ends_on_a_date:
        return access.expires_at
    # In UTC: added in a zone whose clocks change meanwhile, a day would have 23 or 25 hours.
    return starts_at.astimezone(UTC) + (access.expires_at - access.starts_at)


def _missing(cohort: Cohort, membership: CohortMembership) -> QuerySet[Course]:
    had = cohort.accesses.filter(user=membership.user, granted_at__gte=membership.joined_at)
    return cohort.courses.exclude(pk__in=had.values("course")).order_by("pk")


@transaction.atomic
def catch_up_member(*, membership: CohortMembership, now: datetime, actor: User | None = None) -> int:
    """Give one member what came to the cohort after them, but for courses that would end before they begin.

    Nothing for who has left. Returns how many rights were given.
    """
    cohort = Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.cohort_id)
    still_in = CohortMembership.objects.filter(pk=membership.pk, left_at=None).exists()
    if not (still_in and cohort.grants_access):
        return 0
    starts_at = _opens_at(cohort, now)
    missing = [course for course in _missing(cohort, membership) if _lasts(course, starts_at)]
    _give(cohort, membership.user, missing, now, actor)
    return len(missing)


def _lasts(course: Course, starts_at: datetime) -> bool:
    ends = expiry_for(course, starts_at)
    return ends is None or ends > starts_at
