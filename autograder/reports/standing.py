"""Where each student stands over the assignments, and who needs help, by rules that the report says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .class_statistics import worked_on
from .class_verdicts import ClassVerdicts

MISSED = 2  # assignments
LOW = 75  # percent; the lowest quarter of a class that does well needs no help
LOST = 20  # points of a hundred, beside the median
FEWEST = 5  # hand-ins from which there is a lowest quarter

RULES = (
    f"handed in nothing for {MISSED} assignments or more",
    f"was in the lowest quarter of the class, and below {LOW} %, at the last two assignments",
    f"fell back behind the class's median at two assignments in a row, by {LOST} points or more together",
    "handed in the last assignment with nothing in it that could be graded",
)


@dataclass
class AssignmentShares:
    """One assignment, for all: shares of the points, 0 to 100, by student. counts: whether it is asked of everybody by now; excused: who need not hand it in.

    waiting: who handed in and has no verdict yet. idle: whose hand-in had nothing in it.
    """

    assignment: str
    shares: dict[str, float]
    counts: bool = True
    excused: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    median: float = 0.0
    low: float = 0.0
    high: float = 0.0

    @classmethod
    def of(cls, found: ClassVerdicts, counts: bool, excused: frozenset[str] = frozenset(), waiting: frozenset[str] = frozenset()) -> "AssignmentShares":
        """From the verdicts, which are not empty."""
        shares = {student: 100 * verdict.points / verdict.max_points if verdict.max_points else 0.0 for student, verdict in found.verdicts.items()}
        low, median, high = map(float, np.quantile(list(shares.values()), (0.25, 0.5, 0.75)))
        return cls(found.assignment, shares, counts, excused, waiting, frozenset(shares) - frozenset(worked_on(found)), median, low, high)


@dataclass(frozen=True)
class Need:
    """Somebody who needs help. reasons: sentences without a subject."""

    student: str
    reasons: tuple[str, ...]
    last: float = field(default=0.0)


@dataclass
class Standings:
    """students: the class, by name. assignments: in the order of the course. needs: the most urgent first. silent: who handed in nothing at all,
    with at least two assignments that count."""

    students: list[str]
    assignments: list[AssignmentShares]
    needs: list[Need] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


def standings(students: Sequence[str], assignments: Sequence[AssignmentShares]) -> Standings:
    """Looks at everybody."""
    everybody = sorted({*students, *(student for course in assignments for student in course.shares)})
    result = Standings(everybody, list(assignments))
    counted = [course for course in assignments if course.counts]
    for student in everybody:
        missed = [c.assignment for c in counted if student not in c.shares and student not in c.excused | c.waiting]
        came = any(student in c.shares or student in c.waiting for c in assignments)
        if not came:
            if len(missed) >= MISSED:
                result.silent.append(student)
            continue
        if reasons := _reasons(student, counted, missed):
            shares = [c.shares[student] for c in counted if student in c.shares]
            result.needs.append(Need(student, tuple(reasons), shares[-1] if shares else 0.0))
    result.needs.sort(key=lambda need: (-len(need.reasons), need.last, need.student))
    return result


def _reasons(student: str, counted: Sequence[AssignmentShares], missed: list[str]) -> list[str]:
    reasons = []
    if len(missed) >= MISSED:
        reasons.append(f"nothing handed in for {_listed([short(name) for name in missed])}")
    asked = [course for course in counted if student not in course.excused]
    last = asked[-2:]
    if len(last) == 2 and all(_is_low(student, course) for course in last):
        reasons.append(f"in the lowest quarter twice in a row: {_listed([f'{course.shares[student]:.0f} % in {short(course.assignment)}' for course in last])}")
    behind = [course.shares[student] - course.median for course in asked[-3:] if student in course.shares]
    if len(behind) == 3 and behind[0] > behind[1] > behind[2] and behind[0] - behind[2] >= LOST:
        way = " → ".join(f"{course.shares[student]:.0f} %" for course in asked[-3:])
        reasons.append(f"falling back: {way}, while the class's median is at {asked[-1].median:.0f} %")
    if asked and student in asked[-1].idle:
        reasons.append(f"nothing in {short(asked[-1].assignment)} that could be graded")
    return reasons


def _is_low(student: str, course: AssignmentShares) -> bool:
    share = course.shares.get(student)
    return share is not None and len(course.shares) >= FEWEST and share < course.low and share < LOW


def short(assignment: str) -> str:
    """ps05 of ps05_softmax_regression."""
    return assignment.partition("_")[0] or assignment


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def is_asked_of_all(handed_in: int, students: int, due: bool) -> bool:
    """Whether an assignment counts as asked of everybody: its date is over, or half of the class has handed it in."""
    return due or 2 * handed_in >= students
