"""A slip: the words for a known mistake, and what comes out when one makes it. An answer whose results are those of a slip is told so."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import torch

# A result within this share of a slip's is that slip's: float32 sums in any order.
RTOL, ATOL = 1e-3, 1e-4

Slips = Mapping[str, Callable[..., Any] | tuple[Callable[..., Any], ...]]


def slip_in(asked: list[tuple[tuple, Any]], slips: Slips) -> str:
    """The words of the first slip that gives every result asked for, "" when none does.

    asked: pairs of arguments and result. slips: {words: function of the same arguments, or several for one mistake made in several ways}; one that does not
    apply to some arguments returns None. The words stand behind "… is what comes out when".
    """
    for words, ways in slips.items():
        for way in ways if isinstance(ways, tuple) else (ways,):
            if all(alike(actual, way(*map(untouched, arguments))) for arguments, actual in asked):
                return words
    return ""


def untouched(value: Any) -> Any:
    """A module's copy, since what it keeps changes when it is called; else the value."""
    return copy.deepcopy(value) if isinstance(value, torch.nn.Module) else value


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
