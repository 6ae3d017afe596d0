"""Mails about rights, one function per message. Each is stored with the change it tells of, and sent by a job.

Titles, names and notes are somebody's input: a line break in one must not become a header or a sentence of ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from access.models import CourseAccess, Suspension, Tier
from accounts.models import User
from accounts.time_zones import zone_named
from catalog.models import CourseStatus


@dataclass(frozen=True)
class Right:
    """A right as a mail says it: what it opens, from when if that is still to come, until when or for life."""

    name: str
    address: str
    opens_at: datetime | None
    ends_at: datetime | None
    is_waiting: bool


def announce_grants(*, user: User, accesses: Iterable[CourseAccess], now: datetime) -> None:
    """Tell a student, in one mail, what was given or opened at `now`; the result of one service, as it returned it.

    Rows that stood there before are left out, so telling the result of a repeated call sends nothing. Courses they are
    suspended from are left out too: their door stays closed.
    """
    new = [access for access in accesses if now in {access.granted_at, access.starts_at}]
    suspended = Suspension.objects.filter(user=user, lifted_at=None).values_list("course_id", flat=True)
    closed = set(suspended) if new else set()
    rights = _rights([access for access in new if access.course_id not in closed], now)
    if rights:
        _send("granted", _of_grants(rights), user, {"rights": rights})


def announce_many_grants(*, news: Iterable[tuple[User, list[CourseAccess]]], now: datetime) -> None:
    """Tell each of these students, in one mail each, what of this is open to them; three queries, however many."""
    pairs = [(user, [access for access in accesses if access.is_open(now)]) for user, accesses in news]
    prefetch_related_objects([access for _, accesses in pairs for access in accesses], "course")
    suspensions = Suspension.objects.filter(user__in=[user.pk for user, _ in pairs], lifted_at=None)
    closed = set(suspensions.values_list("user_id", "course_id"))
    mails = []
    for user, accesses in pairs:
        rights = _rights([access for access in accesses if (user.pk, access.course_id) not in closed], now)
        if rights and user.is_active:
            mails.append(_message("granted", _of_grants(rights), user, {"rights": rights}))
    get_connection().send_messages(mails)


def announce_ended(*, user: User, accesses: Iterable[CourseAccess], now: datetime) -> None:
    """Tell a student, in one mail, which rights ended and how to renew them."""
    if rights := _rights(accesses, now):
        _send("ended", f"Your access to {_together(rights)} has ended", user, {"rights": rights})


def announce_ending(*, user: User, accesses: Iterable[CourseAccess], now: datetime) -> None:
    """Tell a student, in one mail, which rights end soon."""
    if rights := _rights(accesses, now):
        _send("ending", f"Your access to {_together(rights)} ends soon", user, {"rights": rights})


def announce_suspension(*, suspension: Suspension) -> None:
    """Tell a student that staff closed a course; the reason is for staff, the public note for them."""
    course = _one_line(suspension.course.title)
    facts = {"course": course, "note": _one_line(suspension.public_note)}
    _send("suspended", f"Your access to {course} is suspended", suspension.user, facts)


def announce_reinstatement(*, suspension: Suspension) -> None:
    """Tell a student that staff lifted the suspension. Whether the course is open is up to their rights."""
    course = _one_line(suspension.course.title)
    facts = {"course": course, "address": _address(suspension.course.get_absolute_url())}
    _send("reinstated", f"The suspension from {course} is lifted", suspension.user, facts)


def _rights(accesses: Iterable[CourseAccess], now: datetime) -> list[Right]:
    """What is open first, then by name, in two queries however many; a tier is called what staff call it.

    Of a draft students know nothing.
    """
    rows = list(accesses)
    prefetch_related_objects(rows, "course")
    rows = [access for access in rows if access.course is None or access.course.status != CourseStatus.DRAFT]
    levels = {access.tier_level for access in rows if access.tier_level is not None}
    tiers = {tier.level: tier for tier in Tier.objects.filter(level__in=levels)} if levels else {}
    return sorted((_right(access, tiers, now) for access in rows), key=_opening)


def _opening(right: Right) -> tuple[bool, bool, str]:
    return right.is_waiting, right.opens_at is not None, right.name.casefold()


def _right(access: CourseAccess, tiers: dict[int, Tier], now: datetime) -> Right:
    if access.course:
        name, path = access.course.title, access.course.get_absolute_url()
    else:
        tier = tiers.get(access.tier_level or 0)
        name, path = f"{tier or f'Tier {access.tier_level}'} membership", reverse("pricing")
    opens_at = access.starts_at if access.starts_at and access.starts_at > now else None
    return Right(_one_line(name), _address(path), opens_at, access.expires_at, access.starts_at is None)


def _of_grants(rights: list[Right]) -> str:
    return f"You have access to {_together(rights)}"


def _together(rights: list[Right]) -> str:
    first = rights[0].name
    return first if len(rights) == 1 else f"{first} and {len(rights) - 1} more"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _send(name: str, subject: str, user: User, facts: dict[str, Any]) -> None:
    """Send the message, but to who may no longer sign in."""
    if user.is_active:
        _message(name, subject, user, facts).send()


def _message(name: str, subject: str, user: User, facts: dict[str, Any]) -> EmailMultiAlternatives:
    """Write the message in the reader's own time."""
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "support_email": settings.SUPPORT_EMAIL}
    context = facts | site | {"user": user}
    with timezone.override(zone_named(user.time_zone)):
        text = render_to_string(f"access/email/{name}.txt", context).strip() + "\n"
        html = render_to_string(f"access/email/{name}.html", context)
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email])
    message.attach_alternative(html, "text/html")
    return message
