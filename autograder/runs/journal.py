"""The journal of a class run: one line for each submission that is written down completely, with the key of what was judged.

Appended and synced after gradebook and files: a line that is there is true, a line that is missing is done again, with the same result. Who holds the
journal of an assignment open holds its lock: there is one run at a time, and a killed run leaves no lock behind.
"""

import fcntl
import hashlib
import json
import os
from pathlib import Path

from ..grading.course import Course
from ..judge.jobs import GraderFault

FOLDER = ".state"
# The packages that a verdict depends on.
JUDGING = ("wire", "sandbox", "notebooks", "judge", "vocabulary", "pytest_plugin")


class Journal:
    """The lines of one assignment, the last for a student counts. Raises GraderFault when another run holds it."""

    def __init__(self, root: Path, assignment: str):
        self.path = root / FOLDER / f"{assignment}.jsonl"
        self.path.parent.mkdir(exist_ok=True)
        self.keys: dict[str, str] = {}
        self._file = self.path.open("a", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise GraderFault(f"another run is grading {assignment} in this course: wait for its end or stop it") from None
        if self.path.is_file():
            for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    record = json.loads(line)
                    self.keys[record["student"]] = record["key"]
                except (ValueError, KeyError, TypeError):
                    continue  # the line that a kill cut off
        if self.path.stat().st_size and not self.path.read_bytes().endswith(b"\n"):
            self._file.write("\n")

    def enter(self, student: str, key: str) -> None:
        self._file.write(json.dumps({"student": student, "key": key}) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.keys[student] = key

    def close(self) -> None:
        self._file.close()


def files_key(root: Path, assignment: str) -> str:
    """Changes when the kit, the graders, the reference or the release changes. The same on every machine that holds the same files."""
    kit = Path(__file__).resolve().parents[1]
    folders = [
        sorted(path for path in kit.rglob("*.py") if path.parent.name in JUDGING),
        sorted(path for path in (root / "autograder" / "graders").glob("*.py") if not path.name.startswith("test_")),
        [root / "autograder" / "graders" / f"test_{assignment}.py"],
        sorted((root / "solutions" / assignment).rglob("*.py")),
        sorted((root / "source").glob("*.py")),
        sorted((root / "release" / assignment).glob("[!.]*")),
    ]
    return _digest(folders)


def _digest(folders: list[list[Path]]) -> str:
    digest = hashlib.sha256()
    for paths in folders:
        for path in paths:
            if path.is_file():
                data = path.read_bytes()
                digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
        digest.update(b"\0")
    return digest.hexdigest()


def settings_key(course: Course, assignment: str, kind: str, device: str) -> str:
    """Changes when one of the files, what lies beside the source, or the settings of judging change. Due dates, late policy, extensions and excuses are none of
    them: what follows from those is brought into the gradebook by every run, without judging."""
    settings = [course.id, course.limits_of(assignment).to_json(), kind, device]
    beside = sorted(path for path in (course.root / "source" / assignment).rglob("*") if path.suffix not in (".ipynb", ".pyc"))
    return hashlib.sha256(json.dumps([files_key(course.root, assignment), _digest([beside]), settings]).encode()).hexdigest()


def submission_key(settings: str, folder: Path, notebook: bytes, assumed: str = "") -> str:
    """Changes when the notebook or its time stamp changes, or anything of the settings. assumed: what the stamp was taken for when its zone is not known."""
    digest = hashlib.sha256(settings.encode() + notebook)
    stamp = folder / "timestamp.txt"
    if stamp.is_file() and not stamp.is_symlink():
        digest.update(stamp.read_bytes()[:100] + assumed.encode())
    return digest.hexdigest()
