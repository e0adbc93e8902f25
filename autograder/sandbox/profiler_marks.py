"""Marks for the profiler, left out while no profiler runs. torch's optimizers set two at each step: a quarter of the time of a small training loop, and
four operators that a record of operations would see."""

from typing import Any

import torch
from torch.autograd.profiler import record_function


def leave_out() -> None:
    """From now on `record_function` does nothing in this process and its forks unless a profiler runs. Once a process."""
    profiling = getattr(torch.autograd, "_profiler_enabled", None)
    if profiling is None:
        return
    enter, leave = record_function.__enter__, record_function.__exit__

    def enter_if_profiling(self):
        return enter(self) if profiling() else self

    def leave_if_entered(self, kind, error, trace):
        return leave(self, kind, error, trace) if self.record is not None else None

    marks: Any = record_function
    marks.__enter__, marks.__exit__ = enter_if_profiling, leave_if_entered
