"""What the settings of a course mean, in words for staff."""

from catalog.models import CourseStatus, CourseType, DurationType, EnrollmentMethod, Visibility
from dashboard.wording import Sign

STATUS_SIGNS = {
    CourseStatus.DRAFT: Sign("Draft", "neutral", "eye-off"),
    CourseStatus.COMING_SOON: Sign("Coming soon", "info", "clock"),
    CourseStatus.ACTIVE: Sign("Published", "ok", "check"),
    CourseStatus.LOCKED: Sign("Closed", "warn", "lock"),
    CourseStatus.ARCHIVED: Sign("Archived", "neutral", "book"),
}
STATUS_NOW = {
    CourseStatus.DRAFT: "a draft",
    CourseStatus.COMING_SOON: "announced",
    CourseStatus.ACTIVE: "published",
    CourseStatus.LOCKED: "closed",
    CourseStatus.ARCHIVED: "archived",
}
STATUS_SAYS = {
    CourseStatus.DRAFT: "Only staff see it. Students find no such page, even those who had access.",
    CourseStatus.COMING_SOON: "Students see its page and previews; nothing can be bought or opened yet.",
    CourseStatus.ACTIVE: "Students see it, join it and learn.",
    CourseStatus.LOCKED: "Nobody new can join; those who take it go on.",
    CourseStatus.ARCHIVED: "As closed, and in no list; those who take it go on.",
}
VISIBILITY_SAYS = {
    Visibility.PUBLIC: "Public: everybody finds it",
    Visibility.MEMBERS_ONLY: "Members only: whoever is logged in finds it",
    Visibility.HIDDEN: "Hidden: whoever has the link sees it; it is in no list",
    Visibility.PRIVATE: "Private: only students who were given access know of it",
}
METHOD_SAYS = {
    EnrollmentMethod.OPEN: "Free: an account is enough",
    EnrollmentMethod.PURCHASE: "Purchase: they buy it",
    EnrollmentMethod.INVITE_ONLY: "By invitation: staff give access",
    EnrollmentMethod.COHORT_ONLY: "Cohorts: they join a cohort",
    EnrollmentMethod.SUBSCRIPTION_ONLY: "Membership: they need one, named below",
}
DURATION_SAYS = {
    DurationType.LIFETIME: "For life",
    DurationType.FIXED_DAYS: "A number of days, from the day access is given",
    DurationType.UNTIL_DATE: "Until a moment, the same for all",
    DurationType.DRIP: "For life, and lessons open day by day",
}
VISIBILITY_NAMES = {key: text.partition(":")[0] for key, text in VISIBILITY_SAYS.items()}
METHOD_NAMES = {key: text.partition(":")[0] for key, text in METHOD_SAYS.items()}
TYPE_NAMES = {key: key.label for key in CourseType}


def status_choices() -> list[tuple[str, str]]:
    return [(key, f"{sign.text}: {STATUS_SAYS[key]}") for key, sign in STATUS_SIGNS.items()]
