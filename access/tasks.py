"""What the worker does for rights."""

from collections.abc import Callable
from dataclasses import asdict

import structlog
from django.utils import timezone

from access import services
from access.services import catching_up
from access.services.bulk import apply_chunk, expire_batches, note_halt
from access.services.bulk_telling import tell_batch as tell_next
from access.services.bulk_undoing import undo_chunk

log = structlog.get_logger(__name__)


def sweep_access() -> None:
    """Note the starts and ends that have passed, and tell students of them."""
    log.info("access_swept", **asdict(services.sweep_access(now=timezone.now())))


def catch_up(kind: str, group_id: int, actor_id: int, after: int) -> None:
    """Give the people of a cohort, bundle or path what came to it after them."""
    given = catching_up.catch_up(kind=kind, group_id=group_id, actor_id=actor_id, after=after, now=timezone.now())
    log.info("group_caught_up", kind=kind, group=group_id, after=after, given=given)


def apply_batch(batch_id: int) -> None:
    """Apply a batch, from where it stands."""
    _work(batch_id, apply_chunk)


def undo_batch(batch_id: int) -> None:
    """Undo a batch, from where it stands."""
    _work(batch_id, undo_chunk)


def tell_batch(batch_id: int) -> None:
    """Write the mails of a batch that are not yet written."""
    tell_next(batch_id=batch_id, now=timezone.now())


def expire_checks() -> None:
    """Let go of checks of bulk access that are too old to be applied."""
    log.info("checks_expired", count=expire_batches(now=timezone.now()))


def _work(batch_id: int, chunk: Callable[..., bool]) -> None:
    """Go on to the end; what stops it is written down, and the queue starts it again later.

    :raises Exception: whatever stopped it
    """
    try:
        while chunk(batch_id=batch_id, now=timezone.now()):
            pass
    except Exception as error:
        note_halt(batch_id=batch_id, cause=f"{type(error).__name__}: {error}")
        raise
