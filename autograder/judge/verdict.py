"""The verdict on one submission: what the JSON of `autograder grade` holds. Schema: `autograder/judge/verdict.schema.json`."""

from dataclasses import dataclass, field
from typing import Any

from .ended_cells import EndedCell
from .reasons import REASONS

VERSION = 1


@dataclass
class CriterionResult:
    """One line of the table a student reads. `seconds` of wall time. because: the title of the criterion from whose failure this one follows.
    mistake: its name, where it is known: the words of a slip or of a kind of mutant."""

    title: str
    weight: float
    passed: bool
    reason: str
    message: str = ""
    hint: str = ""
    seconds: float = 0.0
    because: str = ""
    mistake: str = ""


@dataclass
class ExerciseResult:
    """One exercise: its points are shared out by the weights passed."""

    name: str
    max_points: float
    criteria: list[CriterionResult] = field(default_factory=list)

    def points_of(self, criterion: CriterionResult) -> float:
        """What the criterion is worth: its share of the exercise's points."""
        return self.max_points * criterion.weight / sum(each.weight for each in self.criteria)

    @property
    def passed(self) -> bool:
        """Whether every criterion that was run holds."""
        return all(criterion.passed for criterion in self.criteria)

    @property
    def points(self) -> float:
        total = sum(criterion.weight for criterion in self.criteria)
        passed = sum(criterion.weight for criterion in self.criteria if criterion.passed)
        return round(self.max_points * passed / total, 4) if total else 0.0


@dataclass
class Verdict:
    """One submission. cells: those that did not run to their end."""

    assignment: str
    notebook: str
    exercises: list[ExerciseResult] = field(default_factory=list)
    sandbox: list[str] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # for who wrote the grader, with its lines; not in the JSON, which students may see
    cells: list[EndedCell] = field(default_factory=list)

    @property
    def about(self) -> list[str]:
        """What a reader should know beside the points: what was repaired, and which cells ended before their last line."""
        return [*self.notes, *map(str, self.cells)]

    @property
    def points(self) -> float:
        return round(sum(exercise.points for exercise in self.exercises), 4)

    @property
    def max_points(self) -> float:
        return sum(exercise.max_points for exercise in self.exercises)

    def to_json(self) -> dict[str, Any]:
        """Plain data as in the schema."""
        return {
            "version": VERSION,
            "assignment": self.assignment,
            "notebook": self.notebook,
            "points": self.points,
            "max_points": self.max_points,
            "exercises": [
                {
                    "name": exercise.name,
                    "points": exercise.points,
                    "max_points": exercise.max_points,
                    "criteria": [dict(vars(criterion)) for criterion in exercise.criteria],
                }
                for exercise in self.exercises
            ],
            "sandbox": self.sandbox,
            "seconds": round(self.seconds, 4),
            "notes": self.notes,
            "cells": [dict(vars(cell)) for cell in self.cells],
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Verdict":
        """The inverse of `to_json`. Raises ValueError for another version."""
        if record.get("version") != VERSION:
            raise ValueError(f"verdict version {record.get('version')!r}; this kit reads version {VERSION}")
        exercises = [ExerciseResult(e["name"], e["max_points"], [CriterionResult(**c) for c in e["criteria"]]) for e in record["exercises"]]
        cells = [EndedCell(**cell) for cell in record.get("cells", [])]
        return cls(record["assignment"], record["notebook"], exercises, record["sandbox"], record["seconds"], record.get("notes", []), cells=cells)


def unreadable(assignment: str, notebook: str, exercises: list[ExerciseResult], message: str) -> Verdict:
    """The verdict on a notebook that could not be read: every criterion fails with the same sentence."""
    return all_failed(assignment, notebook, exercises, "unreadable", message)


def all_failed(assignment: str, notebook: str, exercises: list[ExerciseResult], reason: str, message: str) -> Verdict:
    """Every criterion fails with this reason. Raises ValueError for an unknown reason."""
    if reason not in REASONS:
        raise ValueError(f"unknown reason {reason!r}")
    failed = [ExerciseResult(e.name, e.max_points, [CriterionResult(c.title, c.weight, False, reason, message) for c in e.criteria]) for e in exercises]
    return Verdict(assignment, notebook, failed, notes=[message])
