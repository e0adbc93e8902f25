"""The course: what `course_config.py` says, for the grader and for nbgrader."""

import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..notebooks.master import Master, MasterError
from ..sandbox.limits import SubmissionLimits

CONFIG = "course_config.py"
LATE_POLICIES = {"none": "none", "zero": "zero"}


class CourseError(Exception):
    """The course folder or its configuration is not as it should be; the sentence says what to do."""

    @classmethod
    def not_found(cls, start: Path) -> "CourseError":
        return cls(f"no {CONFIG} in {start} or a folder above it: run the command inside the course")

    @classmethod
    def unknown_assignment(cls, name: str, known: list[str]) -> "CourseError":
        return cls(f"the course has no assignment {name!r}; it has {', '.join(known)}")


@dataclass(frozen=True)
class Assignment:
    """One assignment of the course. due: ISO date and time with offset, "" for none. limits: what differs from the course's."""

    name: str
    title: str
    due: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """id: short name, part of every seed. late_policy: "none" (no penalty) or "zero" (late submissions score 0)."""

    id: str
    title: str
    assignments: tuple[Assignment, ...]
    limits: Mapping[str, float] = field(default_factory=dict)
    late_policy: str = "none"
    sandbox: str = "bwrap"
    device: str = "cpu"
    root: Path = Path()

    def __post_init__(self) -> None:
        if self.late_policy not in LATE_POLICIES:
            raise CourseError(f"late_policy is {self.late_policy!r}; it can be {' or '.join(LATE_POLICIES)}")
        self.limits_of(None)
        for assignment in self.assignments:
            self.limits_of(assignment.name)

    @cached_property
    def names(self) -> list[str]:
        return [assignment.name for assignment in self.assignments]

    def assignment(self, name: str) -> Assignment:
        """Raises CourseError for an unknown name."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        raise CourseError.unknown_assignment(name, self.names)

    def limits_of(self, name: str | None) -> SubmissionLimits:
        """The limits for one assignment."""
        own = self.assignment(name).limits if name else {}
        try:
            return SubmissionLimits.from_json({**self.limits, **own})
        except ValueError as error:
            raise CourseError(f"{CONFIG}: {error}") from None

    @cached_property
    def masters(self) -> dict[str, Master]:
        """The release notebooks that have been built."""
        found = {}
        for name in self.names:
            try:
                found[name] = Master.load(name, self.root / "release")
            except MasterError:
                continue
        return found

    def master(self, name: str) -> Master:
        """Raises CourseError or MasterError."""
        self.assignment(name)
        return self.masters.get(name) or Master.load(name, self.root / "release")

    def configure(self, config: Any) -> None:
        """Sets nbgrader's configuration: the folders, and the hidden grader in place of the execution step."""
        from ..nbgrader_plugin.configuration import configure

        configure(self, config)


def find_root(start: Path | None = None) -> Path:
    """The folder that holds course_config.py: `start` or the nearest one above. Raises CourseError."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise CourseError.not_found(start)


def load_course(root: Path | None = None) -> Course:
    """Runs course_config.py and returns its COURSE. Raises CourseError."""
    from traitlets.config import Config

    root = find_root(root)
    config = Config()
    try:
        namespace = runpy.run_path(str(root / CONFIG), init_globals={"get_config": lambda: config, "c": config})
    except CourseError:
        raise
    except Exception as error:
        raise CourseError(f"{CONFIG} does not run: {type(error).__name__}: {error}") from error
    course = namespace.get("COURSE")
    if not isinstance(course, Course):
        raise CourseError(f"{CONFIG} defines no COURSE = Course(…)")
    object.__setattr__(course, "root", root)
    return course
