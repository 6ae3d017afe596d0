"""What the lessons say: one text of the usual length, rendered once by the project's own code."""

from typing import Any

from django.db import connection

from catalog.models import Course, Lesson
from catalog.services import derive_course, derive_lesson

PARAGRAPH = (
    "A lesson explains one thing and lets the student try it. It names the *terms*, shows an example with"
    " `code`, and links to [the manual](https://example.com/manual) for those who want to know more about it. "
)
LESSON_TEXT = "\n\n".join(
    f"## Part {part}\n\n{PARAGRAPH * 2}\n\n- a first point\n- a second point\n\n```python\nprint({part})\n```"
    for part in range(1, 6)
)
COURSE_TEXT = f"{PARAGRAPH}\n\n{PARAGRAPH}"
SUMMARY = "What the course teaches in a sentence or two, so that a visitor can tell whether it is the right one."
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
RENDERED = (
    "body",
    "body_html",
    "video_url",
    "video_provider",
    "video_id",
    "video_thumbnail_url",
    "video_duration_seconds",
)


def lesson_columns() -> dict[str, Any]:
    """The columns every lesson shares: text, HTML and video, derived as saving a lesson would."""
    lesson = Lesson(title="Lesson", body=LESSON_TEXT, video_url=VIDEO, video_duration_seconds=600)
    derive_lesson(lesson)
    fields = [field for field in Lesson._meta.concrete_fields if field.name in RENDERED]
    return {field.name: field.get_db_prep_save(getattr(lesson, field.name), connection) for field in fields}


def course_html() -> str:
    course = Course(description=COURSE_TEXT)
    derive_course(course)
    return course.description_html
