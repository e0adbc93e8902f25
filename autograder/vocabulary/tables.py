"""Functions of pandas tables. A table does not cross the line: a grader draws what it is made of, it is built over there, and what comes back is data again.

    {"table": {name: values}, "index": labels}    a DataFrame; with "rows": n, its first n rows only
    {"series": values, "index": labels, "name": …}  a Series, with "rows" as well
    {"csv": text}                                  an open file

Values are lists of numbers, words, True and False; NaN is missing. All else (tensors, numbers, dtypes) is handed over as it is.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import torch

from ..judge.checks import assert_close, expect
from ..judge.criteria import criterion
from ..judge.reasons import Finding
from .draw import Draw
from .slip import Slips, alike

Test = Callable[..., None]
Given = Callable[[Draw], Mapping[str, tuple]]  # {what the result is called: arguments}
RTOL, ATOL = 1e-5, 1e-7  # of numbers in a table, which are float64 unless they have been through float32


@dataclass(frozen=True)
class TableCase:
    """`right(*arguments)` is what the student's function of the same name should give for what `arguments(draw)` describes.

    gives: what the parts of a result are called, where it has several. ordered: whether the columns stand in the order of the reference's. slips: as for a
    `Case`, functions of tables.
    """

    right: Callable[..., Any]
    arguments: Given
    slips: Slips = field(default_factory=dict)
    gives: tuple[str, ...] = ()
    ordered: bool = True

    @property
    def name(self) -> str:
        return self.right.__name__

    def equals(
        self, title: str, weight: float = 1.0, hint: str = "", arguments: Given | None = None, index: bool = False, only: Callable[[str], bool] | None = None,
        parts: Sequence[int] | None = None, follows: bool = False,
    ) -> Test:  # fmt: skip
        """A criterion: gives what the reference gives. index: the labels of the rows count too. only: the columns that are looked at, by name; parts: the parts
        of the result. follows: where the values are wrong already in ordinary tables, this criterion has nothing to add."""

        @criterion(title, weight, hint, hint_for=("wrong value", "wrong shape", "wrong type", "unstable"))
        def test(_, student, draw):
            drawn = (arguments or self.arguments)(draw)
            view = View(index, only, parts, self.ordered)
            self.compare(drawn, [seen["result"] for seen in self.ask(student, list(drawn.values()))], view, follows)

        return test

    def leaves_tables(
        self, weight: float = 1.0, hint: str = "work on table.copy(), and give nothing a new value in what you were given", beside: Given | None = None
    ) -> Test:
        """A criterion: what it was given holds afterwards what it held before, and is not what comes back. beside: further arguments, for instance where
        there is nothing to do."""

        @criterion("returns something new, and leaves what it was given as it was", weight, hint, hint_for=("wrong value",))
        def test(_, student, draw):
            drawn = {**dict(list(self.arguments(draw).items())[:2]), **(beside(draw) if beside else {})}
            seen = self.ask(student, list(drawn.values()), watch="tables")
            for words, one in zip(drawn, seen, strict=True):
                expect(not one["changed"], f"{words} has changed a table that it was given; it should be left as it was")
                expect(not one["shared"], f"what {words} returns is the table that it was given: who writes into one writes into the other")
            self.compare(drawn, [one["result"] for one in seen], follows=True)

        return test

    def asked_again(self, weight: float = 1.0, title: str = "gives the same when it is called again, and leaves the program as it was") -> Test:
        """A criterion: the same arguments give the same after others, and grad mode, default dtype and random generators are as before."""

        @criterion(title, weight, "keep nothing from one call for the next, and switch nothing for the whole program", hint_for=("wrong value",))
        def test(_, student, draw):
            first, other = (list(self.arguments(draw).items()) for _ in range(2))
            calls = [first[0], other[-1], first[0]]
            seen = self.ask(student, [arguments for _, arguments in calls], watch="program")
            for one in seen:
                expect(not one["program"], f"after a call of {self.name} {one['program']}")
            for number, ((words, arguments), one) in enumerate(zip(calls, seen, strict=True)):
                said = words if number == 0 else f"{words}, at a later call,"
                self.compare({said: arguments}, [one["result"]], follows=True)

        return test

    # -- what the criteria are made of

    def ask(self, student: Any, calls: Sequence[tuple], watch: str = "") -> list[dict[str, Any]]:
        """What `called_with_tables` tells of the student's function."""
        seen = student.run(called_with_tables, name=self.name, calls=[list(call) for call in calls], watch=watch)
        if not isinstance(seen, list) or len(seen) != len(calls) or not all(isinstance(one, dict) and one.keys() >= KEYS for one in seen):
            raise Finding(f"{self.name} gave back something that cannot be read", "tampered")
        return seen

    def compare(self, drawn: Mapping[str, tuple], results: Sequence[Any], view: "View | None" = None, follows: bool = False) -> None:
        """Each result is what the reference gives; else a Finding that names the slip whose results these are."""
        calls, view = list(drawn.values()), view or View(ordered=self.ordered)
        for words, actual, expected in zip(drawn, results, self._right_results(calls), strict=True):
            try:
                self._compare_parts(actual, expected, words, view)
            except Finding as finding:
                finding.follows = follows
                if finding.reason in ("wrong value", "wrong shape", "unstable") and (slip := self._slip(calls, results, view)):
                    finding.message, finding.named = f"{words} is what comes out when {slip}", slip
                raise

    def _right_results(self, calls: Sequence[tuple]) -> list[Any]:
        """Those of the reference; criteria draw the same for every submission, so that each is asked for once."""
        key = f"{self.right.__module__}.{self.name}{[[_exactly(value) for value in call] for call in calls]}"
        if key not in _RIGHT:
            _RIGHT[key] = self._results(self.right, calls)
        return _RIGHT[key]

    def _results(self, f: Callable[..., Any], calls: Sequence[tuple]) -> list[Any]:
        return [one["result"] for one in called_with_tables(SimpleNamespace(**{self.name: f}), self.name, calls, watch="")]

    def _slip(self, calls: Sequence[tuple], results: Sequence[Any], view: "View") -> str:
        for words, ways in self.slips.items():
            for way in ways if isinstance(ways, tuple) else (ways,):
                try:
                    others = self._results(way, calls)
                except Exception:  # of broken code, on tables that it cannot take
                    continue
                if all(alike(view.of(mine), view.of(other)) for mine, other in zip(results, others, strict=True)):
                    return words
        return ""

    def _compare_parts(self, actual: Any, expected: Any, what: str, view: "View") -> None:
        if not self.gives:
            return compare_told(actual, expected, what, view)
        if not isinstance(actual, list) or len(actual) != len(self.gives):
            count = {2: "two", 3: "three"}[len(self.gives)]
            raise Finding(f"{what} is {_kind(actual)}; {count} results were expected: {' and '.join(self.gives)}", "wrong type")
        for number, (name, mine, right) in enumerate(zip(self.gives, actual, expected, strict=True)):
            if view.parts is None or number in view.parts:
                compare_told(mine, right, f"{name} of {what}", view)
        return None


KEYS = {"result", "changed", "shared", "program"}
_RIGHT: dict[str, list[Any]] = {}


def _exactly(value: Any) -> Any:
    return (str(value.dtype), value.tolist()) if isinstance(value, torch.Tensor) else value


@dataclass(frozen=True)
class View:
    """What of a result is looked at: index labels, some columns, some parts, the order of the columns."""

    index: bool = False
    only: Callable[[str], bool] | None = None
    parts: Sequence[int] | None = None
    ordered: bool = True

    def columns(self, told: dict) -> list[list]:
        return [column for column in told["table"] if self.only is None or self.only(column[0])]

    def of(self, told: Any) -> Any:
        """The result, less what is not looked at: to be compared with that of a slip."""
        if isinstance(told, list):
            return [self.of(part) for number, part in enumerate(told) if self.parts is None or number in self.parts]
        if not isinstance(told, dict):
            return told
        label = {"index": told.get("index")} if self.index else {}
        if "table" in told:
            return {"table": {name: values for name, _, values in self.columns(told)}, "rows": len(told["index"]), **label}
        return {"series": told["series"][1], **label} if "series" in told else told


def compare_told(actual: Any, expected: Any, what: str, view: View) -> None:
    """A result is the expected one: tables and columns by name and value, all else by `assert_close`."""
    if not isinstance(expected, dict):
        wide = isinstance(expected, torch.Tensor) and expected.dtype == torch.float64
        tolerance = 1e-12 if wide else None
        return assert_close(actual, expected, what=what, rtol=tolerance, atol=tolerance)
    kind = "table" if "table" in expected else "series"
    if not isinstance(actual, dict) or kind not in actual:
        raise Finding(f"{what} is {_kind(actual)}, {KINDS[kind]} was expected", "wrong type")
    rows, right_rows = len(actual["index"]), len(expected["index"])
    if rows != right_rows:
        raise Finding(f"{what} has {rows} rows, {right_rows} were expected", "wrong shape")
    if kind == "series":
        _compare_values(actual["series"], expected["series"], what)
    else:
        _compare_columns(view.columns(actual), view.columns(expected), what, view.ordered)
    if view.index and actual["index"] != expected["index"]:
        raise Finding(f"the index of {what} is not what it should be: {_labels(actual['index'])}")
    return None


def _compare_columns(actual: list[list], expected: list[list], what: str, ordered: bool) -> None:
    names, right = [column[0] for column in actual], [column[0] for column in expected]
    missing, extra = [name for name in right if name not in names], [name for name in names if name not in right]
    double = [name for name in names if names.count(name) > 1]
    if missing or extra or double:
        said = f"has no column {missing[0]!r}" if missing else f"has a column {extra[0]!r} too many" if extra else f"has the column {double[0]!r} twice"
        raise Finding(f"{what} {said}", "wrong shape")
    if ordered and names != right:
        raise Finding(f"{what} has the right columns, but in another order")
    found = {column[0]: column[1:] for column in actual}
    for name, *column in expected:
        _compare_values(found[name], column, f"column {name!r} of {what}")


def _compare_values(actual: list, expected: list, what: str) -> None:
    (kind, mine), (right_kind, right) = actual, expected
    mixed = kind == "words" and bool(mine) and all(isinstance(value, float) for value in mine)
    if (kind == "words") != (right_kind == "words") and not (mixed and right_kind == "bool"):  # ones and zeros may be objects
        said = "holds Python objects" if mixed else "holds words" if kind == "words" else "holds numbers"
        raise Finding(f"{what} {said} ({'words' if right_kind == 'words' else 'numbers'} were expected)", "wrong type")
    empty = [number for number, (a, b) in enumerate(zip(mine, right, strict=True)) if _missing(a) and not _missing(b)]
    filled = [number for number, (a, b) in enumerate(zip(mine, right, strict=True)) if _missing(b) and not _missing(a)]
    for rows, said in ((empty, "is missing where there should be a value"), (filled, "is filled where it should be missing")):
        if rows:
            raise Finding(f"{what} {said}: row {rows[0]} by position ({len(rows)} of {len(mine)} rows)")
    if right_kind != "words":
        assert_close(torch.tensor(mine, dtype=torch.float64), torch.tensor(right, dtype=torch.float64), what=what, rtol=RTOL, atol=ATOL)
    elif wrong := [number for number, (a, b) in enumerate(zip(mine, right, strict=True)) if a != b and not _missing(b)]:
        raise Finding(f"{what} holds another word than it should in row {wrong[0]} by position ({len(wrong)} of {len(mine)} rows)")


def _missing(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


KINDS = {"table": "a table (pandas.DataFrame)", "series": "one column (pandas.Series)"}


def _kind(told: Any) -> str:
    if isinstance(told, dict):
        return KINDS.get(next(iter(told)), f"a {told.get('other')}")
    if isinstance(told, list):
        return f"a list or tuple of {len(told)}"
    return "None (is the return statement missing?)" if told is None else f"a {type(told).__name__}"


def _labels(labels: list) -> str:
    return f"{', '.join(map(str, labels[:6]))}{', …' if len(labels) > 6 else ''}" if labels else "it is empty"


def called_with_tables(student, name, calls, watch):
    """For each call its result as data ({"table": [[name, kind, values], …], "index"}, {"series": [kind, values], "index"}, {"other": type}, lists and plain
    data); with watch="tables" whether it changed what it was given, or gave that back; with watch="program" what of the program is not as it was."""
    import io
    import pickle
    import random

    import numpy
    import pandas
    import torch

    missing = float("nan")

    def built(value):
        if isinstance(value, torch.Tensor):
            return value.detach().requires_grad_(value.requires_grad)
        if not isinstance(value, dict):
            return value
        if "csv" in value:
            return io.StringIO(value["csv"])
        if "series" in value:
            whole = pandas.Series(value["series"], index=value["index"], name=value["name"])
        else:
            whole = pandas.DataFrame(value["table"], index=value["index"])
        return whole.iloc[: value["rows"]].copy() if "rows" in value else whole

    def plain(value):
        if isinstance(value, str):
            return str(value)
        number = isinstance(value, bool | int | float | numpy.number | numpy.bool_)
        return float(value) if number else missing if value is None or value is pandas.NA or value is pandas.NaT else str(value)

    def column(values):
        types = pandas.api.types
        if types.is_numeric_dtype(values):
            kind = "bool" if types.is_bool_dtype(values) else "int" if types.is_integer_dtype(values) else "float"
            return [kind, values.to_numpy(dtype="float64", na_value=missing).tolist()]
        return ["words", [plain(value) for value in values.tolist()]]

    def told(value):
        if isinstance(value, pandas.DataFrame | pandas.Series):
            index = [label if isinstance(label, str | int) else str(label) for label in value.index.tolist()]
            if isinstance(value, pandas.Series):
                return {"series": column(value), "index": index}
            return {"table": [[str(label), *column(value.iloc[:, number])] for number, label in enumerate(value.columns)], "index": index}
        if isinstance(value, list | tuple):
            return [told(item) for item in value]
        plainly = value is None or isinstance(value, bool | int | float | str | torch.Tensor)
        return value if plainly else {"other": type(value).__name__}

    def text(arguments):
        return watch == "tables" and repr(
            [one.tolist() if isinstance(one, torch.Tensor) else told(one) for one in arguments if not isinstance(one, io.StringIO)]
        )

    def is_same(result, arguments):
        parts = result if isinstance(result, list | tuple) else [result]
        return any(part is one for part in parts for one in arguments if isinstance(one, pandas.DataFrame | pandas.Series))

    def program():
        if watch != "program":
            return ()
        generators = torch.get_rng_state().numpy().tobytes(), random.getstate(), pickle.dumps(numpy.random.get_state())
        return torch.is_grad_enabled(), torch.get_default_dtype(), *generators

    words = "autograd is switched off", "the default dtype is another", *["the random numbers of the program are others"] * 3
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)  # whatever an earlier call has left
    seen = []
    for call in calls:
        arguments = [built(value) for value in call]
        before, state = text(arguments), program()
        result = getattr(student, name)(*arguments)
        left = [said for said, old, new in zip(words, state, program()) if old != new]
        told_now = told(result)
        seen.append({"result": told_now, "changed": text(arguments) != before, "shared": is_same(result, arguments), "program": left[0] if left else ""})
    return seen
