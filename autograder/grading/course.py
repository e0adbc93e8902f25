"""The course: what `course_config.py` says, for the grader and for nbgrader."""

import runpy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path

from ..notebooks.master import Master, MasterError
from ..sandbox.limits import SubmissionLimits
from .dates import DateError, Moment, read_moment, zone_named
from .handout_address import AddressError, HandoutAddress
from .special_cases import SpecialCase, SpecialCaseError, SpecialCases, all_cases, cases_of, check_cases

CONFIG = "course_config.py"
LATE_POLICIES = ("none", "zero", "percent_per_day")


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
    """One assignment of the course. due: date and time with a zone (2027-03-01T23:59:00+08:00), "" for none. limits: what differs from the course's."""

    name: str
    title: str
    due: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """id: short name, part of every seed. exceptions: extensions and excuses, besides those in `exceptions.csv`.

    late_policy: "none" (no penalty), "zero" (late submissions score 0) or "percent_per_day": each day begun takes late_percent of the points earned, at most
    late_most_percent. late_grace_minutes: who is late by no more is in time; days are counted from their end.
    handout_url, handout_branch: the repository that students fetch notebooks from, hub_url: their JupyterHub; "" for none.
    """

    id: str
    title: str
    assignments: tuple[Assignment, ...]
    limits: Mapping[str, float] = field(default_factory=dict)
    late_policy: str = "none"
    late_percent: float = 10
    late_most_percent: float = 100
    late_grace_minutes: float = 0
    exceptions: tuple[SpecialCase, ...] = ()
    sandbox: str = "bwrap"
    device: str = "cpu"
    handout_url: str = ""
    handout_branch: str = "main"
    hub_url: str = ""
    root: Path = Path()

    def __post_init__(self) -> None:
        if self.late_policy not in LATE_POLICIES:
            raise CourseError(f"late_policy is {self.late_policy!r}; it can be {' or '.join(LATE_POLICIES)}")
        for name, most in (("late_percent", 100), ("late_most_percent", 100), ("late_grace_minutes", float("inf"))):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
                raise CourseError(f"{CONFIG}: {name} is {value!r}; a number from 0{' to 100' if most == 100 else ''} is needed")
        double = next((name for name in self.names if self.names.count(name) > 1), None)
        if double is not None:
            raise CourseError(f"{CONFIG}: the assignment {double!r} stands there twice")
        self.limits_of(None)
        _ = self.handout_address
        for assignment in self.assignments:
            self.limits_of(assignment.name)
            self.due_of(assignment.name)

    @cached_property
    def handout_address(self) -> HandoutAddress:
        """Where students fetch what is handed out. Raises CourseError."""
        try:
            return HandoutAddress(self.handout_url, self.handout_branch, self.hub_url)
        except AddressError as error:
            raise CourseError(f"{CONFIG}: {error}") from None

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

    def due_of(self, name: str) -> datetime | None:
        """When an assignment is due, in UTC without zone as in nbgrader's gradebook. Raises CourseError for a date that cannot be read or has no zone."""
        moment = self._due(name)
        return moment.utc if moment else None

    def _due(self, name: str) -> Moment | None:
        due = self.assignment(name).due
        if not due:
            return None
        try:
            moment = read_moment(due)
        except (DateError, AttributeError):  # AttributeError: no text
            raise CourseError(f"{CONFIG}: {name} is due {due!r}, which is no date and time: 2027-03-01T23:59:00+08:00 is one") from None
        if moment.zone is None or not moment.understood:
            what = "without a zone" if moment.zone is None else f"in a zone that is not known, {moment.zone!r}"
            raise CourseError(f"{CONFIG}: {name} is due {due!r}, {what}: write the offset from UTC, for instance +08:00")
        return moment

    def zone_of(self, name: str) -> tzinfo:
        """The zone of an assignment's due date as it is written; without one that of the course's first date, else UTC. What people write is meant in it."""
        return self._zones.get(name) or next(iter(self._zones.values()), UTC)

    @cached_property
    def _zones(self) -> dict[str, tzinfo]:
        moments = {name: self._due(name) for name in self.names}
        return {name: zone_named(moment.zone or "") or UTC for name, moment in moments.items() if moment is not None}

    def special_cases(self, name: str) -> SpecialCases:
        """Extensions and excuses of one assignment. All entries are looked at, those of other assignments as well. Raises CourseError, MasterError."""
        try:
            entries = all_cases(self.root, self.exceptions)
            check_cases(entries, self.names)
            return cases_of(name, self.master(name).marked, self.zone_of(name), entries) if entries else SpecialCases()
        except SpecialCaseError as error:
            raise CourseError(str(error)) from None

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
        with importable(root):
            namespace = runpy.run_path(str(root / CONFIG), init_globals={"get_config": lambda: config, "c": config})
    except CourseError:
        raise
    except (Exception, SystemExit) as error:
        raise CourseError(does_not_run(error)) from error
    course = namespace.get("COURSE")
    if not isinstance(course, Course):
        raise CourseError(f"{CONFIG} defines no COURSE = Course(…)")
    object.__setattr__(course, "root", root)
    return course


def does_not_run(error: BaseException, file: str = CONFIG) -> str:
    """The sentence on a configuration that cannot be run: what was raised, and the line if it is one of the file."""
    line = error.lineno if isinstance(error, SyntaxError) and str(error.filename).endswith(file) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    words = error.msg if isinstance(error, SyntaxError) else error
    return f"{file}{f', line {line},' if line else ''} does not run: {type(error).__name__}: {words}"


@contextmanager
def importable(root: Path) -> Iterator[None]:
    """Inside, modules beside the configuration can be imported, as nbgrader's commands can when they are started there."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        if str(root) in sys.path:
            sys.path.remove(str(root))
