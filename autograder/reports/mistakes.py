"""The mistakes of a class by name: one row a mistake, whatever number of criteria it costs.

A name is the words of a slip or of a kind of mutant, as the verdict has it, or of what can go wrong in any exercise. A failure without one goes by the
criterion that does not hold, and what ends a student's code by the way it ends. What follows from another failure belongs to that one's row, and so does what
fails in the same answers and has no name.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..judge.verdict import CriterionResult, ExerciseResult
from .class_statistics import NOTHING_DONE
from .class_verdicts import ClassVerdicts

# Verdicts of earlier releases, and messages that graders wrote by hand, hold the name in the sentence alone.
_IN_WORDS = re.compile(r" is what comes out when (.+)$|; it is (as if .+)$")
# What the engine says in the same words of every exercise.
_IN_GENERAL = (
    (re.compile(r" carries no graph"), "the graph is cut, so that no gradient can flow back"),
    (re.compile(r" carries a graph, where "), "a graph is kept where plain numbers are wanted"),
    (re.compile(r" was changed by the call; "), "what was given is changed in place"),
    (re.compile(r" has dtype .*(, expected | for float64 inputs)"), "the result has the wrong dtype"),
    (re.compile(r"; this exercise asks you to write it yourself"), "a finished function is called where the exercise asks to write it"),
    (re.compile(r": it loops over .* where one operation would do"), "a loop runs where one operation would do"),
)
_NUMBERS = re.compile(r"\d[\d.,e+-]*")
MESSAGES = 3  # sentences of a row, the most frequent
NAMED, GENERAL, FAILS, ENDED = "named", "general", "fails", "ended"
ENDS = {
    "crashed": "an error ends it", "timeout": "it does not end in time", "memory": "it asks for more memory than there is",
    "output limit": "it prints without end", "exited": "it ends its process",
}  # fmt: skip
TOGETHER = 0.5  # of the students who have either of two failures in one exercise, the share with both from which these are one mistake


@dataclass(frozen=True)
class Mistake:
    """kind: NAMED by the words of a slip or mutant, GENERAL, a criterion that FAILS, or what ENDED the code. students: who made it; worked: how many did
    anything in its exercises. points: what it cost each of them, on average. messages: what was told most often, each with how often but for its numbers.

    follows: titles of criteria that failed with it, the most frequent first.
    """

    name: str
    kind: str
    reason: str
    exercises: tuple[str, ...]
    students: tuple[str, ...]
    worked: int
    points: float
    messages: tuple[tuple[str, int], ...]
    follows: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Of those who worked on it, 0 to 100."""
        return 100 * len(self.students) / max(self.worked, 1)


@dataclass
class _Failure:
    """One criterion that fails for itself in one answer, and what follows from it."""

    student: str
    key: tuple[str, ...]
    name: str
    kind: str
    speaker: CriterionResult
    others: list[CriterionResult]


@dataclass
class _Row:
    kind: str
    name: str
    exercises: dict[str, None] = field(default_factory=dict)
    students: dict[str, None] = field(default_factory=dict)
    points: float = 0.0
    messages: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    follows: Counter[str] = field(default_factory=Counter)

    def add(self, exercise: ExerciseResult, failure: _Failure) -> None:
        self.exercises[exercise.name] = self.students[failure.student] = None
        self.points += sum(exercise.points_of(criterion) for criterion in (failure.speaker, *failure.others))
        message = failure.speaker.message
        self.messages.setdefault(_NUMBERS.sub("0", message), Counter())[message] += 1
        self.reasons[failure.speaker.reason] += 1
        self.follows.update(other.title for other in failure.others)


def mistakes_of(found: ClassVerdicts) -> list[Mistake]:
    """The one that most students made comes first."""
    answers: dict[str, list[tuple[ExerciseResult, list[_Failure]]]] = {}
    worked: dict[str, set[str]] = {}
    for student, verdict in found.verdicts.items():
        for exercise in verdict.exercises:
            if any(criterion.reason not in NOTHING_DONE for criterion in exercise.criteria):
                worked.setdefault(exercise.name, set()).add(student)
                answers.setdefault(exercise.name, []).append((exercise, _failures(student, exercise)))
    rows: dict[tuple[str, ...], _Row] = {}
    for of_exercise in answers.values():
        together = _Together(failure for _, failures in of_exercise for failure in failures)
        for exercise, failures in of_exercise:
            for failure in together.folded(failures):
                rows.setdefault(failure.key, _Row(failure.kind, failure.name)).add(exercise, failure)
    return sorted((_mistake(row, worked) for row in rows.values()), key=lambda one: (-len(one.students), -one.points, one.name))


def _mistake(row: _Row, worked: dict[str, set[str]]) -> Mistake:
    of = len(set().union(*(worked[name] for name in row.exercises)))
    reason = row.reasons.most_common(1)[0][0]
    alike = sorted(row.messages.values(), key=lambda counter: -counter.total())[:MESSAGES]
    messages = tuple((counter.most_common(1)[0][0], counter.total()) for counter in alike)
    follows = tuple(title for title, _ in row.follows.most_common())
    return Mistake(row.name, row.kind, reason, tuple(row.exercises), tuple(row.students), of, row.points / len(row.students), messages, follows)


class _Together:
    """Which failures in one exercise come together in the class: they are taken for one mistake in the answers that have both."""

    def __init__(self, failures: Iterable[_Failure]):
        self._students: dict[tuple[str, ...], set[str]] = {}
        for failure in failures:
            self._students.setdefault(failure.key, set()).add(failure.student)

    def folded(self, failures: list[_Failure]) -> list[_Failure]:
        """One answer's: what has no name of its own goes to the one that it comes with, to one with a name first, then to the one that more students have."""
        roots: list[_Failure] = []
        for failure in sorted(failures, key=lambda one: (one.kind != NAMED, -len(self._students[one.key]))):
            root = None if failure.kind == NAMED else next((one for one in roots if self._share(one, failure) >= TOGETHER), None)
            if root is None:
                roots.append(failure)
            else:
                root.others += (failure.speaker, *failure.others)
        return roots

    def _share(self, one: _Failure, other: _Failure) -> float:
        mine, theirs = self._students[one.key], self._students[other.key]
        return len(mine & theirs) / len(mine | theirs)


def _failures(student: str, exercise: ExerciseResult) -> list[_Failure]:
    """The criteria that fail for themselves, each with those that follow from it."""
    found: dict[str, tuple[CriterionResult, list[CriterionResult]]] = {}
    for criterion in exercise.criteria:
        if criterion.passed or criterion.reason in NOTHING_DONE:
            continue
        if criterion.because in found:
            found[criterion.because][1].append(criterion)
        else:
            found[criterion.title] = (criterion, [])
    return [_Failure(student, *_identity(exercise.name, speaker, others), speaker, others) for speaker, others in found.values()]


def _identity(exercise: str, speaker: CriterionResult, others: list[CriterionResult]) -> tuple[tuple[str, ...], str, str]:
    """The key of the row that a failure belongs to, its name and its kind."""
    for criterion in (speaker, *others):
        if name := name_in(criterion):
            return (name,), name, NAMED
    if speaker.reason in ENDS:
        return (exercise, speaker.reason), ENDS[speaker.reason], ENDED
    if name := next((name for words, name in _IN_GENERAL if words.search(speaker.message)), ""):
        return (name,), name, GENERAL
    return (exercise, speaker.reason, speaker.title), speaker.title, FAILS


def name_in(criterion: CriterionResult) -> str:
    """The name of the mistake, "" where none is known."""
    if criterion.mistake:
        return criterion.mistake
    found = _IN_WORDS.search(criterion.message)
    return (found[1] or found[2]) if found else ""
