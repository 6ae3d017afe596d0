"""Every named constraint has a test in which the database refuses; those without a place of their own stand here."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from catalog.models import RESERVED_LESSON_SLUGS
from common.models import Job
from tests import factories as make

pytestmark = pytest.mark.django_db
OURS = {"accounts", "catalog", "access", "progress", "common"}
TESTS = Path(__file__).parent
SOLD = {"enrollment_method": "purchase"}


def twice(factory, *same, **fields):
    """Make a row, and another that shares these fields with it."""
    row = factory(**fields)
    return factory(**{name: getattr(row, name) for name in same})


REFUSED = [
    ("staff_action_says_what", lambda: make.StaffActionFactory(verb="")),
    ("staff_action_says_what", lambda: make.StaffActionFactory(kind="")),
    ("course_in_trash_is_a_draft", lambda: make.CourseFactory(trashed_at=make.NOW, status="active")),
    ("lesson_in_trash_is_not_published", lambda: make.LessonFactory(trashed_at=make.NOW)),
    ("course_for_subscribers_names_a_level", lambda: make.CourseFactory(enrollment_method="subscription_only")),
    ("course_level_is_at_most_three", lambda: make.CourseFactory(required_level=4, **SOLD)),
    ("course_with_a_level_is_sold_or_subscribed", lambda: make.CourseFactory(required_level=1)),
    ("course_fixed_days_names_the_days", lambda: make.CourseFactory(access_duration_type="fixed_days")),
    ("course_fixed_days_names_the_days",
     lambda: make.CourseFactory(access_duration_type="fixed_days", access_duration_days=0)),
    ("course_until_date_names_the_date", lambda: make.CourseFactory(access_duration_type="until_date")),
    ("import_says_of_what", lambda: make.CourseImportFactory(sha256="")),
    ("import_says_of_what", lambda: make.CourseImportFactory(course_slug="")),
    ("prerequisite_once_per_course", lambda: twice(make.PrerequisiteFactory, "course", "required")),
    ("lesson_slug_is_unique_in_its_course", lambda: twice(make.LessonFactory, "course", "slug")),
    *[("lesson_slug_is_not_reserved", lambda slug=slug: make.LessonFactory(slug=slug))
      for slug in sorted(RESERVED_LESSON_SLUGS)],
    ("old_lesson_slug_once_per_course", lambda: twice(make.OldLessonSlugFactory, "course", "slug")),
    ("lesson_threshold_is_a_percentage", lambda: make.LessonFactory(completion_threshold=0)),
    ("lesson_threshold_is_a_percentage", lambda: make.LessonFactory(completion_threshold=101)),
    ("material_is_a_file_or_an_address", lambda: make.MaterialFactory(url="")),
    ("material_is_a_file_or_an_address", lambda: make.MaterialFactory(file="materials/plan.pdf")),
    ("favorite_once_per_course", lambda: twice(make.FavoriteCourseFactory, "user", "course")),
    ("bundle_names_a_course_once", lambda: twice(make.BundleCourseFactory, "bundle", "course")),
    ("access_one_live_row_per_course_and_source",
     lambda: twice(make.CourseAccessFactory, "user", "course", "source_key")),
    ("access_one_live_row_per_tier_and_source",
     lambda: twice(make.CourseAccessFactory, "user", "course", "tier_level", "source_key", course=None, tier_level=2)),
    *[("access_starts_unless_pending", lambda status=status: make.CourseAccessFactory(status=status, starts_at=None))
      for status in ("unlocked", "locked", "expired")],
    ("event_is_about_a_right_or_a_suspension",
     lambda: make.AccessEventFactory(access=None, user=make.UserFactory(), course=None)),
    ("event_is_about_a_right_or_a_suspension", lambda: make.AccessEventFactory(suspension=make.SuspensionFactory())),
    ("event_of_a_loss_gives_a_reason", lambda: make.AccessEventFactory(action="revoked")),
    ("event_of_a_loss_gives_a_reason", lambda: make.AccessEventFactory(action="suspended")),
    ("batch_expires_after_its_check", lambda: make.AccessBatchFactory(expires_at=make.NOW)),
    ("batch_applied_says_when_and_who", lambda: make.AccessBatchFactory(applied_at=make.NOW)),
    ("batch_applied_says_when_and_who", lambda: make.AccessBatchFactory(state="applying", applied_at=make.NOW)),
    ("batch_undone_says_when", lambda: make.AppliedBatchFactory(state="undone")),
    ("batch_undone_says_when", lambda: make.AccessBatchFactory(undone_at=make.NOW)),
    ("batch_does_at_most_all", lambda: make.AccessBatchFactory(total=1, done=2)),
    ("batch_row_once_per_line", lambda: twice(make.AccessBatchRowFactory, "batch", "line")),
    ("batch_row_changed_only_by_its_verdict",
     lambda: make.AccessBatchRowFactory(access=make.CourseAccessFactory(), verdict="grant")),
    ("batch_row_undoes_only_what_it_did", lambda: make.AccessBatchRowFactory(undo="undone")),
    ("enrollment_quiz_score_is_a_percentage", lambda: make.CourseEnrollmentFactory(lowest_quiz_score=101)),
    ("path_names_a_course_once", lambda: twice(make.PathStepFactory, "path", "course")),
    ("path_membership_once_per_path", lambda: twice(make.PathMembershipFactory, "path", "user")),
    ("progress_once_per_lesson", lambda: twice(make.LessonProgressFactory, "user", "lesson")),
    ("course_progress_once", lambda: twice(make.CourseProgressFactory, "user", "course")),
    ("job_attempts_are_bounded", lambda: Job.objects.create(task="common.tasks.tidy_up", attempts=6)),
    ("job_failures_are_bounded", lambda: Job.objects.create(task="common.tasks.tidy_up", failures=51, attempts=51)),
]  # fmt: skip


def is_unique(name):
    found = [guard for model in our_models() for guard in model._meta.constraints if guard.name == name]
    return isinstance(found[0], models.UniqueConstraint)


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


@pytest.mark.parametrize(("name", "build"), REFUSED, ids=[f"{n}-{name}" for n, (name, _) in enumerate(REFUSED)])
def test_the_database_refuses(name, build):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        build()

    # SQLite tells the columns of a unique constraint instead of its name.
    says = "UNIQUE" if connection.vendor == "sqlite" and is_unique(name) else name
    assert says in str(error.value)


def test_every_constraint_is_named_in_a_test():
    tests = "".join(path.read_text() for path in TESTS.rglob("*.py"))

    assert [guard.name for model in our_models() for guard in model._meta.constraints if guard.name not in tests] == []
