"""A warm grader that stays for a while: `autograder serve` keeps a worker, and who grades a notebook borrows it instead of starting one.

The server lends its end of the worker's pipe and keeps a copy, so that the worker lives on when the borrower has gone. Its address is a Unix socket in a
folder that nobody else can enter. A borrower that goes without a word leaves a worker in the midst of something: it is ended, and the next borrower gets
another. So is a worker whose course or kit has changed since it was started.
"""

import contextlib
import hashlib
import json
import os
import selectors
import socket
import stat
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

DONE, LENT, REFUSED = b"done", b"lent", b"no"
ANSWER_SECONDS = 2.0
LONGEST_ADDRESS = 100  # bytes; the system's limit for a Unix socket is 107
CHANGES_A_GRADER = ("AUTOGRADER", "ATEN", "CUDA", "LANG", "LC_", "MKL", "NUMEXPR", "OMP", "ONEDNN", "OPENBLAS", "PYTHON", "TMPDIR", "TORCH", "TZ")
WATCHED = ("autograder", "solutions", "source", "course_config.py")


class ServingError(Exception):
    """A sentence about why nothing can be lent here."""


class Loan:
    """A worker of the server's. connection: to the worker, as if it were one's own."""

    def __init__(self, line: socket.socket, connection: Connection):
        self._line, self.connection = line, connection

    def give_back(self) -> None:
        """The worker waits for its next job."""
        with contextlib.suppress(OSError):
            self._line.sendall(DONE)
        self.drop()

    def drop(self) -> None:
        """The worker is at something that nobody waits for."""
        self.connection.close()
        self._line.close()


def borrow(root: Path, graders: Path, start: tuple) -> Loan | None:
    """A worker of the server of this course, None where there is none, or it is lent, or was started otherwise. start: what a worker is told at its start."""
    try:
        address = address_of(root)
        line = socket.socket(socket.AF_UNIX)
    except (OSError, ServingError):
        return None
    try:
        line.settimeout(ANSWER_SECONDS)
        line.connect(str(address))
        if _user_at(line) == os.getuid():
            line.sendall(json.dumps(_wish(graders, start)).encode() + b"\n")
            answer, ends, _, _ = socket.recv_fds(line, len(LENT), 1)
            if answer == LENT and len(ends) == 1:
                return Loan(line, Connection(ends[0]))
    except OSError:
        pass
    line.close()
    return None


def address_of(root: Path) -> Path:
    """Where the server of a course listens, for this user and this Python environment. Raises ServingError."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"autograder-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ServingError(f"{folder} is not a folder that you alone can enter: take it away")
    key = hashlib.sha256(os.fsencode(root.resolve()) + b"\0" + os.fsencode(sys.prefix)).hexdigest()[:16]
    address = folder / f"{key}.sock"
    if len(os.fsencode(address)) > LONGEST_ADDRESS:
        raise ServingError(f"{address} is too long for the address of a socket: set TMPDIR to a shorter folder")
    return address


def _wish(graders: Path, start: tuple) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name.startswith(CHANGES_A_GRADER)}
    return {"graders": str(graders), "start": [*start[:-1], [*start[-1]]], "environment": environment}


def _user_at(line: socket.socket) -> int:
    """The user at the other end."""
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return user


class Server:
    """Keeps one worker and lends it to one borrower at a time. start(): a new worker's connection; stop(): ends it. idle_seconds: without a borrower, until it
    ends by itself."""

    def __init__(self, root: Path, graders: Path, start_with: tuple, start: Callable[[], Connection], stop: Callable[[], None], idle_seconds: float):
        self._root, self._wish = root, _wish(graders, start_with)
        self._start, self._stop, self._idle = start, stop, idle_seconds
        self._worker: Connection | None = None
        self._state: object = None
        self.lent = 0

    def run(self) -> None:
        """Until nobody has borrowed anything for a while. Raises ServingError."""
        with _listening(address_of(self._root)) as door, selectors.DefaultSelector() as waiting:
            waiting.register(door, selectors.EVENT_READ)
            borrower: socket.socket | None = None
            try:
                self._renew()
                ends = time.monotonic() + self._idle
                while borrower is not None or time.monotonic() < ends:
                    for key, _ in waiting.select(None if borrower is not None else max(0.0, ends - time.monotonic())):
                        if key.fileobj is door:
                            line, _ = door.accept()
                            if self._lends(line, borrower is not None):
                                borrower = line
                                waiting.register(line, selectors.EVENT_READ)
                        elif borrower is not None:
                            self._takes_back(borrower)
                            waiting.unregister(borrower)
                            borrower.close()
                            borrower, ends = None, time.monotonic() + self._idle
            finally:
                if borrower is not None:
                    borrower.close()
                self._end()

    def _lends(self, line: socket.socket, is_lent: bool) -> bool:
        """Whether the worker goes to who is on the line."""
        try:
            line.settimeout(ANSWER_SECONDS)
            asked = b""
            while not asked.endswith(b"\n") and (more := line.recv(1 << 16)):
                asked += more
            if is_lent or _user_at(line) != os.getuid() or json.loads(asked) != self._wish:
                line.sendall(REFUSED)
            else:
                self._renew()
                assert self._worker is not None
                socket.send_fds(line, [LENT], [self._worker.fileno()])
                self.lent += 1
                return True
        except (OSError, ValueError):
            pass
        line.close()
        return False

    def _takes_back(self, line: socket.socket) -> None:
        try:
            done = line.recv(len(DONE)) == DONE
        except OSError:
            done = False
        if not done:
            self._end()
            self._renew()

    def _renew(self) -> None:
        """A worker, and one that knows the course as it is."""
        state = _state_of(self._root)
        if self._worker is not None and (state != self._state or self._worker.poll()):  # a worker that says something unasked has ended
            self._end()
        if self._worker is None:
            self._worker, self._state = self._start(), state

    def _end(self) -> None:
        if self._worker is not None:
            self._worker = None
            self._stop()


@contextlib.contextmanager
def _listening(address: Path) -> Iterator[socket.socket]:
    """A socket at the address. Raises ServingError where another server has it."""
    with socket.socket(socket.AF_UNIX) as door:
        try:
            door.bind(str(address))
        except OSError:
            with socket.socket(socket.AF_UNIX) as other:
                if other.connect_ex(str(address)) == 0:
                    raise ServingError("another `autograder serve` keeps a grader of this course already") from None
            address.unlink(missing_ok=True)  # of one that was killed
            door.bind(str(address))
        try:
            door.listen()
            yield door
        finally:
            address.unlink(missing_ok=True)


def _state_of(root: Path) -> object:
    """What is another when a file of the course or of the kit has changed."""
    kit = Path(__file__).resolve().parents[1]
    roots = {path for path in (kit, *(root / name for name in WATCHED)) if path.exists()}
    files = [file for path in roots for file in ([path] if path.is_file() else path.rglob("*")) if file.suffix != ".pyc"]
    found = []
    for file in files:
        with contextlib.suppress(OSError):
            about = file.stat()
            if stat.S_ISREG(about.st_mode):
                found.append((str(file), about.st_mtime_ns, about.st_size))
    return sorted(found)
