"""Cohorts in Django's admin: every change goes through the services, and refusals are read where they belong."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from access.models import AccessEvent, Cohort, CohortMembership, CourseAccess
from access.services import NotAMember, add_to_cohort
from tests import factories as make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
NO_MEMBERS = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


@pytest.fixture
def owner():
    return make.UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def owner_client(owner):
    return client_of(owner)


@pytest.fixture
def cohort():
    cohort = make.CohortFactory(name="Spring", grants_access=True)
    cohort.courses.add(make.CourseFactory(enrollment_method="purchase"))
    return cohort


def page(model, name, *args):
    return reverse(f"admin:access_{model}_{name}", args=args)


def save(client, cohort=None, **fields):
    address = page("cohort", "change", cohort.pk) if cohort else page("cohort", "add")
    return client.post(address, {"name": "Spring", "grants_access": "on", "is_active": "on"} | NO_MEMBERS | fields)


def add(client, cohort, user, **options):
    return client.post(page("cohortmembership", "add"), {"cohort": cohort.pk, "user": user.pk}, **options)


def act(client, model, action, *rows, **fields):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(page(model, "changelist"), data, follow=True)


def words(response):
    return [str(message) for message in response.context["messages"]]


def test_a_cohort_at_the_end_of_the_calendar_is_refused_at_its_field(owner_client):
    answer = save(owner_client, starts_on="9999-12-31")

    assert answer.context["adminform"].errors == {"starts_on": ["Choose a day before the year 3000."]}


def test_a_cohort_is_made_with_dates_seats_and_courses(owner_client):
    course = make.CourseFactory()

    save(owner_client, starts_on="2026-03-02", ends_on="2026-05-31", max_participants=20, courses=[course.pk])

    cohort = Cohort.objects.get()
    assert (cohort.starts_on, cohort.ends_on, cohort.max_participants) == (date(2026, 3, 2), date(2026, 5, 31), 20)
    assert list(cohort.courses.all()) == [course]


def test_a_last_day_before_the_first_is_refused_at_the_field(owner_client):
    answer = save(owner_client, starts_on="2026-03-02", ends_on="2026-03-01")

    assert answer.context["adminform"].form.errors == {"ends_on": ["The last day must not be before the first."]}


def test_the_message_of_a_new_member_names_both(owner_client, cohort, student):
    answer = add(owner_client, cohort, student, follow=True)

    said = [strip_tags(str(message)) for message in answer.context["messages"]]
    assert said == [f"The cohort membership “{student.email} in Spring” was added successfully."]


def test_the_list_shows_dates_and_seats(owner_client, cohort):
    Cohort.objects.update(max_participants=20, member_count=18)
    make.CohortFactory(name="Open")

    text = owner_client.get(page("cohort", "changelist")).content.decode()

    assert ("18 of 20" in text, "0 of any number" in text) == (True, True)


def test_the_form_shows_who_is_in_it(owner_client, cohort, student, stranger):
    for person, left_at in ((student, None), (stranger, make.NOW)):
        make.CohortMembershipFactory(cohort=cohort, user=person, left_at=left_at)

    text = owner_client.get(page("cohort", "change", cohort.pk)).content.decode()

    assert (str(student) in text, str(stranger) in text) == (True, False)
    assert f"/cohortmembership/add/?cohort={cohort.pk}" in text


def test_a_new_cohort_is_saved_before_it_has_members(owner_client):
    assert b"Save the cohort first." in owner_client.get(page("cohort", "add")).content


def test_too_few_seats_are_refused_at_the_field(owner_client, cohort):
    Cohort.objects.update(member_count=2)

    answer = save(owner_client, cohort, max_participants=1)

    errors = answer.context["adminform"].form.errors
    assert errors == {"max_participants": ["At least 2, because so many seats are taken."]}
    assert Cohort.objects.get().max_participants is None


def test_seats_taken_while_the_form_was_checked_are_refused_above_it(owner_client, cohort, monkeypatch):
    monkeypatch.setattr("access.admin.cohorts.refuse_fewer_seats_than_members", lambda cohort, seats: None)
    Cohort.objects.update(member_count=2)

    answer = save(owner_client, cohort, max_participants=1, name="Other", follow=True)

    assert words(owner_client.get(answer.url)) == ["At least 2, because so many seats are taken."]
    assert (Cohort.objects.get().name, LogEntry.objects.count()) == ("Spring", 0)


def test_a_moved_start_moves_what_waits(owner, owner_client, cohort, student):
    soon = timezone.localdate() + timedelta(days=10)
    Cohort.objects.update(starts_on=soon)
    add_to_cohort(user=student, cohort=Cohort.objects.get(), now=timezone.now())

    save(owner_client, cohort, starts_on=soon + timedelta(days=5), courses=[cohort.courses.get().pk])

    event = AccessEvent.objects.last()
    assert (event.action, event.actor) == ("extended", owner)
    assert timezone.localdate(CourseAccess.objects.get().starts_at) == soon + timedelta(days=5)


def test_a_student_is_added_with_access(owner, owner_client, cohort, student):
    add(owner_client, cohort, student)

    membership = CohortMembership.objects.get()
    assert (membership.user, membership.added_by, CourseAccess.objects.get().user) == (student, owner, student)
    assert Cohort.objects.get().member_count == 1


def test_adding_somebody_twice_changes_nothing(owner_client, cohort, student):
    for _ in range(2):
        add(owner_client, cohort, student)

    assert (CohortMembership.objects.count(), CourseAccess.objects.count()) == (1, 1)


def test_no_student_is_added_to_a_full_cohort(owner_client, cohort, student):
    Cohort.objects.update(max_participants=0)

    answer = add(owner_client, cohort, student, follow=True)

    assert (words(answer), CohortMembership.objects.count()) == (["This cohort is full."], 0)


@pytest.mark.parametrize(
    ("action", "live"), [("remove", []), ("remove_and_keep", [("manual", "unlocked")])], ids=["take", "keep"]
)
def test_members_are_removed(owner, owner_client, cohort, student, action, live):
    membership, _ = add_to_cohort(user=student, cohort=cohort, now=timezone.now())
    left = make.CohortMembershipFactory(cohort=cohort, left_at=make.NOW)

    answer = act(owner_client, "cohortmembership", action, membership, left, reason="Moved")

    rights = CourseAccess.objects.exclude(status="revoked").values_list("access_type", "status")
    event = AccessEvent.objects.get(action="revoked")
    assert (list(rights), event.actor, event.reason) == (live, owner, "Moved")
    assert words(answer) == [f"{student} is no longer in Spring."]


def test_somebody_removed_a_moment_ago_is_passed_over(owner_client, cohort, student, monkeypatch):
    def gone(**_):
        raise NotAMember

    membership, _ = add_to_cohort(user=student, cohort=cohort, now=timezone.now())
    monkeypatch.setattr("access.admin.cohorts.remove_from_cohort", gone)

    assert words(act(owner_client, "cohortmembership", "remove", membership)) == []


def test_members_are_given_the_courses_they_lack(owner_client, cohort, student):
    add_to_cohort(user=student, cohort=cohort, now=timezone.now())
    cohort.courses.add(make.CourseFactory())

    answers = [words(act(owner_client, "cohort", "give_missing", cohort)) for _ in range(2)]

    assert (answers, CourseAccess.objects.count()) == ([["Spring: 1 served."], ["Spring: 0 served."]], 2)


def test_a_course_that_has_ended_cannot_be_given(owner_client, cohort, student):
    add_to_cohort(user=student, cohort=cohort, now=timezone.now())
    cohort.courses.add(make.CourseFactory(access_duration_type="until_date", access_until=make.NOW))

    answer = act(owner_client, "cohort", "give_missing", cohort)

    assert words(answer) == [f"Spring: Access would have ended on {make.NOW:%d %B %Y}."]


def test_memberships_are_never_edited_or_deleted(owner_client, cohort):
    membership = make.CohortMembershipFactory(cohort=cohort)

    changed = owner_client.post(page("cohortmembership", "change", membership.pk), {"cohort": cohort.pk})
    deleted = owner_client.post(page("cohortmembership", "delete", membership.pk), {"post": "yes"})

    assert (changed.status_code, deleted.status_code, CohortMembership.objects.count()) == (403, 403, 1)


def test_a_cohort_that_had_members_cannot_be_deleted(owner_client, cohort):
    make.CohortMembershipFactory(cohort=cohort, left_at=make.NOW)

    owner_client.post(page("cohort", "delete", cohort.pk), {"post": "yes"})

    assert Cohort.objects.count() == 1


def test_the_list_of_memberships_asks_as_much_for_three_as_for_one(owner_client, cohort, max_queries):
    address = page("cohortmembership", "changelist")
    make.CohortMembershipFactory(cohort=cohort, added_by=make.StaffFactory())
    with max_queries(20) as few:
        owner_client.get(address)
    for _ in range(2):
        make.CohortMembershipFactory(cohort=cohort, added_by=make.StaffFactory())

    with max_queries(20) as many:
        owner_client.get(address)

    assert len(few) == len(many)
