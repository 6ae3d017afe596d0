"""What the worker does for rights."""

from dataclasses import asdict

import structlog
from django.utils import timezone

from access import services

log = structlog.get_logger(__name__)


def sweep_access() -> None:
    """Note the starts and ends that have passed, and tell students of them."""
    log.info("access_swept", **asdict(services.sweep_access(now=timezone.now())))
