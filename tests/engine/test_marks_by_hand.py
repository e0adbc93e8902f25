"""Marks by hand: they count when they are entered, never above what the question says, and are asked for again only when the answer has changed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.authoring.build import build
from autograder.authoring.errors import BuildError
from autograder.grading.course import load_course
from autograder.judge.jobs import CellOutcome, GraderFault
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.nbgrader_plugin.class_run import grade_class
from autograder.nbgrader_plugin.marks_by_hand import looked_at
from autograder.notebooks.master import Master, MasterCell
from autograder.notebooks.written import marking_schemes, most_points, points_in
from tests.engine.class_folder import NAME, ClassFolder, environment

ROOT = Path(__file__).resolve().parents[2]
SCHEME = "A product of matrices is a matrix."
# What nbgrader's add_submission always says of itself.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type .* not in session")


class Marked(ClassFolder):
    """A class whose grader gives what `share` says, and a person who marks."""

    share = 1.0

    def regrade(self) -> None:
        def judge(jobs, on_verdict, _on_fault) -> None:
            for job in jobs:
                criteria = [CriterionResult("right", self.share, True, "passed"), CriterionResult("also right", 1 - self.share, False, "wrong value")]
                exercises = [ExerciseResult(name, points, criteria[: 1 + (self.share < 1)]) for name, points in job.points.items()]
                on_verdict(job, Verdict(job.assignment, job.notebook, exercises), [CellOutcome("ok", []) for _ in job.plan.cells])

        grade_class(load_course(self.root), [NAME], judge, "none", "cpu", everything=True)

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "tiny")

    def mark(self, cell: str = "why", student: str = "kim", **fields) -> None:
        """What formgrader's handler does."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, "tiny", NAME, student)
            grade.manual_score, grade.extra_credit = fields.get("manual_score"), fields.get("extra_credit")
            grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
            gradebook.db.commit()

    def enter(self, value: str, column: str = "manual_score", cell: str = "why") -> None:
        """Past nbgrader, straight into the database."""
        with self.database() as database:
            database.execute(f"UPDATE grade SET {column} = {value} WHERE cell_id IN (SELECT id FROM base_cell WHERE name = ?)", (cell,))

    def grade_of(self, cell: str = "why", student: str = "kim") -> tuple[float | None, float | None, float, bool]:
        """Mark by hand, extra credit, what counts, and whether a mark is asked for."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, "tiny", NAME, student)
            return grade.manual_score, grade.extra_credit, grade.score, grade.needs_manual_grade

    def sentences(self) -> list[str]:
        return looked_at(load_course(self.root), [NAME])


def answer(answered, why: str, **attachments) -> dict:
    document = answered()
    cell = next(cell for cell in document["cells"] if cell["id"] == "why")
    cell.update(source=why, attachments=attachments)
    return document


@pytest.fixture
def marked(course, answered) -> Marked:
    """One submission, graded."""
    folder = Marked(course.root)
    folder.hand_in("kim", answer(answered, "Because."))
    folder.regrade()
    return folder


# -- what a question gives ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("**Question 1 (up to 4 points of extra credit, marked by hand).** Show it.", 4),
        ("**Question** (1 point of extra credit). Why?", 1),
        ("Together up to 10 points of extra credit.\n### Question 1: why (up to 2.5 points)", 2.5),
        ("第一题（up to 3 points）", 3),
        ("Two points make a line.", None),
        ("A line through (3 points) and one more (up to 5 points): why?", 5),
    ],
)
def test_the_text_of_a_question_says_what_it_gives_at_most(text, points):
    assert points_in(text) == points


def test_the_number_stands_in_the_cell_of_the_answer_or_in_the_text_above():
    above = MasterCell("prose", "(up to 4 points)", cell_type="markdown")
    cells = [MasterCell("written", "YOUR ANSWER HERE", "one"), MasterCell("written", "(up to 2 points) YOUR ANSWER HERE", "two"),
             MasterCell("written", "YOUR ANSWER HERE", "three"), MasterCell("written", "YOUR ANSWER HERE", "points of its own", 6)]  # fmt: skip
    assert most_points(Master("ps", "ps.ipynb", (above, cells[0], above, cells[1], cells[2], above, cells[3]), {})) == {"one": 4, "two": 2}


def test_every_written_question_of_the_course_says_what_it_gives_and_has_a_marking_scheme():
    course = load_course(ROOT)
    for name, master in course.masters.items():
        questions = {cell.grade_id for cell in master.cells if cell.kind == "written"}
        assert set(most_points(master)) == questions, name
        schemes = marking_schemes(ROOT / "source" / name / master.notebook)
        assert questions == set(schemes), name
        assert all(re.search(r"\b(marking|points?)\b", text, re.IGNORECASE) and "SOLUTION" not in text for text in schemes.values()), name


def test_a_question_that_does_not_say_what_it_gives_is_not_built(course):
    text = course.root / "solutions" / NAME / "tiny.py"
    text.write_text(text.read_text().replace("(up to 5 points of extra credit, marked by hand)", "(five points)"))
    with pytest.raises(BuildError, match=f"{NAME}: the text of why does not say what it gives at most"):
        build(course, [NAME])


# -- marks that count ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "kept"), [({"manual_score": 3}, (3, None)), ({"extra_credit": 3}, (0, 3)), ({"manual_score": 1, "extra_credit": 2}, (1, 2))]
)
def test_a_mark_counts_alone_in_whichever_field_it_stands(marked, in_course, entered, kept):
    marked.mark(**entered)
    assert in_course("export")[0] == 0
    assert marked.grade_of() == (*kept, 3, False)
    assert "103" in (marked.root / "grades.csv").read_text()


@pytest.mark.parametrize(("entered", "words"), [({"manual_score": 7}, "7"), ({"extra_credit": 5.5}, "5.5"), ({"manual_score": 4, "extra_credit": 2}, "6")])
def test_a_mark_above_what_the_question_says_is_named_and_counts_as_the_most_there_is(marked, entered, words):
    marked.mark(**entered)
    expected = f"kim, {NAME}, why: {words} points were entered, where 5 is the most; 5 count until it is marked again"
    assert marked.sentences() == [expected]
    assert marked.grade_of() == (5, None, 5, True)
    assert marked.sentences() == []


def test_a_mark_above_the_points_of_an_exercise_is_cut_and_a_gift_on_top_is_not(marked):
    marked.mark("test_relu", manual_score=61, extra_credit=30)
    assert marked.sentences() == [f"kim, {NAME}, test_relu: 61 points were entered, where 60 is the most; 60 count until it is marked again"]
    assert marked.grade_of("test_relu") == (60, 30, 90, True)


@pytest.mark.parametrize("value", ["-2", "'abc'", "9e999", "-9e999"])
@pytest.mark.parametrize("column", ["manual_score", "extra_credit"])
def test_what_is_no_mark_is_named_and_does_not_count(marked, value, column):
    marked.enter(value, column)
    (sentence,) = marked.sentences()
    assert re.fullmatch(rf"kim, {NAME}, why: (-2.0|abc|-?inf) was entered, which is no mark; it does not count. Enter it again in formgrader", sentence)
    assert marked.grade_of() == (None, None, 0, True)


def test_a_mark_that_counts_is_left_as_it_was_entered(marked):
    marked.mark(manual_score=5)
    marked.mark("test_relu", manual_score=12.5)
    before = marked.tables()
    assert marked.sentences() == []
    assert marked.tables() == before


def test_marks_of_a_question_that_the_release_no_longer_has_are_named(marked):
    marked.mark(manual_score=3)
    (release,) = (marked.root / "release" / NAME).glob("*.ipynb")
    document = json.loads(release.read_text())
    document["cells"] = [cell for cell in document["cells"] if cell["id"] != "why"]
    release.write_text(json.dumps(document))
    assert marked.sentences() == [f"{NAME}, why: marks of kim count as entered, but release/{NAME} has no such question"]
    assert marked.grade_of()[:3] == (3, None, 3)


def test_a_gradebook_that_is_gone_is_said_and_not_made(marked):
    (marked.root / "gradebook.db").unlink()
    with pytest.raises(GraderFault, match=r"there is no gradebook .*gradebook.db: run `autograder build`"):
        marked.sentences()
    assert not (marked.root / "gradebook.db").exists()


def test_a_gradebook_that_is_no_gradebook_is_said(marked):
    (marked.root / "gradebook.db").write_text("not a database, but long enough to be taken for one" * 100)
    with pytest.raises(GraderFault, match="cannot be opened: file is not a database"):
        marked.sentences()


@pytest.mark.slow
def test_a_locked_gradebook_is_said_and_keeps_what_was_entered(marked, in_course, monkeypatch):
    monkeypatch.setattr("autograder.nbgrader_plugin.gradebook.TRIES", 2)
    marked.mark(manual_score=7)
    with marked.database() as database:
        database.execute("BEGIN IMMEDIATE")
        status, out, error = in_course("export")
        database.rollback()
    assert status == 3
    assert "database is locked" in " ".join((out + error).split())
    assert marked.grade_of()[0] == 7


# -- graded again -------------------------------------------------------------------------------------------------------------


def test_a_question_that_was_marked_is_not_asked_for_again_while_its_answer_is_the_same(marked):
    marked.mark(manual_score=3)
    marked.regrade()
    assert marked.grade_of() == (3, None, 3, False)


@pytest.mark.parametrize("entered", [{"manual_score": 3}, {"extra_credit": 3}])
@pytest.mark.parametrize("changed", [("Because of matrices.", {}), ("Because.", {"paper.png": {"image/png": "aGk="}}), ("YOUR ANSWER HERE", {})])
def test_when_the_answer_changes_the_mark_is_kept_and_asked_for_again_until_it_is_given(marked, answered, changed, entered):
    marked.mark(**entered)
    text, pictures = changed
    marked.hand_in("kim", answer(answered, text, **pictures))
    marked.regrade()
    assert marked.grade_of()[2:] == (3, True)
    marked.regrade()
    assert marked.grade_of()[2:] == (3, True)
    marked.mark(manual_score=4)
    marked.regrade()
    assert marked.grade_of() == (4, None, 4, False)


def test_a_question_that_nobody_has_marked_is_asked_for(marked):
    marked.regrade()
    assert marked.grade_of() == (None, None, 0, True)


def test_a_mark_by_hand_below_what_a_repaired_grader_gives_is_named_until_it_is_confirmed(marked):
    marked.share = 0.5
    marked.regrade()
    marked.mark("test_relu", manual_score=40)
    assert marked.sentences() == []
    marked.share = 1.0
    marked.regrade()
    expected = [
        f"kim, {NAME}, test_relu: the mark by hand is 40, the grader now gives 60; 40 count. In formgrader, confirm the mark (Resolve) or empty its field"
    ]
    assert marked.sentences() == expected
    assert marked.sentences() == expected
    marked.mark("test_relu", manual_score=40)
    marked.regrade()
    assert marked.sentences() == []
    assert marked.grade_of("test_relu") == (40, None, 40, False)


# -- with nbgrader's commands -------------------------------------------------------------------------------------------------


@pytest.fixture
def stock(built, tmp_path, answered) -> Marked:
    """A class of two, not graded yet; without a wall."""
    shutil.copytree(built.root, tmp_path / "stock")
    config = tmp_path / "stock" / "course_config.py"
    config.write_text(config.read_text().replace('late_policy="zero",', 'late_policy="zero",\n    sandbox="none",'))
    folder = Marked(tmp_path / "stock")
    folder.hand_in("kim", answer(answered, "Because."))
    folder.hand_in("lee", answer(answered, "Well."))
    return folder


def commands(folder: Marked, *lines: str) -> str:
    """Stock commands, one after the other in one process; what they logged."""
    return folder.run(sys.executable, "-m", "autograder.nbgrader_plugin.commands", json.dumps([line.split() for line in lines]))


def pages(folder: Marked) -> dict[str, str]:
    return {path.parts[-3]: path.read_text() for path in sorted(folder.root.glob(f"feedback/*/{NAME}/tiny.html"))}


def heading_of(page: str) -> str:
    """Whose page it is, and the mark."""
    shown = re.search(r"<h1>(.*?)</h1>.*?<b>(.*?)</b> <span>(.*?)</span>", page, re.DOTALL)
    return f"{shown[1]}: {shown[2]} {shown[3]}"


@pytest.mark.slow
def test_feedback_is_made_anew_after_each_change_and_only_then(stock, answered):
    commands(stock, f"autograde {NAME}", f"generate_feedback {NAME}")
    first = pages(stock)
    assert [heading_of(page) for page in first.values()] == ["kim: 100 of 100 points", "lee: 100 of 100 points"]
    assert "not marked yet, up to 5 points of extra credit" in first["kim"]

    stock.mark(manual_score=3)
    log = commands(stock, f"generate_feedback {NAME}")
    second = pages(stock)
    assert heading_of(second["kim"]) == "kim: 103 of 100 points"
    assert "3 of 5, extra credit" in second["kim"]
    assert second["lee"] == first["lee"]
    assert log.count("Skipping existing assignment") == 1

    with stock.gradebook() as gradebook:
        gradebook.find_comment("why", "tiny", NAME, "kim").manual_comment = "well put"
        gradebook.db.commit()
    log = commands(stock, f"generate_feedback {NAME}", f"generate_feedback {NAME}")
    assert "well put" in pages(stock)["kim"]
    assert log.count("Skipping existing assignment") == 3

    stock.hand_in("kim", answered(relu="def relu(X):\n    return -X"))
    commands(stock, f"autograde {NAME} --student kim --force")
    assert list(pages(stock)) == ["lee"]
    commands(stock, f"generate_feedback {NAME}")
    with stock.gradebook() as gradebook:
        score = gradebook.find_submission(NAME, "kim").score
    assert 43 <= score < 103
    assert heading_of(pages(stock)["kim"]) == f"kim: {score:g} of 100 points"


@pytest.mark.slow
def test_nbgraders_own_commands_keep_marks_name_what_cannot_count_and_never_write_down_the_marking_scheme(stock, answered):
    commands(stock, f"autograde {NAME}")
    stock.mark(manual_score=3)
    stock.mark(student="lee", manual_score=9)
    stock.hand_in("lee", answer(answered, "Changed."))
    log = commands(stock, f"autograde {NAME} --force", "export", f"generate_feedback {NAME}")
    assert stock.grade_of() == (3, None, 3, False)
    assert stock.grade_of(student="lee") == (5, None, 5, True)
    assert log.count(f"lee, {NAME}, why: 9 points were entered, where 5 is the most; 5 count until it is marked again") == 1
    assert ",105.0," in (stock.root / "grades.csv").read_text()
    holding = {path.relative_to(stock.root).parts[0] for path in stock.root.rglob("*") if path.is_file() and SCHEME.encode() in path.read_bytes()}
    assert holding == {"source", "solutions"}


@pytest.mark.slow
def test_generate_feedback_without_a_gradebook_ends_with_a_sentence(marked):
    (marked.root / "gradebook.db").unlink()
    done = subprocess.run([sys.executable, "-m", "nbgrader", "generate_feedback", NAME], cwd=marked.root, env=environment(), capture_output=True, text=True)
    assert done.returncode == 1
    assert "there is no gradebook" in done.stderr
    assert "Traceback" not in done.stderr


# -- formgrader ---------------------------------------------------------------------------------------------------------------


class Formgrader:
    """A Jupyter server in a course's folder, and a person who is logged in."""

    def __init__(self, folder: Marked, name: str = "runtime"):
        runtime = folder.root / name
        env = environment() | {"JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_TOKEN": "token"}
        command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--ServerApp.port=0"]
        self.process = subprocess.Popen(command, cwd=folder.root, env=env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not (text := "".join(path.read_text() for path in runtime.glob("jpserver-*.json"))).endswith("}"):
            assert self.process.poll() is None, "the server does not start"
            time.sleep(0.2)
        self.url = json.loads(text)["url"]
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        return self.opener.open(urllib.request.Request(self.url + path, headers={"Authorization": "token token"}), timeout=60).read().decode()

    def put(self, path: str, body: dict) -> dict:
        headers = {"Authorization": "token token", "X-XSRFToken": next(cookie.value for cookie in self.cookies if cookie.name == "_xsrf")}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers, method="PUT")
        return json.loads(self.opener.open(request, timeout=60).read())

    def close(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def formgrader(marked):
    opened = Formgrader(marked)
    yield opened
    opened.close()


@pytest.mark.slow
def test_formgrader_shows_scheme_and_maximum_beside_the_answer_and_a_mark_entered_in_it_counts_at_once(marked, formgrader):
    with marked.gradebook() as gradebook:
        (notebook,) = gradebook.find_submission(NAME, "kim").notebooks
        submission, grade = notebook.id, gradebook.find_grade("why", "tiny", NAME, "kim").id
    page = formgrader.get(f"formgrader/submissions/{submission}/")
    answer_begins, scheme_begins = page.index("<p>Because.</p>"), page.index(SCHEME)
    assert answer_begins < scheme_begins
    assert page.count(SCHEME) == 1
    assert 'var most_points = {"why": 5.0};' in page
    assert re.search(r'id="why"[^>]*/> / 5\.0', page)
    entered = formgrader.put(f"formgrader/api/grade/{grade}", {"manual_score": None, "extra_credit": "2.5"})
    assert (entered["manual_score"], entered["extra_credit"], entered["needs_manual_grade"]) == (0, 2.5, False)
    assert marked.grade_of() == (0, 2.5, 2.5, False)
