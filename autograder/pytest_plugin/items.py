"""What the items that pytest collects from a grader file stand for: exercise and criterion, and the seed of their random numbers."""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
import torch

from ..judge.criteria import CRITERION, EXERCISE, Criterion, Exercise
from ..judge.faults import place
from ..judge.jobs import BrokenGrader

COURSE = pytest.StashKey[str]()
DEVICE = pytest.StashKey[str]()


@dataclass
class Graded:
    """One exercise of a grader file: its criteria in order, each with its pytest items."""

    exercise: Exercise
    criteria: dict[str, tuple[Criterion, list[pytest.Function]]] = field(default_factory=dict)


def seed_of(*names: str) -> int:
    """A number for the random generator from names: the same in every run, and on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join(names).encode()).digest()[:6], "big")


@cache
def names_of(item: pytest.Function) -> tuple[str, str, str, str]:
    """Course, assignment, exercise, criterion."""
    course = item.config.stash.get(COURSE, "course")
    assignment = item.path.stem.removeprefix("test_")
    exercise = getattr(item.cls, EXERCISE, None)
    return (course, assignment, exercise.name if exercise else "", item.name)


def generator_of(item: pytest.Function) -> torch.Generator:
    """What the fixture `rng` is for this item."""
    return torch.Generator().manual_seed(seed_of(*names_of(item)))


class _NoCase:
    params: dict[str, Any] = {}


NO_CASE = _NoCase()
OWN_FIXTURES = {"student", "rng", "draw", "device", "request"}


@cache
def is_plain(item: pytest.Function) -> bool:
    """Whether an item needs nothing of pytest but its collection: no fixtures but this plugin's, no marks but cases."""
    cases = set(getattr(item, "callspec", NO_CASE).params)
    return set(item.fixturenames) <= OWN_FIXTURES | cases and all(mark.name == "parametrize" for mark in item.iter_markers())


def group_items(items: list[pytest.Item]) -> dict[str, Graded]:
    """Items by exercise and criterion. Raises BrokenGrader for a test that is neither."""
    graded: dict[str, Graded] = {}
    for item in items:
        exercise = getattr(getattr(item, "cls", None), EXERCISE, None)
        criterion = getattr(getattr(item, "function", None), CRITERION, None)
        if not isinstance(item, pytest.Function) or exercise is None or criterion is None:
            line = (item.location[1] or 0) + 1
            raise BrokenGrader(f"{place(str(item.path), line)}: {item.name} is not a @criterion of an @exercise class")
        entry = graded.setdefault(exercise.name, Graded(exercise))
        entry.criteria.setdefault(item.function.__name__, (criterion, []))[1].append(item)
    return graded
