"""What staff write about a tier."""

from decimal import Decimal
from typing import Any

from django import forms

from access.models import Tier
from common.money import minor_digits
from dashboard.forms.groups import version_field

PRICES = ("price_yearly_minor", "price_monthly_minor")


class LinesField(forms.CharField):
    """A list of short texts, written one per line."""

    widget = forms.Textarea(attrs={"rows": 8})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return [line for line in lines if line]


class TierForm(forms.ModelForm[Tier]):
    """A tier as staff think of it: prices in whole money, features one per line, and which version of it they see."""

    features = LinesField(
        required=False,
        max_length=4_000,
        help_text="One per line. The pricing page itself begins with “Everything in” the tier below.",
    )
    price_yearly_minor = forms.DecimalField(
        label="Price per year", required=False, min_value=0, max_value=1_000_000, help_text="Such as 500; empty: none"
    )
    price_monthly_minor = forms.DecimalField(
        label="Price per month", required=False, min_value=0, max_value=1_000_000, help_text="Such as 50; empty: none"
    )
    version = version_field()

    class Meta:
        model = Tier
        fields = ("name", "features", *PRICES, "currency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        digits = minor_digits(self.instance.currency)
        for name in PRICES:
            if (amount := getattr(self.instance, name)) is not None:
                self.initial[name] = Decimal(amount).scaleb(-digits)

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if len(currency) != 3 or not currency.isalpha():
            raise forms.ValidationError("Write the three letters of a currency, such as EUR.")
        return str(currency)

    def clean(self) -> dict[str, Any]:
        """Turn the prices into minor units of the currency beside them."""
        cleaned = super().clean() or self.cleaned_data
        digits = minor_digits(cleaned.get("currency", "EUR"))
        for name in PRICES:
            if (amount := cleaned.get(name)) is None:
                continue
            minor = amount.scaleb(digits)
            if minor != minor.to_integral_value():
                self.add_error(name, f"Use at most {digits} decimals.")
            else:
                cleaned[name] = int(minor)
        return cleaned
