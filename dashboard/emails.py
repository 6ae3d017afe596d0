"""Mails to staff. Each is stored with the change it tells of, and sent by a job."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts.models import User


def announce_role(*, user: User, role: str, may: str) -> None:
    """Tell somebody that they are staff now, and as what; who did not expect it can say so."""
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "support_email": settings.SUPPORT_EMAIL}
    text = render_to_string("dashboard/email/role.txt", site | {"role": role, "may": may})
    send_mail(f"You are staff at {settings.SITE_NAME}: {role}", text.strip() + "\n", None, [user.email])
