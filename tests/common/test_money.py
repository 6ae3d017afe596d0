"""Amounts in words."""

import pytest

from common.money import format_money


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (50000, "EUR", "€500"),
        (1250, "eur", "€12.50"),
        (5, "USD", "$0.05"),
        (123456789, "USD", "$1,234,567.89"),
        (5000, "JPY", "¥5,000"),
        (5500, "KWD", "KWD\u00a05.500"),
        (0, "EUR", "€0"),
    ],
)
def test_money_shows_decimals_only_where_there_are_some(amount, currency, words):
    assert format_money(amount, currency) == words
