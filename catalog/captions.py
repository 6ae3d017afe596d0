"""Caption files: WebVTT and SubRip text to cues, and cues to a transcript."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape

MAX_CHARACTERS = 2_000_000
MAX_CUES = 20_000
# A new paragraph of the transcript starts after a pause, or when the last one is long and a sentence ends.
PAUSE_SECONDS = 2.0
PARAGRAPH_CHARACTERS = 400

TIMING = re.compile(
    r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{1,3})[ \t]+-->[ \t]+"
    r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{1,3})(?:[ \t].*)?",
    re.ASCII,
)
NOT_CUES = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
# Speakers, classes, languages and karaoke times; a lone "<" is text.
CUE_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|</?>|<\d[\d:.]*>|\{\\[^{}]*\}")


class BadCaptions(Exception):
    """The text is no caption file; `errors` holds pairs of line number and cause."""

    def __init__(self, errors: Sequence[tuple[int, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"line {line}: {cause}" for line, cause in self.errors[:5]))


@dataclass(frozen=True)
class Cue:
    """One caption: shown from `start` to `end`, in seconds; `text` is plain."""

    start: float
    end: float
    text: str


def parse_captions(text: str) -> list[Cue]:
    """Return the cues of a WebVTT or SubRip file, in order of time.

    :raises BadCaptions: if a block has no readable time line, a cue ends before it starts, or there is no cue
    """
    if len(text) > MAX_CHARACTERS:
        raise BadCaptions([(1, f"longer than {MAX_CHARACTERS:,} characters")])
    cues: list[Cue] = []
    errors: list[tuple[int, str]] = []
    for number, lines in _blocks(text):
        _read_block(number, lines, cues, errors)
        if len(cues) > MAX_CUES:
            raise BadCaptions([(number, f"more than {MAX_CUES:,} captions")])
    if not cues and not errors:
        errors.append((1, "no captions found"))
    if errors:
        raise BadCaptions(errors)
    return sorted(cues, key=lambda cue: cue.start)


def transcript_of(cues: Iterable[Cue]) -> str:
    """Return what is said, as paragraphs; a caption that only repeats the one before is left out."""
    return "\n\n".join(" ".join(cue.text for cue in paragraph) for paragraph in paragraphs_of(cues))


def paragraphs_of(cues: Iterable[Cue]) -> list[list[Cue]]:
    """Return the cues as paragraphs; one that only repeats the caption before it is left out."""
    paragraphs: list[list[Cue]] = []
    before: Cue | None = None
    for cue in cues:
        if before and cue.text == before.text:
            before = cue
            continue
        if before is None or _starts_paragraph(cue, before, paragraphs[-1]):
            paragraphs.append([])
        paragraphs[-1].append(cue)
        before = cue
    return paragraphs


def write_webvtt(cues: Iterable[Cue]) -> str:
    """Return a WebVTT file that `parse_captions` reads back."""
    blocks = [f"{_timing(cue.start)} --> {_timing(cue.end)}\n{_escape(cue.text)}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def _blocks(text: str) -> Iterable[tuple[int, list[str]]]:
    """Yield the groups of lines between empty lines, each with the number of its first line."""
    block: list[str] = []
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line.strip())
        elif block:
            yield number - len(block), block
            block = []


def _read_block(number: int, lines: list[str], cues: list[Cue], errors: list[tuple[int, str]]) -> None:
    if number == 1 and re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        # Some writers put the first cue right under the header.
        number, lines = number + 1, [line for line in lines[1:] if "-->" in line or not re.match(r"[\w-]+[:=]", line)]
    if not lines or NOT_CUES.fullmatch(lines[0]):
        return
    position = next((index for index, line in enumerate(lines[:2]) if "-->" in line), None)
    if position is None:
        errors.append((number, "a time line like 00:01.000 --> 00:04.000 is missing"))
        return
    times = _read_timing(lines[position])
    if times is None:
        errors.append((number + position, "the time line is not like 00:01.000 --> 00:04.000"))
    elif times[1] < times[0]:
        errors.append((number + position, "the caption ends before it starts"))
    elif words := _plain(lines[position + 1 :]):
        cues.append(Cue(*times, words))


def _read_timing(line: str) -> tuple[float, float] | None:
    match = TIMING.fullmatch(line)
    if match is None:
        return None
    parts = match.groups()
    return _seconds(parts[:4]), _seconds(parts[4:])


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    thousandths = int((parts[3] or "0").ljust(3, "0"))
    return ((hours * 3600 + minutes * 60 + seconds) * 1000 + thousandths) / 1000


def _plain(lines: Iterable[str]) -> str:
    text = unescape(CUE_TAG.sub("", " ".join(lines)))
    # What neither database can hold goes; so do the marks of reading direction.
    kept = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(kept.split())


def _starts_paragraph(cue: Cue, before: Cue, paragraph: list[Cue]) -> bool:
    if cue.start - before.end >= PAUSE_SECONDS:
        return True
    length = sum(len(line.text) for line in paragraph)
    return before.text.endswith((".", "!", "?", "…")) and length >= PARAGRAPH_CHARACTERS


def _timing(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
