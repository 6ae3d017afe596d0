"""Every write of rights and of what gives them. One file per noun; read `rights` first."""

from access.services.bundles import (
    BundleRefused,
    buy_bundle,
    end_bundle_purchase,
    grant_bundle_access,
    save_bundle,
)
from access.services.by_hand import grant_by_hand, open_by_hand, revoke_course
from access.services.cohorts import (
    CohortClosed,
    CohortFull,
    NotAMember,
    SeatsBelowMembers,
    add_to_cohort,
    join_cohort,
    leave_cohort,
    remove_from_cohort,
    save_cohort,
)
from access.services.enrolling import REFUSALS, EnrollmentClosed, enroll, enroll_free, join_course
from access.services.paths import (
    PathClosed,
    advance_paths,
    join_path,
    leave_path,
    start_path,
)
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
from access.services.sweeping import sweep_access
from access.services.tiers import override_tier

__all__ = [
    "LIVE",
    "REFUSALS",
    "AccessRefused",
    "BundleRefused",
    "CohortClosed",
    "CohortFull",
    "EnrollmentClosed",
    "NotAMember",
    "PathClosed",
    "ReasonMissing",
    "SeatsBelowMembers",
    "activate_access",
    "add_to_cohort",
    "advance_paths",
    "buy_bundle",
    "end_bundle_purchase",
    "enroll",
    "enroll_free",
    "expiry_for",
    "extend_access",
    "grant_access",
    "grant_bundle_access",
    "grant_by_hand",
    "join_cohort",
    "join_course",
    "join_path",
    "leave_cohort",
    "leave_path",
    "lock_access",
    "move_access",
    "open_by_hand",
    "override_tier",
    "reinstate",
    "remove_from_cohort",
    "revoke_access",
    "revoke_course",
    "save_bundle",
    "save_cohort",
    "start_path",
    "suspend",
    "sweep_access",
    "unlock_access",
]
