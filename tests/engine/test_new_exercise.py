"""A function in a plain cell of the text becomes an exercise: nothing has to be mended or deleted before it is built and verified."""

import re
import shutil
from pathlib import Path

import pytest

from autograder.authoring.described import described
from autograder.authoring.errors import BuildError
from autograder.authoring.new_exercise import new_exercise
from autograder.authoring.verify import verify
from autograder.authoring.visible_checks import failing_checks
from autograder.grading.course import Course, load_course
from autograder.runs.pool import Pool

NAME, TEXT = "ps90_tiny", Path("solutions/ps90_tiny/tiny.py")
SHRUNK = '''
# %%
def shrunk(X, theta=1.0):
    """Rows longer than theta, shrunk to that length.

    X: (n, d) float, no row of zeros. Returns (n, d).
    """
    length = X.square().sum(dim=1, keepdim=True).sqrt()
    return X * (theta / length).clamp(max=1)
'''


@pytest.fixture
def with_cell(course):
    """with_cell(cell): the tiny course with one more cell at the end of its text."""
    shutil.copy(Path(__file__).parents[2] / "source" / "course_tools.py", course.root / "source")

    def add(cell: str) -> Course:
        path = course.root / TEXT
        path.write_text(path.read_text().rstrip() + "\n" + cell)
        return load_course(course.root)

    return add


def test_cells_grader_and_answers_are_made_from_the_function(with_cell):
    course = with_cell(SHRUNK)
    made = new_exercise(course, NAME, "shrunk", points=10)
    text, grader = (course.root / TEXT).read_text(), (course.root / "autograder/graders/test_ps90_tiny.py").read_text()
    assert '    """\n    ### BEGIN SOLUTION\n    length' in text
    assert text.count("### END SOLUTION") == text.count("### BEGIN SOLUTION")
    assert re.findall(r'"points": (\d+)', text) == ["50", "40", "0", "10"]
    assert made.points == ["relu 60 → 50"]
    assert "about 10 minutes · 10 points*\n#\n# Notes: ?\n#\n" in text
    assert "reference.shrunk,\n    lambda draw, n=5, d=3: (draw.normal(n, d),),\n    sizes=[(1, 4), (5, 3), (7, 11)],\n)\n" in grader
    for promise in ("agrees", "keeps_dtype", "gradients", "leaves_inputs", 'at_once("n"', "again"):
        assert f"= shrunk.{promise}" in grader
    assert [path.parent.name for path in made.files[2:]] == ["right"] * 3 + ["wrong"] * 4
    assert failing_checks(course.root, [NAME]) == []


@pytest.mark.slow
def test_what_was_made_verifies_as_it_is(with_cell):
    course = with_cell(SHRUNK)
    new_exercise(course, NAME, "shrunk")
    with Pool(course, 1, "none") as pool:
        report = verify(course, NAME, pool, "shrunk")
    assert report.problems() == []
    assert (report.exercises["shrunk"].right, report.exercises["shrunk"].wrong, report.exercises["shrunk"].unseen) == (3, 4, [])


def test_a_promise_that_the_function_does_not_keep_is_left_out_and_named(with_cell):
    course = with_cell(SHRUNK.replace("return X * (", "return X.detach() * (").replace(".sqrt()", ".sqrt().detach()"))
    made = new_exercise(course, NAME, "shrunk")
    assert list(made.left_out) == ["test_gradients"]
    assert "gradient" in made.left_out["test_gradients"]
    assert "gradients" not in (course.root / "autograder/graders/test_ps90_tiny.py").read_text().partition('@exercise("shrunk")')[2]
    assert "check_promises(shrunk, _X, gradient=False)" in (course.root / TEXT).read_text()


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "shrunk is not there yet: write the function with its docstring into a plain cell"),
        (SHRUNK.replace("X: (n, d) float", "X: what comes in"), "the docstring does not say what X is: write for instance `X: (n, d) float`"),
        (SHRUNK.replace('"""', "'''").replace("'''", "# ", 1).replace("    X: (", "    # X: (").replace("    '''\n", ""), "shrunk has no docstring"),
        (SHRUNK + "\nshrunk(torch.ones(1, 2))\n", "in a cell with other statements"),
        ("\n# %%\nclass shrunk:\n    pass\n", "shrunk is a class"),
        (SHRUNK.replace("(n, d) float", "(n,) float"), "it does not take what its docstring says"),
    ],
    ids=["not there", "not described", "no docstring", "not alone", "a class", "described wrongly"],
)
def test_what_cannot_become_an_exercise_is_said_and_nothing_is_written(with_cell, cell, words):
    course = with_cell(cell)
    before = {path: path.read_bytes() for path in course.root.rglob("*.py")}
    with pytest.raises(BuildError, match=re.escape(words)):
        new_exercise(course, NAME, "shrunk")
    assert {path: path.read_bytes() for path in course.root.rglob("*.py")} == before


def labelled(P, y, W, S, theta, keep=True):
    """P: (n, k) probabilities; y: (n,) labels < k; W: (3, 2 * k) positive; S: (n, k) float, not probabilities; theta: number"""


def test_arguments_are_drawn_as_the_docstring_says():
    arguments = described(labelled)
    assert arguments.source == (
        "lambda draw, n=5, k=3: (draw.probabilities(n, k), draw.labels(n, k), draw.uniform(3, 2 * k, low=0.5, high=2.0), draw.normal(n, k), 0.7)"
    )
