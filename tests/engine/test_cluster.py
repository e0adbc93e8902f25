"""`grade-class --scheduler`: a real Dask scheduler and real workers, which hold the kit and the graders and no nbgrader, write the same gradebook."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.course import CourseError, load_course
from autograder.judge.jobs import GraderFault
from autograder.runs import remote
from autograder.runs.cluster import AHEAD, Cluster
from autograder.runs.journal import files_key
from tests.engine.class_folder import NAME, ClassFolder, environment

WRONG = "def relu(X):\n    return X.clamp(max=0)"


@pytest.fixture
def job_of(built, grader, answered) -> Callable[..., object]:
    """job_of(relu=…) → the job for the tiny notebook with these answers."""
    return lambda **answers: grader.job_of(built.master(NAME), json.dumps(answered(**answers)).encode(), "tiny.ipynb")


@pytest.fixture
def worker_here(built, monkeypatch) -> Iterator[Path]:
    """This process does what a worker does, in a folder with a copy of the graders."""
    monkeypatch.setenv(remote.ROOT_VARIABLE, str(built.root))
    yield built.root
    for waiting in remote._idle:
        waiting.close()
    remote._idle.clear()


# -- bytes ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_bytes_there_and_back_give_the_verdict_and_the_outputs_of_a_grader_here(built, grader, job_of, worker_here):
    for answers in ({}, {"relu": "print('hello')\n" + WRONG}, {"Scale": "raise NotImplementedError()"}):
        job = job_of(**answers)
        verdict, outcomes = remote.unpack(remote.judge_bytes(remote.pack(job, built, files_key(built.root, NAME), "none", "cpu")))
        expected, outcomes_here = grader.grade(job)
        assert [(e.name, e.points) for e in verdict.exercises] == [(e.name, e.points) for e in expected.exercises]
        assert [outcome.outputs for outcome in outcomes] == [outcome.outputs for outcome in outcomes_here]
    assert len(remote._idle) == 1


def test_a_message_holds_the_plan_and_neither_the_files_of_the_release_nor_the_answers_in_words(built, job_of):
    job = job_of()
    job.plan.written = {"why": {"source": "in confidence", "attachments": None}}
    message = remote.pack(job, built, "key", "none", "cpu")
    assert b"clamp(min=0)" in message
    assert b"in confidence" not in message and b"factor.txt" not in message


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"files": "others"}, "the kit, graders, solutions or release of ps90_tiny are not those of the machine that sends submissions"),
        ({"version": 0}, "it has another version of the kit"),
        ({"kind": "docker"}, "'docker'"),
        ({"limits": {"apples": 1}}, "unknown limit 'apples'"),
    ],
)
def test_what_a_worker_cannot_judge_is_a_sentence_with_its_name(built, job_of, worker_here, change, sentence):
    message = json.loads(remote.pack(job_of(), built, files_key(built.root, NAME), "none", "cpu"))
    with pytest.raises(GraderFault, match=r"^worker \S+: ") as fault:
        remote.unpack(remote.judge_bytes(json.dumps({**message, **change}).encode()))
    assert sentence in str(fault.value)


def test_a_worker_without_the_grader_says_where_it_looked(built, job_of, monkeypatch, tmp_path):
    monkeypatch.setenv(remote.ROOT_VARIABLE, str(tmp_path))
    with pytest.raises(GraderFault, match=f"there is no grader of {NAME} in {tmp_path}: start it in the course's folder or set AUTOGRADER_COURSE"):
        remote.unpack(remote.judge_bytes(remote.pack(job_of(), built, "key", "none", "cpu")))


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"verdict": {"version": 99}, "outcomes": []}'])
def test_an_answer_that_is_none_is_a_fault(answer):
    with pytest.raises(GraderFault, match="a worker's answer cannot be read"):
        remote.unpack(answer)


# -- no cluster -------------------------------------------------------------------------------------------------------------------


def test_a_scheduler_that_does_not_answer_is_a_sentence(built):
    with pytest.raises(GraderFault, match=r"no Dask scheduler answers at tcp://127.0.0.1:9 .*: is it running, and can this machine reach it\?"):
        Cluster(built, "tcp://127.0.0.1:9", "none", "cpu", wait_seconds=0.5).__enter__()


@pytest.mark.parametrize("address", ["carrier-pigeon://loft", "", "tcp://127.0.0.1:port"])
def test_an_address_that_is_none_is_bad_use(built, address):
    with pytest.raises(CourseError, match="is no address of a Dask scheduler"):
        Cluster(built, address, "none", "cpu", wait_seconds=0.5).__enter__()


def test_a_scheduler_s_file_may_still_be_being_written(built, tmp_path):
    file = tmp_path / "scheduler.json"
    file.write_text('{"address": "tcp:')
    threading.Timer(0.3, file.write_text, ['{"address": "tcp://127.0.0.1:9"}']).start()
    with pytest.raises(GraderFault, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 "):
        Cluster(built, str(file), "none", "cpu", wait_seconds=0.5).__enter__()
    file.write_text("no json")
    with pytest.raises(CourseError, match="is no address of a Dask scheduler"):
        Cluster(built, str(file), "none", "cpu", wait_seconds=0.5).__enter__()


def test_a_scheduler_s_file_is_waited_for(built, tmp_path):
    file = tmp_path / "scheduler.json"
    with pytest.raises(GraderFault, match=r"there has been no file .*scheduler\.json for 0\.1 s: was the scheduler started with --scheduler-file"):
        Cluster(built, str(file), "none", "cpu", wait_seconds=0.1).__enter__()
    threading.Timer(0.3, file.write_text, ['{"address": "tcp://127.0.0.1:9"}']).start()
    with pytest.raises(GraderFault, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 "):
        Cluster(built, str(file), "none", "cpu", wait_seconds=3).__enter__()


# -- a real one -------------------------------------------------------------------------------------------------------------------


class Dask:
    """A scheduler and its workers, each a process that has the kit and cannot import nbgrader."""

    def __init__(self, folder: Path, course: Path):
        self.folder, self.file = folder, folder / "scheduler.json"
        (folder / "blocked").mkdir(parents=True)
        (folder / "blocked" / "nbgrader.py").write_text("raise ImportError('there is no nbgrader here')")
        self.graders = folder / "graders"
        for part in ("autograder", "solutions", "release"):
            shutil.copytree(course / part, self.graders / part, ignore=shutil.ignore_patterns("__pycache__"))
        self.processes: list[subprocess.Popen] = []
        self._start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")

    def worker(self, resources: str = "CPU=1") -> subprocess.Popen:
        return self._start(
            "worker",
            "--nthreads",
            "1",
            "--resources",
            resources,
            "--no-nanny",
            "--no-dashboard",
            "--death-timeout",
            "60",
            "--local-directory",
            str(self.folder),
        )

    def _start(self, name: str, *arguments: str) -> subprocess.Popen:
        environ = {**environment(), remote.ROOT_VARIABLE: str(self.graders)}
        environ["PYTHONPATH"] = os.pathsep.join([str(self.folder / "blocked"), environ["PYTHONPATH"]])
        command = [sys.executable, "-c", f"from distributed.cli.dask_{name} import main; main()", *arguments, "--scheduler-file", str(self.file)]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes.append(subprocess.Popen(command, cwd=self.folder, env=environ, stdout=log, stderr=log))
        return self.processes[-1]

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def dask(built, tmp_path) -> Iterator[Dask]:
    started = Dask(tmp_path / "dask", built.root)
    yield started
    started.close()


def wait_for(condition: Callable[[], bool], process: subprocess.Popen, seconds: float = 300) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.01)


@pytest.mark.slow
def test_with_a_worker_killed_in_the_middle_the_gradebook_is_that_of_a_run_on_this_machine(dask, built, answered, tmp_path):
    here, there = ClassFolder(tmp_path / "here"), ClassFolder(tmp_path / "there")
    for folder in (here, there):
        shutil.copytree(built.root, folder.root)
        for number in range(14):
            document = "{" if number == 4 else answered(relu=f"print({number})\n{WRONG}") if number % 3 else answered()
            folder.hand_in(f"student{number:02}", document, "2027-01-01 08:30:00 UTC" if number % 2 else "")
    undisturbed = here.start("--jobs", "1", "--sandbox", "none", stdout=subprocess.DEVNULL)
    doomed, other = dask.worker(), dask.worker()
    run = there.start("--scheduler", str(dask.file), "--sandbox", "none", "--wait", "120", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wait_for(lambda: len(there.journal()) >= 3, run)
    time.sleep(random.Random(3).uniform(0, 0.2))
    doomed.send_signal(signal.SIGKILL)
    printed, _ = run.communicate(timeout=300)
    assert run.returncode == 0, printed
    assert undisturbed.wait(timeout=300) == 0
    assert "14 graded, 1 of them unreadable, 0 unchanged" in " ".join(printed.split())
    assert sorted(there.journal()) == sorted(here.journal()) == [f"student{number:02}" for number in range(14)]
    assert there.state() == here.state()
    assert other.poll() is None
    assert "14 unchanged" in there.grade("--jobs", "1", "--sandbox", "none")


@pytest.mark.slow
def test_only_a_few_submissions_are_under_way_and_a_device_asks_for_its_own_workers(dask, built, job_of):
    dask.worker()
    taken, judged, most = 0, [], 0

    def jobs():
        nonlocal taken, most
        for number in range(10):
            taken += 1
            most = max(most, taken - len(judged))
            yield job_of(relu=f"print({number})\n{WRONG}")

    wait_for(dask.file.is_file, dask.processes[0])
    with Cluster(built, str(dask.file), "none", "cpu", wait_seconds=120) as cluster:
        cluster.judge(jobs(), lambda _job, verdict, _outcomes: judged.append(verdict.points))
    assert judged == [55] * 10
    assert most <= AHEAD + 1
    with pytest.raises(GraderFault, match=r"the scheduler has had 1 workers? and none with GPU=1 for 1 s: start one with `dask worker"):
        Cluster(built, str(dask.file), "none", "cuda", wait_seconds=1).__enter__()


@pytest.mark.slow
def test_a_scheduler_that_goes_away_ends_the_run_with_a_sentence(dask, built, job_of):
    dask.worker()
    wait_for(dask.file.is_file, dask.processes[0])
    done = []

    def after(_job, verdict, _outcomes):
        done.append(verdict)
        dask.processes[0].kill()

    with Cluster(built, str(dask.file), "none", "cpu", wait_seconds=120) as cluster:
        with pytest.raises(GraderFault, match=r"the Dask scheduler at .* is gone"):
            cluster.judge((job_of(relu=f"print({number})\n{WRONG}") for number in range(100)), after)
    assert 1 <= len(done) < 10


@pytest.mark.slow
def test_a_verdict_whose_worker_dies_before_it_is_fetched_is_judged_again(dask, built, job_of):
    doomed = dask.worker()
    wait_for(dask.file.is_file, dask.processes[0])
    points = {}

    def after(job, verdict, _outcomes):
        assert job.tag not in points
        points[job.tag] = verdict.points
        if len(points) == 1:
            states = cluster._client.futures.values()
            wait_for(lambda: all(state.status == "finished" for state in states), dask.processes[0])
            doomed.kill()
            wait_for(lambda: not any(state.status == "finished" for state in states), dask.processes[0])
            dask.worker()

    with Cluster(built, str(dask.file), "none", "cpu", wait_seconds=120) as cluster:
        cluster.judge((replace(job_of(relu=f"print({number})\n{WRONG}"), tag=number) for number in range(4)), after)
    assert points == dict.fromkeys(range(4), 55)


def test_the_course_can_be_loaded_where_there_is_no_nbgrader(built, tmp_path):
    (tmp_path / "nbgrader.py").write_text("raise ImportError('there is no nbgrader here')")
    environ = {**environment(), "PYTHONPATH": os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])}
    code = "import sys, autograder.runs.remote; assert not {'nbgrader', 'torch', 'distributed'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], env=environ, check=True, cwd=built.root)
    assert load_course(built.root).names == [NAME]
