"""`@exercise` and `@criterion`: how a grader file says what its classes and tests are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable)
EXERCISE, CRITERION = "__autograder_exercise__", "__autograder_criterion__"


@dataclass(frozen=True)
class Exercise:
    """name: grade id of the solution cell; its points are those of the cell `test_<name>`. forbid: operations that must not run. parts: earlier exercises
    that it is built on, `vocabulary.part.Part` each."""

    name: str
    forbid: tuple[str, ...] = ()
    parts: tuple[Any, ...] = ()


# Failures about which the hint of a criterion may have something to say. What crashed, hangs or is missing needs another word.
HINTED = ("wrong type", "wrong shape", "wrong value", "no gradient", "unstable", "forbidden operation", "too slow")


@dataclass(frozen=True)
class Criterion:
    """title: what is true of a right answer, read by students. weight: its share. timeout_s: wall time in seconds, None for the default. hint_for: the
    reasons that the hint is about. promise: the kind of promise that it is, "" for one written out."""

    title: str
    weight: float = 1.0
    hint: str = ""
    timeout_s: float | None = None
    hint_for: tuple[str, ...] = HINTED
    promise: str = ""

    def hint_to(self, reason: str, named: str = "") -> str:
        """The hint, where it has something to say about this failure. named: the mistake, if the message says already what it is."""
        return self.hint if reason in self.hint_for and not named else ""


def exercise(name: str, forbid: Sequence[str] = (), parts: Sequence[Any] = ()) -> Callable[[Class], Class]:
    """Marks a test class as the grader of one exercise. parts: see `vocabulary.part`; a function or class of the reference stands for the part of its name."""

    def mark(cls: Class) -> Class:
        setattr(cls, EXERCISE, Exercise(name, tuple(forbid), tuple(parts)))
        for attribute, value in vars(cls).items():
            if hasattr(value, CRITERION):
                value.__name__ = attribute  # of a test that a promise made, too
        return cls

    return mark


def criterion(
    title: str, weight: float = 1.0, hint: str = "", timeout_s: float | None = None, hint_for: Sequence[str] = HINTED, promise: str = ""
) -> Callable[[Function], Function]:
    """Marks a test function as one criterion. Raises ValueError for a weight that is not positive."""
    if not (isinstance(weight, int | float) and 0 < weight < float("inf")):
        raise ValueError(f"criterion {title!r} has weight {weight!r}; a positive number is needed")

    def mark(function: Function) -> Function:
        setattr(function, CRITERION, Criterion(title, float(weight), hint, timeout_s, tuple(hint_for), promise))
        return function

    return mark
