"""Choosing several rows: a number that no database takes is no choice either."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

DIGITS = 18


class ManyRowsField(forms.ModelMultipleChoiceField[Any]):
    """A choice of rows by their numbers."""

    def clean(self, value: Any) -> Any:
        for each in value or ():
            if not (str(each).isascii() and str(each).isdecimal() and len(str(each)) <= DIGITS):
                raise ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": str(each)[:40]}
                )
        return super().clean(value)
