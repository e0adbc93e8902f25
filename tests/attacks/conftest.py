"""The tiny assignment, a grader of it in the real sandbox, secrets that must not be seen again, and ears that must hear nothing."""

import io
import json
import os
import select
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import pytest
from rich.console import Console

from autograder.grading.course import Assignment, Course
from autograder.grading.grader import Grader
from autograder.judge.jobs import CellOutcome, Job
from autograder.judge.verdict import Verdict
from autograder.nbgrader_plugin.hidden_grader import put_verdict
from autograder.notebooks.assemble import assemble, safe_outputs
from autograder.reports.feedback import exercise_html, notes_html
from autograder.reports.terminal import show_verdict
from autograder.sandbox.guard import descendants
from tests.attacks import malformed
from tests.attacks.suite import POINTS, Attack, Odd

collect_ignore = ["graders"]
HERE = Path(__file__).parent
CANARY = "CANARY"
LIMITS = {
    "criterion_seconds": 60, "cell_seconds": 60, "submission_seconds": 240, "cpu_seconds": 20, "memory_bytes": 320 << 20, "processes": 12, "threads": 24,
    "disk_bytes": 4 << 20, "files": 200, "output_chars": 50_000, "message_bytes": 8 << 20,
}  # fmt: skip
# For attacks that wait until they are ended. The others have time: a busy machine must not look like a hang.
HASTY = {"criterion_seconds": 1.5, "cell_seconds": 2, "submission_seconds": 30}

RIGHT = {
    "softmax": "def softmax(X):\n    E = torch.exp(X - X.max(dim=-1, keepdim=True).values)\n    return E / E.sum(dim=-1, keepdim=True)",
    "Layer": (
        "class Layer(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.W = torch.nn.Parameter(torch.randn(3, 2))\n"
        "    def forward(self, X):\n        return X @ self.W"
    ),
    "double": "def double(X):\n    return 2 * X",
}
WRONG = {
    "softmax": "def softmax(X):\n    return torch.exp(X)",
    "Layer": RIGHT["Layer"].replace("X @ self.W", "X @ self.W * 2"),
    "double": "def double(X):\n    return X",
}
# What the submission after an attack looks for. It prints what it finds.
LOOK = """
import builtins, os, sys, threading, torch
found = [name for owner in (torch, torch.Tensor, builtins, sys.modules, os.environ, get_ipython().user_ns) for name in
         (owner if isinstance(owner, dict) or owner is os.environ else vars(owner)) if "left_by_an_attack" in name.lower()]
for folder in ("/", "/tmp", "/dev", "/dev/shm", "/dev/mqueue", "/home", "/home/student", "/kit", ".", "/var/tmp", "/run"):
    found += [f"{folder}/{name}" for name in (os.listdir(folder) if os.path.isdir(folder) else []) if "left-by-an-attack" in name]
found += [f"process {pid}" for pid in range(2, 300) if os.path.exists(f"/proc/{pid}")]
for pid in range(2, 300):
    try:
        os.kill(pid, 0)
        found.append(f"process {pid}")
    except OSError:
        pass
note = "CANARY-in-another-submission"
print("found:", found, threading.active_count())
"""


@dataclass(frozen=True)
class Targets:
    """What an attack is told about the machine it is on. `mark` is part of the name of all that it leaves behind."""

    root: str
    graders: str
    hidden_test: str
    secret_file: str
    gradebook: str
    other_submission: str
    tcp_port: int
    udp_port: int
    unix_path: str
    abstract: str
    mark: str

    def put_into(self, source: str) -> str:
        for name, value in asdict(self).items():
            source = source.replace(f"@{name}@", str(value))
        return source


class Ears:
    """Sockets on the grader's machine that a student must not reach."""

    def __init__(self, folder: Path):
        self.abstract = f"attack-{uuid.uuid4().hex}"
        self.path = str(folder / "ears")
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.unix, self.named = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        here = os.getcwd()
        os.chdir(folder)
        self.unix.bind("ears")
        os.chdir(here)
        self.named.bind(f"\0{self.abstract}")
        self.unix.listen()
        self.named.listen()

    def heard(self) -> list[str]:
        sockets = {"TCP": self.tcp, "UDP": self.udp, "a Unix socket": self.unix, "an abstract socket": self.named}
        ready = select.select(list(sockets.values()), [], [], 0)[0]
        return [name for name, sock in sockets.items() if sock in ready]

    def close(self) -> None:
        for sock in (self.tcp, self.udp, self.unix, self.named):
            sock.close()


class Range:
    """The tiny course and its grader. `submit` grades; `traces` says what is left."""

    def __init__(self, folder: Path, kind: str = "bwrap", limits: dict[str, Any] = LIMITS):
        self.folder, self.kind = folder, kind
        self.root, self.temporary, self.log = folder / "course", folder / "temporary", folder / "log"
        self.temporary.mkdir()
        self.handed_in = 0
        self.resident: list[int] = []
        self.at_first: dict[str, object] = {}
        self._job: Job | None = None
        _make_course(self.root, folder / "home")
        self.ears = Ears(folder)
        self.targets = Targets(
            root=str(self.root), graders=str(HERE / "graders"), hidden_test=str(HERE / "graders" / "test_tiny.py"),
            secret_file=str(folder / "home" / "secret.txt"), gradebook=str(self.root / "gradebook.db"),
            other_submission=str(self.root / "submitted" / "other" / "tiny" / "tiny.ipynb"), tcp_port=self.ears.tcp.getsockname()[1],
            udp_port=self.ears.udp.getsockname()[1], unix_path=self.ears.path, abstract=self.ears.abstract, mark="left-by-an-attack",
        )  # fmt: skip
        self.course = Course("attacks", "Attacks", (Assignment("tiny", "Tiny"),), limits=limits, root=self.root)
        self.grader = Grader(self.course, kind, graders=HERE / "graders")
        self._start()

    def _start(self) -> None:
        """Starts the worker with a temporary folder and a standard error that can be looked at."""
        here = os.dup(2)
        try:
            with open(self.log, "ab") as file, pytest.MonkeyPatch.context() as patch:
                os.dup2(file.fileno(), 2)
                for name, value in {"COURSE_SECRET": "in-the-environment", "GITHUB_TOKEN": "in-a-token"}.items():
                    patch.setenv(name, f"{CANARY}-{value}")
                patch.setenv("TMPDIR", str(self.temporary))
                self.grader.start()
        finally:
            os.dup2(here, 2)
            os.close(here)

    def close(self) -> None:
        for grader in (self.grader, *vars(self).get("on_cuda", ())):
            grader.close()
        self.ears.close()

    @cached_property
    def on_cuda(self) -> list[Grader]:
        """A grader whose tensors are on a CUDA device."""
        return [Grader(self.course, self.kind, "cuda", graders=HERE / "graders")]

    @property
    def worker(self) -> int:
        assert self.grader._process is not None
        return self.grader._process.pid

    # -- handing in -----------------------------------------------------------------------------------------------------

    def hand_in(self, attack: Attack) -> tuple[Verdict, list[CellOutcome]]:
        """Grades a wrong answer with the trick."""
        answers = {**RIGHT, attack.exercise: WRONG[attack.exercise], **attack.solution}
        document = notebook(answers, self.targets.put_into(attack.before), self.targets.put_into(attack.after), self.targets)
        folder = self._new_folder()
        for name, text in attack.files.items():
            (folder / name).write_text(self.targets.put_into(text))
        make = getattr(malformed, attack.made_by or "_write")
        path = make(folder, document, self.targets) if attack.made_by else make(folder, document)
        return self.grade(path, self.on_cuda[0] if attack.needs == "cuda" else None, HASTY if attack.hangs else {})

    def hand_in_odd(self, odd: Odd) -> tuple[Verdict, list[CellOutcome]]:
        """Grades a right answer of an unusual kind."""
        return self.grade(malformed._write(self._new_folder(), notebook({**RIGHT, **odd.solution}, odd.before, odd.after)))

    def hand_in_right(self) -> tuple[Verdict, list[CellOutcome]]:
        """Grades the right answers, with a cell that looks for what others left."""
        return self.grade(malformed._write(self._new_folder(), notebook(RIGHT, after=LOOK)))

    def hand_in_answers(self, limits: dict[str, float], before: str = "", **answers: str) -> tuple[Verdict, list[CellOutcome]]:
        """Grades right answers, but for those named, with other limits."""
        return self.grade(malformed._write(self._new_folder(), notebook({**RIGHT, **answers}, before)), None, limits)

    def grade(self, path: Path, grader: Grader | None = None, limits: Mapping[str, float] = {}) -> tuple[Verdict, list[CellOutcome]]:
        grader = grader or self.grader
        grader.course = replace(self.course, limits={**self.course.limits, **limits})
        self._job = grader.job_for(path, "tiny")
        verdict = grader.grade(self._job)
        self.resident.append(self.resident_bytes())
        return verdict

    def autograded(self, verdict: Verdict, outcomes: list[CellOutcome]) -> str:
        """The notebook that nbgrader would file for the last submission and make feedback of."""
        assert self._job is not None
        released = json.loads((self.root / "release" / "tiny" / "tiny.ipynb").read_text())
        document = nbformat.from_dict(assemble(released, self._job.plan, self._job.unreadable))
        put_verdict(document, verdict, self._job, outcomes)
        return nbformat.writes(document)

    def _new_folder(self) -> Path:
        self.handed_in += 1
        folder = self.root / "submitted" / f"s{self.handed_in}" / "tiny"
        folder.mkdir(parents=True)
        return folder

    # -- looking for traces ---------------------------------------------------------------------------------------------

    def processes(self) -> set[int]:
        return set(descendants(self.worker))

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.worker}/fd"))

    def mounts(self) -> int:
        with open(f"/proc/{self.worker}/mounts", "rb") as file:
            return file.read().count(b"\n")

    def state(self) -> dict[str, object]:
        """What must be as before when submissions have come and gone."""
        return {
            "processes": len(self.processes()), "descriptors": self.descriptors(), "mounts": self.mounts(), "files left": self.files_left(),
            "descriptors of the sandbox": [len(os.listdir(f"/proc/{pid}/fd")) for pid in sorted(self.processes())],
        }  # fmt: skip

    def resident_bytes(self) -> int:
        with open(f"/proc/{self.worker}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def settled(self, processes: set[int], seconds: float = 5) -> set[int]:
        """The processes that are left over, when they had time to end."""
        ends = time.monotonic() + seconds
        while self.processes() - processes and time.monotonic() < ends:
            time.sleep(0.01)
        return self.processes() - processes

    def rest(self) -> None:
        """Waits until only the sandbox is left: bubblewrap, the first process of its namespace, and the warm process."""
        ends = time.monotonic() + 10
        while len(self.processes()) > 3 and time.monotonic() < ends:
            time.sleep(0.01)

    def files_left(self) -> list[str]:
        places = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), Path.home(), Path.cwd(), self.root, self.folder, HERE, HERE / "graders"]
        marked = [str(path) for place in places if place.is_dir() for path in place.iterdir() if self.targets.mark in path.name]
        return marked + [str(path) for path in self.temporary.iterdir()]


def _make_course(root: Path, home: Path) -> None:
    release = root / "release" / "tiny"
    release.mkdir(parents=True)
    stub = "raise NotImplementedError()"
    (release / "tiny.ipynb").write_text(json.dumps(notebook(dict.fromkeys(RIGHT, stub))))
    other = root / "submitted" / "other" / "tiny"
    other.mkdir(parents=True)
    (other / "tiny.ipynb").write_text(f'{{"cells": "{CANARY}-in-a-file-of-another-submission"}}')
    (root / "gradebook.db").write_text(f"{CANARY}-in-the-gradebook")
    home.mkdir()
    (home / "secret.txt").write_text(f"{CANARY}-in-the-home-folder")


def notebook(answers: dict[str, str], before: str = "", after: str = "", targets: Targets | None = None) -> dict[str, Any]:
    """A notebook of the tiny assignment with these answers, and cells of the student's own around them."""
    fill = targets.put_into if targets else str
    cells = [_code("import torch", {"grade_id": "setup", "locked": True, "solution": False, "grade": False})]
    for name, points in POINTS.items():
        cells.append(_code(fill(answers[name]), {"grade_id": name, "locked": False, "solution": True, "grade": False}))
        cells.append(_code(f"assert {name}", {"grade_id": f"test_{name}", "locked": True, "solution": False, "grade": True, "points": points}))
    if before:
        cells.insert(1, _code(before))
    if after:
        cells.append(_code(after))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _code(source: str, nbgrader: dict[str, Any] | None = None) -> dict[str, Any]:
    metadata = {"nbgrader": {"schema_version": 3, "task": False, **nbgrader}} if nbgrader else {}
    identity = nbgrader["grade_id"] if nbgrader else f"own-{len(source)}"
    return {"cell_type": "code", "execution_count": None, "id": identity, "metadata": metadata, "outputs": [], "source": source}


def read_by_people(verdict: Verdict, outcomes: list[CellOutcome], autograded: str = "") -> dict[str, str]:
    """Everything that a student or an instructor may read of a verdict, by where they read it."""
    terminal = Console(file=io.StringIO(), width=100, force_terminal=False)
    show_verdict(terminal, verdict)
    return {
        "json": json.dumps(verdict.to_json(), ensure_ascii=False),
        "feedback": "".join(exercise_html(exercise) for exercise in verdict.exercises) + notes_html(verdict.about),
        "outputs": json.dumps([safe_outputs(outcome.outputs) for outcome in outcomes], ensure_ascii=False),
        "raw outputs": json.dumps([outcome.outputs for outcome in outcomes], ensure_ascii=False),
        "words": " ".join(outcome.words for outcome in outcomes),
        "terminal": terminal.file.getvalue(),
        "notebook": autograded,
    }


@pytest.fixture(scope="session")
def shooting_range(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    """One grader for all attacks, started with secrets in its environment."""
    place = Range(tmp_path_factory.mktemp("attacks"))
    try:
        place.hand_in_right()
        place.rest()
        place.at_first = place.state()
        yield place
    finally:
        place.close()


@pytest.fixture
def new_range(tmp_path: Path) -> Iterator[Callable[[], Range]]:
    """Makes a range of its own for one test."""
    made: list[Range] = []

    def make() -> Range:
        made.append(Range(tmp_path))
        return made[-1]

    yield make
    for place in made:
        place.close()
