"""A grader run by hand: against the reference or one answer in this process, or against a notebook through the real sandbox."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ..judge.criteria import CRITERION, EXERCISE
from ..judge.local import LocalStudent, run_plan
from ..judge.session import SubmissionSession
from ..notebooks.master import Master
from ..notebooks.plan import Plan
from ..notebooks.reader import Unreadable, make_plan, read_file
from ..notebooks.reference import Answer, reference_plan
from ..sandbox.launch import Sandbox, SandboxError
from ..sandbox.limits import SubmissionLimits
from .items import names_of, seed_of

ROOT = Path(__file__).resolve().parents[2]


class LocalRun:
    """What the fixture `student` asks when a grader is run by hand on a namespace."""

    def __init__(self, namespace: dict[str, Any]):
        self._namespace = namespace

    def begin(self, item: pytest.Function) -> LocalStudent:
        seed = seed_of(*names_of(item))
        torch.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed % (1 << 32))
        exercise = getattr(item.cls, EXERCISE, None)
        return LocalStudent(self._namespace, exercise.forbid if exercise else ())

    def close(self) -> None:
        pass


class SandboxedRun:
    """What the fixture `student` asks when `--submission` is given."""

    def __init__(self, plan: Plan, kind: str, device: str):
        try:
            self._sandbox = Sandbox(kind, device)
        except SandboxError as error:
            raise pytest.UsageError(str(error)) from None
        self._limits = SubmissionLimits()
        self._session = SubmissionSession(self._sandbox, self._limits, plan, seed=0)
        self._exercise = None

    def begin(self, item: pytest.Function):
        exercise = getattr(item.cls, EXERCISE, None)
        if not self._session.outcomes:
            self._session.run_notebook()
        if exercise is not self._exercise:
            self._exercise = exercise
            self._session.begin_exercise(exercise.forbid if exercise else (), exercise.name if exercise else "")
        criterion = getattr(item.function, CRITERION, None)
        seconds = (criterion and criterion.timeout_s) or self._limits.criterion_seconds
        self._session.begin_criterion(seed_of(*names_of(item)), seconds)
        return self._session.student

    def close(self) -> None:
        self._session.close()
        self._sandbox.close()


class ByHand:
    """The runs that the options of the command line ask for, one for each grader file of the pytest call."""

    def __init__(self, config: pytest.Config):
        self._config = config
        self._runs: dict[str, Any] = {}

    def begin(self, item: pytest.Function) -> Any:
        assignment = item.path.stem.removeprefix("test_")
        if assignment not in self._runs:
            self._runs[assignment] = _run_for(assignment, self._config)
        return self._runs[assignment].begin(item)

    def close(self) -> None:
        for run in self._runs.values():
            run.close()


def _run_for(assignment: str, config: pytest.Config) -> Any:
    notebook, answer = config.getoption("--submission"), config.getoption("--answer")
    if notebook:
        try:
            plan = make_plan(Master.load(assignment, ROOT / "release"), read_file(Path(notebook)), Path(notebook).name)
        except Unreadable as error:
            raise pytest.UsageError(str(error)) from None
        return SandboxedRun(plan, config.getoption("--autograder-sandbox"), config.getoption("--autograder-device"))
    if answer:
        loaded = Answer.load(Path(answer))
        return LocalRun(run_plan(reference_plan(assignment, ROOT, {loaded.exercise: loaded.source})))
    return LocalRun(run_plan(reference_plan(assignment, ROOT)))
