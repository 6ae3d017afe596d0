"""Users in Django's admin. Its own log-in form is replaced by the site's, with its limits and second step."""

from typing import Any

from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import StaffAction, User
from accounts.services import end_all_sessions
from common.admin import ReadOnly


class LowerCaseEmail:
    """The address as it is stored: in lower case."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()


class NewUserForm(LowerCaseEmail, AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email",)


class UserForm(LowerCaseEmail, UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"


ROLE = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    form = UserForm
    add_form = NewUserForm
    ordering = ("email",)
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    search_fields = ("email", "name")
    actions = ("log_out_everywhere",)
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "time_zone")}),
        ("Rights", {"fields": ("is_active", *ROLE), "description": "Roles are given on the dashboard, under Staff."}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody gets a role here (T83), and staff are not closed before their role is taken, so an owner remains."""
        return (*ROLE, "is_active") if obj and obj.is_staff else ROLE

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Who may change a member of staff could set their password and log in as them: only who has every right."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_staff or request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_staff)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save; a closed account is logged out for good, also if it is opened again (T75)."""
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data and not obj.is_active:
            end_all_sessions(user=obj)

    @admin.action(description="Log out everywhere", permissions=("change",))
    def log_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if self.has_change_permission(request, user):
                end_all_sessions(user=user)


admin.site.unregister([UserSession, Group])  # what a role may do is said in dashboard/roles.py


@admin.register(UserSession)
class SessionAdmin(UserSessionAdmin):
    """allauth's, which would search for a user name: ours have none, and the search would fail."""

    search_fields = ("user__email", "user__name", "ip")


@admin.register(StaffAction)
class StaffActionAdmin(ReadOnly):
    """The log of staff: shown, never edited."""

    list_display = ("at", "actor", "verb", "kind", "label", "detail")
    list_select_related = ("actor",)
    search_fields = ("label", "detail", "actor__email")
    ordering = ("-at", "-pk")
    show_full_result_count = False
