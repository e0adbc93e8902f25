"""`LocalStudent`: the same grader files on a plain namespace in this process, without a sandbox, for authors and debuggers.

A breakpoint in an answer works here. It is no wall: never run a stranger's code with it.
"""

import linecache
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import torch

from ..notebooks.plan import Plan
from ..sandbox.namespace import Missing, View, describe
from ..sandbox.watch import watched
from ..wire.peer import RemoteError
from .operators import forbidden_name
from .reasons import Finding
from .student import copied, failure_of, source_of


class LocalStudent:
    """The student's namespace in this process. Results are the real objects."""

    def __init__(self, namespace: dict[str, Any], forbid: tuple[str, ...] = ()):
        self._namespace, self._forbid = namespace, forbid

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._namespace:
            return self._missing(name)
        value = self._namespace[name]
        return LocalFunction(self, value, name) if callable(value) else value

    def run(self, probe: Callable, /, **data: Any) -> Any:
        scope: dict[str, Any] = {"torch": torch, "__name__": "probe"}
        exec(compile(source_of(probe), f"<probe {probe.__name__}>", "exec", dont_inherit=True), scope)
        return self._call(lambda: scope[probe.__name__](View(self._namespace), **copied(_unwrapped(data))), probe.__name__)

    def once(self, function: Callable, /, *args: Any) -> Any:
        return function(self, *args)

    def has(self, name: str) -> bool:
        return name in self._namespace

    def _missing(self, name: str) -> Callable:
        def missing(*_args, **_kwargs):
            raise failure_of(RemoteError("missing", "Missing", name), name)

        return missing

    def _call(self, function: Callable, label: str) -> Any:
        seen: Counter = Counter()
        try:
            if not self._forbid:
                return function()
            with watched(seen):
                return function()
        except (Finding, pytest.fail.Exception):
            raise
        except (Exception, SystemExit) as error:
            record = describe(error)
            if isinstance(error, Missing):
                record["text"] = str(error)
            raise failure_of(RemoteError(record["reason"], record["type"], record["text"], record["where"]), label) from error
        finally:
            found = forbidden_name(seen, self._forbid)
            if found:
                raise Finding(f"{label} calls {found}; this exercise asks you to write it yourself", "forbidden operation")


class LocalFunction:
    """A function or class of the namespace, with the errors of the stand-in."""

    def __init__(self, student: LocalStudent, function: Callable, label: str):
        self._student, self._function, self.__name__ = student, function, label

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student._call(lambda: self._function(*_unwrapped(args), **_unwrapped(kwargs)), self.__name__)

    def each(self, cases: Iterable[tuple]) -> Iterator[Any]:
        """What [f(*case) for case in cases] gives; the arguments are copies."""
        for case in cases:
            yield self(*map(copied, case))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


def _unwrapped(value: Any) -> Any:
    if isinstance(value, LocalFunction):
        return value._function
    if type(value) in (list, tuple):
        return type(value)(_unwrapped(item) for item in value)
    if type(value) is dict:
        return {key: _unwrapped(item) for key, item in value.items()}
    return value


def run_plan(plan: Plan) -> dict[str, Any]:
    """Runs a plan's cells in one plain namespace; an error does not stop later cells. Returns the namespace."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for index, cell in enumerate(plan.cells):
        filename = f"<ipython-input {cell.grade_id or index}>"
        linecache.cache[filename] = (len(cell.source), None, cell.source.splitlines(True), filename)
        try:
            exec(compile(cell.source, filename, "exec", dont_inherit=True), namespace)
        except Exception as error:
            print(f"cell {cell.grade_id or index}: {type(error).__name__}: {error}", file=sys.stderr)
    return namespace
