"""What crawlers may index: public course pages and previews, never a locked lesson (UX 4.11, T-15)."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from catalog.models import Course, Lesson


class PageSitemap(Sitemap[str]):
    def items(self) -> list[str]:
        return ["home", "course_list", "pricing"]

    def location(self, item: str) -> str:
        return reverse(item)


class CourseSitemap(Sitemap[Course]):
    def items(self) -> QuerySet[Course]:
        return Course.objects.listed().order_by("pk")

    def lastmod(self, item: Course) -> datetime:
        return item.updated_at


class PreviewSitemap(Sitemap[Lesson]):
    def items(self) -> QuerySet[Lesson]:
        listed = Course.objects.listed()
        previews = Lesson.objects.filter(is_preview=True, is_published=True, course__in=listed)
        return previews.select_related("course").order_by("pk")

    def lastmod(self, item: Lesson) -> datetime:
        return item.updated_at


SITEMAPS = {"pages": PageSitemap, "courses": CourseSitemap, "previews": PreviewSitemap}
