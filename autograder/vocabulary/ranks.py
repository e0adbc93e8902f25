"""A function of the student's in several processes that talk over torch.distributed: run, watched, and told apart by how it ends."""

from collections.abc import Callable
from typing import Any

from ..judge.checks import expect, fail
from ..judge.student import source_of

RANKS_SECONDS = 80.0  # a criterion's limit, far above what ranks need: they are ended sooner when they wait for each other


def results_on_ranks(student: Any, name: str, work: Callable, cases: list[Any], n: int) -> list[list[Any]]:
    """What each of n ranks gave for each case; a Finding when a rank raised, ended, or when all wait.

    work(function, case, rank, n, here, watched): a function at module level, run by every rank, which calls the student's `function`. here(tensor) puts a
    tensor on the rank's device; in `with watched() as post:` messages are seen: post.sent, a list of [to which rank, how many numbers], and post.others,
    names of other operations of torch.distributed.
    """
    seen = student.run(on_ranks, name=name, work=f"{source_of(work)}\nwork = {work.__name__}\n", cases=cases, n=n)
    many = f"with {n} processes" if n > 1 else "with one process"
    if "failed" in seen:
        failed = seen["failed"]
        if failed["type"] == "NotImplementedError":
            fail(f"{name} is not written yet: it still raises NotImplementedError", "not attempted")
        where = f" ({failed['where']})" if failed["where"] else ""
        fail(f"{many} rank {failed['rank']} raised {failed['type']}: {failed['text']}{where}", "crashed")
    if "gone" in seen:
        fail(f"{many} rank {seen['gone']} ended its process in the middle of {name}", "exited")
    if "stuck" in seen:
        verb = "computes without an end" if seen["busy"] else "waits"
        ranks = [
            f"rank {r['rank']} {verb}{' ' + r['waits'] if r['waits'] and not seen['busy'] else ''}{' (' + r['where'] + ')' if r['where'] else ''}"
            for r in seen["stuck"]
        ]
        ranks += [f"rank {r} is done" for r in seen["ended"]]
        fail(f"no end {many}: {'; '.join(ranks)}", "timeout")
    expect(isinstance(seen.get("ranks"), list) and len(seen["ranks"]) == n, f"{name} gave nothing back {many}", "crashed")
    return seen["ranks"]


def on_ranks(student, name, work, cases, n, fresh=None):
    """Calls a function of the student's in n processes, joined by gloo over loopback (by nccl where there are n GPUs), and watches how they end.

    Each rank runs all cases. Returns {"ranks": [what each case gave, for each rank]}, or {"failed": …} for the first rank that raised, or {"gone": …}
    for one that ended, or {"stuck": …}, where each rank stands when none of them moves any more. Messages are seen where PyTorch's dispatcher hands
    them to the process group, whatever name called them. The processes are forks of this one; where there is CUDA, which does not survive a fork,
    they are fresh ones, to which the function is sent.
    """
    import datetime
    import faulthandler
    import linecache
    import os
    import pickle
    import re
    import shutil
    import signal
    import subprocess
    import sys
    import tempfile
    import time
    import traceback

    import torch
    import torch.distributed as dist
    from torch.utils._python_dispatch import TorchDispatchMode

    fresh = torch.cuda.is_available() if fresh is None else fresh
    nccl = fresh and torch.cuda.device_count() >= n > 1
    wall_seconds, silent_seconds, cpu_seconds = (60.0, 10.0, 4.0 + 10.0 * n) if fresh else (30.0, 2.0, 3.0 + n)
    folder, parent, function = tempfile.mkdtemp(), os.getpid(), getattr(student, name)

    scope = {}
    exec(work, scope)

    def place(kind, rank):
        return os.path.join(folder, f"{kind}{rank}")

    class Post(TorchDispatchMode):
        """Sees messages; writes down what the rank is about to do."""

        def __init__(self, rank):
            super().__init__()
            self.board = os.open(place("board", rank), os.O_CREAT | os.O_WRONLY)
            self.sent, self.others = [], set()

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            space, _, word = func._schema.name.partition("::")
            if space in ("c10d", "_c10d_functional"):
                if word == "send":
                    self.sent.append([int(args[2]), sum(t.numel() for t in args[0])])
                    self.say(f"for rank {args[2]} to take a message")
                elif word == "recv_":
                    self.say(f"for a message of rank {args[2]}")
                elif word == "recv_any_source_":
                    self.say("for a message of any rank")
                else:
                    self.say("for all others in a collective call")
                    self.others |= {word.strip("_")} - {"barrier"}
            return func(*args, **(kwargs or {}))

        def say(self, text):
            os.pwrite(self.board, text[:100].ljust(100).encode(), 0)

    def here(tensor):
        return tensor.cuda() if nccl else tensor

    def join(rank):
        torch.set_num_threads(1)
        trace = os.open(place("trace", rank), os.O_CREAT | os.O_WRONLY)
        faulthandler.register(signal.SIGUSR1, file=trace, all_threads=True)
        os.environ["GLOO_SOCKET_IFNAME"] = "lo"
        if dist.is_initialized():
            dist.destroy_process_group()
        if nccl:
            torch.cuda.set_device(rank)
        limit = datetime.timedelta(seconds=wall_seconds + 5)
        store = dist.FileStore(os.path.join(folder, "store"), n)
        dist.init_process_group("nccl" if nccl else "gloo", store=store, rank=rank, world_size=n, timeout=limit)

    def be(rank):
        try:
            join(rank)
            outcome = {"result": [scope["work"](function, case, rank, n, here, lambda: Post(rank)) for case in cases]}
        except BaseException as error:
            lines = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<ipython-input")]
            outcome = {"failed": {"rank": rank, "type": type(error).__name__, "text": str(error)[:300], "where": lines[-1] if lines else None}}
        with open(place("new", rank), "wb") as file:
            pickle.dump(outcome, file)
        os.rename(place("new", rank), place("outcome", rank))
        # What this rank has sent may still be under way: it stays until it is ended.
        while os.getppid() == parent:
            time.sleep(0.01)

    def start(rank):
        if fresh:
            try:
                import cloudpickle
            except ImportError:  # older versions of joblib, which scikit-learn brings, have one inside
                from joblib.externals import cloudpickle

            with open(place("work", rank), "wb") as file:
                cloudpickle.dump((be, rank), file)
            program = "import pickle, sys; be, rank = pickle.load(open(sys.argv[1], 'rb')); be(rank)"
            return subprocess.Popen([sys.executable, "-c", program, place("work", rank)], stdin=subprocess.DEVNULL).pid
        pid = os.fork()
        if pid == 0:
            try:
                be(rank)
            finally:
                os._exit(0)
        return pid

    def cpu_of(pid):
        try:
            return time.clock_gettime((~pid << 3) | 2)  # the clock of another process
        except OSError:
            return 0.0

    def line_of(where):
        return f"line {where[1]} of the cell: `{linecache.getline(*where).strip()[:100]}`" if where else ""

    def stands(rank):
        text = {}
        for kind in ("trace", "board"):
            if os.path.exists(place(kind, rank)):
                with open(place(kind, rank)) as file:
                    text[kind] = file.read()
        lines = [(f, int(k)) for f, k in re.findall(r'File "(.+)", line (\d+)', text.get("trace", "")) if f.startswith("<ipython-input")]
        return {"rank": rank, "waits": text.get("board", "").strip(), "where": line_of(lines[0] if lines else None)}

    def read_outcomes():
        for rank in range(n):
            if rank not in outcomes and os.path.exists(place("outcome", rank)):
                with open(place("outcome", rank), "rb") as file:
                    outcomes[rank] = pickle.load(file)

    def failures():
        return [outcomes[rank]["failed"] for rank in sorted(outcomes) if "failed" in outcomes[rank]]

    outcomes, gone, pids = {}, set(), []
    silent = waited = last = 0.0
    before = time.monotonic()
    try:
        if not fresh:  # what takes a second when it is first used is used here, and not in every rank
            torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
            with Post(0):
                torch.zeros(1) + 1
        for rank in range(n):
            pids.append(start(rank))
        while True:
            known = len(outcomes)
            read_outcomes()
            if failures():
                time.sleep(0.05)  # others may fail in the same way: the first rank speaks for them
                read_outcomes()
                first = failures()[0]
                return {"failed": {**first, "where": line_of(first["where"])}}
            if len(outcomes) == n:
                return {"ranks": [outcomes[rank]["result"] for rank in range(n)]}
            gone |= {rank for rank, pid in enumerate(pids) if rank not in outcomes and os.waitpid(pid, os.WNOHANG)[0]}
            if gone:
                return {"gone": min(gone)}
            # Time in which this process itself did not get to run does not count: the machine is busy, or was asleep.
            now = time.monotonic()
            step, before = min(now - before, 0.05), now
            cpu = sum(cpu_of(pid) for rank, pid in enumerate(pids) if rank not in outcomes)
            # A rank that waits for a message looks for it now and then: some 4 ms a second.
            moved = cpu > last + 0.01 * silent_seconds * (n - len(outcomes)) or len(outcomes) > known
            silent, waited, last = 0.0 if moved else silent + step, waited + step, cpu if moved else last
            busy = cpu > cpu_seconds
            if busy or silent > silent_seconds or waited > wall_seconds:
                waiting = [rank for rank in range(n) if rank not in outcomes]
                for rank in waiting:
                    os.kill(pids[rank], signal.SIGUSR1)
                time.sleep(0.1)
                return {"stuck": [stands(rank) for rank in waiting], "ended": sorted(outcomes), "busy": busy}
            time.sleep(0.002)
    finally:
        for rank, pid in enumerate(pids):
            if rank not in gone:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        shutil.rmtree(folder, ignore_errors=True)
