"""What may be taken back, on every page of the dashboard."""

from typing import Any

from django import template
from django.utils import timezone

from dashboard.undoing import Offer, offered

register = template.Library()


@register.simple_tag(takes_context=True)
def undo_offered(context: dict[str, Any]) -> Offer | None:
    """Use as `{% undo_offered as offer %}`."""
    return offered(context["request"], timezone.now())
