"""Who may call: the session of a signed-in user, with the CSRF token on unsafe calls."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security import SessionAuth

from accounts.models import User


class Session(SessionAuth):
    """The signed-in user; a visitor is told to log in before anything is said about the CSRF token."""

    def __call__(self, request: HttpRequest) -> User | None:
        if not request.user.is_authenticated:
            return None
        # A beacon sends a form: once the CSRF check has read its fields, the body could not be read any more.
        request.body  # noqa: B018 - reading keeps it
        user: User | None = super().__call__(request)
        return user


class OptionalSession(SessionAuth):
    """Lets visitors read what is public; the decision says what that is."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | AnonymousUser:
        return request.user


session = Session()
optional_session = OptionalSession(csrf=False)
