"""A slip in the grader's own code costs no student a point: it is told from a value that could not be used, with file and line, and ends the judging."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from autograder.grading.course import Course
from autograder.grading.grader import Grader
from autograder.judge.jobs import BrokenGrader, Settings
from autograder.judge.verdict import Verdict
from tests.engine.class_folder import ClassFolder, environment

pytestmark = pytest.mark.slow
NAME = "ps90_tiny"
HEAD = f"""import torch
from solutions.{NAME} import tiny as reference

from autograder import assert_close, criterion, exercise, expect

WIDTH = 3


def row(rng, *shape):
    return torch.randn(*shape, generator=rng)


class Words:
    names = {{"short": 1}}

"""
REST = """

@exercise("Scale")
class TestScale:
    @criterion("multiplies by its factor")
    def test_values(self, student, rng):
        assert_close(student.Scale()(torch.ones(2)), torch.ones(2), what="Scale()(X)")
"""
RIGHT = "def relu(X):\n    return X.clamp(min=0)"
Judge = Callable[..., Verdict]


def grader_text(body: str, outside: str = "", decorator: str = '@criterion("keeps what is positive")') -> str:
    """A grader whose one criterion of `relu` has this body."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f'{HEAD}{outside}\n\n@exercise("relu")\nclass TestRelu:\n    {decorator}\n    def test_values(self, student, rng):\n{lines}\n{REST}'


@pytest.fixture(scope="module")
def judge(built: Course, answered, tmp_path_factory) -> Iterator[Judge]:
    """judge(text of the grader, relu=…) → the verdict, all by one worker."""
    root = tmp_path_factory.mktemp("broken") / "course"
    shutil.copytree(built.root, root)
    course = replace(built, root=root)
    file = root / "autograder" / "graders" / f"test_{NAME}.py"
    (root / "solutions" / "broken.py").write_text("import torch\n\nSIZE = torch.zeros(2) @ torch.zeros(3)\n")

    def judge(text: str, **answers: str) -> Verdict:
        file.write_text(text)
        job = grader.job_of(course.master(NAME), json.dumps(answered(**answers)).encode(), "tiny.ipynb")
        grader.start()
        nonlocal number  # other settings: the worker loads the grader anew
        number += 1
        return grader._ask(job, Settings(f"course {number}", limits=course.limits_of(NAME)), lambda: None)[0]

    number = 0
    with Grader(course, "none") as grader:
        yield judge


def line_of(text: str, marked: str) -> int:
    return 1 + next(number for number, line in enumerate(text.splitlines()) if marked in line)


def relu_of(verdict: Verdict) -> tuple[str, float]:
    exercise = next(exercise for exercise in verdict.exercises if exercise.name == "relu")
    return exercise.criteria[0].reason, exercise.points


PROBE = "def probe(student, X):\n    {}\n    return student.relu(X)  # used\n"
CALL = "assert_close(student.run(probe, X=row(rng, 3)), 0, what='relu(X)')"
# {what is wrong: (body, what stands outside, the line that must be named, words)}
SLIPS = {
    "a name that is not there": ("X = row(rng, WITDH)  # here", "", "# here", "NameError: name 'WITDH' is not defined"),
    "a name used before it is set": ("expect(X is not None, 'x')  # here\nX = 1", "", "# here", "UnboundLocalError"),
    "a module that is not there": ("import torch_that_is_not_there  # here", "", "# here", "ModuleNotFoundError"),
    "a key that is not there": ("Words.names['long']  # here", "", "# here", "KeyError: 'long'"),
    "an attribute that is not there": ("X = row(rng, 3)\nX.shapes  # here", "", "# here", "AttributeError: 'Tensor' object has no attribute 'shapes'"),
    "a call with an argument too many": ("assert_close(student.relu(row(rng, 3)), 0, 1, what='relu(X)')  # here", "", "# here", "TypeError: assert_close()"),
    "a shape that does not fit": ("row(rng, 3) @ row(rng, 4)  # here", "", "# here", "RuntimeError: inconsistent tensor size"),
    "a division by nothing": ("1 / len([])  # here", "", "# here", "ZeroDivisionError"),
    "a file that is not there": ("open('/nowhere/at/all')  # here", "", "# here", "FileNotFoundError"),
    "no end of calls": ("deeper()", "def deeper():\n    return deeper()  # here\n", "# here", "RecursionError"),
    "a program that ends itself": ("raise SystemExit(0)  # here", "", "# here", "SystemExit"),
    "a slip in a helper": ("helper(student)", "def helper(student):\n    return student.relu(torch.ones(2)).shape['0']  # here\n", "# here", "TypeError"),
    "a wrong expectation of a value": ("float(student.relu(row(rng, 3)))  # here", "", "# here", "Error: "),
    "what cannot be passed": ("student.relu(object())  # here", "", "# here", "TypeError: a grader passed object"),
    "a call that no answer could take": ("student.relu(row(rng, 3), dim=0)  # here", "", "# here", "unexpected keyword argument 'dim'"),
    "a function of another name": ("student.rellu(row(rng, 3))  # here", "", "# here", "does not define `rellu`"),
    "a lambda as a probe": ("student.run(lambda student: 1)  # here", "", "# here", "not a lambda"),
    "a probe inside the test": ("Y = 1\ndef probe(_):  # here\n    return Y\nstudent.run(probe)", "", "# here", "uses a variable of the function around"),
    "a probe that uses a name of its module": (CALL, PROBE.format("X = X[:WIDTH]  # here"), "# here", "uses 'WIDTH', which it does not define"),
    "such a name where no one comes by": (CALL, PROBE.format("X = row(3) if X is None else X  # here"), "# here", "uses 'row'"),
    "a probe that imports what is not there": (CALL, PROBE.format("import torch_that_is_not_there  # here"), "# here", "ModuleNotFoundError"),
    "a probe with a slip of its own": (CALL, PROBE.format("X = X.shapes  # here"), "# here", "no attribute 'shapes'"),
    "a probe that calls for what no notebook has": (CALL, PROBE.format("student.rellu(X)"), "student.run(probe", "does not define `rellu`"),
    "a function that is handed over": ("student.run(give, f=lambda Y: Y + WITDH)  # here", "def give(student, f):\n    return f(1)\n", "# here", "NameError"),
    "a probe with another argument": ("student.run(probe, Y=1)  # here", PROBE.format("pass"), "# here", "unexpected keyword argument 'Y'"),
}  # fmt: skip


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_of_the_graders_is_a_fault_that_names_file_and_line(judge, what):
    body, outside, marked, words = SLIPS[what]
    text = grader_text(body, outside)
    with pytest.raises(BrokenGrader) as fault:
        judge(text)
    sentence = str(fault.value)
    assert f"autograder/graders/test_{NAME}.py, line {line_of(text, marked)}: " in sentence, sentence
    assert words in sentence
    assert "Traceback" not in sentence and "\n" not in sentence


@pytest.mark.parametrize("answer", [RIGHT, "def relu(X):\n    return None", "relu = 3", "1 / 0", "def relu(X):\n    raise NameError('WIDTH')"])
def test_a_slip_is_a_fault_whatever_the_answer(judge, answer):
    with pytest.raises(BrokenGrader, match="KeyError: 'long'"):
        judge(grader_text("Words.names['long']\nassert_close(student.relu(row(rng, 3)), 0, what='x')"), relu=answer)


# -- a grader that cannot be loaded -----------------------------------------------------------------------------------------

BROKEN_FILES = {
    "does not parse": (grader_text("x = = 1  # here"), "SyntaxError: invalid syntax"),
    "is not indented": (grader_text("if True:  # first\nx = 1  # here"), "IndentationError: expected an indented block"),
    "imports what is not there": (grader_text("pass", "import torch_that_is_not_there  # here"), "ModuleNotFoundError: No module named"),
    "imports a name that is not there": (grader_text("pass", "from autograder import assert_clse  # here"), "ImportError: cannot import name 'assert_clse'"),
    "has a name that is not there": (grader_text("pass", "HALF = WITDH / 2  # here"), "NameError: name 'WITDH'"),
    "weighs nothing": (grader_text("pass", decorator='@criterion("x", weight=0)  # here'), "weight 0; a positive number is needed"),
    "weighs less than nothing": (grader_text("pass", decorator='@criterion("x", weight=-2)  # here'), "weight -2; a positive number is needed"),
    "weighs a word": (grader_text("pass", decorator='@criterion("x", weight="2")  # here'), "weight '2'; a positive number is needed"),
    "has a test that is no criterion": (grader_text("pass", decorator="# here"), "is not a @criterion"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN_FILES)
def test_a_grader_that_cannot_be_loaded_is_named_with_file_and_line(judge, what):
    text, words = BROKEN_FILES[what]
    with pytest.raises(BrokenGrader) as fault:
        judge(text)
    sentence, line = str(fault.value), line_of(text, "# here")
    assert any(f"test_{NAME}.py, line {number}: " in sentence for number in ((line, line + 1) if "criterion" in words else (line,))), sentence
    assert words in sentence


def test_a_grader_without_an_exercise_of_the_notebook_is_broken(judge):
    with pytest.raises(BrokenGrader, match="has no exercise 'relu', but the notebook has a cell test_relu"):
        judge(HEAD + REST)


def test_the_reference_that_a_grader_imports_is_named_too(judge):
    text = grader_text("pass").replace(f"from solutions.{NAME} import tiny as reference", "from solutions import broken as reference")
    with pytest.raises(BrokenGrader, match=r"solutions/broken.py, line 3: RuntimeError"):
        judge(text)


# -- what is the student's --------------------------------------------------------------------------------------------------

RELU = "def relu(X):\n    "
CLASS = "class Odd:\n    {}\n\ndef relu(X):\n    return Odd()"
# {what is handed in: (body of the criterion, the answer, reason)}
THEIRS = {
    "None": ("float(student.relu(row(rng, 1)))", RELU + "return None", "wrong type"),
    "an object": ("float(student.relu(row(rng, 1)))", CLASS.format("pass"), "wrong type"),
    "a word": ("student.relu(row(rng, 1)) * 1.5", RELU + "return 'one'", "wrong type"),
    "an empty list": ("student.relu(row(rng, 1)).tolist()[0]", RELU + "return X[:0]", "wrong value"),
    "a dictionary": ("student.relu(row(rng, 1))[0]", RELU + "return {}", "wrong type"),
    "another shape": ("student.relu(row(rng, 3)) + torch.ones(3)", RELU + "return X.repeat(2)", "wrong value"),
    "an index that is too large": ("torch.zeros(4)[student.relu(torch.tensor([1]))]", RELU + "return X + 9", "wrong value"),
    "a size that no memory holds": ("torch.ones(int(student.relu(torch.ones(1))))", RELU + "return X * 1e15", "wrong value"),
    "a file's name": ("open('/dev/' + ['no', 'null'][student.relu(row(rng, 1)).ndim]).close()", RELU + "return X.sum()", "wrong value"),
    "a nest that is walked down": ("deepest(student.relu(row(rng, 1)))", RELU + "return [[[[[X]]]]]", "wrong value"),
    "a call back with too few arguments": ("student.run(keep, f=lambda a, b: a + b)\nstudent.relu(row(rng, 1))", RELU + "return kept(X)", "wrong type"),
    "a None that a probe uses": ("student.run(probe, X=row(rng, 3))", RELU + "return None", "crashed"),
    "a function that does not take what is given": ("student.relu(row(rng, 1))", "def relu():\n    return 0", "crashed"),
}  # fmt: skip
OUTSIDE = """def probe(student, X):
    return list(student.relu(X).shape)


def keep(student, f):
    student.kept = f


def deepest(value, depth=0):
    if depth == 4:
        raise RecursionError("too deep")
    return deepest(value[0], depth + 1) if isinstance(value, list) else value
"""


@pytest.mark.parametrize("what", THEIRS)
def test_a_value_that_cannot_be_used_is_the_students_and_the_staff_reads_where(judge, what):
    body, answer, reason = THEIRS[what]
    verdict = judge(grader_text(body, OUTSIDE), relu=answer)
    assert relu_of(verdict) == (reason, 0)
    assert verdict.points == 40
    assert len(verdict.remarks) == (reason != "crashed")
    for remark in verdict.remarks:
        assert remark.startswith("relu, “keeps what is positive”: the grader could not use what this student's code gave: ")
        assert f"autograder/graders/test_{NAME}.py, line " in remark
    assert f"test_{NAME}" not in json.dumps(verdict.to_json())


ODD = """
class Odd:
    def raises(self, *_):
        raise {}
    __len__ = __iter__ = __getitem__ = __getattr__ = raises

def relu(X):
    return Odd()
"""
LIE = """
exec(compile("def lie(*_):\\n    raise NameError('WITDH')", "<probe {}>", "exec"))
relu = lie
"""
NOT_THERE = """
import sys
def relu(X):
    frame = sys._getframe()
    while "Missing" not in frame.f_globals:
        frame = frame.f_back
    raise frame.f_globals["Missing"]("rellu")
"""
USE = "Y = student.relu(row(rng, 2))\nlen(Y), list(Y), Y[0], Y.shape\nstudent.run(probe, X=Y)"
ERRORS = ("NameError('WITDH')", "UnboundLocalError('X')", "KeyError('long')", "RecursionError()", "OSError(5, 'no')", "MemoryError()", "ImportError('x')",
          "SyntaxError('x')", "SystemExit(3)", "AssertionError()", "RuntimeError('cannot allocate memory')")  # fmt: skip
STARVING = {**{error: ODD.format(error) for error in ERRORS}, "a lie about a probe": LIE.format("probe"), "a lie about a call": NOT_THERE}


@pytest.mark.parametrize("kind", STARVING)
def test_no_student_can_make_the_grader_give_up(judge, kind):
    verdict = judge(grader_text(USE, OUTSIDE), relu=STARVING[kind])
    assert verdict.points == 40
    assert relu_of(verdict)[0] in ("crashed", "missing", "memory", "exited", "wrong type")


def test_a_name_that_the_notebook_lacks_is_the_students_where_the_reference_has_it(judge):
    verdict = judge(grader_text("student.relu(row(rng, 1))"), relu="pass")
    assert (relu_of(verdict), verdict.remarks) == (("missing", 0), [])


@pytest.mark.parametrize("assertion", ["assert 1 == 2, 'no'", "torch.testing.assert_close(torch.ones(1), torch.zeros(1))", "import pytest; pytest.fail('no')"])
def test_an_assertion_of_any_kind_is_a_finding(judge, assertion):
    verdict = judge(grader_text(f"student.relu(row(rng, 1))\n{assertion}"))
    assert (relu_of(verdict), verdict.remarks) == (("wrong value", 0), [])


# -- the commands -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken_class(course: Course, answered) -> ClassFolder:
    """A class of four whose grader has a slip; the first is graded already."""
    folder = ClassFolder(course.root)
    config = folder.root / "course_config.py"
    config.write_text(config.read_text().replace('late_policy="zero",', 'late_policy="zero", sandbox="none",'))
    folder.hand_in("ada", answered())
    folder.grade("--jobs", "1")
    for student in ("ben", "cai", "dora"):
        folder.hand_in(student, answered())
    text = grader_text("X = row(rng, WITDH)  # here")
    (folder.root / "autograder" / "graders" / f"test_{NAME}.py").write_text(text)
    return folder


def failed(folder: ClassFolder, *command: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, *command], cwd=folder.root, env=environment(), capture_output=True, text=True)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_nbgrader_autograde_ends_with_3_and_leaves_no_mark(broken_class):
    before = sorted(broken_class.root.glob("autograded/*/*"))
    status, printed = failed(broken_class, "-m", "nbgrader", "autograde", NAME)
    assert status == 3
    assert printed.count("NameError: name 'WITDH' is not defined. Mend it") == 1
    assert f"autograder/graders/test_{NAME}.py, line {line_of(grader_text('X  # here'), '# here')}" in printed
    assert sorted(broken_class.root.glob("autograded/*/*")) == before
    with broken_class.database() as database:
        marks = database.execute("SELECT count(*) FROM grade WHERE auto_score IS NOT NULL").fetchone()[0]
        assert marks == 2  # those of the first
    assert not list(broken_class.root.glob(".state/unfinished/*/*"))


def test_every_command_names_file_and_line_and_ends_with_3(broken_class):
    main = ("-c", "from autograder.cli import main; main()")
    notebook = broken_class.root / "submitted" / "ben" / NAME / "tiny.ipynb"
    place = f"autograder/graders/test_{NAME}.py, line {line_of(grader_text('X  # here'), '# here')}: NameError: name 'WITDH' is not defined"
    for command in (
        ("grade-class", NAME, "--jobs", "1"),
        ("grade", str(notebook)),
        ("ci", str(notebook), "--sandbox", "none"),
        ("verify", NAME, "--no-mutants"),
    ):
        status, printed = failed(broken_class, *main, *command)
        assert (status, printed.count(place)) == (3, 1), printed
        assert "Traceback" not in printed
        if command[0] == "grade-class":
            assert "0 graded" in printed and "4 not graded" in printed
