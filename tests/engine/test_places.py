"""The wall holds wherever Python and the clone lie: below a folder that the sandbox mounts anew, on a path with spaces, on a very long one."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

KIT = Path(__file__).parents[2]
FILES = 60  # of a submission
# What a submission does first: it looks at all that it could write to, uses up the files of each place, and leaves one behind.
CELL = """
import errno, os

def writable(folder="/"):
    found, seen = [], set()
    for path, folders, files in os.walk(folder):
        for name in files:
            if not os.path.islink(f"{path}/{name}") and os.access(f"{path}/{name}", os.W_OK):
                found.append(f"{path}/{name}")
        try:
            os.close(os.open(f"{path}/left behind", os.O_CREAT | os.O_WRONLY))
            os.unlink(f"{path}/left behind")
        except OSError:
            continue
        found.append(path)
    return [[path, os.stat(path).st_dev, os.path.isdir(path)] for path in found]

def fill(folder):
    made = 0
    try:
        while made < 10_000:
            os.mkdir(f"{folder}/left-{made}")
            made += 1
    except OSError as error:
        return [made, error.errno in (errno.ENOSPC, errno.EDQUOT)]
    return [made, False]

def left():
    return [path for path, _, _ in writable() if "left" in path]

import torch
works = torch.ones(2).sum().item()
def right():
    return works
"""
SCRIPT = f"""
import json
from autograder.judge.session import SubmissionSession
from autograder.notebooks.plan import Plan, PlannedCell
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.limits import SubmissionLimits

def session(sandbox):
    session = SubmissionSession(sandbox, SubmissionLimits(files={FILES}), Plan([PlannedCell({CELL!r})], {{}}), seed=1)
    session.run_notebook()
    session.begin_exercise(())
    session.begin_criterion(seed=1, seconds=120)
    return session

with Sandbox("bwrap", preload=()) as sandbox, session(sandbox) as first, session(sandbox) as second:
    seen = [one.student.writable() for one in (first, second)]
    folders = [path for path, _, is_folder in seen[0] if is_folder]
    roots = [path for path in folders if not any(path != other and path.startswith(other.rstrip("/") + "/") for other in folders)]
    filled = {{folder: first.student.fill(folder) for folder in roots}}
    print(json.dumps({{"seen": seen, "filled": filled, "left": second.student.left(), "right": [one.student.right() for one in (first, second)]}}))
"""


def environment_at(place: Path) -> Path:
    """A Python environment there that has the packages of the one at work; its interpreter."""
    venv.create(place, symlinks=True, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    packages.rmdir()
    packages.symlink_to(sysconfig.get_path("purelib"))
    return place / "bin" / "python"


@pytest.fixture
def python_at() -> Iterator[Callable[[str], Path]]:
    """python_at("/tmp") → an interpreter in a new folder below it, gone after the test."""
    folders: list[str] = []

    def make(parent: str, name: str = "a b") -> Path:
        folders.append(tempfile.mkdtemp(prefix="autograder test ", dir=parent))
        return environment_at(Path(folders[-1]) / name)

    yield make
    for folder in folders:
        shutil.rmtree(folder)


def look_around(python: Path | str) -> dict:
    done = subprocess.run([python, "-c", SCRIPT], cwd=KIT, env=_environment(KIT), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def _environment(kit: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_", "PYTEST"))}
    return kept | {"PYTHONPATH": str(kit)}


PLACES = {
    "where it is": lambda _: sys.executable,
    "below /tmp, on a very long path": lambda at: at("/tmp", "/".join(["a long name " * 16] * 8)),
    "below /dev/shm": lambda at: at("/dev/shm"),
}


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_two_submissions_share_nothing_that_one_could_write_to(python_at, place):
    found = look_around(place(python_at))
    assert found["right"] == [2, 2]
    first, second = ({path: device for path, device, is_folder in seen if is_folder} for seen in found["seen"])
    assert {"/tmp", "/dev/shm", "/student"} <= set(first)
    assert set(first) == set(second)
    assert not set(first.values()) & set(second.values())
    assert all(path.startswith(("/tmp", "/dev/shm", "/student")) for path in first)
    assert [path for seen in found["seen"] for path, _, is_folder in seen if not is_folder and not path.startswith("/dev/")] == []
    assert found["left"] == []
    for folder, (made, is_full) in found["filled"].items():
        assert is_full, folder
        assert made <= FILES, folder


@pytest.mark.slow
def test_a_clone_below_tmp_with_a_space_in_its_path_grades(built, answered, python_at):
    python = python_at("/tmp", "the clone/.venv")
    clone = python.parents[2]
    shutil.copytree(KIT / "autograder", clone / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(built.root, clone / "course")
    hand_in = clone / "hand in" / "tiny.ipynb"
    hand_in.parent.mkdir()
    hand_in.write_text(json.dumps(answered(Scale="class Scale: pass")))
    for command in (["ci", "--folder", clone / "hand in", "--threshold", "50"], ["grade", hand_in]):
        done = subprocess.run(
            [python, "-c", "from autograder.cli import main; main()", *command], cwd=clone / "course", env=_environment(clone), capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "60 of 100 points" in done.stdout
        assert "bubblewrap" in done.stdout
