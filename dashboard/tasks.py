"""What the dashboard has done in the background."""

from django.utils import timezone

from dashboard.keeping import count_ahead


def count_reports() -> None:
    """Count the reports over the whole school, so that no page of staff waits for them; twice changes nothing more."""
    count_ahead(timezone.now())
