"""`LocalStudent`: the same grader files on a plain namespace in this process, without a sandbox, for authors and debuggers.

A breakpoint in an answer works here. It is no wall: never run a stranger's code with it.
"""

import linecache
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ..notebooks.master import Master
from ..notebooks.plan import Plan
from ..notebooks.reader import Unreadable, make_plan, read_file
from ..notebooks.reference import Answer, reference_plan
from ..sandbox.namespace import Missing, View, describe
from ..sandbox.watch import watched
from ..wire.peer import RemoteError
from .criteria import EXERCISE
from .operators import forbidden_name
from .reasons import Finding
from .student import copied, failure_of, source_of

ROOT = Path(__file__).resolve().parents[2]


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


class LocalRun:
    """What the fixture `student` asks when a grader is run by hand on a namespace."""

    def __init__(self, namespace: dict[str, Any]):
        self._namespace = namespace

    def begin(self, item: pytest.Item) -> LocalStudent:
        from .plugin import names_of, seed_of

        seed = seed_of(*names_of(item))
        torch.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed % (1 << 32))
        exercise = getattr(item.cls, EXERCISE, None)
        return LocalStudent(self._namespace, exercise.forbid if exercise else ())

    def close(self) -> None:
        pass


class ByHand:
    """The runs that the options of the command line ask for, one for each grader file of the pytest call."""

    def __init__(self, config: pytest.Config):
        self._config = config
        self._runs: dict[str, Any] = {}

    def begin(self, item: pytest.Item) -> Any:
        assignment = item.path.stem.removeprefix("test_")
        if assignment not in self._runs:
            self._runs[assignment] = _run_for(assignment, self._config)
        return self._runs[assignment].begin(item)

    def close(self) -> None:
        for run in self._runs.values():
            run.close()


def _run_for(assignment: str, config: pytest.Config) -> Any:
    notebook, answer = config.getoption("--submission"), config.getoption("--answer")
    if notebook:
        from .sandboxed import SandboxedRun

        try:
            plan = make_plan(Master.load(assignment, ROOT / "release"), read_file(Path(notebook)), Path(notebook).name)
        except Unreadable as error:
            raise pytest.UsageError(str(error)) from None
        return SandboxedRun(plan, config.getoption("--autograder-sandbox"), config.getoption("--autograder-device"))
    if answer:
        loaded = Answer.load(Path(answer))
        return LocalRun(run_plan(reference_plan(assignment, ROOT, {loaded.exercise: loaded.source})))
    return LocalRun(run_plan(reference_plan(assignment, ROOT)))
