"""A course's folder in which one student handed in, as an instructor has it before marking by hand."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.authoring.sample_class import notebook_of

ROOT = Path(__file__).resolve().parents[2]
NAME, STUDENT = "ps05_softmax_regression", "kim"
CONFIG = f"""
from autograder.grading.course import Assignment, Course
from autograder.nbgrader_plugin.configuration import configure
COURSE = Course("one", "One assignment", (Assignment("{NAME}", "Softmax", due="2027-03-22T23:59:00+08:00"),))
c = get_config()
configure(COURSE, c)
"""
ANSWERS = {"accuracy": "wrong/accuracy__mean.py", "cross_entropy": "wrong/cross_entropy__detached.py"}
MINE = r"Shifting a row multiplies numerator and denominator by $e^{-m_i}$, which cancels: $\frac{e^{-m} e^{x_j}}{\sum_l e^{-m} e^{x_l}}$."


def hand_in(root: Path) -> None:
    """Lays out the folder."""
    (root / "course_config.py").write_text(CONFIG)
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    (root / "source").mkdir()
    shutil.copy(ROOT / "source" / "course_tools.py", root / "source")
    for folder in ("source", "release"):
        shutil.copytree(ROOT / folder / NAME, root / folder / NAME)
    for folder in ("solutions", "autograder"):
        (root / folder).symlink_to(ROOT / folder)
    (release,) = (root / "release" / NAME).glob("*.ipynb")
    document = notebook_of(NAME, ROOT, ANSWERS, release)
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "written_shift":
            cell["source"] = MINE
    folder = root / "submitted" / STUDENT / NAME
    folder.mkdir(parents=True)
    (folder / release.name).write_text(json.dumps(document))


def nbgrader(root: Path, *commands: str) -> None:
    """Stock commands of nbgrader in the course's folder, one after the other."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    lines = json.dumps([command.split() for command in commands])
    command = [sys.executable, "-m", "autograder.nbgrader_plugin.commands", lines]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
