"""The stored verdicts of an assignment, by student."""

import json
from dataclasses import dataclass, field
from pathlib import Path

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
            found.verdicts[path.stem] = Verdict.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            found.broken.append(path.name)
    return found
