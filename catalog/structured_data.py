"""What search engines read about courses: JSON-LD, the page's short title and its description  [UX 4.11, T-15].

Only what the page itself shows; nothing of a lesson but its title.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator

from catalog.models import Course
from common.markdown import plain_text

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 155
Data = dict[str, Any]


def absolute(path: str) -> str:
    return path if path.startswith("http") else f"{settings.SITE_URL}{path}"


def page_title(course: Course) -> str:
    """Name the course and the site, the course cut so that both fit a result page."""
    room = max(20, TITLE_LENGTH - len(settings.SITE_NAME) - 3)
    return f"{Truncator(course.title).chars(room)} – {settings.SITE_NAME}"  # noqa: RUF001 - the dash titles have everywhere


def page_description(course: Course) -> str:
    text = course.short_description or course.description_html or f"{course.title}: {course.lesson_count} lessons."
    return plain_text(text, DESCRIPTION_LENGTH)


def course_data(course: Course, *, description: str, modules: Iterable[str], seconds: int) -> Data:
    """A schema.org Course. Free ones carry an offer of 0; paid ones none, for prices belong to the shop  [T-15]."""
    address = absolute(course.get_absolute_url())
    found: Data = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": address,
        "url": address,
        "name": course.title,
        "description": description,
        "provider": {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"},
        "hasCourseInstance": _instance(course, seconds),
        "syllabusSections": [{"@type": "Syllabus", "name": name} for name in modules],
    }
    if course.card_image_url:
        found["image"] = absolute(course.card_image_url)
    if course.is_free:
        found["offers"] = {"@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "EUR"}
    return found


def _instance(course: Course, seconds: int) -> Data:
    instance: Data = {"@type": "CourseInstance", "courseMode": "online"}
    minutes = course.estimated_minutes or seconds // 60
    if minutes:
        instance["courseWorkload"] = f"PT{minutes // 60}H{minutes % 60}M"
    if course.instructor_name:
        instance["instructor"] = {"@type": "Person", "name": course.instructor_name}
    return instance


def breadcrumb_data(course: Course) -> Data:
    return trail_data(("Courses", reverse("course_list")), (course.title, course.get_absolute_url()))


def trail_data(*steps: tuple[str, str]) -> Data:
    """A BreadcrumbList of names and addresses, from the top down."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": absolute(path)}
        for number, (name, path) in enumerate(steps, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def course_list_data(courses: Iterable[Course]) -> Data:
    """An ItemList that names the courses and leads to their pages, where the details are."""
    items = [
        {"@type": "ListItem", "position": number, "name": course.title, "url": absolute(course.get_absolute_url())}
        for number, course in enumerate(courses, 1)
    ]
    return {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items}
