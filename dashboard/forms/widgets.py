"""A choice among a thousand courses: Django renders a template for each, which takes longer than the whole page."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select without groups, written in one go."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = ((key, " selected" if str(key) == chosen else "", label) for key, label in self.choices)
        lines = format_html_join("\n", '<option value="{}"{}>{}</option>', options)
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>\n{}\n</select>", flatatt(given), lines)


class LongChecks(forms.CheckboxSelectMultiple):
    """A list of boxes in a frame that scrolls, those that are ticked first, written in one go."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(each) for each in value or ()}
        options = sorted(((str(key), label) for key, label in self.choices), key=lambda option: option[0] not in chosen)
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        frame = {"id": given.pop("id", ""), "class": "long-checks"}
        given.pop("required", None)
        rows = ((flatatt(given), key, " checked" if key in chosen else "", label) for key, label in options)
        boxes = format_html_join("\n", '<label><input type="checkbox"{} value="{}"{}> <span>{}</span></label>', rows)
        return format_html('<div{} tabindex="0">\n{}\n</div>', flatatt(frame), boxes)
