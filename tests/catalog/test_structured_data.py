"""What search engines read about a course."""

from catalog.models import Course
from catalog.structured_data import course_data, page_description


def test_course_names_its_length_teacher_and_picture():
    course = Course(title="Clay", slug="clay", estimated_minutes=200, instructor_name="Ada", cover="courses/clay.png")

    found = course_data(course, description="All of it.", modules=["One"], seconds=0)

    assert (found["hasCourseInstance"], found["image"], found["syllabusSections"]) == (
        {
            "@type": "CourseInstance",
            "courseMode": "online",
            "courseWorkload": "PT3H20M",
            "instructor": {"@type": "Person", "name": "Ada"},
        },
        f"http://testserver{course.cover.url}",
        [{"@type": "Syllabus", "name": "One"}],
    )


def test_description_falls_back_to_the_text_then_to_the_facts():
    texts = [
        page_description(Course(title="Clay", description_html="<p>Pots &amp; pans</p>")),
        page_description(Course(title="Clay", lesson_count=3)),
    ]

    assert texts == ["Pots & pans", "Clay: 3 lessons."]
