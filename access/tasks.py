"""What the worker does for rights."""

from dataclasses import asdict

import structlog
from django.utils import timezone

from access import services
from access.services import catching_up

log = structlog.get_logger(__name__)


def sweep_access() -> None:
    """Note the starts and ends that have passed, and tell students of them."""
    log.info("access_swept", **asdict(services.sweep_access(now=timezone.now())))


def catch_up(kind: str, group_id: int, actor_id: int, after: int) -> None:
    """Give the people of a cohort, bundle or path what came to it after them."""
    given = catching_up.catch_up(kind=kind, group_id=group_id, actor_id=actor_id, after=after, now=timezone.now())
    log.info("group_caught_up", kind=kind, group=group_id, after=after, given=given)
