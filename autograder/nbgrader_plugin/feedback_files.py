"""Feedback pages on disk: feedback/<student>/<assignment>/, and what a page says that it was made from."""

import os
import re
import shutil
from pathlib import Path

FOLDER = "feedback"
END = b"</html>"
MADE_FROM = re.compile(r"<!-- made from ([0-9a-f]{64}) -->")


def made_from(page: Path) -> str | None:
    """The state that a page shows; None for a page that does not say, or that was not written to its end."""
    with page.open("rb") as file:
        found = MADE_FROM.match(file.readline(200).decode(errors="replace"))
        file.seek(max(0, os.fstat(file.fileno()).st_size - 40))
        whole = file.read().rstrip().endswith(END)
    return found[1] if found and whole else None


def remove_page(root: Path, student: str, assignment: str) -> None:
    """Removes the pages of a submission that has been graded anew; `nbgrader generate_feedback` makes them."""
    folder = root / FOLDER / student / assignment
    if folder.is_dir() and not is_linked(folder):
        shutil.rmtree(folder)


def is_linked(folder: Path) -> bool:
    """Whether a student's folder of an assignment, or that of all their assignments, is a link: what lies in it is not the kit's to remove."""
    return folder.is_symlink() or folder.parent.is_symlink()


def elsewhere(root: Path, student: str, assignment: str) -> Path | None:
    """The part of a page's folder, relative to the course, that is a link or no folder: what is written below it would lie elsewhere. None for none."""
    folder = Path(FOLDER, student, assignment)
    for part in (folder.parent.parent, folder.parent, folder):
        path = root / part
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            return part
    return None
