"""Courses: what is taught and sold, where it stands in the catalog, and by which rules students get in."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from common.moments import BEFORE_LATEST


class CourseStatus(models.TextChoices):
    """draft -> coming_soon -> active <-> locked -> archived; staff may move freely  [001, 002, 004; X-12]."""

    DRAFT = "draft", "Draft: students get 404"
    COMING_SOON = "coming_soon", "Coming soon: page and previews only"
    ACTIVE = "active", "Active"
    LOCKED = "locked", "Locked: present students continue"
    ARCHIVED = "archived", "Archived: locked, and in no list"


class Visibility(models.TextChoices):
    """Who may know of the course  [001]."""

    PUBLIC = "public", "Public"
    MEMBERS_ONLY = "members_only", "Members only: signed in"
    HIDDEN = "hidden", "Hidden: by link only"
    PRIVATE = "private", "Private: only with access"


class EnrollmentMethod(models.TextChoices):
    """How a student without a right gets one  [001]."""

    OPEN = "open", "Open: an account suffices"
    PURCHASE = "purchase", "Purchase"
    INVITE_ONLY = "invite_only", "Invite only"
    COHORT_ONLY = "cohort_only", "Cohort only"
    SUBSCRIPTION_ONLY = "subscription_only", "Subscription only"


class DurationType(models.TextChoices):
    """How long a new right lasts; copied into the right when it is granted  [001]."""

    LIFETIME = "lifetime", "Lifetime"
    FIXED_DAYS = "fixed_days", "Days from the grant"
    UNTIL_DATE = "until_date", "Until a date"
    DRIP = "drip", "Lifetime, lessons open day by day"


class CourseType(models.TextChoices):
    SPRINT = "sprint", "Sprint"
    SPEAKING = "speaking", "Speaking"
    CONSULTANCY = "consultancy", "Consultancy"
    SPECIAL = "special", "Special"


class Category(models.Model):
    """A shelf in the catalog."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A free word on a course: lower case, hyphens  [T-14]."""

    slug = models.SlugField(max_length=50, unique=True)

    def __str__(self) -> str:
        return self.slug


RESERVED_COURSE_SLUGS = frozenset({"add", "export", "import", "new", "trash"})


class CourseQuerySet(models.QuerySet["Course"]):
    def kept(self) -> "CourseQuerySet":
        """Not in the trash."""
        return self.filter(trashed_at=None)

    def published(self) -> "CourseQuerySet":
        """Known to students at all: not a draft."""
        return self.exclude(status=CourseStatus.DRAFT)

    def listed(self) -> "CourseQuerySet":
        """What an anonymous visitor finds in the catalog, sitemap and API."""
        return self.filter(
            visibility=Visibility.PUBLIC,
            status__in=[CourseStatus.ACTIVE, CourseStatus.COMING_SOON, CourseStatus.LOCKED],
        )

    def taking_new_students_at(self, now: datetime) -> "CourseQuerySet":
        """Active, and not past the moment at which every right would end: `takes_new_students` in SQL."""
        ended = Q(access_duration_type=DurationType.UNTIL_DATE, access_until__lte=now)
        return self.filter(status=CourseStatus.ACTIVE).exclude(ended)


class Course(models.Model):
    """What is taught and sold, with the rules by which a student may get in. Rights are rows in `access`."""

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="courses")
    tags = models.ManyToManyField(Tag, blank=True, related_name="courses")
    short_description = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True, help_text="Markdown")
    description_html = models.TextField(blank=True, editable=False)
    thumbnail = models.ImageField(upload_to="courses/", max_length=255, blank=True)
    cover = models.ImageField(upload_to="courses/", max_length=255, blank=True)
    logo = models.ImageField(upload_to="courses/", max_length=255, blank=True)
    course_type = models.CharField(max_length=20, choices=CourseType.choices, default=CourseType.SPRINT)
    special_tag = models.CharField(max_length=60, blank=True)
    instructor_name = models.CharField(max_length=120, blank=True)
    instructor_bio = models.TextField(blank=True)
    coach_name = models.CharField(max_length=80, blank=True, default="Sprint Coach")
    discussion_url = models.URLField(max_length=300, blank=True)
    estimated_minutes = models.PositiveIntegerField(default=0)
    is_accredible_certified = models.BooleanField(default=False)
    has_asset_templates = models.BooleanField(default=False)
    exam_unlock_days = models.PositiveSmallIntegerField(default=120)
    display_order = models.PositiveSmallIntegerField(default=0)

    status = models.CharField(max_length=20, choices=CourseStatus.choices, default=CourseStatus.DRAFT)
    visibility = models.CharField(max_length=20, choices=Visibility.choices, default=Visibility.PUBLIC)
    enrollment_method = models.CharField(max_length=20, choices=EnrollmentMethod.choices, default=EnrollmentMethod.OPEN)
    required_level = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(3)])
    access_duration_type = models.CharField(max_length=20, choices=DurationType.choices, default=DurationType.LIFETIME)
    access_duration_days = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(36_500)]
    )
    access_until = models.DateTimeField(null=True, blank=True, validators=[BEFORE_LATEST])
    prerequisites: models.ManyToManyField["Course", "Prerequisite"] = models.ManyToManyField(
        "self", symmetrical=False, through="Prerequisite", related_name="required_for"
    )
    required_quiz_score = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="Percentage that every required quiz of the prerequisite courses must have reached",
    )
    # Kept by whoever owns the quizzes; 0 means that no score is asked of those who take this course first.
    required_quiz_count = models.PositiveIntegerField(default=0, editable=False)

    # In the trash: a draft, so nobody but staff knows of it; what it was comes back with it.
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    status_before_trash = models.CharField(max_length=20, blank=True, editable=False)

    # Derived by catalog.services.recount_lessons from the published lessons.
    lesson_count = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager["Course"]] = CourseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(required_level=0) | Q(enrollment_method__in=["purchase", "subscription_only"]),
                name="course_with_a_level_is_sold_or_subscribed",
            ),
            models.CheckConstraint(
                condition=~Q(enrollment_method="subscription_only") | Q(required_level__gte=1),
                name="course_for_subscribers_names_a_level",
            ),
            models.CheckConstraint(condition=Q(required_level__lte=3), name="course_level_is_at_most_three"),
            models.CheckConstraint(
                condition=~Q(access_duration_type="fixed_days")
                | Q(access_duration_days__isnull=False, access_duration_days__gte=1),
                name="course_fixed_days_names_the_days",
            ),
            models.CheckConstraint(
                condition=~Q(access_duration_type="until_date") | Q(access_until__isnull=False),
                name="course_until_date_names_the_date",
            ),
            models.CheckConstraint(
                condition=Q(required_quiz_score=None) | Q(required_quiz_score__lte=100),
                name="course_quiz_score_is_a_percentage",
            ),
            models.CheckConstraint(condition=Q(trashed_at=None) | Q(status="draft"), name="course_in_trash_is_a_draft"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("course_detail", args=[self.slug])

    @property
    def is_free(self) -> bool:
        return self.enrollment_method == EnrollmentMethod.OPEN and self.required_level == 0

    def takes_new_students(self, now: datetime) -> bool:
        return self.status == CourseStatus.ACTIVE and not self.has_ended(now)

    def has_ended(self, now: datetime) -> bool:
        """True past the moment at which every right to it would end: nobody can get one any more."""
        return self.access_duration_type == DurationType.UNTIL_DATE and (self.access_until or now) <= now

    @property
    def card_image_url(self) -> str:
        """The picture for cards, or an empty string: then the card draws a plain cover."""
        image = self.thumbnail or self.cover
        return image.url if image else ""


class OldCourseSlug(models.Model):
    """An address that the course had: it leads to the present one until another course takes it  [UX 4.11]."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="old_slugs")
    slug = models.SlugField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.slug


class Prerequisite(models.Model):
    """A course to complete before another one opens. Cycles are refused by `catalog.services.require_first`  [001]."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="prerequisite_links")
    required = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="required_links")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["course", "required"], name="prerequisite_once_per_course"),
            models.CheckConstraint(condition=~Q(course=F("required")), name="prerequisite_is_another_course"),
        )

    def __str__(self) -> str:
        return f"{self.required_id} before {self.course_id}"


class FavoriteCourse(models.Model):
    """A heart a student put on a course."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favorites")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="favorites")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "course"], name="favorite_once_per_course"),)

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.course_id}"
