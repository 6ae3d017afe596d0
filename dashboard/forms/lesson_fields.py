"""Fields of the lesson editor: what people write in a line, and what a lesson keeps of it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.video_address import read_address
from catalog.video_check import Verdict, check_video
from common.durations import BadClock, format_clock, parse_clock

MOST_TIMESTAMPS = 500
MOST_LINES = 100
LINE_LENGTH = 300
STAMP = re.compile(r"\[?\(?([\d:]+)\)?\]?(?:\s*[-–—|]\s*|\s+)(.+)")  # noqa: RUF001 - the dashes of lists people paste
PASTED_LENGTH = 5000


class TextField(forms.CharField):
    """A text as typed, with one kind of line end, whatever the browser sends."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class ClockField(forms.CharField):
    """A length such as 12:40, kept in seconds; nothing is None."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_clock(text)
        except BadClock as refusal:
            raise ValidationError(str(refusal), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return format_clock(value) if isinstance(value, int) else value


class TimestampsField(forms.CharField):
    """Lines such as `4:12 First run`, kept as `[{"time_seconds": 252, "label": "First run"}]` in order of time."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        lines = [(number, line.strip()) for number, line in enumerate(str(super().to_python(value)).split("\n"), 1)]
        filled = [(number, line) for number, line in lines if line]
        if len(filled) > MOST_TIMESTAMPS:
            raise ValidationError(f"At most {MOST_TIMESTAMPS} timestamps are kept; these are {len(filled)}.")
        found: list[dict[str, Any]] = []
        errors: list[str] = []
        for number, line in filled:
            try:
                found.append(_read_stamp(line))
            except ValueError as problem:
                errors.append(f"Line {number}: {problem}")
        if errors:
            raise ValidationError(errors[:10])
        return sorted(found, key=lambda stamp: stamp["time_seconds"])

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{format_clock(stamp['time_seconds'])} {stamp['label']}" for stamp in value)


def _read_stamp(line: str) -> dict[str, Any]:
    """:raises ValueError: that says what is wrong with the line"""
    match = STAMP.fullmatch(line)
    if match is None:
        raise ValueError("write the time, a space and a label, like 4:12 First run.")
    label = match.group(2).strip()
    if len(label) > LINE_LENGTH:
        raise ValueError(f"the label is longer than {LINE_LENGTH} characters.")
    return {"time_seconds": parse_clock(match.group(1)), "label": label}


class LinesField(forms.CharField):
    """A list of sentences, one in a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().to_python(value)).split("\n")]
        kept = [line for line in lines if line]
        if len(kept) > MOST_LINES:
            raise ValidationError(f"At most {MOST_LINES} lines are kept; these are {len(kept)}.")
        if any(len(line) > LINE_LENGTH for line in kept):
            raise ValidationError(f"A line is longer than {LINE_LENGTH} characters.")
        return kept

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value


class WebAddressField(forms.CharField):
    """An address that a link may have: http or https and a plain host, without names or passwords in it (T94)."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        address = read_address(text)
        if address is None or not address.host:
            raise ValidationError("Write a web address, like https://example.com/plan.", code="invalid")
        whole = text if text.startswith(("http://", "https://")) else str(address)
        self.run_validators(whole)  # it may have grown beyond what can be kept
        return whole


class VideoField(forms.CharField):
    """What was pasted as a video, if the lesson may keep it (T94)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=PASTED_LENGTH, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        check = check_video(text)
        if check.verdict == Verdict.REFUSED:
            raise ValidationError(check.says, code="refused")
        return check.address
