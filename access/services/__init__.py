"""Every write of rights and of what gives them. One file per noun; read `rights` first."""

from access.services.enrolling import REFUSALS, EnrollmentClosed, enroll, enroll_free, join_course
from access.services.rights import (
    LIVE,
    AccessRefused,
    ReasonMissing,
    activate_access,
    expiry_for,
    extend_access,
    grant_access,
    lock_access,
    move_access,
    revoke_access,
    unlock_access,
)
from access.services.suspending import reinstate, suspend
from access.services.tiers import end_override, override_tier

__all__ = [
    "LIVE",
    "REFUSALS",
    "AccessRefused",
    "EnrollmentClosed",
    "ReasonMissing",
    "activate_access",
    "end_override",
    "enroll",
    "enroll_free",
    "expiry_for",
    "extend_access",
    "grant_access",
    "join_course",
    "lock_access",
    "move_access",
    "reinstate",
    "revoke_access",
    "suspend",
    "unlock_access",
]
