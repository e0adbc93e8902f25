"""Submissions that `nbgrader autograde` has begun and not finished: a power cut must not leave one that looks graded.

nbgrader makes the folder in `autograded/` first, fills it, and later skips every submission that has one. So each that is begun has a mark in
`.state/unfinished/`, locked as long as the process lives. The next run finds the marks without a process, removes those folders, and grades them again.
"""

import fcntl
import os
import shutil
from glob import escape
from pathlib import Path

from ..runs.verdicts import FOLDER as VERDICTS

FOLDER = Path(".state", "unfinished")

_begun: dict[Path, int] = {}  # marks of this process: open, so that they stay locked


def begin(root: Path, student: str, assignment: str) -> None:
    """Marks one submission before anything is written for it."""
    path = root / FOLDER / assignment / student
    if path in _begun:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # another nbgrader is at work on it, and has marked it
        os.close(descriptor)
    else:
        _begun[path] = descriptor


def finish(root: Path, student: str, assignment: str) -> None:
    """Removes the mark when everything is written."""
    path = root / FOLDER / assignment / student
    descriptor = _begun.pop(path, None)
    if descriptor is not None:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def sweep(root: Path) -> list[Path]:
    """Removes what was begun by a process that is gone. Returns the folders removed."""
    removed = []
    for path in sorted(root.glob(f"{FOLDER}/*/*")):
        if path in _begun:
            continue
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder = root / "autograded" / path.name / path.parent.name
            if folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder)
                removed.append(folder)
            for part in (root / VERDICTS / path.parent.name).glob(f"{escape(path.name)}.*.part"):  # a verdict that was being written
                part.unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        except BlockingIOError:
            continue  # another nbgrader is at work on it
        finally:
            os.close(descriptor)
    return removed
