"""`autograder new ASSIGNMENT --exercise NAME`: a function that the author has written into a cell of its own becomes an exercise.

Everything is made from the function: markers and metadata, prose with its docstring and an example, a visible check, a case with the promises that it
keeps, right and wrong answers. All of it holds as it is; the author adds what is particular.
"""

import ast
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from ..grading.course import Course
from ..judge.local import run_plan
from ..notebooks.master import MasterError
from ..notebooks.reference import exercises_of, reference_cells, reference_plan, solution_path
from ..vocabulary.case import Case
from ..vocabulary.draw import Draw
from .described import BY_HAND, SIZES, Arguments, described
from .errors import BuildError
from .stand_ins import right_answers, without_docstring, wrong_answers
from .trial import Trial, tried

_PLAIN = "# %%"
_SOLUTION = '# %% nbgrader={"grade": false, "grade_id": "@", "locked": false, "schema_version": 3, "solution": true, "task": false}'
_CHECK = '# %% nbgrader={"grade": true, "grade_id": "test_@", "locked": true, "points": POINTS, "schema_version": 3, "solution": false, "task": false}'
_POINTS = r'("grade_id": "test_@", .*"points": )[\d.]+'
_IN_PROSE = re.compile(r"(?<=· )[\d.]+(?= points?\*)")


@dataclass
class Made:
    """files: what was written; points: from whom they were taken, in words; left_out: promises that the function does not keep, and why."""

    files: list[Path] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Cell:
    """Where a cell of the text lies: line numbers from 0, its header the first, and the function in it."""

    start: int
    end: int
    function: ast.FunctionDef


def new_exercise(course: Course, assignment: str, name: str, points: int | None = None) -> Made:
    """Makes the exercise, or changes nothing. Raises CourseError, MasterError and BuildError."""
    course.assignment(assignment)
    text_path = solution_path(assignment, course.root)
    grader_path = course.root / "autograder" / "graders" / f"test_{assignment}.py"
    if not grader_path.is_file():
        raise BuildError(f"{grader_path.relative_to(course.root)} is missing: `autograder new {assignment}` makes an assignment with one")
    lines = text_path.read_text(encoding="utf-8").splitlines()
    where = f"{text_path.relative_to(course.root)}: {name}"
    has = exercises_of(assignment, course.root)
    if name in has:
        raise BuildError(f"{where} is an exercise already")
    cell = _cell_of(lines, name, where)
    try:
        arguments, trial = _tried(course.root, assignment, name)
    except BuildError as error:
        raise BuildError(f"{where}: {error}") from None
    bare = without_docstring(cell.function)
    answers = {f"right/{name}__{slug}.py": text for slug, text in right_answers(bare, trial, arguments.expressions).items()}
    answers |= {f"wrong/{name}__{slug}.py": text for slug, text in wrong_answers(bare, trial).items()}
    made = Made(left_out=trial.broken)
    points = points or max(1, round(sum(has.values()) / (len(has) + 1)))
    taken = _taken(has, points)
    made.points = [f"{other} {has[other]:g} → {left:g}" for other, left in taken.items()]
    above, below = ("\n".join(part) for part in (lines[: cell.start], lines[cell.end :]))
    parts = [_with_points(above, taken), _cells(lines, cell, trial, arguments, points), _with_points(below, taken)]
    grader = _with_class(grader_path.read_text(encoding="utf-8"), trial, arguments)
    files = {text_path: "\n".join(part for part in parts if part) + "\n", grader_path: grader}
    submissions = course.root / "tests" / "submissions" / assignment
    files |= {submissions / file: text for file, text in answers.items()}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reference_cells.cache_clear()
    made.files = list(files)
    return made


# -- the function -------------------------------------------------------------------------------------------------------------


def _cell_of(lines: list[str], name: str, where: str) -> _Cell:
    """The plain cell that holds the function and nothing else."""
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if lines[start].strip() != _PLAIN or not any(re.match(rf"(def|class) {name}\b", line) for line in lines[start:end]):
            continue
        body = ast.parse("\n".join(lines[start:end])).body
        if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
            other = "a class: write its cells and its grader as docs/authoring.md shows (layer)" if isinstance(body[0], ast.ClassDef) else ""
            raise BuildError(f"{where} is {other or 'in a cell with other statements: give it one of its own'}")
        if ast.get_docstring(body[0]) is None:
            raise BuildError(f"{where} has no docstring, which says what its arguments are: `X: (n, d) float`")
        return _Cell(start, end, body[0])
    raise BuildError(
        f"{where} is not there yet: write the function with its docstring into a plain cell (`{_PLAIN}`) where the exercise belongs, then run this again"
    )


def _tried(root: Path, assignment: str, name: str) -> tuple[Arguments, Trial]:
    """The function with what its docstring says of its arguments, and the promises that it keeps."""
    reference_cells.cache_clear()
    sys.path.insert(0, str(root / "source"))
    try:
        namespace = run_plan(reference_plan(assignment, root))
    finally:
        sys.path.remove(str(root / "source"))
    if name not in namespace:
        raise MasterError(f"the text of {assignment} does not run as far as {name}")
    arguments = described(namespace[name])
    sizes = list(dict.fromkeys(arguments.sizes(table) for table in SIZES))
    trial = tried(name, namespace, Case(namespace[name], arguments.draws, sizes, name), next(iter(arguments.dimensions), ""))
    if "test_values" not in trial.calls:
        raise BuildError(f"it does not take what its docstring says, {arguments.source}: {trial.broken['test_values']}")
    return arguments, trial


# -- points -------------------------------------------------------------------------------------------------------------------


def _taken(has: dict[str, float], points: int) -> dict[str, float]:
    """The new points of those that change: one after another is taken from the exercise that has most."""
    left = dict(has)
    for _ in range(points):
        richest = max(reversed(left), key=lambda one: left[one], default="")
        if not richest or left[richest] <= 1:
            raise BuildError(f"{points} points cannot be taken from the exercises that are there")
        left[richest] -= 1
    return {one: value for one, value in left.items() if value != has[one]}


def _with_points(text: str, taken: dict[str, float]) -> str:
    """Other points in the headers of check cells, and in the prose above them where it states them: "· 6 points*"."""
    lines = text.split("\n")
    for name, left in taken.items():
        here = next((number for number, line in enumerate(lines) if re.search(_POINTS.replace("@", name), line)), None)
        if here is None:
            continue
        lines[here] = re.sub(_POINTS.replace("@", name), rf"\g<1>{left:g}", lines[here])
        said = next((number for number in range(here, -1, -1) if _IN_PROSE.search(lines[number])), None)
        checks_between = said is not None and any('"grade_id": "test_' in line for line in lines[said:here])
        if said is not None and not checks_between:
            lines[said] = _IN_PROSE.sub(f"{left:g}", lines[said])
    return "\n".join(lines)


# -- the notebook -------------------------------------------------------------------------------------------------------------


def _cells(lines: list[str], cell: _Cell, trial: Trial, arguments: Arguments, points: int) -> str:
    """Prose, the function with its markers, and its check, as text."""
    function, name = cell.function, trial.name
    given, expected = _example(trial, arguments)
    below_docstring, last = cell.start + (function.body[0].end_lineno or 0), cell.start + (function.end_lineno or 0)
    indent = " " * function.body[0].col_offset
    first = cell.start + function.lineno - 1
    solution = [
        _SOLUTION.replace("@", name), *lines[first:below_docstring], f"{indent}### BEGIN SOLUTION", *lines[below_docstring:last], f"{indent}### END SOLUTION",
    ]  # fmt: skip
    above = "\n".join(lines[max([0, *(i for i in range(cell.start) if lines[i].startswith("# %%"))]) : cell.start])
    prose = [] if above.startswith("# %% [markdown]") and re.search(rf"\b{name}\b", above) else [*_prose(function, given, expected, points), "", ""]
    check = [_CHECK.replace("@", name).replace("POINTS", str(points)), *_check(lines, trial, given, expected)]
    return "\n".join([*prose, *solution, "", "", *check, ""])


def _example(trial: Trial, arguments: Arguments) -> tuple[dict[str, Any], Any]:
    """Arguments that can be read, and what comes out for them."""
    drawn = arguments.draws(Draw(torch.Generator().manual_seed(2)), *arguments.sizes(BY_HAND))
    rounded = [value.mul(10).round().div(10) if isinstance(value, torch.Tensor) and value.is_floating_point() else value for value in drawn]
    copies = [value.clone() if isinstance(value, torch.Tensor) else value for value in rounded]
    return dict(zip(arguments.expressions, rounded, strict=True)), trial.case.right(*copies)


def _prose(function: ast.FunctionDef, given: dict[str, Any], expected: Any, points: int) -> list[str]:
    paragraph = " ".join((ast.get_docstring(function) or "").split("\n\n")[0].split())
    shown = ", ".join(f"`{name} = {_shown(value)}`" for name, value in given.items())
    return [
        "# %% [markdown]", f"# ### `{function.name}`", "#",
        f"# *difficulty 2/5 · importance 3/5 · about 10 minutes · {points} points*", "#", "# Notes: ?", "#", f"# {paragraph}", "#",
        f"# **By hand.** For {shown} the result is `{_shown(expected)}`.",
    ]  # fmt: skip


def _check(lines: list[str], trial: Trial, given: dict[str, Any], expected: Any) -> list[str]:
    call = ", ".join(f"_{name}" for name in given)
    promises = [f"{option}=False" for option, test in (("gradient", "test_gradients"), ("dtype", "test_dtype")) if test not in trial.calls]
    tools = ["check_equal", *(["check_promises"] if "test_unchanged" in trial.calls else [])]
    known = {word for line in lines if line.startswith("from course_tools import") for word in re.findall(r"\w+", line)}
    missing = [tool for tool in tools if tool not in known]
    check = [f"from course_tools import {', '.join(missing)}", ""] if missing else []
    check += [f"_{name} = {_literal(value)}" for name, value in given.items()]
    check.append(f'check_equal({trial.name}({call}), {_literal(expected)}, "{trial.name}({", ".join(given)})")')
    if "check_promises" in tools:
        check.append(f"check_promises({', '.join([trial.name, call, *promises])})")
    return check


def _shown(value: Any) -> str:
    """A value as prose has it: [[0.1, 2]]."""
    if isinstance(value, torch.Tensor):
        return _shown(value.tolist())
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return f"{value:.4g}" if isinstance(value, float) else repr(value)


def _literal(value: Any) -> str:
    """Python that makes the value again, floats to six digits."""
    if isinstance(value, torch.Tensor):
        usual = value.dtype in (torch.float32, torch.int64, torch.bool) and value.numel()
        return f"torch.tensor({_literal(value.detach().tolist())}{'' if usual else f', dtype={value.dtype}'})"
    if isinstance(value, list | tuple):
        items = ", ".join(map(_literal, value))
        return f"[{items}]" if isinstance(value, list) else f"({items},)"
    if isinstance(value, float):
        return repr(float(f"{value:.6g}")) if abs(value) < float("inf") else f'float("{value}")'
    if isinstance(value, bool | int | str) or value is None:
        return repr(value)
    raise BuildError(f"its result holds a {type(value).__name__}, for which no check can be written; write the exercise as docs/authoring.md shows")


# -- the grader ---------------------------------------------------------------------------------------------------------------


def _with_class(grader: str, trial: Trial, arguments: Arguments) -> str:
    """The grader with a case and a class at its end."""
    reference = next(
        (alias.asname or alias.name for node in ast.parse(grader).body if isinstance(node, ast.ImportFrom) for alias in node.names
         if (node.module or "").startswith("solutions.")), None,
    )  # fmt: skip
    if reference is None:
        raise BuildError("the grader imports no reference: `from solutions.… import … as reference`")
    name = trial.name
    sizes = ", ".join(f"({', '.join(map(str, size))}{',' if len(size) == 1 else ''})" for size in trial.case.sizes)
    promises = "\n".join(f"    {test} = {name}.{call}" for test, call in trial.calls.items())
    return f"""{_with_imports(grader, ("case", "exercise")).rstrip()}


{name} = case(
    {reference}.{name},
    {arguments.source},
    sizes=[{sizes}],
)


@exercise("{name}")
class Test{"".join(word[:1].upper() + word[1:] for word in name.split("_"))}:
{promises}
"""


def _with_imports(grader: str, names: tuple[str, ...]) -> str:
    """The grader with these names among those that it imports from autograder, in the order and the form that ruff gives them."""
    nodes = [node for node in ast.parse(grader).body if isinstance(node, ast.ImportFrom) and node.module == "autograder"]
    if not nodes:
        raise BuildError("the grader imports nothing from autograder")
    there = [alias.name for alias in nodes[0].names]
    if not set(names) - set(there):
        return grader
    found = sorted({*there, *names}, key=lambda one: (not one[0].isupper(), one))
    line = f"from autograder import {', '.join(found)}"
    if len(line) > 160:
        line = "\n".join(["from autograder import (", *(f"    {one}," for one in found), ")"])
    lines = grader.split("\n")
    lines[nodes[0].lineno - 1 : nodes[0].end_lineno] = [line]
    return "\n".join(lines)
