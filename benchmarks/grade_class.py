"""A whole class: stock nbgrader, this kit through nbgrader, and `autograder grade-class` with one and two jobs, side by side in one run.

    .venv/bin/python benchmarks/grade_class.py [--assignment ps05_softmax_regression] [--submissions 20] [--repeat 3] [--growth 10,100,1000] [--json FILE]

All grade the same right submissions and must give each full marks. Four tables:

* submissions per minute. Each way grades a few submissions and then a class in two calls; the difference is the time of the class, so that start-up, which is
  shown beside, counts for nobody. The ways take turns in each repeat; medians of the repeats, and their ratios. `grade-class` gets ten times as many
  submissions: in the time that stock nbgrader needs for ten of them, the noise of its own start would be half of what is measured.
* growth (--growth): wall time, and peak memory of the recording process and of all processes, of `grade-class --jobs 1` for classes of these sizes.
* memory: what a running submission has for itself, and what a second grader costs.
* overhead: one submission by the grader against the same cells and tests as plain functions in one warm process.

Memory is proportional (PSS): pages that processes share count once.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks.nbgrader_side_by_side import FEW, check_scores, filled_in, kit_course, stock_course, submit, timed

STOCK, KIT, ONE, TWO = "stock nbgrader, same checks inline", "this kit through nbgrader", "grade-class --jobs 1", "grade-class --jobs 2"
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()", "grade-class"]
SAMPLE_SECONDS = 0.1
BARE_TIMES = 10
MORE = 10  # times as many submissions for grade-class
MB = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignment", default="ps05_softmax_regression")
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--growth", default="", help="sizes of classes, for instance 10,100,1000")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        print(json.dumps(bare_seconds(options.assignment, options.bare)))
        return
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-") as folder:
        stock, kit = stock_course(Path(folder, "stock"), options.assignment, inline=True), kit_course(Path(folder, "kit"), options.assignment)
        results = {
            "assignment": options.assignment, "submissions": options.submissions, "repeat": options.repeat, "cores": os.cpu_count(),
            "ways": side_by_side(stock, kit, options), "growth": growth(kit, options), "memory": memory(kit, options),
            "overhead": overhead(kit, options.assignment),
        }  # fmt: skip
    show(results)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


# -- submissions per minute -----------------------------------------------------------------------------------------------------


def side_by_side(stock: Path, kit: Path, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Seconds of the first few submissions with start-up, and of each further one; medians."""
    ways: dict[str, tuple[Path, Callable[[Path], float]]] = {
        STOCK: (stock, lambda course: timed(course, ["autograde", options.assignment])),
        KIT: (kit, lambda course: timed(course, ["autograde", options.assignment])),
        ONE: (kit, lambda course: grade_class(course, options.assignment, 1)),
        TWO: (kit, lambda course: grade_class(course, options.assignment, 2)),
    }
    first: dict[str, list[float]] = {name: [] for name in ways}
    each: dict[str, list[float]] = {name: [] for name in ways}
    for repeat in range(options.repeat):
        for number, (name, (course, grade)) in enumerate(ways.items()):
            submit(course, options.assignment, f"few{repeat}-{number}-", FEW)
            first[name].append(grade(course))
            count = options.submissions * (MORE if name in (ONE, TWO) else 1)
            submit(course, options.assignment, f"many{repeat}-{number}-", FEW + count)
            each[name].append((grade(course) - first[name][-1]) / count)
            say(f"{name}: {each[name][-1]:.3f} s each")
    for course in (stock, kit):
        check_scores(course, options)
    return {name: {"first": statistics.median(first[name]), "each": statistics.median(each[name])} for name in ways}


def grade_class(course: Path, assignment: str, jobs: int, watch: "Watch | None" = None) -> float:
    """Seconds of one `autograder grade-class`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, assignment, "--jobs", str(jobs)], cwd=course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with watch.on(process.pid) if watch else contextlib.nullcontext():
        output, _ = process.communicate()
    if process.returncode:
        sys.exit(f"grade-class failed:\n{output[-3000:]}")
    return time.perf_counter() - began


# -- memory ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """Peaks in bytes, sampled: of the recording process, of all processes together, and of what running submissions have for themselves."""

    recorder: int = 0
    everything: int = 0
    submission: int = 0

    @contextlib.contextmanager
    def on(self, pid: int):
        """Samples the process and its descendants while the block runs."""
        over = threading.Event()

        def sample() -> None:
            while not over.wait(SAMPLE_SECONDS):
                self._sample(pid)

        thread = threading.Thread(target=sample, daemon=True)
        thread.start()
        yield
        over.set()
        thread.join()

    def _sample(self, pid: int) -> None:
        tree = _descendants(pid)
        everything = submission = 0
        for process, ancestors in tree.items():
            pss, private = _memory_of(process)
            everything += pss
            self.recorder = max(self.recorder, pss if process == pid else 0)
            # A running submission is a fork of the warm process, and has its command line.
            submission += private if _is_warm(process) and any(_is_warm(ancestor) for ancestor in ancestors) else 0
        self.everything, self.submission = max(self.everything, everything), max(self.submission, submission)


def _descendants(pid: int) -> dict[int, list[int]]:
    """Each process of the tree with its ancestors in it."""
    parent = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    tree = {}
    for process in parent:
        line, above = [], process
        while above and above != pid:
            above = parent.get(above, 0)
            line.append(above)
        if above == pid:
            tree[process] = line
    return tree


def _memory_of(pid: int) -> tuple[int, int]:
    """Proportional and private bytes; 0 for one that has ended."""
    pss = private = 0
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, value, *_ = line.split()
            pss += int(value) * 1024 if name == "Pss:" else 0
            private += int(value) * 1024 if name.startswith("Private_") and name != "Private_Hugetlb:" else 0
    return pss, private


def _is_warm(pid: int) -> bool:
    with contextlib.suppress(OSError):
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return b"autograder.sandbox.warm" in arguments and b"python" in os.path.basename(arguments[0])
    return False


def growth(kit: Path, options: argparse.Namespace) -> list[dict[str, float]]:
    """Time of grade-class with one and with two jobs, and memory with one, for classes of several sizes."""
    rows = []
    for size in [int(part) for part in options.growth.split(",") if part]:
        submit(kit, options.assignment, f"growth{size}-", size)
        watch = Watch()
        seconds = grade_class(kit, options.assignment, 1, watch)
        submit(kit, options.assignment, f"growth{size}two-", size)
        two = grade_class(kit, options.assignment, 2)
        say(f"class of {size}: {seconds:.1f} s, with two jobs {two:.1f} s")
        rows.append({"submissions": size, "seconds": seconds, "two_jobs": two, "recorder_bytes": watch.recorder, "all_bytes": watch.everything})
    check_scores(kit, options)
    return rows


def memory(kit: Path, options: argparse.Namespace) -> dict[str, float]:
    """What a running submission has for itself, and what a second grader costs, in bytes."""
    peaks = {}
    for jobs in (1, 2):
        submit(kit, options.assignment, f"memory{jobs}-", FEW + options.submissions)
        peaks[jobs] = Watch()
        grade_class(kit, options.assignment, jobs, peaks[jobs])
    return {"submission": peaks[1].submission, "all_with_one_job": peaks[1].everything, "second_grader": peaks[2].everything - peaks[1].everything}


# -- overhead -------------------------------------------------------------------------------------------------------------------


def overhead(kit: Path, assignment: str) -> dict[str, float]:
    """Seconds of one submission by the grader, and of its cells and tests in one process; medians."""
    from autograder.grading.course import load_course
    from autograder.grading.grader import Grader

    course = load_course(kit)
    master = course.master(assignment)
    notebook = kit / "bare.ipynb"
    notebook.write_text(json.dumps(filled_in(assignment, kit / "release" / assignment / master.notebook)))
    with Grader(course) as grader:
        seconds = [_seconds(lambda: grader.grade_file(notebook, assignment)) for _ in range(BARE_TIMES + 1)][1:]
    command = [sys.executable, __file__, "--assignment", assignment, "--bare", str(notebook)]
    done = subprocess.run(command, cwd=kit / "release" / assignment, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the bare tests failed:\n{done.stderr[-3000:]}")
    return {"grader": statistics.median(seconds), "bare": statistics.median(json.loads(done.stdout.splitlines()[-1]))}


def bare_seconds(assignment: str, notebook: Path) -> list[float]:
    """The notebook's cells and all criteria as plain functions, in this process, several times; the first time does not count."""
    sys.path[:0] = [str(ROOT / "source")]
    import torch

    from autograder.notebooks.master import Master
    from autograder.notebooks.reader import make_plan, read_file
    from benchmarks.inline import run_criteria

    torch.set_num_threads(1)
    master = Master.load(assignment, notebook.parent / "release")
    plan = make_plan(master, read_file(notebook), notebook.name)

    def once() -> None:
        namespace: dict = {"__name__": "__main__"}
        with contextlib.redirect_stdout(None):
            for cell in plan.cells:
                exec(compile(cell.source, "cell", "exec"), namespace)
            for exercise in master.exercises:
                run_criteria(assignment, exercise, namespace)

    return [_seconds(once) for _ in range(BARE_TIMES + 1)][1:]


def say(line: str) -> None:
    """How far it is, for whoever waits; the tables come at the end."""
    print(line, file=sys.stderr, flush=True)


def _seconds(function: Callable[[], object]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


# -- tables ---------------------------------------------------------------------------------------------------------------------


def show(results: dict) -> None:
    ways = results["ways"]
    sizes = f"{results['submissions']} submissions ({MORE * results['submissions']} for grade-class)"
    print(f"{results['assignment']}, {sizes}, {results['cores']} cores, medians of {results['repeat']}")
    print(f"{'':38}{f'first {FEW} (s)':>12}{'each (s)':>10}{'a minute':>10}{'times stock':>13}")
    for name, row in ways.items():
        print(f"{name:38}{row['first']:12.2f}{row['each']:10.3f}{60 / row['each']:10.0f}{ways[STOCK]['each'] / row['each']:13.1f}")
    print(f"two jobs against one: {ways[ONE]['each'] / ways[TWO]['each']:.2f} times")
    for row in results["growth"]:
        print(
            f"class of {row['submissions']:5}: {row['seconds']:8.1f} s, {1000 * row['seconds'] / row['submissions']:7.1f} ms each, "
            f"with two jobs {row['two_jobs']:8.1f} s, "
            f"recording process {row['recorder_bytes'] / MB:6.0f} MB, all processes {row['all_bytes'] / MB:6.0f} MB"
        )
    memory_of, cost = results["memory"], results["overhead"]
    print(f"a running submission has {memory_of['submission'] / MB:.0f} MB for itself; one grader, all processes: {memory_of['all_with_one_job'] / MB:.0f} MB; "
          f"a second grader: {memory_of['second_grader'] / MB:.0f} MB")  # fmt: skip
    print(f"one submission: {1000 * cost['grader']:.0f} ms by the grader, {1000 * cost['bare']:.0f} ms as plain functions in one process: "
          f"{1000 * (cost['grader'] - cost['bare']):.0f} ms more, {cost['grader'] / cost['bare']:.2f} times")  # fmt: skip


if __name__ == "__main__":
    main()
