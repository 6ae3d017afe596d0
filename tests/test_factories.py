import inspect

import pytest
from factory.django import DjangoModelFactory

from tests import factories

ALL = [
    made
    for _, made in inspect.getmembers(factories, inspect.isclass)
    if issubclass(made, DjangoModelFactory) and made is not DjangoModelFactory
]


@pytest.mark.django_db
@pytest.mark.parametrize("made", ALL)
def test_every_factory_makes_a_row_the_database_accepts(made):
    row = made()

    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("made", ALL)
def test_every_row_says_what_it_is(made):
    row = made()

    assert str(row) not in {"", type(row).__name__, f"{type(row).__name__} object ({row.pk})"}
