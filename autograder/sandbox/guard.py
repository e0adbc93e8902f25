"""The guard of a submission: a small trusted process between the warm process and the student's.

It makes the namespaces, forks the submission as their first process, and stays outside: it measures the memory, CPU time, processes and threads
of the tree, ends the tree when a limit is passed, when the judge closes the status socket or when the time is over, and says on the
status socket how the submission ended: {"ended": "memory" | "processes" | "cpu" | "timeout" | "exit 0" | "signal 9" | "killed"}.
Killing the first process of a process namespace kills all of it; without namespaces the guard adopts orphans and kills them one by one.
"""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable

from ..wire.errors import WireError
from ..wire.frames import send_frame
from . import kernel
from .limits import SPARE_SECONDS, SubmissionLimits

POLL_SECONDS = 0.025
_TICKS = os.sysconf("SC_CLK_TCK")


def guard(run: Callable[[], None], status: socket.socket, limits: SubmissionLimits, layers: set[str]) -> str:
    """Runs `run` in the submission process and watches it. Returns how it ended, after telling the status socket."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    kernel.die_with_parent()
    kernel.adopt_orphans()
    if "userns" in layers:
        uid, gid = os.getuid(), os.getgid()
        kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWIPC | kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS)
        kernel.map_one_user(uid, gid, uid)
    baseline = _private_bytes(os.getpid())
    pid = os.fork()
    if pid == 0:
        status.close()
        try:
            run()
        finally:
            os._exit(0)
    ended = _watch(pid, status, limits, baseline)
    _kill_tree(pid)
    with contextlib.suppress(WireError):
        send_frame(status, {"ended": ended}, deadline=time.monotonic() + 1)
    return ended


def _watch(pid: int, status: socket.socket, limits: SubmissionLimits, baseline: int) -> str:
    deadline = time.monotonic() + limits.submission_seconds + SPARE_SECONDS
    poller = select.poll()
    child = os.pidfd_open(pid)
    poller.register(child, select.POLLIN)
    poller.register(status.fileno(), select.POLLIN | select.POLLHUP)
    try:
        while True:
            ready = {number for number, _ in poller.poll(POLL_SECONDS * 1000)}
            if child in ready:
                _, code = os.waitpid(pid, 0)
                code = os.waitstatus_to_exitcode(code)
                return f"exit {code}" if code >= 0 else f"signal {-code}"
            if status.fileno() in ready:
                return "killed"
            if time.monotonic() > deadline:
                return "timeout"
            over = _over_limit(pid, limits, baseline)
            if over:
                return over
    finally:
        os.close(child)


def _over_limit(pid: int, limits: SubmissionLimits, baseline: int) -> str | None:
    tree = descendants(os.getpid())
    if len(tree) > limits.processes:
        return "processes"
    memory = threads = 0
    cpu = 0.0
    for process in tree:
        status = _status(process)
        memory += max(0, _bytes(status, "RssAnon") + _bytes(status, "RssShmem") + _bytes(status, "VmSwap") - baseline)
        threads += int(status.get("Threads", "0"))
        cpu += _cpu_seconds(process)
    if memory > limits.memory_bytes and _shared_once(tree, baseline) > limits.memory_bytes:
        return "memory"
    if cpu > limits.cpu_seconds:
        return "cpu"
    return "processes" if threads > limits.threads else None


def descendants(root: int) -> list[int]:
    """All processes below `root`, from the parents in /proc."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    parent = int(file.read().rpartition(b")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            children.setdefault(parent, []).append(int(name))
    found, queue = [], [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _shared_once(tree: list[int], baseline: int) -> float:
    """The memory of the tree when a page that several processes share counts once, as the notebook's do that each exercise process inherits. The
    warm process and this one have a share of the baseline, too."""
    total = 0
    for process in tree:
        try:
            with open(f"/proc/{process}/smaps_rollup") as file:
                fields = {key: value.strip() for key, _, value in (line.partition(":") for line in file)}
        except OSError:
            continue
        total += sum(_bytes(fields, key) for key in ("Pss_Anon", "Pss_Shmem", "SwapPss"))
    return total - baseline * len(tree) / (len(tree) + 2)


def _status(pid: int) -> dict[str, str]:
    try:
        with open(f"/proc/{pid}/status") as file:
            return {key: value.strip() for key, _, value in (line.partition(":") for line in file)}
    except OSError:
        return {}


def _cpu_seconds(pid: int) -> float:
    """CPU time of a process and of those children of it that it has waited for."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return sum(map(int, file.read().rpartition(b")")[2].split()[11:15])) / _TICKS
    except (OSError, ValueError):
        return 0.0


def _bytes(status: dict[str, str], key: str) -> int:
    return int(status.get(key, "0").split()[0]) * 1024


def _private_bytes(pid: int) -> int:
    status = _status(pid)
    return _bytes(status, "RssAnon") + _bytes(status, "RssShmem")


def _kill_tree(pid: int) -> None:
    for _ in range(100):
        tree = descendants(os.getpid())
        if not tree:
            return
        for process in tree:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.002)
