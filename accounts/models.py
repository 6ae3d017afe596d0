"""Who signs in: a person known by an e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from common.append_only import AppendOnlyModel


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail; look-ups by address ignore case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password nobody can log in until they reset it."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A student or a member of staff. Addresses are stored in lower case, so case never makes two people."""

    username = None  # type: ignore[assignment] # Django's way to drop a field
    first_name = None  # type: ignore[assignment] # as above
    last_name = None  # type: ignore[assignment] # as above
    email = models.EmailField("e-mail", max_length=254)
    name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment] # another manager than the base's

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("email",), name="user_email_is_unique"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        )
        indexes = (
            models.Index(fields=["date_joined"], name="user_in_time"),
            models.Index(Lower("name"), "id", name="user_by_name"),
            models.Index(fields=["email"], condition=models.Q(is_staff=True), name="user_of_staff"),
        )

    def __str__(self) -> str:
        return self.email

    @property
    def display_name(self) -> str:
        """The name on pages and certificates; the part before the @ until one is given."""
        return self.name or self.email.partition("@")[0]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Every session carries this value and dies when it changes: at a new password, a new address, other rights,
        # or a raised epoch ("log out others"). Django mixes in the password only.
        mark = f"{self.password}|{self.email}|{self.is_staff}|{self.is_superuser}|{self.session_epoch}"
        return salted_hmac("accounts.models.User.session", mark, secret=secret, algorithm="sha256").hexdigest()


class StaffAction(AppendOnlyModel):
    """What a member of staff did in the dashboard. Changes of access are told by `AccessEvent`, not here."""

    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_actions")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=40, help_text="In the past: created, changed, moved to trash, exported")
    kind = models.CharField(max_length=40, help_text="What kind of thing: course, lesson, cohort, student")
    object_id = models.BigIntegerField(null=True, blank=True)
    label = models.CharField(max_length=200, blank=True, help_text="What it was called then")
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(verb="") & ~models.Q(kind=""), name="staff_action_says_what"),
        )
        indexes = (
            models.Index(fields=["at"], name="staff_action_in_time"),
            models.Index(fields=["kind", "object_id", "at"], name="staff_action_of_a_thing"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_id} {self.verb} {self.kind} {self.object_id}"
