"""The landing page says only what is so."""

from django.urls import reverse

from catalog.models import CourseStatus, EnrollmentMethod
from tests.factories import CourseFactory

COUNTED = 10


def landing(client):
    return client.get(reverse("home")).content.decode()


def test_landing_of_an_empty_site_makes_no_claims(client, db):
    text = landing(client)

    assert ('class="counts"' in text, "Courses to begin with" in text, "an account is all it takes" in text) == (
        False,
    ) * 3


def test_landing_counts_courses_from_ten_up(client, db):
    CourseFactory.create_batch(COUNTED)

    assert "<dt>courses</dt><dd>10</dd>" in landing(client)


def test_landing_leaves_small_numbers_out(client, db):
    CourseFactory.create_batch(COUNTED - 1)

    assert "<dt>courses</dt>" not in landing(client)


def test_landing_shows_three_courses(client, db):
    CourseFactory.create_batch(4)

    assert landing(client).count('<article class="card course-card"') == 3


def test_landing_names_the_free_courses_one_can_start(client, db):
    CourseFactory.create_batch(2)
    CourseFactory(enrollment_method=EnrollmentMethod.INVITE_ONLY)
    CourseFactory(status=CourseStatus.COMING_SOON)

    assert "2 courses are free: an account is all it takes." in landing(client)


def test_landing_says_one_course_in_the_singular(client, db):
    CourseFactory()

    assert "1 course is free: an account is all it takes." in landing(client)


def test_landing_greets_a_student_with_their_dashboard(student_client):
    text = landing(student_client)

    assert (">My dashboard</a>" in text, ">Sign up free</a>" in text) == (True, False)


def test_landing_loads_the_film_only_where_there_is_one(client, db, settings):
    settings.HERO_VIDEO_URL = "/media/hero.mp4"
    text = landing(client)

    assert ('data-film-src="/media/hero.mp4"' in text, "js/hero_video.js" in text) == (True, True)
