"""What staff did in the dashboard is noted, and nobody changes or deletes a line of it."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import StaffAction
from accounts.services import note_action
from common.append_only import LedgerIsAppendOnly
from tests.factories import CourseFactory, StaffActionFactory

pytestmark = pytest.mark.django_db


def test_a_note_says_who_did_what_to_which_thing(staff):
    course = CourseFactory(title="Bread")

    note_action(actor=staff, verb="published", about=course, detail="draft → active")

    line = StaffAction.objects.get()
    said = (line.actor, line.verb, line.kind, line.object_id, line.label, line.detail)
    assert said == (staff, "published", "course", course.pk, "Bread", "draft → active")


def test_long_words_are_cut(staff):
    note_action(actor=staff, verb="changed", about=CourseFactory(title="x" * 200), detail="y" * 900)

    assert [len(text) for text in StaffAction.objects.values_list("label", "detail").get()] == [200, 500]


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.save(),
        lambda line: line.delete(),
        lambda line: StaffAction.objects.update(verb="did nothing"),
        lambda line: StaffAction.objects.all().delete(),
    ],
)
def test_nobody_changes_or_deletes_a_line(change):
    line = StaffActionFactory()

    with pytest.raises(LedgerIsAppendOnly), transaction.atomic():
        change(line)


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_staffaction SET verb = 'x'", "DELETE FROM accounts_staffaction"]
)
def test_postgresql_refuses_it_to_everybody(statement):
    StaffActionFactory()
    refuses = connection.vendor == "postgresql"

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        was_refused = False
    except DatabaseError:
        was_refused = True

    assert was_refused == refuses
