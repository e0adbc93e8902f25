"""Runs notebook cells as a kernel would: outputs kept cell by cell, an error does not stop later cells."""

import contextlib
import sys
import time
from typing import Any

from .after_error import reason_of
from .outputs import CellTimeout, OutputLimit, RecordedStream, Recorder, raise_after
from .shell import NotebookShell


class NotebookRunner:
    """One notebook in this process. pictures: characters that its pictures may have, 0 where nobody sees them."""

    def __init__(self, shell: NotebookShell, output_chars: int, pictures: int = 0):
        self.shell = shell
        self.recorder = shell.recorder = Recorder(output_chars, pictures)

    def attach_streams(self) -> None:
        sys.stdout = RecordedStream(self.recorder, "stdout")
        sys.stderr = RecordedStream(self.recorder, "stderr")

    def run(self, source: str, seconds: float, kept: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Runs one cell. Returns its outputs, how it ended ("ok" or a reason code), the seconds it took and, if it failed, where and what became of the
        rest. kept: names that what stands below a failed line does not rebind."""
        self.recorder.start()
        self.shell.begin_cell()
        self.shell.kept = kept
        began = time.perf_counter()
        reason, outcome = "ok", None
        try:
            raise_after(seconds)
            outcome = self.shell.run_cell(source, store_history=False)
        except (CellTimeout, OutputLimit) as error:
            self.recorder.error(type(error).__name__, str(error), [])
            reason = reason_of(error)
        except BaseException as error:
            self.recorder.error(type(error).__name__, "", [])
            reason = "crashed"
        finally:
            with contextlib.suppress(CellTimeout):
                raise_after(0)
        failed = outcome and (outcome.error_before_exec or outcome.error_in_exec)
        if failed:
            reason = reason_of(failed)
        failure = self.shell.failures[0] if self.shell.failures else None
        if failure is not None and reason == "ok":  # in a cell within the cell, as that of %%time
            reason = failure.reason
        self.attach_streams()
        result = {"outputs": self.recorder.take(), "reason": reason, "seconds": time.perf_counter() - began}
        return result if failure is None else result | {"failure": failure.to_json(source)}
