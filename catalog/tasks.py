"""What the worker does for the catalog."""

from dataclasses import asdict

import structlog
from django.utils import timezone

from catalog import trash

log = structlog.get_logger(__name__)


def purge_trash() -> None:
    """Delete for good what has lain in the trash for 30 days, but for what must be kept."""
    log.info("trash_purged", **asdict(trash.purge_trash(now=timezone.now())))
