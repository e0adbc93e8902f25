"""Statistics of a class on one assignment: classical item analysis on exercises, and which criteria fail, why and together.

Item statistics leave out submissions in which nothing was attempted or read: they say nothing about an exercise and inflate every correlation.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..judge.verdict import CriterionResult, Verdict
from .class_verdicts import ClassVerdicts

NOTHING_DONE = ("not attempted", "unreadable", "missing")
STOPPED = ("crashed", "timeout", "memory", "output limit", "exited", "too slow", "unreadable", "tampered")
MIN_FOR_CORRELATION = 5
Key = tuple[str, str]  # exercise, title of the criterion


@dataclass(frozen=True)
class ExerciseStatistics:
    """difficulty: mean share of the points, 1 is easy. discrimination: correlation of its points with those of all others; None when undefined."""

    name: str
    max_points: float
    difficulty: float
    discrimination: float | None
    full: int
    none: int
    idle: int


@dataclass(frozen=True)
class Together:
    """Criteria that fail. both[i, j]: submissions that fail i and j; jaccard[i, j]: their share of those that fail either."""

    keys: list[Key]
    both: np.ndarray
    jaccard: np.ndarray

    def pairs(self, count: int, least: int) -> list[tuple[Key, Key, int, float]]:
        """Pairs from different exercises that fail together in at least `least` submissions, the closest first."""
        found = [
            (self.keys[i], self.keys[j], int(self.both[i, j]), float(self.jaccard[i, j]))
            for i in range(len(self.keys))
            for j in range(i)
            if self.keys[i][0] != self.keys[j][0] and self.both[i, j] >= least
        ]
        return sorted(found, key=lambda pair: (-pair[3], -pair[2], pair[0], pair[1]))[:count]


def percents(found: ClassVerdicts) -> np.ndarray:
    """Each submission's share of the points, 0 to 100, shape (submissions,)."""
    return np.array([100 * v.points / v.max_points if v.max_points else 0.0 for v in found.verdicts.values()])


def worked_on(found: ClassVerdicts) -> dict[str, Verdict]:
    """Submissions in which something was attempted."""
    return {s: v for s, v in found.verdicts.items() if any(c.reason not in NOTHING_DONE for e in v.exercises for c in e.criteria)}


def exercise_statistics(found: ClassVerdicts) -> list[ExerciseStatistics]:
    """In the order of the notebook."""
    verdicts = list(worked_on(found).values())
    names = list(dict.fromkeys(e.name for v in verdicts for e in v.exercises))
    points = _points(verdicts, names)
    statistics = []
    for i, name in enumerate(names):
        exercises = [e for v in verdicts for e in v.exercises if e.name == name]
        most = max(e.max_points for e in exercises)
        shares = np.array([e.points / e.max_points if e.max_points else 0.0 for e in exercises])
        idle = sum(bool(e.criteria) and all(c.reason == "not attempted" for c in e.criteria) for e in exercises)
        rest = points.sum(axis=1) - points[:, i]
        full, none = int((shares >= 1).sum()), int((shares == 0).sum())
        statistics.append(ExerciseStatistics(name, most, float(shares.mean()), correlation(points[:, i], rest), full, none, idle))
    return statistics


def _points(verdicts: list[Verdict], names: list[str]) -> np.ndarray:
    """Points, shape (submissions, exercises)."""
    rows = [{e.name: e.points for e in v.exercises} for v in verdicts]
    return np.array([[row.get(name, 0.0) for name in names] for row in rows]).reshape(len(rows), len(names))


def correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    """Pearson's; None with fewer than five values or when one does not vary."""
    if len(x) < MIN_FOR_CORRELATION or np.ptp(x) < 1e-9 or np.ptp(y) < 1e-9:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def reliability(found: ClassVerdicts) -> float | None:
    """Cronbach's alpha over exercises; None when undefined."""
    verdicts = list(worked_on(found).values())
    names = list(dict.fromkeys(e.name for v in verdicts for e in v.exercises))
    points = _points(verdicts, names)
    if len(verdicts) < MIN_FOR_CORRELATION or len(names) < 2:
        return None
    total = points.sum(axis=1).var(ddof=1)
    return None if total < 1e-9 else float(len(names) / (len(names) - 1) * (1 - points.var(axis=0, ddof=1).sum() / total))


def failures(verdict: Verdict) -> Iterator[tuple[Key, CriterionResult]]:
    """Criteria that do not hold although the exercise was attempted."""
    for exercise in verdict.exercises:
        for criterion in exercise.criteria:
            if not criterion.passed and criterion.reason not in NOTHING_DONE:
                yield (exercise.name, criterion.title), criterion


def failing_together(found: ClassVerdicts, most: int = 24) -> Together:
    """The `most` criteria that fail most often, in the order of the notebook."""
    verdicts = list(worked_on(found).values())
    order = list(dict.fromkeys((e.name, c.title) for v in verdicts for e in v.exercises for c in e.criteria))
    counts = Counter(key for verdict in verdicts for key, _ in failures(verdict))
    keys = sorted((key for key, _ in sorted(counts.items(), key=lambda item: (-item[1], order.index(item[0])))[:most]), key=order.index)
    place = {key: i for i, key in enumerate(keys)}
    failed: np.ndarray = np.zeros((len(verdicts), len(keys)), dtype=int)
    for row, verdict in enumerate(verdicts):
        for key, _ in failures(verdict):
            if key in place:
                failed[row, place[key]] = 1
    both = failed.T @ failed
    each = both.diagonal()
    either = each[:, None] + each[None, :] - both
    return Together(keys, both, both / np.maximum(either, 1))


def reasons_by_exercise(found: ClassVerdicts) -> dict[str, Counter]:
    """For each exercise, how many submissions lost points in it by their first failing criterion's reason; full ones are counted as "passed"."""
    counts: dict[str, Counter] = {}
    for verdict in found.verdicts.values():
        for exercise in verdict.exercises:
            reason = next((c.reason for c in exercise.criteria if not c.passed), "passed")
            counts.setdefault(exercise.name, Counter())[reason] += 1
    return counts


def stopped(found: ClassVerdicts) -> dict[str, dict[str, list[str]]]:
    """reason → student → exercises, for what ended a student's code or kept it from running."""
    table: dict[str, dict[str, list[str]]] = {}
    for student, verdict in found.verdicts.items():
        for exercise in verdict.exercises:
            for reason in dict.fromkeys(c.reason for c in exercise.criteria if c.reason in STOPPED):
                table.setdefault(reason, {}).setdefault(student, []).append(exercise.name)
    return {reason: table[reason] for reason in STOPPED if reason in table}
