"""The commands: exit status, what they print, and the sentence for everything that a person may do wrong."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.cli.grade import find_assignment
from autograder.grading.course import load_course
from tests.engine.class_folder import environment


@pytest.fixture
def command(monkeypatch, capsys, course) -> Callable[..., tuple[int, str, str]]:
    """command("grade", …) inside the tiny course → exit status, what was printed, what was complained about (each on one line)."""
    monkeypatch.chdir(course.root)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return end.value.code, " ".join(printed.out.split()), " ".join(printed.err.split())

    return run


@pytest.fixture
def path_without_bwrap(monkeypatch, tmp_path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def write(path: Path, document) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


# -- grade ------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_notebook_is_graded_without_loading_jupyter_or_torch_into_the_command(course, answered):
    """Each would add seconds to the start; the judge, which needs torch, is another process."""
    write(course.root / "tiny.ipynb", answered())
    program = """
import sys
from autograder.cli import main
sys.argv = ["autograder", "grade", "tiny.ipynb", "--sandbox", "none"]
try:
    main()
finally:
    print([name for name in ("nbformat", "nbgrader", "jupytext", "torch") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=course.root, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "100 of 100 points" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.slow
def test_grading_ends_with_0_whatever_the_marks_and_writes_one_verdict_a_notebook(command, answered):
    perfect = write(Path("hand-in/perfect/tiny.ipynb"), answered())
    wrong = write(Path("hand-in/renamed.ipynb"), answered(relu="def relu(X):\n    return X.clamp(max=0)"))
    broken = write(Path("hand-in/ps90_tiny/x.ipynb"), "{")
    status, out, err = command("grade", perfect, wrong, broken, "--json", "verdicts.json")
    assert (status, err) == (0, "")
    verdicts = json.loads(Path("verdicts.json").read_text())
    assert [verdict["points"] for verdict in verdicts] == [100, 55, 0]
    assert [verdict["notebook"] for verdict in verdicts] == ["tiny.ipynb", "renamed.ipynb", "x.ipynb"]
    assert [bool(verdict["sandbox"]) for verdict in verdicts] == [True, True, False]
    assert "100 of 100 points" in out
    assert "sandbox: bubblewrap" in out
    assert "Hint: the larger of X and 0" in out
    assert "x.ipynb is not a notebook: its JSON is broken at line 1" in out


def test_without_bubblewrap_grading_refuses_with_advice(command, answered, path_without_bwrap):
    status, out, err = command("grade", write(Path("a.ipynb"), answered()))
    assert (status, out) == (3, "")
    assert "bubblewrap (bwrap) is not installed" in err
    assert "apt-get install bubblewrap" in err
    assert "--sandbox none" in err


def test_without_bubblewrap_grading_works_when_told_to_do_without_a_wall_and_says_so(command, answered, path_without_bwrap):
    status, out, _ = command("grade", write(Path("a.ipynb"), answered()), "--sandbox", "none", "--json", "verdict.json")
    assert status == 0
    assert "100 of 100 points" in out
    assert "NO SANDBOX" in out
    assert json.loads(Path("verdict.json").read_text())["points"] == 100


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no json", "is not a notebook: its JSON is broken at line 1"),
        ("", "is not a notebook: it is empty"),
        ("[]", "is not a notebook: its JSON is not an object"),
        ('{"cells": []}', "holds no graded cell of this course: say --assignment NAME"),
        ('{"cells": [{"cell_type": "code", "source": "x = 1", "metadata": {}}]}', "holds no graded cell of this course: say --assignment NAME"),
    ],
)
def test_a_file_that_tells_no_assignment_is_bad_use(command, content, words):
    status, _, err = command("grade", write(Path("strange.ipynb"), content))
    assert status == 2
    assert words in err


@pytest.mark.parametrize("name", ["mine.ipynb", "tiny.ipynb.json", "tiny.txt", "all.zip"])
def test_a_notebook_tells_its_assignment_by_its_cells_whatever_it_is_called(course, answered, tmp_path, name):
    path = write(tmp_path / name, answered())
    if name == "all.zip":
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("a/tiny.ipynb", json.dumps(answered()))
    assert find_assignment(course, path) == "ps90_tiny"


def test_a_notebook_without_metadata_tells_its_assignment_by_what_it_defines(course, answered, tmp_path):
    notebook = answered()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    assert find_assignment(course, write(tmp_path / "mine.ipynb", notebook)) == "ps90_tiny"


def test_a_missing_notebook_is_bad_use(command):
    assert command("grade", "nowhere.ipynb") == (2, "", "autograder: there is no notebook nowhere.ipynb")


@pytest.mark.parametrize("kind", ["folder", "fifo", "link"])
def test_what_is_not_a_file_is_bad_use(command, kind):
    {"folder": os.mkdir, "fifo": os.mkfifo, "link": lambda name: os.symlink("nowhere", name)}[kind]("thing")
    status, _, err = command("grade", "thing")
    assert status == 2
    assert "thing is not a regular file" in err


def test_a_notebook_of_another_assignment_gets_no_points_and_is_told(command, grader, answered):
    document = {"cells": [{"cell_type": "code", "source": "x = 1", "metadata": {"nbgrader": {"grade_id": "other"}}}], "metadata": {}}
    verdict = grader.grade_file(write(Path("tiny.ipynb"), document), "ps90_tiny")
    assert verdict.points == 0
    assert verdict.notes == ["tiny.ipynb holds no cell of the assignment ps90_tiny: was another notebook handed in?"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--sandbox", "docker"], "--sandbox is 'docker'; it can be bwrap or none"),
        (["--device", "tpu"], "--device is 'tpu'; it can be cpu or cuda"),
        (["--assignment", "ps99_none"], "the course has no assignment 'ps99_none'; it has ps90_tiny"),
        (["--frobnicate"], "No such option: --frobnicate"),
    ],
)
def test_an_option_with_an_unknown_value_is_bad_use(command, answered, options, words):
    status, _, err = command("grade", write(Path("a.ipynb"), answered()), *options)
    assert status == 2
    assert words in err


@pytest.mark.slow
def test_a_verdict_that_cannot_be_written_is_bad_use(command, answered):
    status, _, err = command("grade", write(Path("a.ipynb"), answered()), "--sandbox", "none", "--json", "no/such/folder/v.json")
    assert status == 2
    assert "cannot write no/such/folder/v.json: No such file or directory" in err


def test_outside_a_course_the_command_says_where_to_run_it(command, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, _, err = command("grade", write(Path("a.ipynb"), "{}"))
    assert status == 2
    assert "no course_config.py in" in err
    assert "run the command inside the course" in err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("COURSE = None", "course_config.py defines no COURSE = Course(…)"),
        ("1 / 0", "does not run: ZeroDivisionError: division by zero"),
        ("COURSE = Course(id='x', title='x', assignments=(), late_policy='half')", "late_policy is 'half'; it can be none or zero"),
        ("COURSE = Course(id='x', title='x', assignments=(), limits={'memory': 1})", "unknown limit 'memory'; known are"),
        ("COURSE = Course(id='x', title='x', assignments=(), limits={'cpu_seconds': -1})", "limit cpu_seconds is -1; a positive number is needed"),
    ],
)
def test_a_mistake_in_the_configuration_is_bad_use(command, line, words):
    with Path("course_config.py").open("a") as file:
        file.write(f"\n{line}\n")
    status, _, err = command("grade", write(Path("a.ipynb"), "{}"))
    assert status == 2
    assert words in err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("grader_text", "words"),
    [
        (None, "there is no hidden grader for ps90_tiny: graders/test_ps90_tiny.py is missing"),
        ("def broken(:", "the hidden grader of ps90_tiny cannot be loaded: autograder/graders/test_ps90_tiny.py, line 1: SyntaxError: invalid syntax"),
        (
            "import not_there",
            "the hidden grader of ps90_tiny cannot be loaded: autograder/graders/test_ps90_tiny.py, line 1: ModuleNotFoundError: No module named 'not_there'",
        ),
        ("def test_alone(): pass", "autograder/graders/test_ps90_tiny.py, line 1: test_alone is not a @criterion of an @exercise class"),
        ("from autograder import exercise\n@exercise('relu')\nclass TestRelu: pass", "the hidden grader of ps90_tiny"),
    ],
)
def test_a_fault_of_the_grader_is_never_a_mark(command, answered, grader_text, words):
    hidden = Path("autograder/graders/test_ps90_tiny.py")
    hidden.unlink()
    if grader_text:
        hidden.write_text(grader_text)
    status, out, err = command("grade", write(Path("a.ipynb"), answered()), "--sandbox", "none")
    assert (status, out) == (3, "")
    assert f"the grader could not work: {words}" in err


OWN_FIXTURES = """
import pytest
import torch
from autograder import assert_close, criterion, exercise

@pytest.fixture
def X(rng):
    return torch.randn(3, 4, generator=rng)

@exercise("relu")
class TestRelu:
    @criterion("by a fixture of its own")
    def test_fixture(self, student, X):
        assert_close(student.relu(X.clone()), X.clamp(min=0), what="relu(X)")

    @criterion("case by case")
    @pytest.mark.parametrize("size", [1, 5])
    def test_cases(self, student, rng, size):
        X = torch.randn(size, generator=rng)
        assert_close(student.relu(X.clone()), X.clamp(min=0), what=f"relu of {size} numbers")

@exercise("Scale")
class TestScale:
    @criterion("is there")
    def test_there(self, student):
        assert student.has("Scale")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "passed"), [({}, [True, True]), ({"relu": "def relu(X):\n    return X.clamp(max=0)"}, [False, False])])
def test_a_grader_may_have_fixtures_and_cases_of_its_own(command, answered, answer, passed):
    Path("autograder/graders/test_ps90_tiny.py").write_text(OWN_FIXTURES)
    status, _, err = command("grade", write(Path("a.ipynb"), answered(**answer)), "--sandbox", "none", "--json", "verdict.json")
    assert status == 0, err
    criteria = json.loads(Path("verdict.json").read_text())["exercises"][0]["criteria"]
    assert [(c["title"], c["passed"], c["reason"]) for c in criteria] == [
        (title, right, "passed" if right else "wrong value") for title, right in zip(("by a fixture of its own", "case by case"), passed, strict=True)
    ]


@pytest.mark.slow
def test_the_console_script_gives_the_exit_status_and_no_traceback(course, answered, tmp_path):
    script = Path(sys.executable).with_name("autograder")
    done = subprocess.run([script, "grade", "nowhere.ipynb"], cwd=course.root, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "autograder: there is no notebook nowhere.ipynb\n"


# -- build ------------------------------------------------------------------------------------------------------------------


def test_a_fresh_build_is_fresh(command):
    assert command("build", "--check")[0] == 0


@pytest.mark.parametrize(
    ("spoil", "stale"),
    [
        (lambda root: _edit(root / "solutions/ps90_tiny/tiny.py", "# # Two functions", "# # Three functions"), "source/ps90_tiny/tiny.ipynb"),
        (lambda root: _edit(root / "source/ps90_tiny/tiny.ipynb", "min=0", "min=1"), "source/ps90_tiny/tiny.ipynb"),
        (lambda root: _edit(root / "release/ps90_tiny/tiny.ipynb", "YOUR CODE HERE", "WRITE HERE"), "release/ps90_tiny/tiny.ipynb"),
        (lambda root: (root / "release/ps90_tiny/tiny.ipynb").unlink(), "release/ps90_tiny/tiny.ipynb (not built)"),
        (lambda root: (root / "release/ps90_tiny/answers.txt").touch(), "release/ps90_tiny/answers.txt (should not be there)"),
        (lambda root: (root / "source/ps90_tiny/factor.txt").write_text("2"), "release/ps90_tiny/factor.txt"),
    ],
    ids=["text", "source", "release", "removed", "added", "helper file"],
)
def test_a_stale_file_is_found_by_name_and_nothing_is_changed(command, spoil, stale):
    spoil(Path())
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    status, out, _ = command("build", "--check")
    assert status == 1
    assert f"stale: {stale}" in out
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_building_makes_what_was_missing(command):
    shutil.rmtree("release")
    status, out, _ = command("build", "ps90_tiny")
    assert status == 0
    assert "built ps90_tiny → release/ps90_tiny/tiny.ipynb" in out
    assert load_course(Path()).names == ["ps90_tiny"]
    assert command("build", "--check")[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"grade_id": "Scale"', '"grade_id": "relu"', "ps90_tiny: the grade id 'relu' stands on two cells"),
        ('"points": 60', '"points": 61', "ps90_tiny: the points add up to 101, not to 100"),
        (
            "    ### END SOLUTION\n\n\n# %% nbgrader",
            "\n\n# %% nbgrader",
            "solutions/ps90_tiny/tiny.py, line 26: ### BEGIN SOLUTION has no ### END SOLUTION in the cell relu",
        ),
        (
            "tolist() == [0, 2]",
            "tolist() == [0, 3]",
            "solutions/ps90_tiny/tiny.py, line 32, in the cell test_relu: relu keeps what is positive",
        ),
        (
            "return X.clamp(min=0)",
            "return X.clamp(min=zero)",
            "line 32, in the cell test_relu: NameError: name 'zero' is not defined, raised at line 27",
        ),
    ],
)
def test_a_text_that_cannot_be_built_is_refused_with_what_is_wrong(command, old, new, words):
    _edit(Path("solutions/ps90_tiny/tiny.py"), old, new)
    status, _, err = command("build")
    assert status == 1
    assert words in err


def test_an_unknown_assignment_is_not_built(command):
    status, _, err = command("build", "ps99_none")
    assert status == 2
    assert "the course has no assignment 'ps99_none'; it has ps90_tiny" in err


# -- doctor -----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_doctor_names_the_layers_of_the_wall_and_the_course(command):
    status, out, _ = command("doctor")
    assert status == 0
    for words in ("sandbox layers: bwrap, ", "seccomp", "torch ", "nbgrader ", "A tiny course: 1 assignments, all built"):
        assert words in out


def test_doctor_gives_advice_where_bubblewrap_is_missing(command, path_without_bwrap):
    status, out, _ = command("doctor")
    assert status == 1
    assert "bubblewrap is not installed" in out
    assert "apt-get install bubblewrap" in out
