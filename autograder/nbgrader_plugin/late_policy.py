"""What lateness costs: the course's policy as a plugin of nbgrader's, or the instructor's own plugin from a file beside `course_config.py`."""

import importlib.util
import math
import sys
from numbers import Real
from pathlib import Path
from types import ModuleType
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Enum, Float, TraitError
from traitlets.config import Config

from ..grading.course import LATE_POLICIES, CourseError, importable

SECONDS_PER_DAY = 24 * 60 * 60


class CoursePolicy(LateSubmissionPlugin):
    """`late_policy` of `course_config.py` with its rate, grace period and maximum."""

    policy = Enum(LATE_POLICIES, default_value="none").tag(config=True)
    percent = Float(10.0, help="Of the points earned, for each day begun.").tag(config=True)
    most_percent = Float(100.0).tag(config=True)
    grace_minutes = Float(0.0).tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points to take off, None for none."""
        late = total_seconds_late - 60 * self.grace_minutes
        if late <= 0 or self.policy == "none":
            return None
        if self.policy == "zero":
            return score
        days = math.ceil(late / SECONDS_PER_DAY)
        return score * min(days * self.percent, self.most_percent) / 100


def late_policy(config: Config, root: Path) -> AssignLatePenalties:
    """nbgrader's step with its plugin made. Raises CourseError when the plugin that the configuration names cannot be."""
    named = config.AssignLatePenalties.get("plugin_class") if "AssignLatePenalties" in config else None
    try:
        with importable(root):
            if isinstance(named, str):
                _load_beside(root, named.rpartition(".")[0])
            step = AssignLatePenalties(config=config)
            step.init_plugin()
    except (Exception, SystemExit) as error:
        raise CourseError(f"the late policy{f' {named}' if named else ''} cannot be used: {_root_of(error)}") from error
    return step


def penalty_of(step: AssignLatePenalties, student: str, score: float, seconds_late: float) -> float | None:
    """What the plugin takes off. Raises CourseError when it fails or its answer is no number."""
    name = type(step.plugin_inst).__name__
    try:
        penalty = step.plugin_inst.late_submission_penalty(student, score, seconds_late)
    except Exception as error:
        raise CourseError(f"the late policy {name} failed for {student}, {seconds_late:g} s late: {_root_of(error)}") from error
    if penalty is not None and (isinstance(penalty, bool) or not isinstance(penalty, Real) or not math.isfinite(penalty)):
        raise CourseError(f"the late policy {name} answered {penalty!r} for {student}, {seconds_late:g} s late; a number of points or None is needed")
    return None if penalty is None else float(penalty)


def _load_beside(root: Path, name: str) -> ModuleType | None:
    """The module of a file beside the configuration, as it is now: another one of that name may be loaded, or this file have changed."""
    path = root / f"{name}.py"
    if not name or not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _root_of(error: Any) -> str:
    """traitlets wraps what was raised in sentences of its own."""
    while isinstance(error, TraitError) and (error.__cause__ or error.__context__) is not None:
        error = error.__cause__ or error.__context__
    return f"{type(error).__name__}: {error}"
