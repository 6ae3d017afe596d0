"""Front matter: a small, strict YAML at the top of a Markdown file, written so that it reads back equal.

Plain YAML 1.1 turns `no` into false, `4:12` into 252 and a date into an object, and an alias can blow up memory. Here
only true, false, null and decimal numbers are more than text; aliases, tags and repeated keys are refused.
"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import yaml

MAX_FRONT_MATTER = 64 * 1024

FENCED = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
RESOLVERS = (
    ("tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), "tTfF"),
    ("tag:yaml.org,2002:null", re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII), list("-0123456789")),
    ("tag:yaml.org,2002:float", re.compile(r"-?(?:0|[1-9]\d{0,17})\.\d{1,17}", re.ASCII), list("-0123456789")),
)
# What YAML would fold, skip or take for the end of a line; written as escapes in double quotes.
NEEDS_ESCAPES = re.compile("[^\n\x20-\x7e\xa0-\u1fff\u2070-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|^[ \n]|[ \n]$| \n")


class BadFrontMatter(Exception):
    """The front matter cannot be read; `line` counts from the top of the file."""

    def __init__(self, line: int, cause: str) -> None:
        self.line = line
        super().__init__(cause)


@dataclass(frozen=True)
class Document:
    """A Markdown file in two: the fields on top, the line each stands on, and the text below."""

    fields: dict[str, Any]
    lines: dict[str, int]
    body: str


def split_document(text: str) -> Document:
    """Return the front matter and the body of a file; a file without front matter is all body.

    One line break after the front matter and one at the end belong to the file, not to the body.

    :raises BadFrontMatter: if the front matter is not the YAML described above
    """
    if "\r\n" in text.partition("\n")[0] + "\n":
        text = text.replace("\r\n", "\n")
    match = FENCED.match(text)
    if match is None:
        return Document({}, {}, text.removesuffix("\n"))
    fields, lines = _load(match.group(1))
    return Document(fields, lines, text[match.end() :].removeprefix("\n").removesuffix("\n"))


def join_document(fields: dict[str, Any], body: str) -> str:
    """Return the file that `split_document` reads back."""
    front = yaml.dump(fields, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6) if fields else ""
    return f"---\n{front}---\n" + (f"\n{body}\n" if body else "")


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc] # the stubs call it the instance's

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call] # PyYAML types none of its readers
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            raise yaml.composer.ComposerError(None, None, "aliases and tags are not allowed", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key, value in node.value:
            cause = "a key must be a word" if not isinstance(key, yaml.ScalarNode) else f"“{key.value}” stands twice"
            if not isinstance(key, yaml.ScalarNode) or key.value in result:
                raise yaml.constructor.ConstructorError(None, None, cause, key.start_mark)
            result[key.value] = self.construct_object(value, deep=deep)
        return result


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc] # the stubs call it the instance's

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _write_text(dumper: _Dumper, text: str) -> yaml.Node:
    style = '"' if NEEDS_ESCAPES.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)
for _tag, _pattern, _first in RESOLVERS:
    _whole = re.compile(rf"(?:{_pattern.pattern})\Z", re.ASCII)
    _Loader.add_implicit_resolver(_tag, _whole, list(_first))
    _Dumper.add_implicit_resolver(_tag, _whole, list(_first))


def _load(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    if len(text) > MAX_FRONT_MATTER:
        raise BadFrontMatter(1, f"front matter of more than {MAX_FRONT_MATTER} characters")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise BadFrontMatter(2, "front matter must be lines of “key: value”")
        fields = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadFrontMatter(mark.line + 2 if mark else 1, error.problem or "not YAML") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise BadFrontMatter(1, "front matter is not YAML") from None
    return fields, {key.value: key.start_mark.line + 2 for key, _ in node.value}
