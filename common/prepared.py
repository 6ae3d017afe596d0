"""Queries whose SQL Django writes once per process: writing it takes several times longer than running it."""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
Places = list[tuple[str | None, Any]]
# Values nobody sends, by which the arguments' places are found again among the compiled parameters.
FIRST_NUMBER = 1_973_000_000
WORD = "\N{SNOWMAN}"


def prepared(build: Callable[P, QuerySet[M]]) -> Callable[P, list[M]]:
    """Turn a function that builds a queryset from keyword arguments into one that returns its rows.

    Integers and strings become parameters of the SQL, so `build` must not look at their values; it sees marks.
    Booleans and None do shape it: `build` runs once for every combination of them in each process.
    """
    shapes: dict[Any, Compiled] = {}

    @wraps(build)
    def rows(*args: P.args, **arguments: P.kwargs) -> list[M]:
        shape = tuple((name, _shape(value)) for name, value in arguments.items())
        if shape not in shapes:
            shapes[shape] = Compiled(build, arguments)
        return cast("list[M]", shapes[shape].rows(arguments))

    return rows


def _shape(value: Any) -> Any:
    return type(value) if _is_parameter(value) else value


def _is_parameter(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


class Compiled:
    """A query with its SQL, and where in it the arguments go. Shared by threads, so it never changes."""

    def __init__(self, build: Callable[..., QuerySet[Any]], arguments: dict[str, Any]) -> None:
        marks: dict[str, int | str] = {}
        for number, (name, value) in enumerate(arguments.items()):
            if _is_parameter(value):
                marks[name] = FIRST_NUMBER + number if isinstance(value, int) else f"{WORD}{number}"
        names = {mark: name for name, mark in marks.items()}
        self._compiler: Any = build(**arguments | marks).query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, params = self._compiler.as_sql()
        self._places: Places = [(names.get(value) if _is_parameter(value) else None, value) for value in params]
        # A mark that is gone was too large for its column, and took its condition with it.
        lost = names.keys() - {value for value in params if _is_parameter(value)}
        if lost:
            raise ValueError(f"Not in the SQL: {', '.join(names[mark] for mark in lost)}")

    def rows(self, arguments: dict[str, Any]) -> list[Any]:
        """Run it with these arguments and build the objects as any queryset would."""
        params = tuple(value if name is None else arguments[name] for name, value in self._places)
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_, **__: (self._sql, params)
        return list(ModelIterable(cast("QuerySet[Any]", Ready(compiler))))


class Ready:
    """What ModelIterable asks of a queryset."""

    db = DEFAULT_DB_ALIAS

    def __init__(self, compiler: Any) -> None:
        self.query = self
        self._compiler = compiler
        self._known_related_objects: dict[Any, Any] = {}

    def get_compiler(self, using: str) -> Any:
        return self._compiler
