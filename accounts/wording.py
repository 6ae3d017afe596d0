"""What the account pages say, in our own words: notices by the name of allauth's template, refusals by their code."""

from typing import Final

# An empty text means: say nothing, the page itself shows it.
NOTICES: Final = {
    "account/messages/cannot_delete_primary_email.txt": "{email} is the address you log in with. It cannot be removed.",
    "account/messages/email_confirmation_failed.txt": "{email} cannot be confirmed for this account.",
    "account/messages/email_confirmation_sent.txt": "A link to confirm {email} is on its way.",
    "account/messages/email_confirmed.txt": "{email} is confirmed.",
    "account/messages/email_deleted.txt": "{email} is removed.",
    "account/messages/logged_in.txt": "",
    "account/messages/logged_out.txt": "You are logged out.",
    "account/messages/password_changed.txt": "The password is changed. Other devices are logged out.",
    "account/messages/password_set.txt": "The password is set. Other devices are logged out.",
    "mfa/messages/recovery_codes_generated.txt": "Recovery codes are ready. Earlier ones no longer work.",
    "mfa/messages/totp_activated.txt": "The authenticator app is on.",
    "mfa/messages/totp_deactivated.txt": "The authenticator app is off.",
    "mfa/messages/webauthn_added.txt": "The passkey is added.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
    "usersessions/messages/sessions_logged_out.txt": "All other devices are logged out.",
}

REFUSALS: Final = {
    "account_inactive": "This account is closed.",
    "duplicate_email": "This is already your address, or on its way to be.",
    "email_password_mismatch": "The e-mail address or the password is wrong.",
    "email_taken": "This address already has an account. Log in, or reset the password.",
    "enter_current_password": "This is not your current password.",
    "incorrect_code": "This code is wrong or was used already.",
    "incorrect_password": "This is not your password.",
    "invalid_password_reset": "This link was used already or is older than an hour.",
    "rate_limited": "Too many attempts. Wait a few minutes.",
    "too_many_login_attempts": "Too many attempts. Wait a few minutes, or reset the password.",
}

# What an empty field asks for, by the name of the field.
REQUESTS: Final = {
    "login": "Enter your e-mail address.",
    "email": "Enter your e-mail address.",
    "name": "Enter your name.",
    "password": "Enter your password.",
    "oldpassword": "Enter your current password.",
    "password1": "Choose a password.",
    "code": "Enter the code.",
}
BAD_EMAIL: Final = "Enter an e-mail address such as name@example.com."

MFA_REFUSALS: Final = {
    "cannot_generate_recovery_codes": "Recovery codes need an authenticator app or a passkey first.",
    "incorrect_code": "This code is wrong or was used already.",
    "unverified_email": "Confirm your e-mail address first, so that nobody can lock you out of your own address.",
}

WAYS_TO_CONFIRM: Final = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code of your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
