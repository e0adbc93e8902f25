"""What goes to a judge and what comes back beside the verdict. Plain data, importable without torch: whoever hands out work needs no more."""

from dataclasses import dataclass, field
from typing import Any

from ..notebooks.plan import Plan
from ..sandbox.limits import SubmissionLimits


class GraderFault(Exception):
    """The grader itself could not work: a fault of the kit or the machine, never a mark."""


class BrokenGrader(GraderFault):
    """The hidden grader of one assignment does not work, whatever the submission: until it is mended none of that assignment can be judged."""


@dataclass
class Job:
    """One submission to judge. `tag` is the caller's and goes nowhere. `only` limits it to some exercises; `stop_early` ends an exercise at the first
    criterion that does not hold, for those who ask only whether all do; `criteria` limits the exercises that `only` names to the criteria of these titles;
    `cells_only` runs the notebook and judges nothing, for those who ask how its cells end."""

    assignment: str
    notebook: str
    points: dict[str, float]
    plan: Plan | None = None
    unreadable: str = ""
    tag: Any = None
    only: tuple[str, ...] = ()
    stop_early: bool = False
    criteria: tuple[str, ...] = ()
    cells_only: bool = False


@dataclass
class Settings:
    """What is the same for all submissions of a run."""

    course: str = "course"
    device: str = "cpu"
    limits: SubmissionLimits = field(default_factory=SubmissionLimits)


@dataclass
class CellOutcome:
    """How one cell of the plan ended. `reason` is "ok" or a reason code; left_out: only its definitions were run, or nothing, for lack of time; failure:
    where it failed, as its process says (see `ended_cells.readable`)."""

    reason: str
    outputs: list[dict] = field(default_factory=list)
    seconds: float = 0.0
    words: str = ""
    left_out: bool = False
    failure: dict[str, Any] | None = None
