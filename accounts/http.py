"""Request types: a request whose user is signed in, and the error pages' plain request."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User

Viewer = User | AnonymousUser


class SiteRequest(HttpRequest):
    """Any visitor's request, as our middleware leaves it."""

    htmx: HtmxDetails
    user: Viewer


class StudentRequest(SiteRequest):
    """A request behind LoginRequiredMiddleware."""

    user: User
