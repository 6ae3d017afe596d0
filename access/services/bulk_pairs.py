"""Users times courses in one call: a small batch, checked and applied at once, and kept like the others."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from access.models import Verdict
from access.services.bulk import apply_batch, apply_chunk
from access.services.bulk_checking import Wish, check_batch
from accounts.models import User
from catalog.models import Course, CourseQuerySet

MOST_PAIRS = 2000


@transaction.atomic
def grant_pairs(*, user_ids: Collection[int], course_ids: Collection[int], actor: User, now: datetime) -> int:
    """Give each of these courses to each of these students who has it not open; returns how many rights  [V-7].

    Unknown ids are left out. Students are told by mail.
    """
    emails = User.objects.filter(pk__in=user_ids).order_by("pk").values_list("email", flat=True)
    slugs = CourseQuerySet(Course).kept().filter(pk__in=course_ids).order_by("pk").values_list("slug", flat=True)
    pairs = [(email, slug) for email in emails for slug in slugs]
    wishes = [Wish(line, email, slug, "grant") for line, (email, slug) in enumerate(pairs, 1)]
    if not wishes:
        return 0
    digest = hashlib.sha256(repr(pairs).encode()).hexdigest()
    batch = check_batch(wishes=wishes, by=actor, name="Call", sha256=digest, tells=True, now=now)
    if batch.total:
        apply_batch(batch=batch, actor=actor, now=now)
        while apply_chunk(batch_id=batch.pk, now=now):
            pass
        batch.refresh_from_db()
    return int(batch.counts["verdicts"].get(Verdict.GRANT, 0))
