"""The same as a Pool, beyond one machine: submissions go to the workers of a Dask cluster as bytes, verdicts come back as bytes.

Three kinds of process. Here, the one that reads submissions and records verdicts; it talks to the *scheduler*, which hands each message to a *worker* that is
free and has the resource: CPU for `--device cpu`, GPU for `--device cuda`. A worker runs `remote.judge_bytes`, which keeps a grader and its sandbox warm. A
submission whose worker dies is given to another by the scheduler; after a few deaths (`distributed.scheduler.allowed-failures`) it is a fault. Only a few
submissions more than there are workers are under way at a time, so that a class of any size takes the same memory here and there.
"""

import json
import logging
import os
import queue
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

from distributed import Client, Future, KilledWorker
from distributed.comm import get_address_host_port

from ..grading.course import Course, CourseError
from ..judge.jobs import GraderFault, Job
from .journal import files_key
from .pool import OnVerdict
from .remote import judge_bytes, pack, unpack

RESOURCE = {"cpu": "CPU", "cuda": "GPU"}
AHEAD = 2  # submissions under way for each that can be judged at once: one judged, one waiting at the worker
LOOK_SECONDS = 2.0
WRITING_SECONDS = 2.0


class Cluster:
    """The workers of one scheduler. address: `tcp://host:port`, or the scheduler's file. wait_seconds: patience for the scheduler, and for a worker.

    Raises CourseError for an address that is none, GraderFault when no scheduler or no fitting worker is there in time.
    """

    def __init__(self, course: Course, address: str, kind: str, device: str, wait_seconds: float = 60):
        self._course, self._address, self._kind, self._device, self._wait = course, address, kind, device, wait_seconds
        self._resource = RESOURCE[device]
        self._keys: dict[str, str] = {}

    def __enter__(self) -> "Cluster":
        for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what it would say is said here
        address = self._scheduler()
        try:
            self._client = Client(address, timeout=self._wait, set_as_default=False, name="autograder")
        except (OSError, TimeoutError) as error:
            raise GraderFault(
                f"no Dask scheduler answers at {address} ({error or type(error).__name__}): is it running, and can this machine reach it?"
            ) from None
        try:
            self._await_worker()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_exc: Any) -> None:
        self._client.close()

    def _scheduler(self) -> str:
        """`tcp://host:port`. Looked at before there is a client: one that was given a wrong address is not always closed in good order."""
        try:
            file = Path(self._address)
            if "://" not in self._address and (file.suffix == ".json" or os.sep in self._address):
                self._await_file(file)
            address = _address_in(file) if file.is_file() else self._address
            get_address_host_port(address)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CourseError(f"--scheduler {self._address} is no address of a Dask scheduler ({error}): tcp://host:port is one") from None
        return address

    def _await_file(self, file: Path) -> None:
        """A scheduler that is started together with the run, as a cluster's jobs are, writes its file some seconds later."""
        ends = time.monotonic() + self._wait
        while not file.is_file():
            if time.monotonic() > ends:
                raise GraderFault(
                    f"there has been no file {file} for {self._wait:g} s: was the scheduler started with --scheduler-file, in a folder that this machine sees?"
                )
            time.sleep(min(0.2, self._wait))

    def judge(self, jobs: Iterable[Job], on_verdict: OnVerdict, on_fault: Callable[[Job, Exception], None] | None = None) -> None:
        """Judges all jobs, as `Pool.judge`: calls back in this thread, a fault ends the run unless `on_fault` takes it."""
        source = iter(jobs)
        under_way: dict[Future, Job] = {}
        done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        more = True
        room = AHEAD * self._await_worker()
        looked = time.monotonic()

        def submit(job: Job) -> None:
            future = self._submit(job)
            under_way[future] = job
            future.add_done_callback(done.put)

        try:
            while more or under_way:
                while more and len(under_way) < room:
                    job = next(source, None)
                    more = job is not None
                    if job is not None:
                        submit(job)
                if time.monotonic() - looked > LOOK_SECONDS:
                    room, looked = AHEAD * self._await_worker(), time.monotonic()
                try:
                    future = done.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    continue
                if future.status == "cancelled":  # nobody here did that
                    raise self._gone()
                job = under_way.pop(future)
                if future.status in ("finished", "error"):
                    self._hand_over(job, future, on_verdict, on_fault)
                else:  # judged, and the worker died before its verdict was fetched
                    future.release()
                    submit(job)
        finally:
            for future in under_way:
                future.cancel()

    def _submit(self, job: Job) -> Future:
        if job.assignment not in self._keys:
            self._keys[job.assignment] = files_key(self._course.root, job.assignment)
        message = pack(job, self._course, self._keys[job.assignment], self._kind, self._device)
        return self._client.submit(judge_bytes, message, key=f"autograder-{uuid.uuid4().hex}", resources={self._resource: 1}, pure=False)

    def _hand_over(self, job: Job, future: Future, on_verdict: OnVerdict, on_fault: Callable[[Job, Exception], None] | None) -> None:
        try:
            verdict, outcomes = unpack(self._answer(future))
        except GraderFault as fault:
            if on_fault is None:
                raise
            on_fault(job, fault)
        else:
            on_verdict(job, verdict, outcomes)
        finally:
            future.release()

    def _answer(self, future: Future) -> bytes:
        try:
            return future.result()
        except CancelledError:
            raise self._gone() from None
        except KilledWorker:
            raise GraderFault("each worker that was given this submission died") from None
        except Exception as error:
            raise GraderFault(f"a worker cannot run the kit ({type(error).__name__}: {error}): is the same version installed there?") from None

    def _gone(self) -> GraderFault:
        return GraderFault(f"the Dask scheduler at {self._address} is gone; what was recorded stays, and the next run goes on from there")

    def _await_worker(self) -> int:
        """How many submissions the workers can judge at once; waits for the first. Raises GraderFault."""
        began = time.monotonic()
        while True:
            try:
                workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
            except (OSError, RuntimeError, TimeoutError):
                raise self._gone() from None
            slots = sum(int(worker.get("resources", {}).get(self._resource, 0)) for worker in workers)
            if slots:
                return slots
            if time.monotonic() - began > self._wait:
                raise GraderFault(
                    f"the scheduler has had {len(workers)} workers and none with {self._resource}=1 for {self._wait:g} s: "
                    f"start one with `dask worker ADDRESS --nthreads 1 --resources {self._resource}=1`"
                )
            time.sleep(min(0.2, self._wait))


def _address_in(file: Path) -> str:
    """The address in a scheduler's file. A scheduler that has just started may still be writing it."""
    ends = time.monotonic() + WRITING_SECONDS
    while True:
        try:
            return json.loads(file.read_text("utf-8"))["address"]
        except json.JSONDecodeError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
