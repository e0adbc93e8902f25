"""The criteria of a hidden grader as plain functions in a kernel: what an instructor would write as hidden tests in the notebook."""

import importlib.util
import inspect
import warnings
from functools import cache
from pathlib import Path

import torch

from autograder.judge.criteria import CRITERION, EXERCISE
from autograder.judge.local import LocalStudent
from autograder.pytest_plugin.items import seed_of

GRADERS = Path(__file__).resolve().parents[1] / "autograder" / "graders"


@cache
def grader(assignment: str):
    """The grader file as a module."""
    spec = importlib.util.spec_from_file_location(f"grader_{assignment}", GRADERS / f"test_{assignment}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_criteria(assignment: str, exercise: str, namespace: dict) -> None:
    """Runs every criterion of one exercise on a namespace; the first that does not hold raises."""
    for cls in vars(grader(assignment)).values():
        mark = getattr(cls, EXERCISE, None)
        if mark is None or mark.name != exercise:
            continue
        for name, function in vars(cls).items():
            if hasattr(function, CRITERION):
                for case in cases_of(function):
                    torch.manual_seed(seed_of(assignment, exercise, name))
                    given = {
                        "student": LocalStudent(namespace, mark.forbid), "device": "cpu",
                        "rng": torch.Generator().manual_seed(seed_of(assignment, exercise, name)), **case,
                    }  # fmt: skip
                    wanted = [parameter for parameter in inspect.signature(function).parameters if parameter != "self"]
                    with warnings.catch_warnings():  # to stock nbgrader one warning on stderr is zero points
                        warnings.simplefilter("ignore")
                        function(cls(), **{parameter: given[parameter] for parameter in wanted})


def cases_of(function) -> list[dict]:
    """The cases of a parametrised criterion; one empty case for a plain one."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        return [{}]
    names = [name.strip() for name in marks[0].args[0].split(",")] if isinstance(marks[0].args[0], str) else list(marks[0].args[0])
    values = [getattr(value, "values", value if isinstance(value, tuple) and len(names) > 1 else (value,)) for value in marks[0].args[1]]
    return [dict(zip(names, value, strict=True)) for value in values]
