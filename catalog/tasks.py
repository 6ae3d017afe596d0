"""What the worker does for the catalog."""

from dataclasses import asdict

import structlog
from django.utils import timezone

from catalog import held_uploads, trash
from catalog.folders import holding

log = structlog.get_logger(__name__)


def purge_trash() -> None:
    """Delete for good what has lain in the trash for 30 days, but for what must be kept."""
    log.info("trash_purged", **asdict(trash.purge_trash(now=timezone.now())))


def forget_imports() -> None:
    """Delete uploaded courses that were held for their hour."""
    log.info("imports_forgotten", count=holding.forget_imports(now=timezone.now()))


def drop_held_uploads() -> None:
    """Delete files of refused forms that nobody came back for within a day."""
    log.info("held_uploads_dropped", count=held_uploads.drop_old(now=timezone.now()))
