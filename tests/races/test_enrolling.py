"""A hundred clicks on Enroll are one enrollment; without the constraints they are many."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models import QuerySet

from access.models import AccessEvent, CourseAccess, CourseEnrollment
from access.services import enroll_free
from tests.conftest import client_of
from tests.factories import NOW, CourseFactory, UserFactory
from tests.races.conftest import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
GUARDS = {CourseAccess: "access_one_live_row_per_course_and_source", CourseEnrollment: "enrollment_once_per_course"}


def rows():
    return CourseAccess.objects.count(), CourseEnrollment.objects.count(), AccessEvent.objects.count()


def test_a_hundred_identical_enrollments_leave_one_row_of_each_kind():
    user, course = UserFactory(), CourseFactory()

    results = at_once(*[lambda: enroll_free(user=user, course=course, now=NOW).pk] * 100)

    assert (len(set(results)), rows()) == (1, (1, 1, 1))


def test_thirty_clicks_over_http_leave_one_row_of_each_kind():
    user, course = UserFactory(), CourseFactory()
    clients = [client_of(user) for _ in range(30)]

    results = at_once(*[lambda c=c: c.post(f"/courses/{course.slug}/enroll/").status_code for c in clients])

    assert (set(results), rows()) == ({302}, (1, 1, 1))


@contextmanager
def constraints_dropped():
    found = {
        model: next(guard for guard in model._meta.constraints if guard.name == name) for model, name in GUARDS.items()
    }
    with connection.schema_editor() as editor:
        for model, guard in found.items():
            editor.remove_constraint(model, guard)
    yield
    with connection.cursor() as cursor:  # events cannot be deleted, and the doubles must go before the guard returns
        cursor.execute("TRUNCATE access_accessevent, access_courseaccess, access_courseenrollment CASCADE")
    with connection.schema_editor() as editor:
        for model, guard in found.items():
            editor.add_constraint(model, guard)


@pytest.fixture
def both_look_before_either_writes(monkeypatch):
    create, gates = QuerySet.create, {model: threading.Barrier(2) for model in GUARDS}

    def patched(rows, **values):
        if rows.model in gates:
            gates[rows.model].wait(timeout=20)
        return create(rows, **values)

    monkeypatch.setattr(QuerySet, "create", patched)


def test_twin_without_the_constraints_there_are_two_of_each(both_look_before_either_writes):
    user, course = UserFactory(), CourseFactory()

    with constraints_dropped():
        at_once(*[lambda: enroll_free(user=user, course=course, now=NOW)] * 2)
        found = rows()

    assert found == (2, 2, 2)
