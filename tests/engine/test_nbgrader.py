"""The stock nbgrader commands on a real assignment: what they grade, record and show, whatever was handed in."""

import html
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.authoring.build import build
from autograder.authoring.sample_class import notebook_of
from autograder.grading.course import load_course
from autograder.judge.verdict import Verdict

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NAME = "ps05_softmax_regression"
CONFIG = f"""
from autograder.grading.course import Assignment, Course
from autograder.nbgrader_plugin.configuration import configure
COURSE = Course("one", "One assignment", (Assignment("{NAME}", "Softmax", due="2027-03-22T23:59:00+08:00"),), late_policy="zero")
c = get_config()
configure(COURSE, c)
"""
LOUD = """
import sys, warnings
warnings.warn("harmless")
print("to stderr", file=sys.stderr)
"""
WRONG = '''
from IPython.display import HTML, Javascript, Markdown, display
print("<script>printed()</script>")
display(HTML("<script>shown()</script><b>bold</b>"), Javascript("run()"), Markdown("<script>marked()</script>"))

def softmax_jacobian(p):
    """<script>documented()</script>"""
    raise ValueError("<script>raised()</script> \\x1b[31m")
'''


@dataclass
class Class:
    """A course folder in which a class handed in."""

    root: Path

    def nbgrader(self, *arguments: str) -> str:
        """Runs a stock command; returns what it logged."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        done = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=self.root, env={**os.environ, "PATH": path}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stderr

    def gradebook(self):
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "one")

    def scores(self, student: str) -> dict[str, float]:
        with self.gradebook() as gradebook:
            (notebook,) = gradebook.find_submission(NAME, student).notebooks
            return {grade.name: grade.score for grade in notebook.grades}

    def verdict(self, student: str) -> Verdict:
        return Verdict.from_json(json.loads((self.root / "verdicts" / NAME / f"{student}.json").read_text()))

    def feedback(self, student: str) -> str:
        return (self.root / "feedback" / student / NAME / "softmax_regression.html").read_text()


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Class:
    """Seven students handed in; the instructor graded and wrote feedback."""
    root = tmp_path_factory.mktemp("class")
    (root / "course_config.py").write_text(CONFIG)
    (root / "nbgrader_config.py").write_text('load_subconfig("course_config.py")')
    (root / "source").mkdir()
    (root / "source" / "course_tools.py").write_bytes((ROOT / "source" / "course_tools.py").read_bytes())
    for folder in ("solutions", "autograder"):
        (root / folder).symlink_to(ROOT / folder)
    course = load_course(root)
    (release,) = build(course, [NAME])
    perfect = notebook_of(NAME, ROOT, {}, release)
    loud, wrong = (json.loads(json.dumps(perfect)) for _ in range(2))
    _cell(loud, "softmax")["source"] = LOUD + "".join(_cell(loud, "softmax")["source"])
    _cell(wrong, "softmax_jacobian")["source"] = WRONG
    _cell(wrong, "written_shift")["source"] = (
        "Because. <script>written()</script> <img src=x onerror=loaded()> [click](javascript:clicked()) ![gone](attachment:gone.png)"
    )
    documents = dict.fromkeys(("perfect", "late", "renamed", "odd"), perfect) | {"loud": loud, "wrong": wrong, "unreadable": None}
    for student, document in documents.items():
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        name = "softmax_regression (1).ipynb" if student == "renamed" else release.name
        (folder / name).write_text("{" if document is None else json.dumps(document))
        (folder / "timestamp.txt").write_text("2027-03-22 16:30:00 UTC" if student == "late" else "2027-03-22 15:30:00 UTC")
    (root / "secret").mkdir()
    (root / "secret" / "key.txt").write_text("the key")
    odd = root / "submitted" / "odd" / NAME
    os.mkfifo(odd / "pipe.txt")
    (odd / "link.txt").symlink_to(root / "secret" / "key.txt")
    (odd / "folder").symlink_to(root / "secret")
    handed_in = Class(root)
    handed_in.nbgrader("autograde", NAME)
    handed_in.nbgrader("generate_feedback", NAME)
    return handed_in


def _cell(document, grade_id):
    return next(cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


# -- scores -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("student", ["perfect", "loud", "wrong", "late", "renamed", "odd", "unreadable"])
def test_the_gradebook_holds_the_points_of_the_verdict_cell_by_cell(graded, student):
    verdict, scores = graded.verdict(student), graded.scores(student)
    assert len(verdict.exercises) == 11
    for exercise in verdict.exercises:
        assert scores[f"test_{exercise.name}"] == pytest.approx(exercise.points)
    assert sum(scores.values()) == pytest.approx(verdict.points)


@pytest.mark.parametrize("student", ["perfect", "renamed", "odd"])
def test_a_right_answer_gets_all_points_whatever_lies_beside_it_or_it_is_called(graded, student):
    assert graded.verdict(student).points == 100


def test_links_and_pipes_in_a_submission_are_set_aside_and_never_followed(graded):
    copied = {path.name for path in (graded.root / "autograded" / "odd" / NAME).iterdir()}
    assert "softmax_regression.ipynb" in copied
    assert not copied & {"pipe.txt", "link.txt", "folder"}
    assert {path.name for path in (graded.root / "quarantine" / "odd" / NAME).iterdir()} == {"pipe.txt", "link.txt", "folder"}
    assert (graded.root / "secret" / "key.txt").read_text() == "the key"


def test_a_warning_on_stderr_costs_nothing(graded):
    assert graded.verdict("loud").points == 100


def test_a_wrong_answer_costs_its_own_points(graded):
    exercises = {exercise.name: exercise for exercise in graded.verdict("wrong").exercises}
    assert exercises.pop("softmax_jacobian").points == 0
    assert all(exercise.points == exercise.max_points for exercise in exercises.values())


def test_an_unreadable_notebook_gets_no_points_and_is_told_why(graded):
    verdict = graded.verdict("unreadable")
    assert verdict.points == 0
    assert verdict.notes == ["softmax_regression.ipynb is not a notebook: its JSON is broken at line 1. Was it cut off or saved by another program? "
                             "Open it in JupyterLab, save, hand in again"]  # fmt: skip
    assert "its JSON is broken" in graded.feedback("unreadable")


def test_the_late_policy_zero_takes_all_points_of_who_is_late_and_of_nobody_else(graded):
    with graded.gradebook() as gradebook:
        penalties = {s.student_id: sum(n.late_submission_penalty or 0 for n in s.notebooks) for s in gradebook.assignment_submissions(NAME)}
    assert penalties == {**dict.fromkeys(["perfect", "loud", "wrong", "renamed", "odd", "unreadable"], 0), "late": 100}


def test_questions_marked_by_hand_wait_for_it(graded):
    with graded.gradebook() as gradebook:
        (notebook,) = gradebook.find_submission(NAME, "perfect").notebooks
        assert {grade.name for grade in notebook.grades if grade.needs_manual_grade} == {"written_shift", "written_gradient"}


# -- feedback -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("student", ["perfect", "wrong", "unreadable"])
def test_the_feedback_holds_the_table_of_criteria(graded, student):
    page = html.unescape(graded.feedback(student))
    for exercise in graded.verdict(student).exercises:
        for criterion in exercise.criteria:
            assert criterion.title in page
            assert criterion.message in page
            assert criterion.hint in page


def test_the_feedback_shows_outputs_and_runs_nothing_of_the_students(graded):
    page = graded.feedback("wrong")
    for name in ("printed", "shown", "run", "marked", "documented", "raised", "written", "loaded"):
        assert f"<script>{name}()" not in page
        assert f"<script>\n{name}()" not in page
    assert "onerror=loaded()>" not in page.replace("&gt;", "").replace("&lt;img", "")
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;printed()" in page
    assert "softmax_jacobian raised ValueError" in html.unescape(page)
    assert "\x1b" not in page


@pytest.mark.parametrize("student", ["perfect", "wrong", "unreadable"])
def test_no_line_of_the_hidden_grader_is_in_the_feedback_or_the_autograded_notebook(graded, student):
    source = (ROOT / "autograder" / "graders" / f"test_{NAME}.py").read_text()
    hidden = [line.strip() for line in source.splitlines() if re.match(r"\s+(assert_\w+\(|expect\(|def test_|X = |for .* in )", line)]
    shown = html.unescape(re.sub(r"<[^>]+>", "", graded.feedback(student)))
    shown += (graded.root / "autograded" / student / NAME / "softmax_regression.ipynb").read_text()
    released = (graded.root / "release" / NAME / "softmax_regression.ipynb").read_text() + (ROOT / "solutions" / NAME / "softmax_regression.py").read_text()
    assert len(hidden) > 50
    assert [line for line in hidden if line in shown and line not in released] == []
    assert "reference." not in shown


def test_what_was_handed_in_stays_as_it_was(graded):
    assert (graded.root / "submitted" / "unreadable" / NAME / "softmax_regression.ipynb").read_text() == "{"


# -- again --------------------------------------------------------------------------------------------------------------------


def test_a_second_autograde_skips_what_is_graded(graded):
    files = [*graded.root.glob("autograded/*/*/*.ipynb"), *graded.root.glob("verdicts/*/*.json")]
    before = {path: path.stat().st_mtime_ns for path in files}
    log = graded.nbgrader("autograde", NAME)
    assert len(before) == 14
    assert {path: path.stat().st_mtime_ns for path in files} == before
    assert log.count("Skipping existing assignment") == 7


def test_marks_made_by_hand_survive_grading_again(graded):
    with graded.gradebook() as gradebook:
        for name, fields in {"test_softmax_jacobian": {"manual_score": 5.5}, "written_shift": {"manual_score": 0, "extra_credit": 4}}.items():
            grade = gradebook.find_grade(name, "softmax_regression", NAME, "wrong")
            for field, value in fields.items():
                setattr(grade, field, value)
        gradebook.find_comment("written_shift", "softmax_regression", NAME, "wrong").manual_comment = "well put"
        gradebook.db.commit()
    graded.nbgrader("autograde", NAME, "--student", "wrong", "--force")
    scores = graded.scores("wrong")
    assert (scores["test_softmax_jacobian"], scores["written_shift"]) == (5.5, 4)
    assert sum(scores.values()) == pytest.approx(graded.verdict("wrong").points + 5.5 + 4)
    with graded.gradebook() as gradebook:
        assert gradebook.find_comment("written_shift", "softmax_regression", NAME, "wrong").comment == "well put"
    graded.nbgrader("generate_feedback", NAME, "--student", "wrong", "--force")
    assert "well put" in graded.feedback("wrong")


def test_where_the_release_and_the_gradebook_differ_the_gradebook_counts(graded):
    release = graded.root / "release" / NAME / "softmax_regression.ipynb"
    text = release.read_text()
    document = json.loads(text)
    check = _cell(document, "test_softmax")
    locked, right = "".join(check["source"]), check["metadata"]["nbgrader"]["points"]
    check["source"], check["metadata"]["nbgrader"]["points"] = "pass  # changed after the release\n", right + 5
    try:
        release.write_text(json.dumps(document))
        log = graded.nbgrader("autograde", NAME, "--student", "renamed", "--force")
    finally:
        release.write_text(text)
    assert "differs from what nbgrader's gradebook knows" in log
    made = _cell(json.loads((graded.root / "autograded" / "renamed" / NAME / "softmax_regression.ipynb").read_text()), "test_softmax")
    assert "".join(made["source"]) == locked
    assert made["metadata"]["nbgrader"]["points"] == right
