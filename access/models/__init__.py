"""Rights and what gives them. Read `rights` first: nothing else opens a course."""

from access.models.batches import (
    AccessBatch,
    AccessBatchRow,
    BatchAction,
    BatchState,
    UndoOutcome,
    Verdict,
)
from access.models.bundles import Bundle, BundleCourse, BundleLevel, BundlePurchase, BundleType
from access.models.cohorts import Cohort, CohortMembership
from access.models.notices import AccessNotice, NoticeKind
from access.models.paths import LearningPath, PathMembership, PathStep
from access.models.rights import (
    OPENING,
    AccessAction,
    AccessEvent,
    AccessStatus,
    AccessType,
    CourseAccess,
    CourseAccessQuerySet,
    CourseEnrollment,
    PaymentType,
    Suspension,
)
from access.models.tiers import Tier

__all__ = [
    "OPENING",
    "AccessAction",
    "AccessBatch",
    "AccessBatchRow",
    "AccessEvent",
    "AccessNotice",
    "AccessStatus",
    "AccessType",
    "BatchAction",
    "BatchState",
    "Bundle",
    "BundleCourse",
    "BundleLevel",
    "BundlePurchase",
    "BundleType",
    "Cohort",
    "CohortMembership",
    "CourseAccess",
    "CourseAccessQuerySet",
    "CourseEnrollment",
    "LearningPath",
    "NoticeKind",
    "PathMembership",
    "PathStep",
    "PaymentType",
    "Suspension",
    "Tier",
    "UndoOutcome",
    "Verdict",
]
