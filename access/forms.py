"""Forms of staff: they shape input; what may happen is for the services to say."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from access.models import Tier
from accounts.models import User
from common.moments import months_later
from common.money import minor_digits

DURATIONS = {"14d": "14 days", "1m": "One month", "12m": "12 months"}
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
    """A tier as staff think of it: prices in whole money, features one per line."""

    features = LinesField(
        required=False, help_text="One per line. The page itself begins with “Everything in” the tier below."
    )
    price_yearly_minor = forms.DecimalField(
        label="Price per year", required=False, min_value=0, max_value=1_000_000, help_text="Such as 500; empty: none"
    )
    price_monthly_minor = forms.DecimalField(
        label="Price per month", required=False, min_value=0, max_value=1_000_000, help_text="Such as 50; empty: none"
    )

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


class GiveTierForm(forms.Form):
    """Who gets a membership, for how long, and why."""

    email = forms.EmailField(label="E-mail of the student")
    duration = forms.ChoiceField(choices=DURATIONS)
    reason = forms.CharField(max_length=300, help_text="For the history; the student does not see it")

    def clean_email(self) -> User:
        user = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if user is None:
            raise forms.ValidationError("Nobody has an account with this address.")
        return user

    def until(self, now: datetime) -> datetime:
        """The end of the chosen duration: months are calendar months  [T-49]."""
        ends = {"14d": now + timedelta(days=14), "1m": months_later(now, 1), "12m": months_later(now, 12)}
        return ends[self.cleaned_data["duration"]]
