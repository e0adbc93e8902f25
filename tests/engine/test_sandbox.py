"""Whatever a student's code does to its process costs that criterion, with the right reason, and nothing else."""

import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pytest

from autograder.judge.reasons import StudentFailure
from autograder.sandbox.guard import descendants
from autograder.sandbox.launch import Sandbox, SandboxError
from autograder.sandbox.shell import MAX_FRAMES, shorten_tracebacks

ROOT = Path(__file__).resolve().parents[2]

SOURCE = """
import ctypes, os, signal, sys, threading, time
import torch

def fine():
    return 42

def leave():
    os._exit(7)

def quit():
    sys.exit(3)

def segfault():
    ctypes.string_at(0)

def abort():
    os.abort()

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

def spin():
    while True:
        pass

def spin_deaf():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass

def stop():
    os.kill(os.getpid(), signal.SIGSTOP)

def recurse():
    return recurse()

def hog():
    kept = []
    for _ in range(60):
        kept.append(bytearray(8 << 20))
        time.sleep(0.01)
    return len(kept)

def ask_too_much():
    return torch.empty(1 << 50)

def flood():
    while True:
        print("x" * 1000)

def one_long_line():
    print("x" * 50_000_000)

def flood_stderr():
    while True:
        sys.stderr.write("x" * 1000)

def fork_often():
    for _ in range(24):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    time.sleep(2)

def many_threads():
    for _ in range(40):
        threading.Thread(target=time.sleep, args=[20], daemon=True).start()
    time.sleep(2)
"""

MISDEEDS = {
    "leave": ("exited", "ended the program"),
    "quit": ("exited", "tried to end the program"),
    "segfault": ("crashed", "a segmentation fault"),
    "abort": ("crashed", "abort"),
    "kill": ("crashed", "being killed"),
    "spin": ("timeout", "did not end within 1 s"),
    "spin_deaf": ("timeout", "did not end within 1 s"),
    "stop": ("timeout", "did not end within 1 s"),
    "recurse": ("crashed", "RecursionError"),
    "hog": ("memory", "more than 0.0938 GiB of memory"),
    "ask_too_much": ("memory", "ran out of memory"),
    "flood": ("output limit", "printed more than the limit allows"),
    "one_long_line": ("output limit", "printed more than the limit allows"),
    "flood_stderr": ("output limit", "printed more than the limit allows"),
    "fork_often": ("memory", "more than 8 processes"),
    "many_threads": ("memory", "or 16 threads"),
}
TIGHT = {"memory_bytes": 96 << 20, "processes": 8, "threads": 16, "output_chars": 100_000}


@pytest.mark.parametrize("name", MISDEEDS)
def test_a_misdeed_in_a_call_has_its_reason_and_the_next_criterion_and_exercise_work(sandbox, run_in, name):
    reason, words = MISDEEDS[name]
    patient = reason not in ("timeout",)
    session = run_in(sandbox, SOURCE, seconds=15 if patient else 1, **TIGHT)
    with pytest.raises(StudentFailure, match=words) as failure:
        getattr(session.student, name)()
    assert failure.value.reason == reason
    session.begin_criterion(seed=2, seconds=15)
    assert session.student.fine() == 42
    session.begin_exercise(())
    session.begin_criterion(seed=3, seconds=15)
    assert session.student.fine() == 42


def test_after_a_crash_the_same_criterion_asks_nothing_more(sandbox, run_in):
    session = run_in(sandbox, SOURCE)
    for _ in range(2):
        with pytest.raises(StudentFailure, match="ended the program"):
            session.student.leave()
    with pytest.raises(StudentFailure, match="ended the program"):
        session.student.fine()


def test_a_handle_of_a_process_that_ended_says_so(walled, run_in):
    session = run_in(walled, SOURCE, "class Thing: pass")
    thing = session.student.Thing()
    with pytest.raises(StudentFailure):
        session.student.leave()
    session.begin_criterion(seed=2, seconds=15)
    session.student.fine()
    with pytest.raises(StudentFailure, match="the process that held the Thing has ended"):
        thing.name  # noqa: B018 - asks the process


def test_the_time_of_judging_is_limited_and_when_it_is_over_nothing_more_is_run(walled, run_in):
    session = run_in(walled, SOURCE, seconds=30, judging_seconds=2)
    for name in ("spin", "fine", "fine"):
        with pytest.raises(StudentFailure, match="judging used up its 2 s") as failure:
            getattr(session.student, name)()
        assert failure.value.reason == "timeout"
        session.begin_criterion(seed=2, seconds=30)


# -- cells ------------------------------------------------------------------------------------------------------------------

BAD_CELLS = {
    "raise ValueError('x')": "crashed",
    "def broken(:": "crashed",
    "import sys; sys.exit(1)": "exited",
    "raise SystemExit": "exited",
    "import os; os._exit(1)": "exited",
    "import os; os.abort()": "crashed",
    "import ctypes; ctypes.string_at(0)": "crashed",
    "while True: pass": "timeout",
    "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); time.sleep(100)": "timeout",
    "while True: print('x' * 1000)": "output limit",
    "raise NotImplementedError": "not attempted",
    "raise KeyboardInterrupt": "crashed",
}


@pytest.mark.parametrize("cell", BAD_CELLS)
def test_a_bad_cell_has_its_reason_and_the_cells_around_it_run(sandbox, run_in, cell):
    session = run_in(sandbox, "def before(): return 1", cell, "def after(): return before() + 1", cell_seconds=2, output_chars=50_000)
    assert [outcome.reason for outcome in session.outcomes] == ["ok", BAD_CELLS[cell], "ok"]
    assert session.student.after() == 2


def test_several_cells_that_kill_the_process_cost_only_themselves(walled, run_in):
    deadly = "import os; os._exit(1)"
    session = run_in(walled, deadly, "def a(): return 1", deadly, "def b(): return 2", deadly, "def c(): return 3")
    assert [outcome.reason for outcome in session.outcomes] == ["exited", "ok", "exited", "ok", "exited", "ok"]
    assert [session.student.a(), session.student.b(), session.student.c()] == [1, 2, 3]


def test_what_cells_show_is_kept_cell_by_cell(sandbox, run_in):
    session = run_in(sandbox, "print('one'); 1 + 1", "import sys; print('two', file=sys.stderr)", "1 / 0")
    first, second, third = (outcome.outputs for outcome in session.outcomes)
    assert [first[0]["text"], first[1]["data"]["text/plain"]] == ["one\n", "2"]
    assert (second[0]["name"], second[0]["text"]) == ("stderr", "two\n")
    assert third[0]["ename"] == "ZeroDivisionError"


def test_a_deep_traceback_keeps_its_ends_and_loses_its_middle():
    """With torch loaded, IPython needs milliseconds a frame: a recursion of some hundred would take seconds of the cell's limit."""

    def deeper(n: int) -> float:
        return 1 / 0 if n == 0 else deeper(n - 1)

    def outer() -> None:
        try:
            deeper(300)
        except ZeroDivisionError as error:
            raise ValueError("from below") from error

    with pytest.raises(ValueError, match="from below") as caught:
        outer()
    error = caught.value
    error.__cause__.__cause__ = error  # a ring
    shorten_tracebacks(error)
    frames = traceback.extract_tb(error.__cause__.__traceback__)
    assert frames[0].name == "outer"
    assert frames[-1].line == "return 1 / 0 if n == 0 else deeper(n - 1)"
    assert len(frames) == MAX_FRAMES
    assert traceback.extract_tb(error.__traceback__)[-1].name == "outer"


def test_magics_and_shell_escapes_do_not_stop_the_notebook(sandbox, run_in):
    session = run_in(sandbox, "%matplotlib inline", "%time x = 3", "%load_ext autoreload\n%autoreload 2", "def f(): return x")
    assert session.student.f() == 3


def test_a_future_import_or_a_changed_builtin_of_the_notebook_does_not_reach_a_probe(walled, run_in):
    session = run_in(walled, "from __future__ import annotations", "class len: pass")
    assert session.student.run(probe_len) == 2


def probe_len(student):
    return len([1, 2])


THREADS = {
    "two torch threads": "import torch; torch.set_num_threads(2); torch.randn(300, 300) @ torch.randn(300, 300)",
    "a thread left running": "import threading, time; threading.Thread(target=time.sleep, args=[60], daemon=True).start()",
}


@pytest.mark.parametrize("cell", THREADS.values(), ids=THREADS)
def test_a_notebook_that_uses_threads_is_judged_all_the_same(sandbox, run_in, cell):
    session = run_in(sandbox, cell, SOURCE, "def product():\n    return (torch.ones(300, 300) @ torch.ones(300, 300)).sum().item()")
    assert session.student.product() == 300**3
    session.begin_exercise(())
    session.begin_criterion(seed=2, seconds=15)
    assert session.student.product() == 300**3
    with pytest.raises(StudentFailure) as failure:
        session.student.leave()
    assert failure.value.reason == "exited"
    session.begin_exercise(())
    session.begin_criterion(seed=3, seconds=15)
    assert session.student.fine() == 42


# -- generators --------------------------------------------------------------------------------------------------------------


def test_random_numbers_depend_on_the_criterion_and_not_on_what_was_called_before(sandbox, run_in):
    source = "import random, numpy, torch\ndef draw(): return [random.random(), float(numpy.random.rand()), torch.rand(1).item()]"
    session = run_in(sandbox, source)
    first = session.student.draw()
    assert session.student.draw() != first
    session.begin_criterion(seed=1, seconds=15)
    assert session.student.draw() == first
    session.begin_exercise(())
    session.begin_criterion(seed=1, seconds=15)
    assert session.student.draw() == first


# -- the wall ----------------------------------------------------------------------------------------------------------------


def probe_environment(student):
    import os

    return dict(os.environ)


def probe_find(student, needles):
    import os

    found = []
    for folder, folders, files in os.walk("/"):
        found += [os.path.join(folder, name) for name in folders + files if any(needle in name for needle in needles)]
    return found


def probe_list(student, folder):
    import os

    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def probe_read(student, paths):
    readable = []
    for path in paths:
        try:
            with open(path, "rb"):
                readable.append(path)
        except OSError:
            continue
    return readable


def probe_connect(student, port):
    import socket

    refused = []
    attempts = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", port)),
        "outside": (socket.AF_INET, socket.SOCK_STREAM, ("1.1.1.1", 53)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("1.1.1.1", 53)),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0judge-{port}"),
        "vsock": (40, socket.SOCK_STREAM, (2, 1024)),
    }
    for name, (family, kind, address) in attempts.items():
        try:
            with socket.socket(family, kind) as sock:
                sock.settimeout(2)
                sock.connect(address)
        except OSError:
            refused.append(name)
    return refused


def probe_descriptors(student):
    import os

    kinds = []
    for number in range(64):
        try:
            os.fstat(number)
        except OSError:
            continue
        kinds.append(number)
    return kinds


def probe_privileges(student):
    import ctypes
    import os

    libc = ctypes.CDLL(None)
    done = [name for name, call in {"mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), "unshare": lambda: libc.unshare(0x10000000),
            "ptrace": lambda: libc.ptrace(0, 0, 0, 0)}.items() if call() == 0]  # fmt: skip
    return [os.getuid(), done]


def probe_programs(student):
    import subprocess

    started = []
    for program in ("/bin/sh", "/usr/bin/env", "/bin/ls", "/usr/bin/bash", "/usr/bin/git"):
        try:
            subprocess.run([program, "--version"], capture_output=True, timeout=5)
            started.append(program)
        except OSError:
            continue
    return started


@pytest.fixture
def walled_student(walled, run_in):
    return run_in(walled, SOURCE, seconds=60).student


def test_nothing_of_the_judges_environment_is_seen(walled_student):
    environment = walled_student.run(probe_environment)
    assert "COURSE_SECRET" not in environment
    assert set(environment) <= {
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_CTYPE", "PWD", "PYTHONPATH", "MPLBACKEND", "MPLCONFIGDIR", "IPYTHONDIR", "OMP_NUM_THREADS",
        "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONUNBUFFERED", "TORCHINDUCTOR_CACHE_DIR",
        "AUTOGRADER_DEBUG", "PIP_NO_INDEX", "JE_ARROW_MALLOC_CONF",
    } | {name for name in environment if name.startswith(("KMP_", "TORCH", "PYTORCH", "CUDA"))}  # fmt: skip


def test_no_grader_solution_submission_or_gradebook_is_in_the_file_system(walled_student):
    graders = [path.stem for path in (ROOT / "autograder" / "graders").glob("test_*.py")]
    needles = [*graders, "course_config.py", "class.toml", "softmax_regression.py", "softmax_regression.ipynb"]
    assert graders
    assert walled_student.run(probe_find, needles=needles) == []


def test_of_the_repository_only_the_installed_packages_are_there(walled_student):
    listed = walled_student.run(probe_list, folder=str(ROOT))
    environment = Path(sys.prefix).relative_to(ROOT).parts[0] if Path(sys.prefix).is_relative_to(ROOT) else None
    assert set(listed) <= {environment}
    assert walled_student.run(probe_list, folder="/kit/autograder") == ["__init__.py", "sandbox", "wire"]


def test_no_file_of_the_host_can_be_opened(walled_student, tmp_path):
    (tmp_path / "secret").write_text("x")
    homes = [str(path) for path in Path.home().iterdir()] if Path.home().is_dir() else []
    hidden = [
        str(tmp_path / "secret"),
        str(ROOT / "course_config.py"),
        str(ROOT / "gradebook.db"),
        "/etc/passwd",
        "/etc/shadow",
        "/etc/hostname",
        "/proc/1/environ",
        *homes,
    ]
    assert walled_student.run(probe_read, paths=hidden) == []


def test_no_program_can_be_started(walled_student):
    assert walled_student.run(probe_programs) == []


def test_no_network_and_no_socket_of_the_host_can_be_reached(walled_student):
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as abstract:
        port = listener.getsockname()[1]
        abstract.bind(f"\0judge-{port}")
        abstract.listen()
        assert walled_student.run(probe_connect, port=port) == ["tcp", "outside", "udp", "abstract", "vsock"]


def test_only_the_standard_descriptors_and_the_line_are_open(walled_student):
    assert len(walled_student.run(probe_descriptors)) <= 4


def test_the_user_is_unprivileged_and_stays_so(walled_student):
    assert walled_student.run(probe_privileges) == [1000, []]


def test_what_may_be_written_is_limited(walled, run_in):
    session = run_in(walled, "def fill(path):\n    with open(path, 'wb') as file:\n        file.write(bytes(8 << 20))", SOURCE, disk_bytes=2 << 20)
    for path in ("/student/a", "/tmp/a", "/dev/shm/a"):
        with pytest.raises(StudentFailure, match="OSError"):
            session.student.fill(path)
    with pytest.raises(StudentFailure, match="OSError"):
        session.student.fill("/usr/lib/a")


WRITE = """
import torch
torch.left_behind = 1
for path in ("/tmp/x", "/dev/shm/x", "x"):
    open(path, "w").write("left behind")
"""
LOOK = """
import os, torch
def traces():
    return [path for path in ("/tmp/x", "/dev/shm/x", "x") if os.path.exists(path)] + [name for name in vars(torch) if name == "left_behind"]
"""


def test_nothing_of_one_submission_is_seen_by_the_next(walled, run_in):
    assert run_in(walled, WRITE).outcomes[0].reason == "ok"
    assert run_in(walled, LOOK).student.traces() == []


TRACES = {
    "a rebound name": "def change():\n    global count\n    count += 1",
    "a list": "def change(): items.append(1)",
    "a dict": "def change(): table['a'] = 7",
    "a set": "def change(): names.add('b')",
    "a tensor": "def change(): weights.add_(1)",
    "a class": "def change(): Thing.shared = 1",
    "a list in a class": "def change(): Thing.items.append(1)",
    "the default dtype": "def change(): torch.set_default_dtype(torch.float64)",
    "a patched function": "def change(): torch.exp = torch.sin",
    "gradients switched off": "def change(): torch.set_grad_enabled(False)",
}
STATE = """
import torch
count, items, table, names, weights = 0, [], {"a": 1}, {"a"}, torch.zeros(2)
class Thing:
    shared, items = 0, []
def state():
    plain = [count, items, table, sorted(names), weights, Thing.shared, Thing.items]
    return [*plain, torch.get_default_dtype(), torch.is_grad_enabled(), torch.exp is torch.sin]
"""


@pytest.mark.parametrize("change", TRACES.values(), ids=TRACES)
def test_one_exercise_leaves_nothing_to_the_next(sandbox, run_in, change):
    session = run_in(sandbox, STATE, change)
    before = repr(session.student.state())
    session.student.change()
    session.begin_exercise(())
    session.begin_criterion(seed=2, seconds=15)
    assert repr(session.student.state()) == before


PRELOADED = """
import time
table = []
def preload():
    table.append(time.monotonic())
"""
USE_PRELOADED = """
import os, time
began = time.monotonic()
import tools
def state():
    return [len(tools.table), all(when < began for when in tools.table), os.path.basename(tools.__file__)]
def change():
    tools.table.append(0.0)
"""


def test_a_course_file_that_preloads_is_imported_once_and_comes_fresh_to_each_submission(sandbox, run_in):
    for _ in range(2):
        student = run_in(sandbox, USE_PRELOADED, files={"tools.py": PRELOADED}).student
        assert student.state() == [1, True, "tools.py"]
        student.change()
        assert student.state()[0] == 2


OTHERS = {"edited": PRELOADED.replace("[]", "[0, 0]"), "failing": f"{PRELOADED}    raise ValueError", "broken": f"{PRELOADED}1 +"}


@pytest.mark.parametrize("other", OTHERS)
def test_a_course_file_that_is_another_or_cannot_preload_is_what_its_text_says(sandbox, run_in, other):
    assert run_in(sandbox, USE_PRELOADED, files={"tools.py": PRELOADED}).student.state()[0] == 1
    session = run_in(sandbox, USE_PRELOADED, files={"tools.py": OTHERS[other]})
    if other == "broken":
        assert [outcome.reason for outcome in session.outcomes] == ["crashed"]
    else:
        assert session.student.state()[0] == {"edited": 3, "failing": 0}[other]


PRELOADED_PANDAS = """
import io
def preload():
    import pandas
    pandas.get_dummies(pandas.read_csv(io.StringIO("a,b\\n1,x\\n,y")), dummy_na=True)
"""
USE_PANDAS = """
import io, sys
was_there = "pandas" in sys.modules
import tables
import pandas as pd
def encode(text):
    table = pd.read_csv(io.StringIO(text))
    table["upper"] = table["b"].str.upper()
    table = pd.concat([table, table[::-1]]).merge(table, on="a").sort_values("b_x").fillna(0)
    return pd.get_dummies(table).sum().sum().item()
"""


def test_pandas_is_read_once_for_all_without_a_thread_and_works_in_every_fork(sandbox, run_in):
    sessions = [run_in(sandbox, USE_PANDAS, files={"tables.py": PRELOADED_PANDAS}) for _ in range(2)]
    for session in sessions:
        assert session.student.was_there
        assert session.student.encode("a,b\n1,x\n2,y\n3,\n") == 36.0
    threads = {pid: len(os.listdir(f"/proc/{pid}/task")) for pid in (sandbox._process.pid, *descendants(sandbox._process.pid))}
    assert set(threads.values()) == {1}


def test_large_pages_hold_what_the_small_ones_held():
    code = (
        "from autograder.sandbox.pages import HUGE, addresses, collapse\n"
        "data = bytearray(i % 251 for i in range(1 << 20)) * 16\n"
        "before = bytes(data)\n"
        "found = list(addresses())\n"
        "assert found and all(address % HUGE == 0 for address in found)\n"
        "pages = iter(found)\n"
        "assert collapse(0, pages) and len(list(pages)) == len(found)\n"
        "assert not collapse(60, iter(found)) and bytes(data) == before"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


LINGER = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        time.sleep(300)
        os._exit(0)
def f():
    return 1
"""


def test_when_a_submission_is_closed_all_its_processes_end(sandbox, run_in):
    before = set(descendants(sandbox._process.pid))
    session = run_in(sandbox, LINGER)
    assert session.student.f() == 1
    assert set(descendants(sandbox._process.pid)) > before
    session.close()
    ends = time.monotonic() + 10
    while set(descendants(sandbox._process.pid)) - before and time.monotonic() < ends:
        time.sleep(0.02)
    assert set(descendants(sandbox._process.pid)) - before == set()


# -- the launcher -------------------------------------------------------------------------------------------------------------


def test_without_bubblewrap_the_sandbox_refuses_with_advice(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match=r"apt-get install bubblewrap.*--sandbox none"):
        Sandbox("bwrap")


def test_a_wall_of_another_name_is_refused():
    with pytest.raises(ValueError, match="it can be bwrap or none"):
        Sandbox("docker")


def test_the_layers_of_the_wall_are_named(walled, unwalled):
    assert walled.layers[0] == "bwrap"
    assert {"userns", "mounts", "pids", "net", "ipc", "seccomp", "rlimits"} <= set(walled.layers)
    assert unwalled.layers == ["rlimits"]


@pytest.mark.slow
def test_a_warm_process_that_died_is_started_again(run_in):
    with Sandbox("none", preload=()) as sandbox:
        assert run_in(sandbox, SOURCE).student.fine() == 42
        os.killpg(sandbox._process.pid, signal.SIGKILL)
        sandbox._process.wait()
        assert run_in(sandbox, SOURCE).student.fine() == 42
