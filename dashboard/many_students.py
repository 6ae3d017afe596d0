"""What is done for several students at once."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from access.models import AccessBatch, BatchAction, Cohort
from access.services import AccessRefused, CohortFull, add_to_cohort
from access.services.bulk_checking import Wish, check_batch
from accounts.models import User
from accounts.services import note_action
from catalog.models import Course

MOST = 10_000
MOST_INTO_A_COHORT = 500


class TooMany(Exception):
    """More than are done at once; the message says how many may be."""


@dataclass(frozen=True)
class Added:
    """How many came into a cohort, were in it, and found no place or could not be given its courses."""

    added: int
    present: int
    refused: int


def check_grants(
    *, students: QuerySet[User], course: Course, last_day: date | None, note: str, actor: User, now: datetime
) -> AccessBatch:
    """Check one grant for each, as a batch: it shows what would happen, and is applied and undone as any other.

    :raises TooMany: above ten thousand
    """
    emails = list(students.values_list("email", flat=True)[: MOST + 1])
    if len(emails) > MOST:
        raise TooMany(f"At most {MOST:,} students at once. Narrow the list.")
    until = last_day.isoformat() if last_day else ""
    wishes = [Wish(line, email, course.slug, BatchAction.GRANT, until, note) for line, email in enumerate(emails, 1)]
    digest = hashlib.sha256(repr(wishes).encode()).hexdigest()
    name = f"{course}: {len(wishes)} chosen"
    return check_batch(wishes=wishes, by=actor, name=name, sha256=digest, tells=True, now=now)


@transaction.atomic
def add_all_to_cohort(*, students: QuerySet[User], cohort: Cohort, actor: User, now: datetime) -> Added:
    """Put each into the cohort as long as there are seats; a course that ends before it starts refuses its student.

    :raises TooMany: above five hundred
    """
    chosen = list(students.order_by("pk")[: MOST_INTO_A_COHORT + 1])
    if len(chosen) > MOST_INTO_A_COHORT:
        raise TooMany(f"At most {MOST_INTO_A_COHORT} students at once. Narrow the list.")
    added = present = 0
    for student in chosen:
        try:
            _, is_new = add_to_cohort(user=student, cohort=cohort, actor=actor, now=now)
        except (CohortFull, AccessRefused):
            continue
        added, present = added + is_new, present + (not is_new)
    if added:
        note_action(actor=actor, verb="added students", about=cohort, detail=f"{added} at once")
    return Added(added, present, len(chosen) - added - present)
