"""A judge in a process of its own: it takes jobs from a pipe and gives verdicts back, in order.

Both ends of the pipe are the instructor's own programs, so objects travel pickled. The worker keeps one sandbox and, for each assignment in turn,
one pytest session. A worker that dies is seen as a closed pipe by `grader.Grader`, which starts another.
"""

import contextlib
import gc
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from ..notebooks.lean_imports import without_address_grammar
from ..sandbox.launch import Sandbox, SandboxError

if TYPE_CHECKING:
    from ..judge.jobs import Job, Settings


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    without_address_grammar()
    warnings.simplefilter("ignore")  # what a reference does on purpose, in odd cases too, is no news for who grades
    gc.disable()  # until the grader is loaded: collections in the midst of thousands of imports find little
    connection = Connection(int(sys.argv[1]))
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionError):
        _Worker(connection).run()
    sys.stderr.flush()
    os._exit(0)  # nothing is left to tidy up, and some libraries are noisy when they are unloaded


class _Worker:
    def __init__(self, connection: Connection):
        self.connection = connection
        self.pending: tuple[Job, Settings, Path] | None = None

    def run(self) -> None:
        kind, device, require = self.connection.recv()
        try:
            sandbox = Sandbox(kind, device, require=require)
        except (SandboxError, ValueError) as error:
            self.connection.send(("fault", None, str(error)))
            return
        with sandbox:
            if require:
                try:
                    sandbox.wait_until_ready()
                except SandboxError as error:
                    self.connection.send(("fault", None, str(error)))
                    return
            # Imported only now: the judge's torch loads while the warm process loads its own.
            from ..judge.jobs import BrokenGrader, GraderFault

            _one_thread()
            while True:
                try:
                    self._session(sandbox)
                except SandboxError as error:
                    self.connection.send(("fault", None, str(error)))
                    return  # whoever asked starts a new worker, with a new sandbox
                except BrokenGrader as error:
                    self._fault(str(error), kind="broken")
                except GraderFault as error:
                    self._fault(str(error))
                except (EOFError, BrokenPipeError, ConnectionError):
                    return
                except Exception as error:
                    self._fault(f"{type(error).__name__}: {error}", traceback.format_exc())

    def _fault(self, message: str, detail: str = "", kind: str = "fault") -> None:
        if detail and os.environ.get("AUTOGRADER_DEBUG"):
            print(detail, file=sys.stderr)
        self.connection.send((kind, None, message))
        self.pending = None

    def _session(self, sandbox: Sandbox) -> None:
        from ..pytest_plugin.loop import judge_submissions

        job, settings, graders = self.pending or self.connection.recv()
        self.pending = (job, settings, graders)

        def verdict_is_ready(_job, verdict, outcomes) -> None:
            self.connection.send(("verdict", verdict, outcomes))

        judge_submissions(job.assignment, self._jobs(settings), verdict_is_ready, sandbox, settings, graders)

    def _jobs(self, settings: "Settings") -> "Iterator[Job]":
        """Jobs as long as they are of the same assignment and settings; the first that is not stays pending."""
        assert self.pending is not None
        assignment = self.pending[0].assignment
        while True:
            job, new_settings, _ = self.pending
            if job.assignment != assignment or new_settings != settings:
                return
            self.pending = None
            yield job
            self.pending = self.connection.recv()


def _one_thread() -> None:
    """References are small: threads would only fight with the other workers."""
    import torch

    torch.set_num_threads(1)


if __name__ == "__main__":
    main()
