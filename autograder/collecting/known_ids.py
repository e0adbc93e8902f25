"""`.state/roster.json`: what earlier runs learned of students, by id: names, email, and the numbers that learning platforms have for them.

With it a number is the same student's at the next run, and `autograder export` can give the platform its own numbers back.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(".state", "roster.json")
COLLECTED = Path(".state", "collected")
FIELDS = ("first_name", "last_name", "email")


def known_students(root: Path) -> dict[str, dict[str, Any]]:
    """id → {"first_name", "last_name", "email", "numbers": {system: number}}; what is not there is unknown."""
    found = read_json(root / FILE)
    return {student: entry for student, entry in found.items() if isinstance(entry, dict)}


def numbers_of(entry: Mapping[str, Any]) -> dict[str, str]:
    numbers = entry.get("numbers")
    return {str(system): str(number) for system, number in numbers.items()} if isinstance(numbers, dict) else {}


def record_file(root: Path, assignment: str) -> Path:
    """What was laid out of an assignment, by student."""
    return root / COLLECTED / f"{assignment}.json"


@dataclass(frozen=True)
class HandedInAs:
    """How a platform names a hand-in. system: "canvas", "moodle", …; number: the person's, for Moodle that in this assignment; name: the person's in the
    download; file: Canvas's number of the file."""

    system: str
    number: str = ""
    name: str = ""
    file: str = ""


def handed_in_as(root: Path, assignment: str) -> dict[str, HandedInAs]:
    """By student, for those whose hand-in `autograder collect` laid out."""
    found = {}
    for student, record in read_json(record_file(root, assignment)).items():
        if isinstance(record, dict) and isinstance(record.get("from"), str):
            order = record.get("order")
            file = str(int(order)) if record["from"] == "canvas" and isinstance(order, int | float) and order >= 1 else ""
            found[student] = HandedInAs(record["from"], str(record.get("number") or ""), str(record.get("name") or ""), file)
    return found


def remember(root: Path, students: Mapping[str, Mapping[str, Any]]) -> None:
    """Adds to what is known; empty values take nothing away."""
    known = known_students(root)
    before = json.dumps(known, sort_keys=True)
    for student, entry in students.items():
        old = known.get(student, {})
        merged = {**old, **{name: entry[name] for name in FIELDS if entry.get(name)}}
        known[student] = {**merged, "numbers": {**numbers_of(old), **numbers_of(entry)}}
    if json.dumps(known, sort_keys=True) != before:
        write_json(root / FILE, known)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object; an empty one where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(part, path)
