"""The list of batches: search, state, order, and what it says without any."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/dashboard/access/bulk/"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["b.csv", "a.csv"]),
        ({"sort": "oldest"}, ["a.csv", "b.csv"]),
        ({"q": "olga a.c"}, ["a.csv"]),
        ({"q": "nobody"}, []),
        ({"state": "draft"}, ["a.csv"]),
        ({"state": "expired"}, ["b.csv"]),
        ({"state": "applied"}, []),
        ({"state": "none", "sort": "none"}, ["b.csv", "a.csv"]),
    ],
)
def test_the_list_of_batches_is_searched_filtered_and_sorted(staff_client, owner, query, found):
    hour = timedelta(hours=1)
    for name, made in [("a.csv", timezone.now()), ("b.csv", timezone.now() - hour)]:
        make.AccessBatchFactory(by=owner, name=name, created_at=made, expires_at=made + hour)

    page = staff_client.get(URL, query)

    assert [line.batch.name for line in page.context["lines"]] == found


def test_without_a_batch_the_page_says_so(owner_client):
    empty, unmatched = owner_client.get(URL), owner_client.get(URL, {"q": "x"})

    assert ("No batch yet" in empty.text, "No batch found" in unmatched.text) == (True, True)
