"""The warm process: torch, IPython and friends loaded once, then a fork for every submission.

Started by the launcher as `python -m autograder.sandbox.warm`, inside bubblewrap where that is used. Its standard input is the control socket
(SOCK_SEQPACKET). Messages, JSON:

    → {"ready": true, "layers": [...], "seconds": 2.9}
    ← {"op": "module", "name": "course_tools", "source": "…"}    a file that comes with every submission; it is the instructor's, as the grader is
    ← {"op": "submission", "limits": {...}, "workdir": "/student"} + [work socket, status socket]

It has one thread and runs nothing in parallel before it forks: only then is a fork of a process that holds torch safe.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
import traceback
import types

from .limits import HOME

MANY = 40  # submissions; so many more, and large pages have paid for the second that it takes to make them, in parts
COLLAPSE_SECONDS = 0.1


def main() -> None:
    began = time.perf_counter()
    gc.disable()  # a collection in the midst of thousands of imports looks at everything and finds little
    control = socket.socket(fileno=os.dup(0))
    options = json.loads(sys.argv[1])
    _quiet_descriptors()
    shell = _load(options["preload"])
    from .limits import SubmissionLimits
    from .pages import addresses, collapse
    from .submission import Legacy

    legacy = Legacy(shell, [name for name in sys.modules if name.partition(".")[0] == "autograder"])
    layers = _layers(options)
    control.send(json.dumps({"ready": True, "layers": sorted(layers), "seconds": time.perf_counter() - began}).encode())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _freeze()
    gc.enable()
    pages, number = None, 0
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 17, 2)
        if not message:
            return
        order = json.loads(message)
        if order["op"] == "module":
            _load_module(legacy, order["name"], order["source"])
            continue
        limits = SubmissionLimits.from_json(order["limits"])
        number += 1
        if number == MANY:
            pages = addresses()
        if pages is not None and not collapse(COLLAPSE_SECONDS, pages):
            pages = None
        if os.fork() == 0:
            control.close()
            _become_guard(descriptors, limits, layers, order, legacy)
        for descriptor in descriptors:
            os.close(descriptor)


def _freeze() -> None:
    """What is loaded now stays: collections in the forks need not look at it."""
    gc.collect()
    gc.freeze()


def _load_module(legacy, name: str, source: str) -> None:
    """Imports a file that every submission brings, and has it read its tables. One that cannot be imported here, or is named like a module that is
    loaded already, is left to the notebooks."""
    if name in sys.modules:
        return
    module = types.ModuleType(name)
    module.__file__ = os.path.join(HOME, f"{name}.py")
    sys.modules[name] = module
    try:
        exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)
        module.preload()
    except Exception:
        if os.environ.get("AUTOGRADER_DEBUG"):
            traceback.print_exc()
    else:
        legacy.modules[f"{name}.py"] = (source.encode(), module)
    finally:
        del sys.modules[name]
    _freeze()


def _become_guard(descriptors: list[int], limits, layers: set[str], order: dict, legacy) -> None:
    from .guard import guard
    from .submission import Submission, wall_in

    work, status = (socket.socket(fileno=number) for number in descriptors)

    def run() -> None:
        try:
            wall_in(limits, layers)
            Submission(work, legacy, limits, layers, order["workdir"]).serve()
        except Exception:
            if os.environ.get("AUTOGRADER_DEBUG"):
                traceback.print_exc()

    try:
        guard(run, status, limits, layers)
    finally:
        os._exit(0)


def _quiet_descriptors() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        if number != 2 or not os.environ.get("AUTOGRADER_DEBUG"):
            os.dup2(null, number)
    os.close(null)


def _load(preload: list[str]):
    """Imports and first uses that are dear: afterwards every submission has them for nothing."""
    import torch

    torch.set_num_threads(1)
    with contextlib.suppress(RuntimeError):
        torch.set_num_interop_threads(1)
    for name in preload:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from collections import Counter

    from . import guard, profiler_marks, progress_bars, submission, uncompiled  # noqa: F401 - loaded here for all submissions
    from .shell import make_shell
    from .steps import install as install_steps
    from .watch import install, watched

    with watched(Counter()):
        torch.nn.functional.softmax(torch.zeros(2, 2), dim=1)
    install()
    install_steps()
    profiler_marks.leave_out()
    uncompiled.install()
    progress_bars.install()
    layer = torch.nn.Linear(2, 2)
    layer(torch.zeros(1, 2)).sum().backward()
    torch.optim.SGD(layer.parameters(), lr=0.1).step()
    return make_shell()


def _layers(options: dict) -> set[str]:
    layers = set(options["layers"])
    if "userns" in layers:
        layers |= {"mounts", "pids", "net", "ipc"}
    return layers


if __name__ == "__main__":
    main()
