"""Gradescope's `results.json`: one test a criterion, its score its share of the exercise's points.

Fields as in Gradescope's "Autograder Specifications", output format. Students see each test; what the grader prints stays with the staff.
"""

from typing import Any

from ..judge.verdict import CriterionResult, ExerciseResult
from ..judge.words import MESSAGE_CHARS, one_line
from .graded_notebook import GradedNotebook


def gradescope_results(graded: list[GradedNotebook], found_nothing: str = "") -> dict[str, Any]:
    """Plain data. found_nothing: what a student reads when there was no notebook to grade."""
    several = len(graded) > 1
    tests = [
        _test(notebook.verdict.assignment if several else "", exercise, criterion)
        for notebook in graded
        for exercise in notebook.verdict.exercises
        for criterion in exercise.criteria
    ]
    notes = [found_nothing] if found_nothing else [one_line(note, MESSAGE_CHARS) for notebook in graded for note in notebook.notes]
    return {
        "score": round(sum(notebook.verdict.points for notebook in graded), 4),
        "execution_time": round(sum(notebook.verdict.seconds for notebook in graded), 2),
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _test(assignment: str, exercise: ExerciseResult, criterion: CriterionResult) -> dict[str, Any]:
    most = exercise.max_points * criterion.weight / sum(c.weight for c in exercise.criteria)
    lines = [] if criterion.passed else [f"{criterion.reason}: {one_line(criterion.message, MESSAGE_CHARS)}"]
    lines += [f"Hint: {criterion.hint}"] if criterion.hint and not criterion.passed else []
    return {
        "score": round(most, 4) if criterion.passed else 0,
        "max_score": round(most, 4),
        "status": "passed" if criterion.passed else "failed",
        "name": ": ".join(part for part in (assignment, exercise.name, criterion.title) if part),
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "visible",
    }
