"""A grader run by hand against a notebook, through the real sandbox."""

import pytest

from ..notebooks.plan import Plan
from ..sandbox.launch import Sandbox, SandboxError
from ..sandbox.limits import SubmissionLimits
from .criteria import CRITERION, EXERCISE
from .session import SubmissionSession


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

    def begin(self, item: pytest.Item):
        from .plugin import names_of, seed_of

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
