"""One submission from the judge's side: starts it, runs its notebook, opens its exercises, notices how each of its processes ended.

Sockets: `work` to the submission process (untrusted once the notebook has started), `status` to its guard (trusted), `line` to the exercise process
(untrusted). Whatever goes wrong on an untrusted socket is a finding about the student; only the guard and the launcher can make the grader itself fail.
"""

import base64
import math
import socket
import time

from ..notebooks.pictures import PictureRoom
from ..notebooks.plan import Plan, PlannedCell
from ..sandbox.launch import Sandbox, SandboxError, SubmissionSockets
from ..sandbox.limits import SPARE_SECONDS, SubmissionLimits, stretch
from ..wire.errors import Closed, Late, Malformed, WireError
from ..wire.frames import Limits, receive_frame, send_frame, wait_readable
from ..wire.peer import Peer, RemoteError
from .ended_cells import readable
from .jobs import CellOutcome
from .operators import hiding_places
from .reasons import REASONS, StudentFailure
from .student import RemoteObject, Student
from .words import one_line

ANSWER_SECONDS = 30.0
LATE_SECONDS = 2.0  # by which a cell's own clock may be late
STATUS_SECONDS = 3.0  # the guard says how a submission ended when it has ended all of its processes
MAX_TRIES = 4  # to run the notebook whole, each without one cell more; then without the experiments in the student's own cells, up to
MAX_SHORT_TRIES = 20
MAX_ATTEMPTS = 4
OUTPUT_TOTAL = 64 << 20  # characters that all cells together may show
SIGNALS = {4: "an illegal instruction", 6: "abort()", 7: "a bus error", 8: "an arithmetic error", 9: "being killed", 11: "a segmentation fault",
           24: "using up its CPU time", 25: "writing too large a file", 31: "a forbidden system call"}  # fmt: skip


class SubmissionSession:
    """Runs one plan in one sandbox. Use as a context manager."""

    def __init__(self, sandbox: Sandbox, limits: SubmissionLimits, plan: Plan, seed: int):
        self._stretch = stretch()
        self.sandbox, self.limits, self.plan, self.seed = sandbox, limits.stretched(self._stretch), plan, seed
        self._named = limits  # the limits that sentences speak of
        self.outcomes: list[CellOutcome] = []
        self.deadline: float | None = None
        self._skip: dict[int, CellOutcome] = {}
        self._sockets: SubmissionSockets | None = None
        self._guard_is_gone = False
        self._peer: Peer | None = None
        self._forked = True
        self._failure: StudentFailure | None = None
        self._criterion_seed = seed
        self._ends = math.inf  # of what is being done: the cells have their time, judging has its own
        self._for_reruns = self.limits.submission_seconds
        self._rerun_seconds = 0.0  # what the notebook took when it last ran to its end
        self._alone = False  # whether the exercise process was begun for an exercise that keeps a record of operations, without helpers
        self._worlds: dict[str, list[int]] = {}  # what the names of an exercise were, at the check and at the end, where these differ: see `sandbox.snapshots`
        self._rebound: set[str] = set()
        self._exercise, self._attempt, self._world = "", 0, 0  # which of its worlds an exercise is judged in; the one that the process is in
        self.student = Student(self)

    def __enter__(self) -> "SubmissionSession":
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def close(self) -> None:
        if self._peer is not None:
            self._peer.sock.close()
            self._peer = None
        if self._sockets is not None:
            self._sockets.close()
            self._sockets = None

    # -- the notebook ---------------------------------------------------------------------------------------------------

    def run_notebook(self) -> None:
        """Runs the cells, for the first time. A cell that kills or hangs the process is left out of the next try."""
        began = time.monotonic()
        self._ends = began + self.limits.own_cells_seconds + self.limits.answers_seconds + SPARE_SECONDS
        if self._try_notebook() is not None:
            self._try_again(MAX_TRIES - 1)
        self._ends = time.monotonic() + self.limits.judging_seconds

    def _try_again(self, whole_tries: int) -> bool:
        """Until the notebook has run, or the time for reruns is over; that is no other's: neither the cells' nor the judging's. Whether it has run."""
        for number in range(MAX_SHORT_TRIES):
            began = time.monotonic()
            if self._for_reruns <= 0:
                break
            self._ends = began + self._for_reruns
            culprit = self._try_notebook(whole=number < whole_tries and self._rerun_seconds < self._for_reruns)
            self._for_reruns -= time.monotonic() - began
            if culprit is None:
                return True
            if culprit >= len(self.plan.cells):
                break
        self.outcomes += [CellOutcome("exited", words="not run")] * (len(self.plan.cells) - len(self.outcomes))
        return False

    def _try_notebook(self, whole: bool = True) -> int | None:
        """Returns None when the notebook has run, else the index of the cell at which it ended. Not `whole`: of the student's own cells the definitions."""
        began = time.monotonic()
        self.close()
        before, self.outcomes, self._guard_is_gone = self.outcomes, [], False
        self._sockets = self.sandbox.submission(self.limits, self.plan.files)
        self._wait_for_the_wall()
        order = [i for i in range(len(self.plan.cells)) if i not in self._skip]
        cells = [{"source": self.plan.cells[i].source, "exercise": self.plan.cells[i].grade_id} for i in order]
        checks = {name: sum(i < place for i in order) for name, place in self.plan.checks.items()}
        own_seconds = self.limits.own_cells_seconds if whole else 0
        files = {name: base64.b64encode(data).decode() for name, data in self.plan.files.items()}
        results: dict[int, CellOutcome] = dict(self._skip)
        reached, shown, pictures = 0, 0, PictureRoom()
        try:
            start = {"op": "start", "cells": cells, "checks": checks, "files": files, "seed": self.seed, "own_seconds": own_seconds}
            send_frame(self._sockets.work, start, deadline=self._soon(10))
            while True:
                message, _ = receive_frame(self._sockets.work, Limits(blob_bytes=0), self._soon(self.limits.cell_seconds + LATE_SECONDS))
                if isinstance(message, dict) and message.get("ready") is True:
                    self._worlds, self._rebound = _worlds_in(message, self.plan)
                    break
                if reached >= len(order):
                    raise WireError.malformed("more cells than were sent")
                outcome = results[order[reached]] = _outcome(message)
                pictures.fit(outcome.outputs)
                shown += len(str(outcome.outputs))
                if shown > OUTPUT_TOTAL:
                    outcome.outputs = [_remark("the outputs from here on are left out: there are too many")]
                if places := hiding_places(self.plan.cells[order[reached]].source):
                    outcome.outputs.append(_remark(f"a person may look at this cell, because it uses {', '.join(places)}; it costs no points"))
                reached += 1
        except WireError as error:
            index = order[reached] if reached < len(order) else len(self.plan.cells)
            self._skip[index] = self._cell_failure(error)
            self.outcomes = [results.get(i, CellOutcome("exited", words="not run")) for i in range(len(self.plan.cells))]
            if index < len(self.outcomes):
                self.outcomes[index] = self._skip[index]
            return index
        if self._rerun_seconds:  # what people read is of the run in which most was run
            results |= {i: before[i] for i, outcome in results.items() if outcome.left_out and i < len(before)}
        self._rerun_seconds = self._rerun_seconds or time.monotonic() - began
        self.outcomes = [results.get(i, CellOutcome("exited", words="not run")) for i in range(len(self.plan.cells))]
        return None

    def _wait_for_the_wall(self) -> None:
        """Until here no code of the student's has run: whatever goes wrong is the machine's fault."""
        assert self._sockets is not None
        try:
            receive_frame(self._sockets.work, Limits(), time.monotonic() + ANSWER_SECONDS)
        except WireError as error:
            raise SandboxError.not_walled(str(error)) from None

    def _cell_failure(self, error: WireError) -> CellOutcome:
        failure = self._how_it_ended(error, "the cell")
        return CellOutcome(failure.reason, [], 0.0, failure.message)

    def cell_problem(self, grade_id: str) -> CellOutcome | None:
        """The outcome of the solution cell when it did not run to its end."""
        for cell, outcome in zip(self.plan.cells, self.outcomes, strict=False):
            if cell.grade_id == grade_id and outcome.reason != "ok":
                return outcome
        return None

    def left_out(self) -> list[PlannedCell]:
        """The student's own cells for which there was no time."""
        return [cell for cell, outcome in zip(self.plan.cells, self.outcomes, strict=False) if outcome.left_out and cell.grade_id is None]

    # -- exercises ------------------------------------------------------------------------------------------------------

    def attempts(self, exercise: str) -> int:
        """How often an exercise may be judged: with its names as they were at the checks, and as they are at the end. Once where these are the same."""
        return len(self._worlds.get(exercise, [0]))

    def as_at_the_check(self, exercise: str, attempt: int) -> bool:
        """Whether something that the exercise uses is another at the end, and this attempt was with what stood at its check."""
        return exercise in self._rebound and self._number_of(exercise, attempt) != 0

    def _number_of(self, exercise: str, attempt: int) -> int:
        worlds = self._worlds.get(exercise, [0])
        return worlds[attempt] if attempt < len(worlds) else 0

    def begin_exercise(self, forbid: tuple[str, ...], name: str = "", attempt: int = 0) -> None:
        """A new exercise, or one of its `attempts` once more. The process of the last one goes on when nothing went wrong in it, its names are those that
        are wanted, and it says that it is unchanged; else it ends."""
        self._exercise, self._attempt = name, attempt
        fits = self._world == self._number_of(name, attempt) and (self._alone or not forbid)
        if self._failure is not None or self.student._evaded or not fits or not self._unchanged():
            self._drop_peer()
        self._failure, self._alone = None, bool(forbid)
        self.student = Student(self, forbid, name)

    def _unchanged(self) -> bool:
        if self._peer is None:
            return True
        self._peer.deadline = self._soon(ANSWER_SECONDS)
        self._peer.forget()
        try:
            return self._peer.request({"op": "unchanged"}) is True
        except (WireError, RemoteError):
            return False

    def begin_criterion(self, seed: int, seconds: float) -> None:
        """Resets the random generators over there and starts the clock: `seconds`, and longer on a machine that is too busy."""
        self._failure = None
        if self.student._evaded:
            self._drop_peer()
            self.student._evaded = False
        self._criterion_seed = seed
        self.deadline = min(time.monotonic() + seconds * self._stretch, self._ends)
        self._seconds = seconds
        if self._peer is not None:
            self._peer.deadline = self.deadline
            self._peer.once = {"seed": seed}

    @property
    def goes_on(self) -> bool:
        """Whether the exercise process can be asked for more in this criterion."""
        return self._peer is not None and self._failure is None

    def peer(self) -> Peer:
        """The line to the exercise process; opens one when there is none. Raises StudentFailure when it has ended in this criterion."""
        if self._failure is not None:
            raise self._failure
        if self._peer is None:
            try:
                self._peer = self._open()
            except WireError as error:
                raise self.ended(error) from None
        return self._peer

    def _open(self) -> Peer:
        if time.monotonic() >= self._ends:
            raise WireError.late(self.limits.judging_seconds)
        if self._sockets is None:
            self._run_again()
        for attempt in (1, 2):
            if self._sockets is None:  # there was no time to run the notebook again
                raise WireError.late(self.limits.judging_seconds)
            ours, theirs = socket.socketpair()
            self._world = self._number_of(self._exercise, self._attempt)
            try:
                order = {"op": "exercise", "alone": self._alone, "world": self._world}
                send_frame(self._sockets.work, order, deadline=self._soon(ANSWER_SECONDS))
                socket.send_fds(self._sockets.work, [b"x"], [theirs.fileno()])
                message, _ = receive_frame(self._sockets.work, Limits(), self._soon(ANSWER_SECONDS))
            except (WireError, OSError) as error:
                ours.close()
                if attempt == 2:
                    raise error if isinstance(error, WireError) else WireError.closed() from None
                if not self._read_status(0.5) and self._is_the_machines_fault():
                    raise SandboxError.died() from None
                self._run_again()
                continue
            finally:
                theirs.close()
            self._forked = isinstance(message, dict) and message.get("forked") is True
            peer = Peer(
                ours, serve=_serve_callback, resolve=lambda peer, handle: RemoteObject(self.student, peer, handle), classify=_classify_own,
                describe=_describe_own, limits=self._wire(),
            )  # fmt: skip
            peer.deadline = self.deadline
            peer.once = {"seed": self._criterion_seed}
            return peer
        raise AssertionError

    def _run_again(self) -> None:
        """The notebook once more, after what an earlier exercise did; the clock of the criterion that waits for it starts anew."""
        left = self._ends - time.monotonic()
        ran = self._try_again(1)
        self._ends = time.monotonic() + (left if ran or self._for_reruns > 0 else 0)
        if self.deadline is not None:
            self.deadline = min(time.monotonic() + self._seconds * self._stretch, self._ends)

    def _is_the_machines_fault(self) -> bool:
        """When the guard, which is out of a student's reach, did not say how a submission ended."""
        return not self.sandbox.alive() or (self._guard_is_gone and "userns" in self.sandbox.layers)

    def ended(self, error: WireError) -> StudentFailure:
        """The exercise process broke the line: closes it and says how it ended."""
        self._failure = self._how_it_ended(error, "the code")
        self._drop_peer()
        return self._failure

    def _how_it_ended(self, error: WireError, what: str) -> StudentFailure:
        if isinstance(error, Malformed):
            self._end_exercise()
            return StudentFailure(f"{what} gave back something that cannot be read: {error}", error.reason)
        if isinstance(error, Late):
            self._end_exercise()
            if time.monotonic() >= self._ends:
                return StudentFailure(self._words_of_the_end(), "timeout")
            limit = getattr(self, "_seconds", self._named.cell_seconds) if self.outcomes else self._named.cell_seconds
            return StudentFailure(f"{what} did not end within {limit:g} s: is there a loop that never stops?", "timeout")
        ended = self._end_exercise(kill=False) or self._read_status(STATUS_SECONDS)
        if not ended and self._is_the_machines_fault():
            raise SandboxError.died()
        return _failure_for(ended, what, self._named)

    def _words_of_the_end(self) -> str:
        if not self.outcomes:
            return f"the cells used up their {self._named.own_cells_seconds + self._named.answers_seconds:g} s"
        if self._for_reruns <= 0:
            return f"running the notebook anew, after what its code did to its process, used up {self._named.submission_seconds:g} s"
        return f"judging used up its {self._named.judging_seconds:g} s"

    def _end_exercise(self, kill: bool = True) -> str:
        """Asks the submission process to end the exercise; ends everything when it does not obey."""
        if self._sockets is None or self._peer is None:
            return ""
        status = self._read_status(0.001)
        if status:
            self._sockets.close()
            self._sockets = None
            return status
        try:
            if not self._forked:
                raise WireError.closed()
            send_frame(self._sockets.work, {"op": "end exercise", "kill": kill}, deadline=self._soon(1))
            message, _ = receive_frame(self._sockets.work, Limits(), self._soon(1))
            return one_line(str(message.get("ended", ""))) if isinstance(message, dict) else ""
        except WireError as error:
            gone = self._forked and isinstance(error, Closed)
            status = self._read_status(STATUS_SECONDS if gone else 0.5)
            if self._sockets is not None:
                self._sockets.close()
                self._sockets = None
            return status

    def _drop_peer(self) -> None:
        if self._peer is not None:
            self._end_exercise()
            self._peer.sock.close()
            self._peer = None

    def _read_status(self, seconds: float) -> str:
        """What the guard says of the end of the submission, "" when it has not ended."""
        if self._sockets is None:
            return ""
        if not wait_readable([self._sockets.status], seconds):
            return ""
        try:
            message, _ = receive_frame(self._sockets.status, Limits(), time.monotonic() + STATUS_SECONDS)  # whole, or the next would begin in its middle
            return str(message.get("ended", ""))
        except WireError as error:
            self._guard_is_gone = isinstance(error, Closed)
            return ""

    def _soon(self, seconds: float) -> float:
        return min(time.monotonic() + seconds, self._ends + 1)

    def _wire(self) -> Limits:
        return Limits.of(self.limits.message_bytes, self.limits.message_depth)


def _outcome(message) -> CellOutcome:
    if not isinstance(message, dict) or not isinstance(message.get("outputs"), list):
        raise WireError.malformed("the outcome of a cell")
    outputs = [output for output in message["outputs"] if isinstance(output, dict)]
    seconds = message.get("seconds")
    seconds = float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 1e6 else 0.0
    reason = message.get("reason")
    reason, failure = reason if reason in ("ok", *REASONS) else "tampered", readable(message.get("failure"))
    if message.get("left_out") is not True:
        return CellOutcome(reason, outputs, seconds, failure=failure)
    words = "there was no time left for it; of such a cell only imports, functions, classes and plain values are run"
    return CellOutcome("timeout", [*outputs, _remark(words)], seconds, words, left_out=True)


def _worlds_in(message: dict, plan: Plan) -> tuple[dict[str, list[int]], set[str]]:
    """What the submission says of the names at its checks; whatever is not of that kind is left out."""
    worlds, rebound = message.get("worlds"), message.get("rebound")
    worlds = worlds if isinstance(worlds, dict) else {}
    valid = {name: numbers for name, numbers in worlds.items() if isinstance(numbers, list) and 0 < len(numbers) <= MAX_ATTEMPTS}
    valid = {name: numbers for name, numbers in valid.items() if all(type(number) is int and 0 <= number < 1 << 16 for number in numbers)}
    kept = {name: list(dict.fromkeys(numbers)) for name, numbers in valid.items() if name in plan.checks}
    return kept, {name for name in rebound if isinstance(name, str) and name in kept} if isinstance(rebound, list) else set()


def _remark(text: str) -> dict:
    return {"output_type": "stream", "name": "stderr", "text": f"autograder: {text}\n"}


def _failure_for(ended: str, what: str, limits: SubmissionLimits) -> StudentFailure:
    kind, _, detail = ended.partition(" ")
    match kind:
        case "memory":
            return StudentFailure(f"{what} used more than {limits.memory_bytes / 2**30:.3g} GiB of memory", "memory")
        case "processes":
            return StudentFailure(f"{what} started more than {limits.processes} processes or {limits.threads} threads", "memory")
        case "cpu":
            return StudentFailure(f"{what} used up its {limits.cpu_seconds:g} s of CPU time", "timeout")
        case "timeout":
            return StudentFailure(f"the submission used up its {limits.submission_seconds:g} s", "timeout")
        case "exit":
            return StudentFailure(f"{what} ended the program (exit code {one_line(detail, 8)})", "exited")
        case "signal" if detail == "24":
            return StudentFailure(f"{what} used up its CPU time", "timeout")
        case "signal" if detail.isdecimal() and len(detail) < 4:
            return StudentFailure(f"{what} crashed the program: {SIGNALS.get(int(detail), f'signal {int(detail)}')}", "crashed")
    return StudentFailure(f"{what} ended the program", "exited")


def _serve_callback(peer: Peer, op: str, message: dict, arguments):
    """What the student's side may ask for: a call of a function that the grader passed, and the backward of such a call."""
    if op == "backward":
        return arguments()
    if op != "call" or "object" not in message or message.get("method"):
        raise WireError.malformed("a request that is not allowed")
    if not (isinstance(arguments, list) and len(arguments) == 2 and isinstance(arguments[0], list) and isinstance(arguments[1], dict)):
        raise WireError.malformed("the arguments of a call")
    args, kwargs = arguments
    return peer.exported(message["object"])(*args, **kwargs)


def _classify_own(value) -> tuple[str, str]:
    if not callable(value):
        raise TypeError(f"a grader passed {type(value).__name__}; only data, the student's own objects and functions can be passed")
    return "function", getattr(value, "__name__", "function")


def _describe_own(_error: BaseException) -> dict:
    return {"reason": "crashed", "type": "RuntimeError", "text": "the function that was passed in refused its arguments", "where": ""}


__all__ = ["CellOutcome", "Closed", "SubmissionSession"]
