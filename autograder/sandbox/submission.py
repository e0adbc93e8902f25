"""The submission process: walls itself in, runs the notebook, then forks one exercise process for each question of the judge.

When the wall stands and before any code of the student's has run, it says so: {"walled": [...]}. A submission that ends before that is a fault of the
machine, one that ends later is the student's. Then, on its work socket, it answers with frames:

    {"op": "start", "files", "cells", …}          →  {"cell": i, "outputs", "reason", "seconds", …} for each, then {"ready": true, "worlds": …}
    {"op": "exercise", "alone": false, "world": 0} + one descriptor  →  {"started": true}; the exercise process serves that descriptor; alone: no other
                                                     process or thread of the notebook's goes on; world: see `snapshots`
    {"op": "end exercise", "kill": true}          →  {"ended": "killed" | "exit 0" | "signal 11"}

After the notebook has run, this process is the student's: nothing it says is believed beyond what it may say.
"""

import base64
import contextlib
import math
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType

from ..wire.errors import WireError
from ..wire.frames import Limits, receive_frame, send_frame
from . import kernel
from .cell_times import CellTimes
from .limits import HOME, SubmissionLimits
from .namespace import NamespaceServer, seed_all
from .notebook import NotebookRunner
from .outputs import NOTEBOOK_PICTURE_CHARS
from .shell import NotebookShell
from .snapshots import Snapshots
from .watch import notice_always

# Taken now, before any student code runs: what a student patches later is not used here.
_getpid, _kill, _fork, _waitpid, _exit_code = os.getpid, os.kill, os.fork, os.waitpid, os.waitstatus_to_exitcode
_settrace, _setprofile = sys.settrace, sys.setprofile


def wall_in(limits: SubmissionLimits, layers: set[str]) -> None:
    """Enters the inner wall. `layers` are those this machine can do, as the launcher found out."""
    if "userns" in layers:
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.make_mounts_private()
        # All that may be written to, made anew for each submission. The rest is read-only, the folders above what is mounted as well.
        kernel.mount_tmpfs_around("/tmp", limits.disk_bytes // 2, limits.files, "1777")
        kernel.mount_tmpfs_around("/dev/shm", limits.disk_bytes // 2, limits.files, "1777")
        kernel.mount_tmpfs_around(HOME, limits.disk_bytes, limits.files, "0755")
        if "cuda" not in layers:
            kernel.mount_tmpfs("/proc", 4096, 1, "0555", read_only=True)
        with contextlib.suppress(OSError):
            kernel.loopback_up()
    kernel.die_with_parent()
    _set_resource_limits(limits)
    if "userns" in layers:
        os.setsid()  # where the scheduler shares time among sessions, a fork bomb does not keep the guard from its turn
        if kernel.counts_processes_by_namespace():
            resource.setrlimit(resource.RLIMIT_NPROC, (limits.processes + limits.threads,) * 2)
        kernel.drop_capabilities()
    if "seccomp" in layers:
        kernel.filter_system_calls(allow_memory_files="cuda" in layers)


def _set_resource_limits(limits: SubmissionLimits) -> None:
    cpu = math.ceil(limits.cpu_seconds) + 2  # of one process; the guard measures the tree, and ends it before
    for name, value in (
        (resource.RLIMIT_CORE, 1),  # with 0 a handler of the host's (core_pattern with a pipe) would still be run; with 1 it is not
        (resource.RLIMIT_FSIZE, limits.disk_bytes),
        (resource.RLIMIT_NOFILE, 512),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 8 << 20),
    ):
        _, hard = resource.getrlimit(name)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # At the soft limit of CPU time the process gets a signal that names the reason, at the hard limit SIGKILL.
        resource.setrlimit(name, (value - (name == resource.RLIMIT_CPU), value))


def _one_thread() -> None:
    import torch

    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)


@dataclass
class Legacy:
    """What the warm process leaves to its forks: the shell; the names of the kit's own modules, since to look for them among the thousands that torch
    brings would copy the pages they lie on; and the course's files that are imported already, by their names, each with its source."""

    shell: NotebookShell
    kit: list[str]
    modules: dict[str, tuple[bytes, ModuleType]] = field(default_factory=dict)


class Submission:
    """Serves one work socket, then exits."""

    def __init__(self, sock: socket.socket, legacy: Legacy, limits: SubmissionLimits, layers: set[str], workdir: str):
        self.sock, self.legacy, self.shell, self.limits, self.layers, self.workdir = sock, legacy, legacy.shell, limits, layers, workdir
        self.wire_limits = Limits.of(limits.message_bytes, limits.message_depth)
        self.exercise: int | None = None
        self.snapshots = Snapshots()

    def serve(self) -> None:
        send_frame(self.sock, {"walled": sorted(self.layers)})
        while True:
            message, _ = receive_frame(self.sock, self.wire_limits)
            match message["op"]:
                case "start":
                    self._run_notebook(message)
                case "exercise":
                    self._start_exercise(message.get("alone") is True, message["world"])
                case "end exercise":
                    send_frame(self.sock, {"ended": self._end_exercise(grace_seconds=0 if message["kill"] else 0.2)})

    def _run_notebook(self, message: dict) -> None:
        os.chdir(self.workdir)
        for name, text in message["files"].items():
            data = base64.b64decode(text)
            with open(os.path.basename(name), "wb") as file:
                file.write(data)
            source, module = self.legacy.modules.get(name, (b"", None))
            if module is not None and source == data:
                sys.modules[module.__name__] = module
        sys.path.insert(0, self.workdir)
        seed_all(message["seed"])
        runner = NotebookRunner(self.shell, self.limits.output_chars, NOTEBOOK_PICTURE_CHARS)
        runner.attach_streams()
        for name in self.legacy.kit:  # a cell that imports one gets a fresh copy and not the one at work
            sys.modules.pop(name, None)
        checks, given = message["checks"], set[str]()  # the answers so far: what stands below a failed line of an own cell does not take their names
        times = CellTimes(message["own_seconds"], self.limits.answers_seconds, self.limits.cell_seconds)
        for index, cell in enumerate(message["cells"]):
            self._take_snapshots(name for name, place in checks.items() if place == index)
            namespace, exercise = self.shell.user_ns, cell["exercise"]
            before = {}
            if exercise in checks:
                self.snapshots.give_back(namespace)
                before = dict(namespace)
            run = partial(runner.run, kept=frozenset() if exercise else frozenset(given))
            outcome = times.run(exercise is None, cell["source"], self.shell.transform_cell, run)
            given.update({exercise} if exercise else ())
            if exercise in checks:
                self.snapshots.defined(exercise, before, namespace)
            self.snapshots.seen(namespace)
            send_frame(self.sock, {"cell": index, **outcome})
        self._take_snapshots(name for name, place in checks.items() if place >= len(message["cells"]))
        send_frame(self.sock, {"ready": True, **self._compare()})

    def _take_snapshots(self, exercises: Iterable[str]) -> None:
        for exercise in exercises:
            with contextlib.suppress(Exception):  # whoever makes objects that cannot be looked at is judged by the end
                self.snapshots.take(exercise, self.shell.user_ns)

    def _compare(self) -> dict:
        try:
            return self.snapshots.compare(self.shell.user_ns)
        except Exception:
            return {}

    def _can_fork(self, alone: bool = False) -> bool:
        """A fork is safe only while this process has one thread and has not initialised CUDA. `alone`: threads that wait in Python do no harm, and
        must not come along; nor do those of OpenMP when the new process keeps to one."""
        import torch

        if "cuda" in self.layers and torch.cuda.is_initialized():
            return False
        return alone or (torch.get_num_threads() == 1 and torch.get_num_interop_threads() <= 1 and threading.active_count() == 1)

    def _start_exercise(self, alone: bool, world: int) -> None:
        _, descriptors, _, _ = socket.recv_fds(self.sock, 1, 1)
        line = socket.socket(fileno=descriptors[0])
        if self.exercise is not None:
            self._end_exercise()
        if alone and _getpid() == 1:  # the first process of a namespace: this reaches the submission's other processes and nothing else
            with contextlib.suppress(ProcessLookupError):
                _kill(-1, signal.SIGKILL)
            self._reap()
        if not self._can_fork(alone):
            send_frame(self.sock, {"started": True, "forked": False})
            self._answer(line, world)
            return
        pid = _fork()
        if pid == 0:
            self.sock.close()
            if alone:
                _one_thread()
                notice_always()
            self._answer(line, world)
            os._exit(0)
        line.close()
        self.exercise = pid
        send_frame(self.sock, {"started": True, "forked": True})

    def _answer(self, line: socket.socket, world: int) -> None:
        _settrace(None)
        _setprofile(None)
        if world:
            self.snapshots.enter(world, self.shell.user_ns)
        runner = NotebookRunner(self.shell, self.limits.output_chars)
        runner.attach_streams()
        peer = NamespaceServer(self.shell.user_ns, before_each=runner.recorder.start).connect(line, self.wire_limits)
        with contextlib.suppress(WireError):
            peer.serve_forever()
        with contextlib.suppress(OSError):
            line.close()

    def _end_exercise(self, grace_seconds: float = 0.0) -> str:
        if self.exercise is None:
            return "none"
        deadline = time.monotonic() + grace_seconds
        pid, status = _waitpid(self.exercise, os.WNOHANG)
        while pid == 0 and time.monotonic() < deadline:
            time.sleep(0.001)
            pid, status = _waitpid(self.exercise, os.WNOHANG)
        if pid == 0:
            _kill(self.exercise, signal.SIGKILL)
            _waitpid(self.exercise, 0)
            ended = "killed"
        else:
            code = _exit_code(status)
            ended = f"exit {code}" if code >= 0 else f"signal {-code}"
        self.exercise = None
        self._reap()
        return ended

    @staticmethod
    def _reap() -> None:
        with contextlib.suppress(ChildProcessError):
            while _waitpid(-1, os.WNOHANG)[0]:
                pass
