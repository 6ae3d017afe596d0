"""Bundles: a purchase is recorded with its choice and gives its courses at once; ended, it takes just those away.

What a bundle costs, and whether it was paid, is for whoever calls this.
"""

import re
from collections.abc import Collection
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from access.emails import announce_grants
from access.models import AccessType, Bundle, BundleLevel, BundlePurchase, BundleType, CourseAccess, LearningPath
from access.services.rights import LIVE, ReasonMissing, expiry_for, grant_access, revoke_access
from accounts.models import User
from catalog.models import Course
from common.locks import hold_against_deletion

SLUG_LENGTH = 110


class BundleRefused(Exception):
    """The bundle cannot be had like this; the message says why in words for people."""


@transaction.atomic
def buy_bundle(
    *,
    user: User,
    bundle: Bundle,
    source_key: str,
    now: datetime,
    course_ids: Collection[int] = (),
    level: int | None = None,
    actor: User | None = None,
    reason: str = "",
    cause: str = "",
) -> BundlePurchase:
    """Record that a student bought or was given a bundle, and give its courses; one mail tells of them all.

    The same source and choice again returns the purchase that exists, untouched, also one that has ended. `course_ids`
    is for a bundle to pick from, `level` for a tiered one.

    :raises BundleRefused: if the bundle is not on offer, the choice breaks its rules, or this source chose otherwise
    """
    source = {"user": user, "bundle": bundle, "source_key": source_key}
    if existing := BundlePurchase.objects.filter(**source).first():
        return _as_chosen(existing, course_ids, level)
    check_choice(bundle=bundle, course_ids=course_ids, level=level, now=now)
    if not hold_against_deletion(bundle):
        raise BundleRefused("This bundle is no longer on offer.")  # staff deleted it a moment ago
    facts = {"level": level, "purchased_at": now, "granted_by": actor}
    purchase, is_new = BundlePurchase.objects.get_or_create(**source, defaults=facts)
    if not is_new:  # somebody else was faster with the same source
        return _as_chosen(purchase, course_ids, level)
    purchase.selected_courses.set(course_ids)
    grant_bundle_access(user=user, bundle_purchase=purchase, now=now, actor=actor, reason=reason, cause=cause)
    return purchase


def _as_chosen(purchase: BundlePurchase, course_ids: Collection[int], level: int | None) -> BundlePurchase:
    """A choice is made once; making the same one again is no other choice."""
    chosen = set(purchase.selected_courses.values_list("pk", flat=True))
    if (chosen, purchase.level) != (set(course_ids), level):
        raise BundleRefused("This bundle was bought with another choice, and a choice is made once.")
    return purchase


def check_choice(*, bundle: Bundle, course_ids: Collection[int], level: int | None, now: datetime) -> None:
    """Look whether this bundle can be had with this choice at this moment.

    :raises BundleRefused: if it cannot
    """
    if not bundle.is_active:
        raise BundleRefused("This bundle is no longer on offer.")
    entries = dict(bundle.entries.values_list("course_id", "level"))
    if bundle.bundle_type == BundleType.PICK_YOUR_OWN:
        _check_picked(bundle, course_ids, set(entries))
    elif course_ids:
        raise BundleRefused("The courses of this bundle are not chosen one by one.")
    _check_level(bundle, level, set(entries.values()))
    contents = [course for course, lowest in entries.items() if level is None or lowest <= level]
    _check_times(course_ids or contents, now)


def _check_picked(bundle: Bundle, course_ids: Collection[int], on_offer: set[int]) -> None:
    most, chosen = bundle.max_course_selections or 0, len(course_ids)
    if chosen == 0:
        raise BundleRefused(f"Choose at least one course; you may choose {most}.")
    if chosen != len(set(course_ids)):
        raise BundleRefused("Choose each course once.")
    if chosen > most:
        raise BundleRefused(f"Choose {most}; you chose {chosen}.")
    if not on_offer.issuperset(course_ids):
        raise BundleRefused("Choose among the courses of this bundle.")


def _check_level(bundle: Bundle, level: int | None, on_offer: set[int]) -> None:
    if bundle.bundle_type != BundleType.TIERED:
        if level is not None:
            raise BundleRefused("This bundle has no levels.")
    elif level not in on_offer:
        names = [name for value, name in BundleLevel.choices if value in on_offer]
        raise BundleRefused(f"Choose a level: {', '.join(names)}." if names else "This bundle has no courses yet.")


def _check_times(course_ids: Collection[int], now: datetime) -> None:
    courses = Course.objects.filter(pk__in=course_ids).order_by("pk")
    if not courses:
        raise BundleRefused("This bundle has no courses yet.")
    if ended := [course.title for course in courses if not _lasts(course, now)]:
        raise BundleRefused(f"Access to {ended[0]} would have ended already.")


def _lasts(course: Course, now: datetime) -> bool:
    ends = expiry_for(course, now)
    return ends is None or ends > now


@transaction.atomic
def grant_bundle_access(
    *, user: User, bundle_purchase: BundlePurchase, now: datetime, actor: User | None = None, reason: str = "",
    cause: str = "",
) -> list[CourseAccess]:  # fmt: skip
    """Give the courses of a purchase, a right each; once more, only those the bundle has gained  [001, V-5].

    What was taken away singly does not come back, nothing of an ended purchase does, and a course whose last day has
    passed is left out. Returns the new rights.
    """
    purchase = BundlePurchase.objects.select_for_update(of=("self",)).get(pk=bundle_purchase.pk, user=user)
    if purchase.ended_at:
        return []
    given = CourseAccess.objects.filter(bundle_purchase=purchase).values("course")
    missing = [course for course in _courses_of(purchase).exclude(pk__in=given) if _lasts(course, now)]
    accesses = [
        grant_access(
            user=user,
            course=course,
            access_type=AccessType.BUNDLE,
            source_key=f"bundle_purchase:{purchase.pk}",
            bundle_purchase=purchase,
            now=now,
            actor=actor,
            reason=reason,
            cause=cause,
        )
        for course in missing
    ]
    announce_grants(user=user, accesses=accesses, now=now)
    return accesses


def _courses_of(purchase: BundlePurchase) -> QuerySet[Course]:
    """What was bought decides, also when staff have made the bundle one of another type since."""
    courses = Course.objects.order_by("pk")
    chosen = purchase.selected_courses.values("pk")
    if chosen.exists():
        return courses.filter(pk__in=chosen)
    entries = purchase.bundle.entries.values("course")
    if purchase.level is not None:
        return courses.filter(pk__in=entries.filter(level__lte=purchase.level))
    return courses.filter(pk__in=entries) if purchase.bundle.bundle_type == BundleType.FIXED else courses.none()


@transaction.atomic
def end_bundle_purchase(
    *, bundle_purchase: BundlePurchase, now: datetime, reason: str, actor: User | None = None, cause: str = ""
) -> None:
    """Take away just the rights this purchase gave: a refund, a lost dispute, staff. Twice changes nothing  [X-37].

    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing("Say why this bundle is taken away.")
    purchase = BundlePurchase.objects.select_for_update(of=("self",)).get(pk=bundle_purchase.pk)
    BundlePurchase.objects.filter(pk=purchase.pk, ended_at=None).update(ended_at=now)
    for access in CourseAccess.objects.filter(bundle_purchase=purchase, status__in=LIVE).order_by("pk"):
        revoke_access(
            access=access, now=now, reason=reason, actor=actor, cause=cause or f"bundle_purchase:{purchase.pk}"
        )
    bundle_purchase.refresh_from_db()


def save_bundle(*, bundle: Bundle) -> Bundle:
    """Save a bundle under an address made from its name; it moves with the name, and a taken one gets -1, -2  [V-6]."""
    base = slug_base(bundle.name) or "bundle"
    if not re.fullmatch(rf"{base}(-\d+)?", bundle.slug):
        bundle.slug = free_slug(Bundle.objects.exclude(pk=bundle.pk), base)
    bundle.save()
    return bundle


def slug_base(name: str) -> str:
    """What an address takes from a name, with room for a number behind it; empty if that is nothing."""
    return slugify(name)[:SLUG_LENGTH].strip("-")


def free_slug(others: QuerySet[Bundle] | QuerySet[LearningPath], base: str) -> str:
    """The first of base, base-1, base-2 that none of these has."""
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
    spellings = (f"{base}-{number}" if number else base for number in count())
    return next(slug for slug in spellings if slug not in taken)
