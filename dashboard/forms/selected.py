"""What is done for several students at once."""

from django import forms

from dashboard.forms.changes import CohortForm, GrantForm, reason_field


class GrantSelectedForm(GrantForm):
    """A course for each of them."""

    must_join = None  # type: ignore[assignment] # Django's way to drop a field: a batch does not know it
    once = None  # type: ignore[assignment] # a batch is applied once
    notes = reason_field("Note")


class CohortSelectedForm(CohortForm):
    """A cohort for all of them."""


FORMS: dict[str, type[forms.Form]] = {"grant": GrantSelectedForm, "cohort": CohortSelectedForm}
