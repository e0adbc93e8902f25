"""Verdicts on disk, beside nbgrader's gradebook: verdicts/<assignment>/<student>.json, each written whole or not at all."""

import json
import os
from pathlib import Path

from ..judge.verdict import Verdict

FOLDER = "verdicts"


def verdict_path(root: Path, assignment: str, student: str) -> Path:
    return root / FOLDER / assignment / f"{student}.json"


def save_verdict(root: Path, assignment: str, student: str, verdict: Verdict) -> None:
    """Writes beside, then renames: a reader sees the old file or the new one."""
    path = verdict_path(root, assignment, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(verdict.to_json(), indent=1), encoding="utf-8")
    os.replace(part, path)


def load_verdict(root: Path, assignment: str, student: str) -> Verdict | None:
    """None when the submission has not been judged."""
    try:
        return Verdict.from_json(json.loads(verdict_path(root, assignment, student).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, KeyError):
        return None
