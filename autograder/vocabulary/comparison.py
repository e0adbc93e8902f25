"""Comparison: results beside those of the reference, and the name of the mistake where it is known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import torch

from ..judge.checks import assert_close
from ..judge.reasons import Finding
from . import diagnosis
from .slip import Slips, slip_in


class Compared(Protocol):
    """What a case and a layer say about their results."""

    @property
    def slips(self) -> Slips: ...
    @property
    def rtol(self) -> float | None: ...
    @property
    def atol(self) -> float | None: ...
    @property
    def check_dtype(self) -> bool: ...
    @property
    def gives(self) -> tuple[str, ...]: ...


def compare(
    case: Compared, asked: list[tuple[tuple, Any]], words: Sequence[str], right: Callable[..., Any], follows: bool, tolerances: Mapping[str, Any],
    mutated: Callable[..., Any] | None = None, named: list[tuple[tuple, Any]] | None = None,
) -> None:  # fmt: skip
    """Each result is what `right` gives for its arguments. Raises a Finding that names the slip whose results these are, or the kind of mutant.

    words: what the results are called. mutated: the function whose mutants are tried, if any. named: the results by which a mistake is known, all if not given.
    """
    options = {"rtol": case.rtol, "atol": case.atol, "check_dtype": case.check_dtype, **tolerances}
    for (arguments, actual), what in zip(asked, words, strict=True):
        try:
            _close(case, actual, right(*arguments), what, options)
        except Finding as finding:
            finding.follows = follows
            _name(case, finding, asked if named is None else named, what, right, mutated)
            raise


def _close(case: Compared, actual: Any, expected: Any, what: str, options: Mapping[str, Any]) -> None:
    if not case.gives:
        return assert_close(actual, expected, what=what, **options)
    if not isinstance(actual, list | tuple) or len(actual) != len(case.gives):
        assert_close(actual, expected, what=what, **options)
    for name, mine, right in zip(case.gives, actual, expected, strict=True):
        assert_close(mine, right, what=f"{name} of {what}", **options)
    return None


def _name(
    case: Compared, finding: Finding, asked: list[tuple[tuple, Any]], what: str, right: Callable[..., Any], mutated: Callable[..., Any] | None
) -> None:  # fmt: skip
    """Puts the name of the mistake into the message, where it is known."""
    if finding.reason not in ("wrong value", "wrong shape"):
        return
    if slip := slip_in(asked, case.slips, right):
        finding.message, finding.named = f"{what} is what comes out when {slip}", slip
    elif mutated is not None and (kind := diagnosis.kind_of_mutant(mutated, asked)):
        finding.message, finding.named = f"{finding.message}; it is {kind}", kind


def in_words(name: str, value: Any) -> str:
    """An argument in a message: "X (5, 3)", "w=1.7"; "" where it is too much to say."""
    if isinstance(value, torch.Tensor):
        dtype = "" if value.dtype in (torch.float32, torch.int64) else f" in {str(value.dtype).removeprefix('torch.')}"
        return f"{name} {tuple(value.shape)}{dtype}"
    if isinstance(value, list) and value and all(isinstance(item, torch.Tensor) for item in value):
        return f"{name} {', '.join(in_words('', item).strip() for item in value)}"
    if isinstance(value, bool | int | float | str) or value is None:
        return f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value!r}"
    if isinstance(value, tuple) and all(isinstance(item, int | float) for item in value):
        return f"{name}={value}"
    return ""
