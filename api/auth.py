"""Who may call: the session of a signed-in user, with the CSRF token on unsafe calls."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security import SessionAuth

from accounts.models import User

session = SessionAuth()


class OptionalSession(SessionAuth):
    """Lets visitors read what is public; the decision says what that is."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | AnonymousUser:
        return request.user


optional_session = OptionalSession(csrf=False)
