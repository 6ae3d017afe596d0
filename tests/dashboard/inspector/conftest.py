"""A course with one lesson, a frozen clock, and the page of the inspector."""

from urllib.parse import urlencode

import pytest
import time_machine

from tests import factories as make
from tests.dashboard.inspector.situations import URL, words_of
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread", enrollment_method="purchase")


@pytest.fixture
def lesson(course):
    return make.LessonFactory(course=course, title="Crust", slug="crust")


@pytest.fixture
def ask(staff_client):
    """`ask(student="...", what="...", at="...")` gives the answer of the page."""
    return lambda **asked: staff_client.get(f"{URL}?{urlencode(asked)}")


@pytest.fixture
def about(ask, student, course):
    """The same about our student and course, and as words without markup."""
    return lambda **asked: words_of(ask(**{"student": student.email, "what": "bread"} | asked))
