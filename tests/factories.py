"""Rows for tests, without surprises: no factory makes a row its name does not say, but for required parents."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from access import models as access
from accounts import models as accounts
from accounts.models import User
from catalog import models as catalog
from progress import models as progress

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a long enough phrase"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class StaffFactory(UserFactory):
    is_staff = True


class StaffActionFactory(DjangoModelFactory):
    class Meta:
        model = accounts.StaffAction

    actor = factory.SubFactory(StaffFactory)
    verb = "created"
    kind = "course"


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = catalog.Category

    name = factory.Sequence(lambda n: f"Category {n}")
    slug = factory.Sequence(lambda n: f"category-{n}")


class TagFactory(DjangoModelFactory):
    class Meta:
        model = catalog.Tag

    slug = factory.Sequence(lambda n: f"tag-{n}")


class CourseFactory(DjangoModelFactory):
    """An active, public, free course without lessons."""

    class Meta:
        model = catalog.Course

    title = factory.Sequence(lambda n: f"Course {n}")
    slug = factory.Sequence(lambda n: f"course-{n}")
    status = catalog.CourseStatus.ACTIVE


class OldCourseSlugFactory(DjangoModelFactory):
    class Meta:
        model = catalog.OldCourseSlug

    course = factory.SubFactory(CourseFactory)
    slug = factory.Sequence(lambda n: f"old-course-{n}")


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = catalog.Module

    course = factory.SubFactory(CourseFactory)
    title = factory.Sequence(lambda n: f"Module {n}")
    order = factory.Sequence(lambda n: n)


class LessonFactory(DjangoModelFactory):
    """A published text lesson; a new course unless one is given. It does not touch the course's counter."""

    class Meta:
        model = catalog.Lesson

    course = factory.SubFactory(CourseFactory)
    title = factory.Sequence(lambda n: f"Lesson {n}")
    slug = factory.Sequence(lambda n: f"lesson-{n}")
    order = factory.Sequence(lambda n: n)
    lesson_type = catalog.LessonType.TEXT


class OldLessonSlugFactory(DjangoModelFactory):
    class Meta:
        model = catalog.OldLessonSlug

    lesson = factory.SubFactory(LessonFactory)
    course = factory.SelfAttribute("lesson.course")
    slug = factory.Sequence(lambda n: f"old-lesson-{n}")


class MaterialFactory(DjangoModelFactory):
    class Meta:
        model = catalog.Material

    lesson = factory.SubFactory(LessonFactory)
    title = factory.Sequence(lambda n: f"Material {n}")
    url = "https://example.com/workbook.pdf"


class TranscriptFactory(DjangoModelFactory):
    class Meta:
        model = catalog.Transcript

    lesson = factory.SubFactory(LessonFactory)
    text = "Hello and welcome."


class CourseImportFactory(DjangoModelFactory):
    class Meta:
        model = catalog.CourseImport

    owner = factory.SubFactory(StaffFactory)
    name = "bread.zip"
    sha256 = "0" * 64
    stored_name = factory.Sequence("imports/{}.zip".format)
    course_slug = "bread"
    report = factory.LazyFunction(lambda: {"changes": [], "unchanged": 0, "notes": []})
    checked_at = NOW


class FavoriteCourseFactory(DjangoModelFactory):
    class Meta:
        model = catalog.FavoriteCourse

    user = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)


class TierFactory(DjangoModelFactory):
    """The site has four tiers from the start; asking for a level gives the one that is there."""

    class Meta:
        model = access.Tier
        django_get_or_create = ("level",)

    level = factory.Sequence(lambda n: n % 3 + 1)
    slug = factory.Sequence(lambda n: f"tier-{n}")
    name = factory.Sequence(lambda n: f"Tier {n}")


class CourseAccessFactory(DjangoModelFactory):
    """An open right granted by staff, for life, from NOW."""

    class Meta:
        model = access.CourseAccess

    user = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)
    access_type = access.AccessType.MANUAL
    source_key = factory.Sequence(lambda n: f"test:{n}")
    granted_at = NOW
    starts_at = NOW


class AccessEventFactory(DjangoModelFactory):
    class Meta:
        model = access.AccessEvent

    access = factory.SubFactory(CourseAccessFactory)
    user = factory.SelfAttribute("access.user")
    course = factory.SelfAttribute("access.course")
    action = "granted"
    at = NOW


class AccessNoticeFactory(DjangoModelFactory):
    class Meta:
        model = access.AccessNotice

    access = factory.SubFactory(CourseAccessFactory)
    kind = "ending"
    ends_at = NOW


class AccessBatchFactory(DjangoModelFactory):
    """A checked list without lines, to be applied within an hour from NOW."""

    class Meta:
        model = access.AccessBatch

    by = factory.SubFactory(StaffFactory)
    name = "students.csv"
    created_at = NOW
    expires_at = NOW + timedelta(hours=1)


class AppliedBatchFactory(AccessBatchFactory):
    state = "applied"
    applied_at = NOW
    applied_by = factory.SelfAttribute("by")
    finished_at = NOW


class AccessBatchRowFactory(DjangoModelFactory):
    class Meta:
        model = access.AccessBatchRow

    batch = factory.SubFactory(AccessBatchFactory)
    line = factory.Sequence(lambda n: n + 2)
    email = "nobody@example.com"
    slug = "none"
    action = "grant"
    verdict = "unknown_email"


class CourseEnrollmentFactory(DjangoModelFactory):
    class Meta:
        model = access.CourseEnrollment

    user = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)
    enrolled_at = NOW


class SuspensionFactory(DjangoModelFactory):
    class Meta:
        model = access.Suspension

    user = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)
    reason = "Shared the password"
    suspended_by = factory.SubFactory(StaffFactory)
    suspended_at = NOW


class PrerequisiteFactory(DjangoModelFactory):
    """`required` has to be completed before `course`; it asks nothing while it has no lessons."""

    class Meta:
        model = catalog.Prerequisite

    course = factory.SubFactory(CourseFactory)
    required = factory.SubFactory(CourseFactory)


class CohortFactory(DjangoModelFactory):
    """An active cohort that gives nothing, without courses, dates or a limit."""

    class Meta:
        model = access.Cohort

    name = factory.Sequence(lambda n: f"Cohort {n}")
    grants_access = False


class CohortMembershipFactory(DjangoModelFactory):
    """A member; the cohort's count of seats is left alone."""

    class Meta:
        model = access.CohortMembership

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory(UserFactory)
    joined_at = NOW


class BundleFactory(DjangoModelFactory):
    class Meta:
        model = access.Bundle

    name = factory.Sequence(lambda n: f"Bundle {n}")
    slug = factory.Sequence(lambda n: f"bundle-{n}")


class BundleCourseFactory(DjangoModelFactory):
    class Meta:
        model = access.BundleCourse

    bundle = factory.SubFactory(BundleFactory)
    course = factory.SubFactory(CourseFactory)


class BundlePurchaseFactory(DjangoModelFactory):
    class Meta:
        model = access.BundlePurchase

    user = factory.SubFactory(UserFactory)
    bundle = factory.SubFactory(BundleFactory)
    source_key = factory.Sequence(lambda n: f"order:{n}")
    purchased_at = NOW


class LearningPathFactory(DjangoModelFactory):
    class Meta:
        model = access.LearningPath

    title = factory.Sequence(lambda n: f"Path {n}")
    slug = factory.Sequence(lambda n: f"path-{n}")


class PathStepFactory(DjangoModelFactory):
    class Meta:
        model = access.PathStep

    path = factory.SubFactory(LearningPathFactory)
    course = factory.SubFactory(CourseFactory)
    order = factory.Sequence(lambda n: n)


class PathMembershipFactory(DjangoModelFactory):
    class Meta:
        model = access.PathMembership

    path = factory.SubFactory(LearningPathFactory)
    user = factory.SubFactory(UserFactory)
    joined_at = NOW


class LessonProgressFactory(DjangoModelFactory):
    class Meta:
        model = progress.LessonProgress

    user = factory.SubFactory(UserFactory)
    lesson = factory.SubFactory(LessonFactory)
    course = factory.SelfAttribute("lesson.course")
    started_at = NOW
    last_accessed = NOW


class CourseProgressFactory(DjangoModelFactory):
    class Meta:
        model = progress.CourseProgress

    user = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)
    last_active_at = NOW
