"""Dropout: a layer drops a share of something in training, as a whole and anew at each call, and nothing in evaluation."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch

from ..judge.checks import assert_finite, assert_shape, expect
from ..judge.criteria import criterion
from .draw import Draw
from .promise import Test
from .slip import alike

if TYPE_CHECKING:
    from .layer import Layer

RATES = (0.5, 0.2)
SPREAD = 0.2  # how far the share that is dropped may be from the rate; a few hundred entries come much nearer


def drops(
    layer: "Layer", shows: Callable[["Layer", Any, Draw], tuple], title: str, weight: float = 1.0, hint: str = "nn.Dropout in __init__, called in forward",
    what: str = "weights",
) -> Test:  # fmt: skip
    """In training it drops about the share `dropout`, an argument of its constructor, by default none, and divides the rest by 1 - dropout; in evaluation
    nothing.

    shows(layer, student, draw) → (the student's module, its inputs, cut): those in whose result each of the things that are dropped shows several times;
    cut(result) has them in its last dimension. what: they are called.
    """

    @criterion(title, weight, hint, hint_for=("wrong value",), promise="drops")
    def test(self, student, draw):
        for rate in (*RATES, None):  # and the default, which is none
            name = layer.name if rate is None else f"{layer.name}(dropout={rate})"
            net, inputs, cut = shows(layer if rate is None else layer.made_with(dropout=rate), student, draw)
            whole, again, first, second = layer.run(student, net, [(mode, inputs) for mode in (False, False, True, True)])
            assert_finite(whole, what=f"the result of {name}")
            for result in (again, first, second):
                assert_shape(result, whole.shape, what=f"the result of {name}")
            expect(alike(whole, again), f"{name} gives another result at each call in evaluation mode: dropout is still on")
            expect(not bool((whole == 0).any()), f"{name} drops something in evaluation mode")
            if rate is None:
                expect(alike(first, whole), f"{layer.name} without dropout gives another result in training than in evaluation mode")
                continue
            _check_share(cut(first), cut(whole), rate, name, what)
            expect(not torch.equal(first, second), f"{name} drops the same {what} at each call in training mode")

    return test


def _check_share(result: torch.Tensor, whole: torch.Tensor, rate: float, name: str, what: str) -> None:
    gone = result == 0
    share = float(gone.float().mean())
    expect(share > 0, f"{name} drops nothing in training mode")
    expect(torch.equal(gone.any(-1), gone.all(-1)), f"{name} drops entries of the result, expected is that it drops {what}")
    rest = torch.where(gone, 0.0, whole / (1 - rate))
    expect(alike(result, rest), f"{name}: what is not dropped should be divided by 1 - {rate}, as nn.Dropout does it")
    expect(abs(share - rate) < SPREAD, f"{name} drops {share:.0%} of the {what} in training mode")
