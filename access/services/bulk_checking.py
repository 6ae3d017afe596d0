"""The dry run of a batch: every line judged and kept as a draft. Nothing else is written: no right, event or mail."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from access.models import AccessBatch, AccessBatchRow, BatchAction, Verdict
from access.models.batches import CHANGING, CHECK_LASTS
from access.services.bulk_rules import courses_by_id, holdings_of, judge
from accounts.models import User
from catalog.models import Course, CourseQuerySet
from common.moments import start_of_day

CHUNK = 2000
LAST_YEAR = 2200


@dataclass(frozen=True)
class Wish:
    """One line as it was written."""

    line: int
    email: str
    slug: str
    action: str
    until: str = ""
    note: str = ""


@dataclass
class _Check:
    """What is known while the lines are read: the courses they may name, and which student and course came before."""

    courses: Mapping[str, int]
    by_id: Mapping[int, Course]
    seen: set[tuple[str, str]] = field(default_factory=set)


class BadDate(Exception):
    """The text is no day and no moment we take."""


@transaction.atomic
def check_batch(
    *, wishes: list[Wish], by: User, name: str, sha256: str, tells: bool, now: datetime
) -> AccessBatch:  # fmt: skip
    """Judge every line and keep the verdicts for an hour, for `apply_batch`."""
    batch = AccessBatch.objects.create(
        by=by, name=name[:200], sha256=sha256, tells=tells, created_at=now, expires_at=now + CHECK_LASTS
    )
    slugs = {wish.slug for wish in wishes}
    kept = dict(CourseQuerySet(Course).kept().filter(slug__in=slugs).values_list("slug", "pk"))
    check = _Check(kept, courses_by_id(kept.values()))
    counts: Counter[str] = Counter()
    for start in range(0, len(wishes), CHUNK):
        rows = _judged(batch, wishes[start : start + CHUNK], check, now)
        AccessBatchRow.objects.bulk_create(rows)
        counts.update(row.verdict for row in rows)
    batch.counts = {"verdicts": dict(counts)}
    batch.total = sum(counts[verdict] for verdict in CHANGING)
    batch.save(update_fields=["counts", "total"])
    return batch


def _judged(batch: AccessBatch, wishes: list[Wish], check: _Check, now: datetime) -> list[AccessBatchRow]:
    found = User.objects.filter(email__in={wish.email for wish in wishes}).values_list("email", "pk", "is_staff")
    ids, is_staff = {email: pk for email, pk, _ in found}, {pk: staff for _, pk, staff in found}
    rows = [_row(batch, wish, ids.get(wish.email), check) for wish in wishes]
    held = holdings_of(is_staff, check.by_id)
    for row in rows:
        row.verdict = row.verdict or judge(row, held, now).verdict
    return rows


def _row(batch: AccessBatch, wish: Wish, user_id: int | None, check: _Check) -> AccessBatchRow:
    """The line with what its words mean, and its verdict if they mean nothing."""
    row = AccessBatchRow(
        batch=batch,
        line=wish.line,
        email=wish.email,
        slug=wish.slug,
        action=wish.action,
        until_text=wish.until,
        note=wish.note,
        user_id=user_id,
        course_id=check.courses.get(wish.slug),
    )
    row.verdict = _first_mistake(row, check.seen) or ""
    if not row.verdict:
        check.seen.add((row.email, row.slug))
    return row


def _first_mistake(row: AccessBatchRow, seen: Iterable[tuple[str, str]]) -> Verdict | None:
    mistakes = {
        Verdict.UNKNOWN_EMAIL: row.user_id is None,
        Verdict.UNKNOWN_COURSE: row.course_id is None,
        Verdict.BAD_ACTION: row.action not in BatchAction.values,
        Verdict.BAD_DATE: not _has_good_date(row),
        Verdict.NO_REASON: row.action == BatchAction.REVOKE and not row.note,
        Verdict.REPEATED: (row.email, row.slug) in seen,
    }
    return next((verdict for verdict, is_so in mistakes.items() if is_so), None)


def _has_good_date(row: AccessBatchRow) -> bool:
    """Reads the date, too: one that is there must be one, and extending needs one."""
    try:
        row.until = until_of(row.until_text)
    except BadDate:
        return False
    return row.until is not None or row.action != BatchAction.EXTEND


def until_of(text: str) -> datetime | None:
    """The first moment that is too late: after a last day such as 2026-05-31, or a moment such as 2026-05-31T18:00.

    A moment without an offset is on the site's clock. Empty is none.

    :raises BadDate: for anything else, and after the year 2200
    """
    if not text:
        return None
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        raise BadDate from None
    if day and day.year <= LAST_YEAR:
        return start_of_day(day + timedelta(days=1))
    if moment and moment.year <= LAST_YEAR:
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment, timezone.get_default_timezone())
    raise BadDate
