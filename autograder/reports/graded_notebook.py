"""A notebook of a repository and its verdict: what the files for CI are made from."""

from dataclasses import dataclass

from ..judge.verdict import ExerciseResult, Verdict


@dataclass(frozen=True)
class GradedNotebook:
    """path: as the repository names it, with forward slashes. others: further notebooks of the same name that were not graded."""

    path: str
    verdict: Verdict
    others: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """Share of the points, 0 to 100."""
        return 100 * self.verdict.points / self.verdict.max_points if self.verdict.max_points else 0.0

    @property
    def notes(self) -> list[str]:
        """What a reader should know beside the points."""
        return [*self.verdict.about, *(f"{other} has the same name and was not graded" for other in self.others)]

    def reaches(self, threshold: float | None) -> bool:
        """Whether the share of the points is at least `threshold` percent."""
        return threshold is None or self.percent >= threshold - 1e-9


def is_idle(exercise: ExerciseResult) -> bool:
    """Whether nothing of the exercise was attempted."""
    return bool(exercise.criteria) and all(criterion.reason == "not attempted" for criterion in exercise.criteria)
