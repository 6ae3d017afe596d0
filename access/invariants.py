"""What must hold over the whole database at any moment: each function finds the rows that break it.

The numbers are those of RELIABILITY section 4. Most of it the database refuses by a constraint; this finds what a
constraint cannot say, and what somebody wrote while a constraint was off.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from access.auditing import BATCH, Difference
from access.decisions import decide_course
from access.models import (
    AccessStatus,
    AccessType,
    BundlePurchase,
    CohortMembership,
    CourseAccess,
    CourseAccessQuerySet,
    PathMembership,
    Suspension,
)
from access.selectors import courses_open_to
from access.standings import standings_in
from accounts.models import User
from catalog.models import Course


def violations(now: datetime) -> Iterator[Difference]:
    """Every violation of the invariants 1, 3, 5, 6 and 7."""
    yield from rights_without_source(now)
    yield from sources_that_gave_twice()
    yield from losses_without_a_word()
    yield from rights_that_end_before_they_start()
    yield from lists_that_disagree(now)


def rights_without_source(now: datetime) -> Iterator[Difference]:
    """1: an open right stands on something that still stands."""
    for access_type, source in _sources():
        rows = CourseAccessQuerySet(CourseAccess).open_at(now).filter(~Exists(source), access_type=access_type)
        yield from _each("access", rows.values_list("pk", flat=True), "source", "gone", f"a {access_type} of theirs")


def _sources() -> list[tuple[AccessType, QuerySet[Any]]]:
    user = OuterRef("user")
    return [
        (AccessType.BUNDLE, BundlePurchase.objects.filter(pk=OuterRef("bundle_purchase"), user=user, ended_at=None)),
        (AccessType.COHORT, CohortMembership.objects.filter(cohort=OuterRef("cohort"), user=user, left_at=None)),
        (AccessType.PATH, PathMembership.objects.filter(path=OuterRef("path"), user=user, left_at=None)),
    ]


def sources_that_gave_twice() -> Iterator[Difference]:
    """3: one live right per student, target and source."""
    sources = ("user", "course", "tier_level", "access_type", "source_key")
    live = CourseAccess.objects.exclude(status=AccessStatus.REVOKED).values(*sources)
    for group in live.annotate(rows=Count("pk"), newest=Max("pk")).filter(rows__gt=1).order_by("newest"):
        yield Difference("access", group["newest"], "source", f"in {group['rows']} live rows", "in one")


def losses_without_a_word() -> Iterator[Difference]:
    """5 and 6: who lost something is told when and why, and a suspension ends by a person."""
    is_revoked = Q(status=AccessStatus.REVOKED)
    told = Q(revoked_at__isnull=False) & ~Q(revocation_reason="")
    told_for_nothing = Q(revoked_at__isnull=False) | ~Q(revocation_reason="")
    rows = CourseAccess.objects.filter((is_revoked & ~told) | (~is_revoked & told_for_nothing))
    yield from _each("access", rows.values_list("pk", flat=True), "revocation", "half written", "whole or none")
    by_nobody = Q(lifted_at__isnull=False, lifted_by=None) | Q(lifted_at=None, lifted_by__isnull=False)
    closed = Suspension.objects.filter(by_nobody)
    yield from _each("suspension", closed.values_list("pk", flat=True), "end", "half written", "whole or none")
    silent = Suspension.objects.filter(reason="")
    yield from _each("suspension", silent.values_list("pk", flat=True), "reason", "", "a reason")


def rights_that_end_before_they_start() -> Iterator[Difference]:
    """6: every right lasts a while."""
    rows = CourseAccess.objects.filter(expires_at__lte=F("starts_at"))
    for pk, starts_at, expires_at in rows.order_by("pk").values_list("pk", "starts_at", "expires_at").iterator():
        yield Difference("access", pk, "expires_at", expires_at, f"after {starts_at}")


def lists_that_disagree(now: datetime) -> Iterator[Difference]:
    """7: for every student who holds something, the list of open courses in SQL is what the judge decides."""
    holders = User.objects.filter(Exists(CourseAccess.objects.filter(user=OuterRef("pk"))), is_staff=False)
    for user in holders.order_by("pk").iterator(chunk_size=BATCH):
        listed = set(courses_open_to(user, now).values_list("pk", flat=True))
        reached = Course.objects.filter(_reached_by(user) | Q(pk__in=listed))
        decided = {
            standing.course.pk for standing in standings_in(user, reached) if decide_course(standing, now).is_allowed
        }
        if listed != decided:
            yield Difference("user", user.pk, "courses listed as open", sorted(listed), sorted(decided))


def _reached_by(user: User) -> Q:
    """The courses that some right of this student is about, open or not."""
    mine = CourseAccess.objects.filter(user=user)
    by_membership = Exists(mine.filter(tier_level__gte=OuterRef("required_level")))
    return Q(pk__in=mine.values("course")) | (Q(required_level__gte=1) & Q(by_membership))


def _each(kind: str, ids: QuerySet[Any, int], field: str, found: str, expected: str) -> Iterator[Difference]:
    for pk in ids.order_by("pk").iterator(chunk_size=BATCH):
        yield Difference(kind, pk, field, found, expected)
