"""A pytest plugin that notes which tensors a grader hands to the student's code, exercise by exercise: to functions and probes, to networks that are called
in there, and to networks that came out of there."""

import json
import os
import weakref
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from autograder.judge import local
from autograder.judge.criteria import EXERCISE

WHERE = "AUTOGRADER_RECORD"


class Recorder:
    """For each assignment and exercise the tensors of all calls, as records."""

    def __init__(self) -> None:
        self.assignment = self.exercise = ""
        self.seen: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self._asked = self._networks = 0  # how deep in calls of the student's code, and in networks
        self._students: weakref.WeakSet[torch.nn.Module] = weakref.WeakSet()

    def note(self, value: Any) -> None:
        for tensor in tensors_in(value, self._students):
            self.seen.setdefault(self.assignment, {}).setdefault(self.exercise, []).append(record_of(tensor))

    def ask(self, call: Callable, *args: Any, **kwargs: Any) -> Any:
        """Makes a call of the student's code, or of a probe."""
        self._asked += 1
        try:
            result = call(*args, **kwargs)
        finally:
            self._asked -= 1
        self._students.update(modules_in(result))
        return result

    def enter(self, net: torch.nn.Module, args: tuple) -> None:
        """A network is called: its inputs count, those of its layers are its own affair."""
        if self._networks == 0 and (self._asked or net in self._students):
            self.note(list(args))
        self._networks += 1

    def leave(self, *_: Any) -> None:
        self._networks -= 1


def tensors_in(value: Any, own: Container[torch.nn.Module]) -> Iterator[torch.Tensor]:
    """All tensors with numbers in plain containers, and those that a plain module holds unless it is one of the student's own."""
    if isinstance(value, torch.Tensor):
        yield from () if value.is_meta else (value,)
    elif isinstance(value, torch.nn.Module):
        yield from () if value in own else tensors_in(value.state_dict(), own)
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from tensors_in(item, own)


def modules_in(value: Any) -> Iterator[torch.nn.Module]:
    """The networks in plain containers."""
    if isinstance(value, torch.nn.Module):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from modules_in(item)


def record_of(tensor: torch.Tensor) -> dict[str, Any]:
    flat = tensor.detach().flatten()
    return {
        "shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch."), "contiguous": tensor.is_contiguous(),
        "floating": tensor.is_floating_point(), "grad": tensor.requires_grad,
        "constant": flat.numel() > 2 and bool((flat == flat[0]).all()),
        "counting": flat.numel() > 2 and tensor.is_floating_point() and bool((flat.diff().diff() == 0).all()) and not bool((flat == flat[0]).all()),
    }  # fmt: skip


RECORDER = Recorder()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    exercise = getattr(getattr(item, "cls", None), EXERCISE, None)
    RECORDER.assignment, RECORDER.exercise = item.path.stem.removeprefix("test_"), exercise.name if exercise else ""


def pytest_configure() -> None:
    call, run = local.LocalFunction.__call__, local.LocalStudent.run

    def noted_call(self, *args, **kwargs):
        RECORDER.note([args, kwargs])
        return RECORDER.ask(call, self, *args, **kwargs)

    def noted_run(self, probe, /, **data):
        RECORDER.note(data)
        return RECORDER.ask(run, self, probe, **data)

    local.LocalFunction.__call__, local.LocalStudent.run = noted_call, noted_run
    register_module_forward_pre_hook(RECORDER.enter)
    register_module_forward_hook(RECORDER.leave, always_call=True)


def pytest_sessionfinish() -> None:
    Path(os.environ[WHERE]).write_text(json.dumps(RECORDER.seen))
