"""The stored verdicts of an assignment, by student."""

import json
import math
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..judge.reasons import REASONS
from ..judge.verdict import Verdict
from ..runs.verdicts import FOLDER


@dataclass
class ClassVerdicts:
    """verdicts: by student, in the order of their names. broken: files that hold no verdict of this version."""

    assignment: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def load_class(root: Path, assignment: str) -> ClassVerdicts:
    """Reads verdicts/<assignment>/*.json; none is no error."""
    found = ClassVerdicts(assignment)
    for path in sorted((root / FOLDER / assignment).glob("*.json")):
        try:
            verdict = Verdict.from_json(json.loads(path.read_text(encoding="utf-8")))
            _check(verdict)
            found.verdicts[path.stem] = verdict
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            found.broken.append(path.name)
    return found


def _check(verdict: Verdict) -> None:
    """Raises ValueError where a file has the right keys and values that no verdict has."""
    numbers = [verdict.seconds, *(exercise.max_points for exercise in verdict.exercises)]
    texts = [exercise.name for exercise in verdict.exercises] + [layer for layer in verdict.sandbox if layer]
    for exercise in verdict.exercises:
        for criterion in exercise.criteria:
            numbers.append(criterion.weight)
            texts += (criterion.title, criterion.message, criterion.because, criterion.mistake)
            if criterion.reason not in REASONS or not criterion.weight > 0 or criterion.passed != (criterion.reason == "passed"):
                raise ValueError("a criterion is not as the schema has it")
    if not all(isinstance(text, str) for text in texts) or not all(type(n) in (int, float) and math.isfinite(n) and n >= 0 for n in numbers):
        raise ValueError("a value is not as the schema has it")


def without_exercises(found: ClassVerdicts, excused: Mapping[str, set[str]], out: Container[str] = ()) -> ClassVerdicts:
    """The same without the exercises from which a student is excused. excused: by student; out: who is excused from the whole assignment."""
    verdicts = {}
    for student, verdict in found.verdicts.items():
        names = excused.get(student)
        left = [exercise for exercise in verdict.exercises if exercise.name not in names] if names else verdict.exercises
        if student not in out and (left or not names):
            verdicts[student] = replace(verdict, exercises=left) if names else verdict
    return ClassVerdicts(found.assignment, verdicts, found.broken)
