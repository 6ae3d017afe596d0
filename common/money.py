"""Amounts in words: integer minor units and a currency become “€500” or “€12.50”."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_symbol

# Currencies whose minor unit is not a hundredth (ISO 4217, as Stripe charges them).
WITHOUT_MINOR_UNIT = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split()  # noqa: SIM905 - a list of words reads best so
)
THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def minor_digits(currency: str) -> int:
    """How many decimals the currency's minor unit stands for: 2 for EUR, 0 for JPY, 3 for KWD."""
    if currency in WITHOUT_MINOR_UNIT:
        return 0
    return 3 if currency in THOUSANDTHS else 2


def format_money(amount_minor: int, currency: str, *, locale: str = "en") -> str:
    """Return `€500` for 50000 EUR and `€12.50` for 1250 EUR: decimals only where there are some."""
    currency = currency.upper()
    digits = minor_digits(currency)
    amount = Decimal(amount_minor).scaleb(-digits)
    decimals = "" if amount == amount.to_integral_value() else "." + "0" * digits
    space = "\u00a0" if get_currency_symbol(currency, locale).isalpha() else ""
    return format_currency(amount, currency, f"¤{space}#,##0{decimals}", locale=locale, currency_digits=False)
