"""Runs notebook cells as a kernel would: IPython's shell, outputs kept cell by cell, an error does not stop later cells."""

import contextlib
import sys
import time
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .outputs import FULL, CellTimeout, OutputLimit, RecordedStream, Recorder, raise_after


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *, transient=None, update=False, **_ignored):
        self.shell.recorder.show("display_data", data, metadata or {})

    def clear_output(self, wait=False):
        self.shell.recorder.outputs.clear()


class _Hook(DisplayHook):
    def __call__(self, result=None):
        self.check_for_underscore()
        if result is None or self.quiet():
            return
        self.shell.user_ns["_"] = result
        data, metadata = self.compute_format_data(result)
        self.shell.recorder.show("execute_result", data, metadata, execution_count=self.shell.execution_count)


MAX_FRAMES = 20


class NotebookShell(InteractiveShell):
    """An IPython shell without history, files and terminal, that records what its cells show."""

    recorder: Recorder

    def showtraceback(self, exc_tuple=None, *args, **kwargs):
        with contextlib.suppress(Exception):
            shorten_tracebacks((exc_tuple or sys.exc_info())[1])
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        try:
            text = str(evalue)
        except BaseException:
            text = "<the exception's text could not be made>"
        lines = [str(line) for line in stb] if isinstance(stb, list) else str(stb).split("\n")
        self.recorder.error(getattr(etype, "__name__", "Error"), text, lines)

    def enable_gui(self, gui=None):
        """`%matplotlib inline` and friends are accepted; there is no window here."""

    def init_syntax_highlighting(self, *args, **kwargs):
        with contextlib.suppress(Exception):
            super().init_syntax_highlighting(*args, **kwargs)


def shorten_tracebacks(error: BaseException | None) -> None:
    """Takes the middle out of long tracebacks: with torch loaded, IPython needs milliseconds for each frame, and a deep recursion would meet its limit."""
    for _ in range(MAX_FRAMES):  # of a chain of exceptions, which may be a ring
        if error is None:
            return
        frames = [error.__traceback__]
        while frames[-1] is not None:
            frames.append(frames[-1].tb_next)
        if len(frames) > MAX_FRAMES and (first := frames[MAX_FRAMES // 2]) is not None:
            first.tb_next = frames[-MAX_FRAMES // 2]
        error = error.__cause__ or error.__context__


def make_shell() -> NotebookShell:
    """The shell that the warm process keeps ready; each submission inherits it untouched."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.banner1 = ""
    config.InteractiveShell.display_page = True
    shell = NotebookShell(config=config, display_pub_class=_Publisher, displayhook_class=_Hook, user_ns={"__name__": "__main__"})
    shell.recorder = Recorder(1_000_000)
    shell.run_cell("None", store_history=False)
    return shell


class NotebookRunner:
    """One notebook in this process."""

    def __init__(self, shell: NotebookShell, output_chars: int):
        self.shell = shell
        self.recorder = shell.recorder = Recorder(output_chars)

    def attach_streams(self) -> None:
        sys.stdout = RecordedStream(self.recorder, "stdout")
        sys.stderr = RecordedStream(self.recorder, "stderr")

    def run(self, source: str, seconds: float) -> dict[str, Any]:
        """Runs one cell. Returns its outputs, how it ended ("ok" or a reason code) and the seconds it took."""
        self.recorder.start()
        began = time.perf_counter()
        reason, outcome = "ok", None
        try:
            raise_after(seconds)
            outcome = self.shell.run_cell(source, store_history=False)
        except (CellTimeout, OutputLimit) as error:
            self.recorder.error(type(error).__name__, str(error), [])
            reason = _reason_of(error)
        except BaseException as error:
            self.recorder.error(type(error).__name__, "", [])
            reason = "crashed"
        finally:
            with contextlib.suppress(CellTimeout):
                raise_after(0)
        error = outcome and (outcome.error_before_exec or outcome.error_in_exec)
        if error:
            reason = _reason_of(error)
        self.attach_streams()
        return {"outputs": self.recorder.take(), "reason": reason, "seconds": time.perf_counter() - began}


def _reason_of(error: BaseException) -> str:
    match error:
        case CellTimeout():
            return "timeout"
        case OutputLimit():
            return "output limit"
        case OSError() if error.errno in FULL:
            return "output limit"
        case NotImplementedError():
            return "not attempted"
        case MemoryError():
            return "memory"
        case SystemExit():
            return "exited"
    return "crashed"
