"""A warm grader that is lent: who gets it, when another one is started, and when it ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from multiprocessing.connection import Pipe
from pathlib import Path

import pytest

from autograder.grading.course import load_course
from autograder.grading.serving import Server, ServingError, address_of, borrow

START = ("bwrap", "cpu", ())


class Workers:
    """Stand-ins for workers: each says which one it is, and answers what it is sent with the same."""

    def __init__(self):
        self.number, self._ends = 0, []

    def start(self):
        self.number += 1
        ours, theirs = Pipe()
        threading.Thread(target=self._work, args=(theirs, self.number), daemon=True).start()
        self._ends.append(ours)
        return ours

    def _work(self, line, number):
        try:
            while True:
                line.send((number, line.recv()))
        except (EOFError, OSError):
            line.close()

    def stop(self):
        self._ends[-1].close()


@pytest.fixture
def addresses(monkeypatch):
    """A folder for the addresses of servers, which must be short."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def place(tmp_path, addresses):
    """A course's folder."""
    course = tmp_path / "course"
    course.mkdir()
    (course / "course_config.py").write_text("# one\n")
    return course


@contextmanager
def serving(place, workers, idle_seconds=60.0):
    server = Server(place, place / "graders", START, workers.start, workers.stop, idle_seconds)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not address_of(place).exists():
        thread.join(0.01)
        assert thread.is_alive()
    yield server, thread


def lent_by(place, **options):
    """A loan, as soon as there is one: who has just given one back may be a moment ahead of the server."""
    for _ in range(500):
        if loan := borrow(place, place / "graders", options.get("start", START)):
            return loan
        threading.Event().wait(0.02)
    raise AssertionError("nothing is lent")


def answer_of(loan, question="?"):
    loan.connection.send(question)
    return loan.connection.recv()


def test_one_worker_serves_one_borrower_after_the_other(place):
    with serving(place, Workers()):
        for question in ("first", "second"):
            loan = lent_by(place)
            assert answer_of(loan, question) == (1, question)
            loan.give_back()


def test_what_is_lent_is_lent_to_nobody_else(place):
    with serving(place, Workers()):
        loan = lent_by(place)
        assert borrow(place, place / "graders", START) is None
        assert answer_of(loan) == (1, "?")
        loan.give_back()
        lent_by(place).give_back()


def test_a_borrower_that_goes_without_a_word_leaves_a_worker_that_nobody_gets(place):
    with serving(place, Workers()):
        loan = lent_by(place)
        loan.connection.send("nobody waits for the answer to this")
        loan.drop()
        loan = lent_by(place)
        assert answer_of(loan) == (2, "?")
        loan.give_back()


def test_a_worker_that_knows_an_older_course_is_replaced(place):
    with serving(place, Workers()):
        lent_by(place).give_back()
        (place / "course_config.py").write_text("# two\n# other points\n")
        loan = lent_by(place)
        assert answer_of(loan) == (2, "?")
        loan.give_back()


def test_who_wants_another_device_or_has_another_environment_starts_a_worker_of_its_own(place, monkeypatch):
    with serving(place, Workers()):
        lent_by(place).give_back()
        for start in (("none", "cpu", ()), ("bwrap", "cuda", ()), ("bwrap", "cpu", ("userns",))):
            assert borrow(place, place / "graders", start) is None
        assert borrow(place, place / "other graders", START) is None
        with monkeypatch.context() as patch:
            patch.setenv("ATEN_CPU_CAPABILITY", "default")
            assert borrow(place, place / "graders", START) is None
        lent_by(place).give_back()


def test_it_ends_by_itself_and_takes_its_address_with_it(place):
    workers = Workers()
    with serving(place, workers, idle_seconds=0.5) as (_server, thread):
        thread.join(60)
        assert not thread.is_alive() and not address_of(place).exists()
    assert borrow(place, place / "graders", START) is None
    assert workers.number == 1


def test_a_second_server_says_so(place):
    with serving(place, Workers()), pytest.raises(ServingError, match="keeps a grader of this course already"):
        Server(place, place / "graders", START, Workers().start, Workers().stop, 1).run()


def test_the_address_of_a_server_that_was_killed_is_taken_over(place):
    address_of(place).touch()
    assert borrow(place, place / "graders", START) is None
    workers = Workers()
    server = Server(place, place / "graders", START, workers.start, workers.stop, 0.2)
    server.run()
    assert workers.number == 1


def test_a_folder_that_others_can_enter_is_refused(place):
    address_of(place).parent.chmod(0o755)
    with pytest.raises(ServingError, match="you alone can enter"):
        address_of(place)
    assert borrow(place, place / "graders", START) is None


def test_an_address_that_is_too_long_for_a_socket_is_said(place, monkeypatch):
    folder = place / ("long" * 25)
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    with pytest.raises(ServingError, match="set TMPDIR to a shorter folder"):
        address_of(place)
    assert borrow(place, place / "graders", START) is None


def test_nonsense_at_the_door_is_refused(place):
    import socket

    with serving(place, Workers()):
        for words in (b"nonsense\n", b"[]\n", b"\xff\n"):
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(address_of(place)))
                line.sendall(words)
                assert line.recv(10) in (b"", b"no")
        lent_by(place).give_back()


@pytest.mark.slow
def test_a_notebook_graded_by_a_borrowed_grader_gets_the_same_verdict(tmp_path, addresses):
    root = load_course().root
    notebook = tmp_path / "tensors.ipynb"
    shutil.copy(root / "release" / "ps01_tensors" / "tensors.ipynb", notebook)
    command = [sys.executable, "-c", "from autograder.cli.main import main; main()"]

    def graded(name):
        found = subprocess.run([*command, "grade", str(notebook), "--json", str(tmp_path / name)], cwd=root, capture_output=True, text=True)
        assert found.returncode == 0, found.stderr
        verdict = json.loads((tmp_path / name).read_text())
        return [(e["name"], e["points"], [(c["title"], c["reason"], c["message"]) for c in e["criteria"]]) for e in verdict["exercises"]]

    alone = graded("alone.json")
    with subprocess.Popen([*command, "serve"], cwd=root, stdout=subprocess.PIPE, text=True) as server:
        assert "is kept" in server.stdout.readline()
        while not address_of(root).exists():
            assert server.poll() is None
        try:
            assert [graded("first.json"), graded("second.json")] == [alone, alone]
        finally:
            os.kill(server.pid, signal.SIGINT)
    assert server.returncode == 130
