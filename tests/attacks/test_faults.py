"""Machines fail at any moment: nothing is half-written, the next run finishes the rest, and no mark is lost or doubled."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.judge.jobs import GraderFault
from autograder.nbgrader_plugin import unfinished
from autograder.sandbox.guard import descendants
from tests.attacks.conftest import Range
from tests.attacks.suite import POINTS
from tests.engine.class_folder import NAME, ClassFolder, environment
from tests.engine.conftest import answered, built  # noqa: F401 - the tiny course of the engine's tests

WRONG = "def relu(X):\n    return X.clamp(max=0)"
SLOW = "import time\ntime.sleep(0.2)\ndef double(X):\n    time.sleep(0.2)\n    return 2 * X"


# -- one submission ---------------------------------------------------------------------------------------------------------


def judge(place: Range) -> int:
    return place.worker


def bubblewrap(place: Range) -> int:
    return min(descendants(place.worker))


def guard(place: Range) -> int:
    """The guard is the first that a submission adds."""
    while len(place.processes()) <= 3:
        time.sleep(0.002)
    return sorted(place.processes())[3]


@pytest.mark.slow
@pytest.mark.parametrize(("victim", "after"), [(judge, 0.45), (bubblewrap, 0.3), (guard, 0.1)])
def test_what_is_killed_in_the_middle_changes_no_mark(frail: Range, victim: Callable[[Range], int], after: float):
    frail.hand_in_right()
    frail.rest()
    killed = threading.Thread(target=lambda: (time.sleep(after), os.kill(victim(frail), signal.SIGKILL)))
    killed.start()
    verdict, outcomes = frail.hand_in_answers({}, double=SLOW)
    killed.join()
    assert {exercise.name: exercise.points for exercise in verdict.exercises} == POINTS
    assert [outcome.reason for outcome in outcomes] == ["ok"] * 4
    frail.rest()
    assert len(frail.processes()) == 3


@pytest.mark.slow
def test_who_is_killed_every_time_is_a_fault_and_no_mark(frail: Range):
    stop = threading.Event()

    def kill_again_and_again() -> None:
        while not stop.wait(0.02):
            if frail.grader._process is not None:
                frail.grader._process.kill()

    killer = threading.Thread(target=kill_again_and_again)
    killer.start()
    try:
        with pytest.raises(GraderFault, match="died twice"):
            frail.hand_in_answers({}, double=SLOW)
    finally:
        stop.set()
        killer.join()
    assert sum(exercise.points for exercise in frail.hand_in_right()[0].exercises) == 100


@pytest.mark.slow
def test_without_bubblewrap_in_the_middle_nothing_runs_and_when_it_is_back_the_rest_does(frail: Range, monkeypatch, tmp_path):
    frail.hand_in_right()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        frail.grader.close()  # the next judge looks for bubblewrap anew; one that runs has found it
        with pytest.raises(GraderFault, match=r"apt-get install bubblewrap.*--sandbox none"):
            frail.hand_in_right()
    assert frail.hand_in_right()[0].points == 100


@pytest.fixture(scope="module")
def frail(tmp_path_factory) -> Iterator[Range]:
    place = Range(tmp_path_factory.mktemp("frail"))
    yield place
    place.close()


# -- a class ----------------------------------------------------------------------------------------------------------------

STUDENTS = ("ada", "ben", "cai", "dora")


@pytest.fixture(scope="module")
def a_class(built, answered, tmp_path_factory) -> Callable[[], ClassFolder]:  # noqa: F811
    """a_class() → a fresh course in which four students handed in; the second is wrong, the third late. Without a wall: the faults are not about it."""

    def make() -> ClassFolder:
        folder = ClassFolder(tmp_path_factory.mktemp("class") / "course")
        shutil.copytree(built.root, folder.root)
        config = folder.root / "course_config.py"
        config.write_text(config.read_text().replace('late_policy="zero",', 'late_policy="zero",\n    sandbox="none",'))
        for student in STUDENTS:
            stamp = "2027-01-01 08:30:00 UTC" if student == "cai" else "2026-12-31 23:00:00 UTC"
            folder.hand_in(student, answered(**({"relu": WRONG} if student == "ben" else {})), stamp)
        return folder

    return make


@pytest.fixture(scope="module")
def after(a_class) -> Iterator[Callable[..., ClassFolder]]:
    """after(accident) → what is left behind when the accident and one more `nbgrader autograde` are over. All accidents happen side by side."""
    with ThreadPoolExecutor(2) as executor:
        states = {accident: executor.submit(_state_after, accident, a_class()) for accident in (nothing, power_cut, locked_gradebook, full_disk)}
        yield lambda accident: states[accident].result()


def _state_after(accident: Callable[[ClassFolder], ClassFolder | None], folder: ClassFolder) -> ClassFolder:
    folder = accident(folder) or folder
    folder.nbgrader("autograde", NAME)
    return folder


def nothing(_folder: ClassFolder) -> None:
    """A course that is graded undisturbed."""


def autograde(folder: ClassFolder, *before: str) -> subprocess.Popen:
    """`nbgrader autograde` in a process group of its own."""
    command = [*before, sys.executable, "-m", "nbgrader", "autograde", NAME]
    return subprocess.Popen(command, cwd=folder.root, env=environment(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def is_begun(folder: ClassFolder, student: str) -> bool:
    return (folder.root / unfinished.FOLDER / NAME / student).exists()


def has_a_folder(folder: ClassFolder, student: str) -> bool:
    return (folder.root / "autograded" / student / NAME / "tiny.ipynb").exists()


def has_a_verdict(folder: ClassFolder, student: str) -> bool:
    return (folder.root / "verdicts" / NAME / f"{student}.json").exists()


def power_cut(folder: ClassFolder) -> None:
    """SIGKILL to the whole process group, when the first is begun, the second has files, the third has a verdict."""
    for happened, student in [(is_begun, "ada"), (has_a_folder, "ben"), (has_a_verdict, "cai")]:
        process = autograde(folder)
        while not happened(folder, student) and process.poll() is None:
            time.sleep(0.0005)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def locked_gradebook(folder: ClassFolder) -> None:
    """Another program holds the gradebook for as long as nbgrader tries."""
    with sqlite3.connect(folder.root / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert autograde(folder).wait() != 0
        other.execute("ROLLBACK")
    assert not list(folder.root.glob("autograded/*/*"))


FILL = """
set -e
mount -t tmpfs -o size=3m tmpfs "$1"
cp -a "$0/." "$1/"
head -c 100000000 /dev/zero > "$1/ballast" 2> /dev/null || true
truncate -s -"$2" "$1/ballast"
cd "$1"
"$3" -m nbgrader autograde "$4" && echo "not full" || true
rm ballast
cp -a "$1/." "$5/"
"""
ROOM = 60_000


def full_disk(folder: ClassFolder) -> ClassFolder | None:
    """The course on a small file system, which is full when the first have been graded. None where none can be mounted."""
    disk, copy = folder.root.with_name("disk"), ClassFolder(folder.root.with_name("copy"))
    disk.mkdir()
    copy.root.mkdir()
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", FILL, str(folder.root), str(disk), str(ROOM), sys.executable, NAME, str(copy.root)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode and "unshare" in done.stderr:
        return None
    assert (done.returncode, done.stdout) == (0, ""), done.stderr[-3000:]
    assert "No space left" in done.stderr or "is full" in done.stderr, done.stderr[-3000:]
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("accident", [power_cut, locked_gradebook, full_disk])
def test_after_an_accident_the_next_autograde_finishes_the_rest_and_no_mark_is_lost_or_doubled(after, accident):
    folder, undisturbed = after(accident), after(nothing)
    for ours, theirs in zip(folder.state(), undisturbed.state(), strict=True):
        assert ours.keys() == theirs.keys()
        for key in theirs:
            assert ours[key] == theirs[key], key
    assert not list((folder.root / unfinished.FOLDER).glob("*/*"))
    assert not list(folder.root.rglob("*.part"))


def test_a_submission_that_another_nbgrader_is_at_work_on_is_left_alone(tmp_path):
    begun = (
        "import sys, time; from pathlib import Path; from autograder.nbgrader_plugin.unfinished import begin; begin(Path('.'), 'ada', 'a'); print(flush=True)"
    )
    command = [sys.executable, "-c", f"{begun}; time.sleep(60)"]
    folder, part = tmp_path / "autograded" / "ada" / "a", tmp_path / "verdicts" / "a" / "ada.123.part"
    folder.mkdir(parents=True)
    part.parent.mkdir(parents=True)
    part.touch()
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        assert unfinished.sweep(tmp_path) == []
        assert part.exists()
        other.kill()
    assert unfinished.sweep(tmp_path) == [folder]
    assert unfinished.sweep(tmp_path) == []
    assert not folder.exists()
    assert not part.exists()
