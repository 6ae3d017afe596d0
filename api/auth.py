"""Who may call: the session of a signed-in user, with the CSRF token on unsafe calls."""

from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security import SessionAuth

from accounts.models import User
from api.errors import Refused, error_body


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


class StaffSession(Session):
    """Staff, with this permission of Django's; who is signed in and is none gets 403."""

    def __init__(self, permission: str = "") -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> User | None:
        user = super().__call__(request)
        if user and not (user.is_staff and (not self.permission or user.has_perm(self.permission))):
            raise Refused(HTTPStatus.FORBIDDEN, error_body("forbidden", "Your account may not do this."))
        return user


staff_session = StaffSession()
content_session = StaffSession("catalog.change_course")
