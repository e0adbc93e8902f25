"""Whether an exercise left the process as it found it: only then is the next exercise answered by the same process instead of a new fork.

It is about fairness between a student's own exercises (one that changes the default dtype or patches torch must not spoil the next), not about
security: nothing here is trusted by anyone but the student.
"""

import sys

import numpy as np
import torch


def fingerprint(namespace: dict) -> int:
    """A number that changes when a name of the namespace is rebound, a global switch of torch is turned or a function of torch is replaced."""
    switches = (
        torch.get_default_dtype(), str(torch.get_default_device()), torch.is_grad_enabled(), torch.get_num_threads(), torch.is_inference_mode_enabled(),
        torch.are_deterministic_algorithms_enabled(), torch.is_anomaly_enabled(), tuple(sorted(np.geterr().items())), sys.getrecursionlimit(),
        len(sys.path),
    )  # fmt: skip
    names = tuple((name, id(value)) for name, value in namespace.items() if not name.startswith("_"))
    patched = tuple(tuple(map(id, vars(owner).values())) for owner in (torch, torch.nn.functional, torch.Tensor, torch.nn.Module))
    return hash((switches, names, patched))
