"""T83, T86: Django's admin shows what is taught and who may open it, and changes none of it: nothing gets past the
dashboard's gates, reasons, trash and log.
"""

import pytest
from django.contrib import admin
from django.urls import reverse

from access import models as access
from catalog import models as catalog
from tests import factories as make
from tests.conftest import client_of, counted_queries
from tests.threats.state import unchanged

pytestmark = pytest.mark.django_db
ROWS = {
    access.AccessEvent: make.AccessEventFactory,
    access.Bundle: make.BundleFactory,
    access.BundlePurchase: make.BundlePurchaseFactory,
    access.Cohort: make.CohortFactory,
    access.CohortMembership: make.CohortMembershipFactory,
    access.CourseAccess: make.CourseAccessFactory,
    access.CourseEnrollment: make.CourseEnrollmentFactory,
    access.LearningPath: make.LearningPathFactory,
    access.PathMembership: make.PathMembershipFactory,
    access.Suspension: make.SuspensionFactory,
    access.Tier: make.TierFactory,
    catalog.Category: make.CategoryFactory,
    catalog.Course: make.CourseFactory,
    catalog.Lesson: make.LessonFactory,
    catalog.Module: make.ModuleFactory,
    catalog.Tag: make.TagFactory,
}
each_table = pytest.mark.parametrize("model", ROWS, ids=lambda model: model._meta.model_name)


@pytest.fixture
def owner_client(db):
    return client_of(make.StaffFactory(is_superuser=True))


def page(model, name, *of_what):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=of_what)


def test_every_table_of_the_two_is_among_these():
    assert {model for model in admin.site._registry if model._meta.app_label in {"access", "catalog"}} == set(ROWS)


@each_table
def test_a_list_and_a_row_are_shown(owner_client, model):
    row = ROWS[model]()
    pages = (page(model, "changelist"), page(model, "changelist") + "?q=x", page(model, "change", row.pk))

    assert [owner_client.get(address).status_code for address in pages] == [200, 200, 200]


@each_table
def test_nothing_is_added_changed_or_deleted(owner_client, model):
    row = ROWS[model]()
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    pages = (page(model, "add"), page(model, "change", row.pk), page(model, "delete", row.pk))

    with unchanged():
        answers = [owner_client.post(address, {"post": "yes", "name": "x"}).status_code for address in pages]
        owner_client.post(page(model, "changelist"), chosen)

    assert answers == [403, 403, 403]


@each_table
def test_a_list_asks_as_much_for_three_as_for_one(owner_client, model):
    counts = []
    for _ in range(2):
        ROWS[model]()
        with counted_queries() as queries:
            owner_client.get(page(model, "changelist"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
