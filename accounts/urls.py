"""The account pages: the ones of allauth that we use, at our addresses, and no others."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from accounts import views
from accounts.views import answering, without_referrer

MINUTE = 60

entrance = [
    path("login/", answering(account.login, retry_after=MINUTE), name="account_login"),
    path("login/code/", answering(mfa.authenticate, retry_after=MINUTE), name="mfa_authenticate"),
    path("login/passkey/", answering(passkeys.login_webauthn, retry_after=MINUTE), name="mfa_login_webauthn"),
    path("login/closed/", account.account_inactive, name="account_inactive"),
    path("logout/", account.logout, name="account_logout"),
    path("register/", answering(views.SignupView.as_view()), name="account_signup"),
    path(
        "confirm-email/<str:key>/",
        without_referrer(answering(views.ConfirmEmailView.as_view(), atomic=True)),
        name="account_confirm_email",
    ),
]

password_reset = [
    path("password/reset/", answering(account.password_reset), name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        without_referrer(answering(views.PasswordResetFromKeyView.as_view(), atomic=True)),
        name="account_reset_password_from_key",
    ),
]

settings = [
    path("account/", views.account, name="account"),
    path("account/email/", answering(views.email, atomic=True), name="account_email"),
    path("account/password/", answering(account.password_change, atomic=True), name="account_change_password"),
    path("account/password/first/", answering(account.password_set, atomic=True), name="account_set_password"),
    path("account/sessions/", answering(sessions.list_usersessions, atomic=True), name="usersessions_list"),
    path("account/confirm/", answering(account.reauthenticate, retry_after=MINUTE), name="account_reauthenticate"),
    path("account/confirm/code/", answering(mfa.reauthenticate, retry_after=MINUTE), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        answering(passkeys.reauthenticate_webauthn, retry_after=MINUTE),
        name="mfa_reauthenticate_webauthn",
    ),
]

security = [
    path("account/security/", mfa.index, name="mfa_index"),
    path("account/security/app/", answering(totp.activate_totp, atomic=True), name="mfa_activate_totp"),
    path("account/security/app/off/", answering(totp.deactivate_totp, atomic=True), name="mfa_deactivate_totp"),
    path("account/security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/security/codes/new/",
        answering(codes.generate_recovery_codes, atomic=True),
        name="mfa_generate_recovery_codes",
    ),
    path("account/security/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/security/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/security/passkeys/add/", answering(passkeys.add_webauthn, atomic=True), name="mfa_add_webauthn"),
    path(
        "account/security/passkeys/<int:pk>/", answering(passkeys.edit_webauthn, atomic=True), name="mfa_edit_webauthn"
    ),
    path(
        "account/security/passkeys/<int:pk>/remove/",
        answering(passkeys.remove_webauthn, atomic=True),
        name="mfa_remove_webauthn",
    ),
]

urlpatterns = [*entrance, *password_reset, *settings, *security]
