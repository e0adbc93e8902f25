"""A slip: the words for a known mistake, and what comes out when one makes it. An answer whose results are those of a slip is told so."""

from collections.abc import Callable, Mapping
from typing import Any

import torch

from ..judge.faults import place
from ..judge.jobs import BrokenGrader
from .twin import twin

# A result within this share of a slip's is that slip's: float32 sums in any order.
RTOL, ATOL = 1e-3, 1e-4

Slips = Mapping[str, Callable[..., Any] | tuple[Callable[..., Any], ...]]


def slip_in(asked: list[tuple[tuple, Any]], slips: Slips, right: Callable[..., Any] | None = None) -> str:
    """The words of the first slip that gives every result asked for, "" when none does.

    asked: pairs of arguments and result. slips: {words: function of the same arguments, or several for one mistake made in several ways}; one that does not
    apply to some arguments returns None. The words stand behind "… is what comes out when". right: the function itself; where a slip gives for all these
    arguments what it gives, within the same tolerance, the slip says nothing. Raises BrokenGrader for a slip that cannot take the arguments.
    """
    for words, ways in slips.items():
        for way in ways if isinstance(ways, tuple) else (ways,):
            made = all(alike(actual, outcome_of(words, way, arguments)) for arguments, actual in asked)
            if made and not (right and _is_right(words, way, asked, right)):
                return words
    return ""


def _is_right(words: str, way: Callable[..., Any], asked: list[tuple[tuple, Any]], right: Callable[..., Any]) -> bool:
    return all(alike(right(*map(untouched, arguments)), outcome_of(words, way, arguments)) for arguments, _ in asked)


def outcome_of(words: str, way: Callable[..., Any], arguments: tuple) -> Any:
    """What comes out of a slip. Raises BrokenGrader: the arguments are the grader's own, so an exception is its fault."""
    try:
        return way(*map(untouched, arguments))
    except Exception as error:
        code = getattr(way, "__code__", None)
        where = f"{place(code.co_filename, code.co_firstlineno)}: " if code else ""
        raise BrokenGrader(f"{where}the slip “{words}” cannot take the arguments of its case: {type(error).__name__}: {error}") from error


def untouched(value: Any) -> Any:
    """A module's copy, since what it keeps changes when it is called; else the value."""
    return twin(value) if isinstance(value, torch.nn.Module) else value


def alike(actual: Any, other: Any) -> bool:
    """Whether two results are the same but for rounding: tensors, numbers, lists, tuples and dicts of them. What is None is like nothing."""
    if actual is None or other is None:
        return False
    if isinstance(actual, list | tuple) and isinstance(other, list | tuple):
        return len(actual) == len(other) and all(map(alike, actual, other))
    if isinstance(actual, dict) and isinstance(other, dict):
        return actual.keys() == other.keys() and all(alike(actual[key], other[key]) for key in actual)
    if isinstance(other, torch.Tensor) or isinstance(actual, torch.Tensor):
        return _alike_tensors(actual, other)
    numbers = isinstance(actual, int | float) and isinstance(other, int | float)
    return torch.allclose(torch.tensor(float(actual)), torch.tensor(float(other)), RTOL, ATOL, equal_nan=True) if numbers else actual == other


def _alike_tensors(actual: Any, other: Any) -> bool:
    mine, theirs = (torch.as_tensor(value).detach().cpu() if isinstance(value, torch.Tensor | int | float) else None for value in (actual, other))
    if mine is None or theirs is None:
        return False
    if mine.numel() == theirs.numel() == 1:
        mine, theirs = mine.flatten(), theirs.flatten()
    return mine.shape == theirs.shape and torch.allclose(mine.double(), theirs.double(), RTOL, ATOL, equal_nan=True)
