"""The journal of a class run: one line for each submission that is written down completely, with the key of what was judged.

Appended and synced after gradebook and files: a line that is there is true, a line that is missing is done again, with the same result.
"""

import hashlib
import json
import os
from pathlib import Path

from ..grading.course import Course

FOLDER = ".state"


class Journal:
    """The lines of one assignment, the last for a student counts."""

    def __init__(self, root: Path, assignment: str):
        self.path = root / FOLDER / f"{assignment}.jsonl"
        self.path.parent.mkdir(exist_ok=True)
        self.keys: dict[str, str] = {}
        if self.path.is_file():
            for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    record = json.loads(line)
                    self.keys[record["student"]] = record["key"]
                except (ValueError, KeyError, TypeError):
                    continue  # the line that a kill cut off
        self._file = self.path.open("a", encoding="utf-8")
        if self.path.stat().st_size and not self.path.read_bytes().endswith(b"\n"):
            self._file.write("\n")

    def enter(self, student: str, key: str) -> None:
        self._file.write(json.dumps({"student": student, "key": key}) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.keys[student] = key

    def close(self) -> None:
        self._file.close()


def settings_key(course: Course, assignment: str, kind: str, device: str) -> str:
    """Changes when the grader, the reference, the release, the kit or the settings change."""
    digest = hashlib.sha256()
    kit = Path(__file__).resolve().parents[1]
    paths = [
        *sorted((course.root / "solutions" / assignment).glob("*.py")), *sorted((course.root / "release" / assignment).glob("*")),
        course.root / "autograder" / "graders" / f"test_{assignment}.py",
        *sorted(path for path in kit.rglob("*.py") if path.parent.name in ("wire", "sandbox", "judge", "notebooks")),
    ]  # fmt: skip
    for path in paths:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(json.dumps([course.id, course.limits_of(assignment).to_json(), course.late_policy, kind, device, course.assignment(assignment).due]).encode())
    return digest.hexdigest()


def submission_key(settings: str, folder: Path, notebook: bytes) -> str:
    """Changes when the notebook or its time stamp changes, or anything of the settings."""
    digest = hashlib.sha256(settings.encode() + notebook)
    stamp = folder / "timestamp.txt"
    if stamp.is_file() and not stamp.is_symlink():
        digest.update(stamp.read_bytes()[:100])
    return digest.hexdigest()
