"""Whether an exercise left the process as it found it: only then is the next exercise answered by the same process instead of a new fork.

It is about fairness between a student's own exercises (one that changes the default dtype or patches torch must not spoil the next), not about
security: nothing here is trusted by anyone but the student.
"""

import operator
import sys
from typing import Any

import numpy as np
import torch

MANY = 10_000  # values of a container that are looked at one by one


def fingerprint(namespace: dict) -> tuple:
    """Is another when a name of the namespace is rebound or its value changed in place, a global switch of torch is turned or a function of torch is
    replaced. It holds torch's functions themselves: two lists of the same objects are compared without looking at one of them."""
    switches = (
        torch.get_default_dtype(), str(torch.get_default_device()), torch.is_grad_enabled(), torch.get_num_threads(), torch.is_inference_mode_enabled(),
        torch.are_deterministic_algorithms_enabled(), torch.is_anomaly_enabled(), tuple(sorted(np.geterr().items())), sys.getrecursionlimit(),
        len(sys.path),
    )  # fmt: skip
    names = tuple((name, id(value), _inside(value)) for name, value in namespace.items() if not name.startswith("_"))
    functions = tuple(_Same(vars(owner).values()) for owner in (torch, torch.nn.functional, torch.Tensor, torch.nn.Module))
    return switches, names, functions


class _Same(list):
    """A list that equals another one of the very same objects."""

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, _Same) and len(self) == len(other) and all(map(operator.is_, self, other))


def _inside(value: Any) -> object:
    """What changes when a container, a tensor or a class is changed in place."""
    if isinstance(value, torch.Tensor):
        return value._version
    if isinstance(value, type):
        return tuple((id(item), _inside(item)) for item in vars(value).values() if not isinstance(item, type))
    if type(value) is dict:
        return tuple(map(id, value.values())) if len(value) < MANY else len(value)
    if type(value) in (list, set):
        return tuple(map(id, value)) if len(value) < MANY else len(value)
    return None
