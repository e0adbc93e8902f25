"""`.state/roster.json`: what earlier runs learned of students, by id: names, email, and the numbers that learning platforms have for them.

With it a number is the same student's at the next run, and `autograder export` can give the platform its own numbers back.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(".state", "roster.json")
FIELDS = ("first_name", "last_name", "email")


def known_students(root: Path) -> dict[str, dict[str, Any]]:
    """id → {"first_name", "last_name", "email", "numbers": {system: number}}; what is not there is unknown."""
    found = read_json(root / FILE)
    return {student: entry for student, entry in found.items() if isinstance(entry, dict)}


def numbers_of(entry: Mapping[str, Any]) -> dict[str, str]:
    numbers = entry.get("numbers")
    return {str(system): str(number) for system, number in numbers.items()} if isinstance(numbers, dict) else {}


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
