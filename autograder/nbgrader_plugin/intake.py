"""What is done with a submission folder before nbgrader copies it: nothing in it may point elsewhere, nbgrader is told which notebook to expect, and what
was begun is marked until it is finished."""

import os
import stat
from pathlib import Path
from urllib.parse import quote

from ..grading.course import find_root
from .feedback_files import remove_page
from .unfinished import begin, finish

QUARANTINE = "quarantine"


def prepare(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's pre_convert_hook. `notebooks` is nbgrader's own list of this submission's notebooks; changed in place."""
    root = find_root()
    for folder in {Path(notebook).parent for notebook in notebooks}:
        set_aside_special_files(root / folder, root)
        expect_one(folder, notebooks)
        begin(root, folder.parent.name, folder.name)


def finished(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's post_convert_hook: all of the submission is written; a feedback page of before is not of this grading."""
    for folder in {Path(notebook).parent for notebook in notebooks}:
        remove_page(find_root(), folder.parent.name, folder.name)
        finish(find_root(), folder.parent.name, folder.name)


def set_aside_special_files(folder: Path, root: Path) -> list[Path]:
    """Moves links, pipes, sockets and devices out of a submission; nbgrader would follow or wait for them. Returns where they went.

    A hard link to a file elsewhere cannot be told from a file; a file with more than one name is copied, so that nothing is shared.
    """
    moved = []
    for directory, folders, files in os.walk(folder, followlinks=False):
        for name in [*folders, *files]:
            path = Path(directory, name)
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
                continue
            # One flat folder a submission: below a folder of an earlier submission's name there could be a link of that submission's.
            target = root / QUARANTINE / folder.parent.name / folder.name / quote(str(path.relative_to(folder)), safe="")[-200:]
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_symlink() or target.exists():
                path.unlink()
            else:
                os.rename(path, target)
            moved.append(target)
    return moved


def expect_one(folder: Path, notebooks: list[str]) -> None:
    """A submission is one notebook under the assignment's name, whatever the files are called: the exporter finds it among them."""
    expected = [path.name for path in (find_root() / "release" / folder.name).glob("[!.]*.ipynb")]
    if len(expected) == 1 and notebooks:
        notebooks[:] = [str(Path(notebooks[0]).with_name(expected[0]))]
