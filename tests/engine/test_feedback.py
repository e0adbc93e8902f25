"""The feedback page: what stands on it, that it asks no network, that only what changed is made again, and how it is packed for a platform."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.collecting.known_ids import HandedInAs
from autograder.grading.course import load_course
from autograder.judge.ended_cells import EndedCell
from autograder.judge.jobs import CellOutcome
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict, unreadable
from autograder.nbgrader_plugin.class_run import grade_class
from autograder.nbgrader_plugin.feedback_files import made_from
from autograder.nbgrader_plugin.feedback_parts import plain_title
from autograder.nbgrader_plugin.formulas import LONGEST, formula_html, line_html, markdown_html, mathml
from autograder.reports.feedback_archive import feedback_archive
from autograder.reports.feedback_summary import Row, lateness_words, mend_first
from tests.engine.class_folder import NAME, ClassFolder, environment

ROOT = Path(__file__).resolve().parents[2]
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
pytestmark = pytest.mark.filterwarnings("ignore:Object of type .* not in session")  # nbgrader's own, in add_submission


class Page(HTMLParser):
    """Everything in a page that a browser would fetch, and its text."""

    def __init__(self, text: str):
        super().__init__()
        self.asked, self.tags, self.text, self._style = [], [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        found = dict(attributes)
        self.asked += [found[name] for name in ("src", "srcset", "data", "background", "poster") if found.get(name)]
        if tag == "link":
            self.asked.append(found.get("href"))
        assert not [name for name in found if name.startswith("on")], attributes
        self._style = tag == "style"

    def handle_endtag(self, tag):
        self._style = False

    def handle_data(self, data):
        self.text += "" if self._style else data
        if self._style:
            self.asked += re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", data)


class Folder(ClassFolder):
    """A class whose verdicts are given; `step` grades again."""

    def grade_as(self, verdicts: dict[str, Verdict], outputs: list[dict] | None = None) -> None:
        def judge(jobs, on_verdict, _on_fault) -> None:
            for job in jobs:
                student = job.tag[0].student
                cells = [CellOutcome("ok", outputs or []) for _ in (job.plan.cells if job.plan else ())]
                on_verdict(job, verdicts.get(student) or half(), cells)

        grade_class(load_course(self.root), [NAME], judge, "none", "cpu", everything=True)

    def page(self, student: str) -> str:
        return self.path(student).read_text()

    def path(self, student: str) -> Path:
        return self.root / "feedback" / student / NAME / "tiny.html"

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "tiny")

    def change(self, student: str, **fields) -> None:
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade("why", "tiny", NAME, student)
            grade.needs_manual_grade = False
            for name, value in fields.items():
                setattr(grade, name, value)
            gradebook.db.commit()

    def times(self) -> dict[str, int]:
        return {path.parts[-3]: path.stat().st_mtime_ns for path in self.root.glob(f"feedback/*/{NAME}/tiny.html")}


def half(notes: tuple[str, ...] = (), cells: tuple[EndedCell, ...] = (), message: str = "relu(X) is wrong at [0, 1]") -> Verdict:
    relu = [
        CriterionResult("keeps what is positive", 2, False, "wrong value", message, "clamp(min=0)"),
        CriterionResult("takes any shape", 1, False, "wrong value", "this follows from “keeps what is positive”", because="keeps what is positive"),
        CriterionResult("leaves its input unchanged", 3, True, "passed"),
    ]
    scale = [CriterionResult("multiplies", 1, True, "passed")]
    exercises = [ExerciseResult("relu", 60, relu), ExerciseResult("Scale", 40, scale)]
    return Verdict(NAME, "tiny.ipynb", exercises, notes=list(notes), cells=list(cells))


@pytest.fixture
def folder(course, answered) -> Folder:
    """Two students, graded, with half of relu."""
    found = Folder(course.root)
    for student in ("ann", "bob"):
        found.hand_in(student, answered(why="Because $a < b$."), "2026-12-31 23:00:00 UTC")
    found.grade_as({})
    return found


# -- what stands on it --------------------------------------------------------------------------------------------------------


def test_the_top_says_name_mark_lateness_a_row_an_exercise_and_what_to_mend_first(folder, in_course):
    with folder.gradebook() as gradebook:
        gradebook.update_or_create_student("ann", first_name="Ann", last_name="Lee")
    assert in_course("feedback", NAME)[0] == 0
    page = folder.page("ann")
    text = " ".join(Page(page).text.split())
    assert text.index("Ann Lee") < text.index("70 of 100 points") < text.index("Handed in on 31 December 2026, 23:00 (UTC), in time.")
    assert "Mend this first relu: keeps what is positive relu(X) is wrong at [0, 1] clamp(min=0) 30 points hang on it, one more criterion follows" in text
    rows = [" ".join(Page(row).text.split()) for row in re.findall(r'<a class="row.*?</a>', page, re.DOTALL)]
    assert rows[:2] == ["relu 1 of 3 criteria hold 30 of 60", "Scale 40 of 40"]
    assert rows[2] == "Written question up to 5 points of extra credit not marked yet"
    assert re.findall(r'<a class="row (\w+)" href="#(\w+)"', page) == [("some", "relu"), ("full", "Scale"), ("idle", "why")]
    assert text.index("Mend this first") < text.index("30 of 60") < text.index("def relu")


def test_below_stand_the_answer_and_each_criterion_with_its_points_and_the_prose_is_folded(folder, in_course):
    in_course("feedback", NAME)
    section = re.search(r'<section class="card exercise" id="relu">(.*?)</section>', folder.page("ann"), re.DOTALL)[1]
    assert section.index("<details") < section.index("</details>") < section.index('<div class="code">') < section.index('<ul class="criteria">')
    criteria = [" ".join(Page(item).text.split()) for item in re.findall(r"<li class.*?</li>", section, re.DOTALL)]
    assert criteria == [
        "✗ keeps what is positive relu(X) is wrong at [0, 1] clamp(min=0) 0 of 20wrong value",
        "✗ takes any shape this follows from “keeps what is positive” 0 of 10",
        "✓ leaves its input unchanged 30 of 30",
    ]
    assert "assert relu" not in folder.page("ann")


def test_marks_by_hand_and_comments_stand_there(folder, in_course):
    folder.change("ann", manual_score=3)
    with folder.gradebook() as gradebook:
        gradebook.find_grade("test_relu", "tiny", NAME, "ann").manual_score = 45
        gradebook.find_comment("why", "tiny", NAME, "ann").manual_comment = "well put: $x^2$"
        gradebook.db.commit()
    in_course("feedback", NAME)
    page = folder.page("ann")
    text = " ".join(Page(page).text.split())
    assert "3 of 5, extra credit" in text
    assert "relu marked by hand; the grader gave 30 45 of 60" in text
    assert "88 of 100 points" in text
    assert '<div class="comment"><p>well put: <math>' in page


def test_cells_that_ended_early_are_named_above_and_own_cells_and_pictures_are_shown(course, answered, in_course):
    folder = Folder(course.root)
    document = answered()
    own = {"id": "x", "cell_type": "code", "metadata": {}, "source": "draw()", "outputs": [], "execution_count": None}
    document["cells"].insert(3, own)
    folder.hand_in("ann", document)
    ended = EndedCell("your own cell below setup", True, "crashed", "NameError: draw", 1, "draw()")
    picture = {"output_type": "display_data", "data": {"image/png": PICTURE, "text/plain": "<Figure>"}, "metadata": {}}
    folder.grade_as({"ann": half(cells=(ended,))}, [picture])
    in_course("feedback", NAME)
    page = folder.page("ann")
    assert str(ended) in Page(page).text
    assert "draw" in re.search(r'<section class="card own">(.*?)</section>', page, re.DOTALL)[1]
    assert f"data:image/png;base64,{PICTURE}" in page
    assert set(Page(page).asked) == {f"data:image/png;base64,{PICTURE}"}


def test_an_unreadable_hand_in_says_why_at_the_top_and_gives_no_list_of_failures(course, in_course):
    folder = Folder(course.root)
    folder.hand_in("ann", "{")
    folder.grade_as({"ann": unreadable(NAME, "tiny.ipynb", half().exercises, "tiny.ipynb is cut off")})
    in_course("feedback", NAME)
    text = " ".join(Page(folder.page("ann")).text.split())
    assert text.index("This hand-in could not be read tiny.ipynb is cut off") < text.index("0 of 60")
    assert text.count("is cut off") == 1
    assert "Mend this first" not in text


def test_a_right_hand_in_has_nothing_to_mend_and_a_blank_one_is_told_where_to_begin():
    right, idle = (CriterionResult("a", 1, *words) for words in ((True, "passed"), (False, "not attempted", "relu is not written yet")))
    assert mend_first([Row("relu", "relu", 1, 1, ExerciseResult("relu", 1, [right]))]) is None
    rows = [Row(name, name, 0, 10, ExerciseResult(name, 10, [idle])) for name in ("relu", "Scale")]
    found = mend_first(rows)
    assert (found.row.name, found.criterion, found.worth) == ("relu", None, "It is worth 10 points.")
    assert [row.look for row in rows] == ["idle", "idle"]


def test_what_hangs_most_points_is_mended_first_and_what_counts_anyhow_is_not():
    def row(name: str, points: float, **fields) -> Row:
        return Row(name, name, 0, points, ExerciseResult(name, points, [CriterionResult("a", 1, False, "wrong value")]), **fields)

    found = mend_first([row("small", 5), row("large", 20), row("as large", 20)])
    assert (found.row.name, found.worth) == ("large", "20 points hang on it.")
    assert mend_first([row("one", 1)]).worth == "1 point hangs on it."
    assert mend_first([row("small", 5), row("excused", 20, excused="Excused: …"), row("by hand", 20, by_hand=True)]).row.name == "small"


def test_without_a_verdict_the_table_of_the_notebook_is_shown(folder, in_course):
    shutil.rmtree(folder.root / "verdicts")
    assert in_course("feedback", NAME)[0] == 0
    text = Page(folder.page("ann")).text
    assert "keeps what is positive" in text
    assert "30 of 60" in text


@pytest.mark.parametrize(
    ("handed_in", "extension", "penalty", "words"),
    [
        (None, 0, 0, "No time of handing in is known; it counts as in time."),
        ("2027-03-01 15:00", 0, 0, "Handed in on 1 March 2027, 23:00 (UTC+08:00), in time."),
        ("2027-03-01 17:05", 0, 4.5, "Handed in on 2 March 2027, 01:05 (UTC+08:00), 1 hour 5 minutes late: −4.5 points."),
        ("2027-03-03 18:00", 0, 0, "Handed in on 4 March 2027, 02:00 (UTC+08:00), 2 days 2 hours late: it costs nothing."),
        ("2027-03-01 17:00", 3, 0, "Handed in on 2 March 2027, 01:00 (UTC+08:00), in time (your extension runs to 5 March 2027, 00:00 (UTC+08:00))."),
    ],
)
def test_lateness_in_words(handed_in, extension, penalty, words):
    due, zone = datetime(2027, 3, 1, 16), timezone(timedelta(hours=8))
    assert lateness_words(handed_in and datetime.fromisoformat(handed_in), due, timedelta(days=extension) or None, penalty, zone) == words


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("1.1 `softmax`", "1.1 softmax"),
        ("Question 1 (up to 4 points of extra credit, marked by hand).", "Question 1"),
        ("Written question 1: why `reshape` pollutes (up to 5 points)", "Written question 1: why reshape pollutes"),
        ("Memory (内存)", "Memory (内存)"),
        ("Question 1 (up to 4 points): *why* $w^*$?", "Question 1: why $w^*$?"),
    ],
)
def test_a_title_is_plain(heading, title):
    assert plain_title(heading) == title


# -- nothing from a network, nothing of a student's obeyed ----------------------------------------------------------------------


def test_the_page_is_one_file_that_asks_nothing_and_runs_nothing(course, answered, in_course):
    folder = Folder(course.root)
    source = f"{EVIL}\n\n![far](https://example.org/x.png) <img src='https://example.org/y.png'>\n\n$\\text{{{EVIL}}}$ [link](https://example.org)"
    folder.hand_in("ann", answered(relu=f"def relu(X):\n    '''{EVIL}'''", why=source))
    stream = {"output_type": "stream", "name": "stdout", "text": EVIL}
    folder.grade_as({"ann": half(notes=(EVIL,), message=EVIL)}, [stream])
    with folder.gradebook() as gradebook:
        gradebook.update_or_create_student("ann", first_name=EVIL)
    in_course("feedback", NAME)
    page = Page(folder.page("ann"))
    assert page.asked == []
    assert not {"script", "iframe", "object", "embed", "link", "form"} & set(page.tags)
    assert page.text.count("alert(1)") >= 5
    assert "default-src 'none'" in folder.page("ann")


def test_the_page_of_an_assignment_of_the_course_asks_nothing(course):
    """All prose of the releases, shown as the pages show it."""
    for path in sorted((ROOT / "release").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] == "markdown":
                page = Page(markdown_html("".join(cell["source"]), cell.get("attachments")))
                assert [asked for asked in page.asked if not asked.startswith("data:")] == [], path
                assert "script" not in page.tags, path


def test_every_formula_of_the_course_is_converted():
    shown = ""
    for path in sorted((ROOT / "release").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] == "markdown":
                html = markdown_html("".join(cell["source"]))
                assert 'class="formula">$' not in html, (path.name, re.findall(r'<code class="formula">.*?</code>', html, re.DOTALL))
                shown += html
    assert shown.count("<math") > 3000


def test_space_between_rows_is_left_out_and_a_backslash_at_the_end_of_a_line_is_a_space():
    assert mathml("\\begin{cases} 1 \\\\[2pt] 2 \\end{cases}", block=True) == mathml("\\begin{cases} 1 \\\\ 2 \\end{cases}", block=True)
    assert "[" in mathml("\\begin{cases} 1 \\\\ [a] \\end{cases}", block=True)
    assert mathml("a\\\nb", block=False) == mathml("a\\ b", block=False)


def test_a_title_may_hold_formulas_and_nothing_else():
    root = mathml(r"\sqrt d", False)
    assert line_html(r"why divide by $\sqrt d$ <b>?") == f"why divide by {root} &lt;b&gt;?"
    assert line_html("from 5 $ to 7 $ a piece") == "from 5 $ to 7 $ a piece"


def test_what_is_no_formula_stays_as_it_was_typed():
    assert formula_html(r"\frac{1", block=False) == r'<code class="formula">$\frac{1$</code>'
    assert formula_html("\\foo{<b>}", block=True) == '<code class="formula">$$\\foo{&lt;b&gt;}$$</code>'
    assert mathml("{" * LONGEST + "}" * LONGEST, block=False) is None
    assert mathml(r"\def\a{\a\a}\a", block=False) is None


def test_without_the_library_formulas_stay_as_they_were_typed(monkeypatch):
    monkeypatch.setattr("autograder.nbgrader_plugin.formulas._converter", lambda: None)
    mathml.cache_clear()
    try:
        assert formula_html("x^2", block=False) == '<code class="formula">$x^2$</code>'
    finally:
        mathml.cache_clear()


@pytest.mark.slow
def test_grading_loads_nothing_of_what_makes_pages():
    code = "import sys, autograder.nbgrader_plugin.class_run, autograder.cli.main; print('math_core' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


# -- only what changed --------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_made_again(folder, in_course):
    assert "2 pages made, 0 unchanged" in in_course("feedback", NAME)[1]
    before = folder.times()
    assert "0 pages made, 2 unchanged" in in_course("feedback")[1]
    assert folder.times() == before
    folder.change("bob", manual_score=2)
    assert "1 pages made, 1 unchanged" in in_course("feedback", NAME)[1]
    after = folder.times()
    assert (after["ann"], after["bob"] > before["bob"]) == (before["ann"], True)
    assert "2 pages made" in in_course("feedback", NAME, "--all")[1]


def test_a_page_goes_with_another_verdict_name_or_time_and_one_that_was_cut_off_is_no_page(folder, in_course):
    in_course("feedback", NAME)
    verdict = folder.root / "verdicts" / NAME / "ann.json"
    verdict.write_text(verdict.read_text().replace("is wrong at", "is off at"))
    assert "1 pages made" in in_course("feedback", NAME)[1]
    assert "is off at" in folder.page("ann")
    with folder.gradebook() as gradebook:
        gradebook.update_or_create_student("ann", first_name="Ann")
    assert "1 pages made" in in_course("feedback", NAME)[1]
    assert made_from(folder.path("ann"))
    folder.path("ann").write_text(folder.page("ann")[:-100])
    assert made_from(folder.path("ann")) is None
    assert "1 pages made" in in_course("feedback", NAME)[1]


def test_a_submission_that_is_graded_again_loses_its_page(folder, in_course):
    in_course("feedback", NAME)
    folder.grade_as({})
    assert folder.times() == {}


@pytest.mark.slow
def test_nbgraders_own_command_makes_the_same_page(folder, in_course):
    folder.nbgrader("generate_feedback", NAME)
    made = {student: folder.page(student) for student in ("ann", "bob")}
    assert "0 pages made, 2 unchanged" in in_course("feedback", NAME)[1]
    in_course("feedback", NAME, "--all")
    assert {student: folder.page(student) for student in made} == made


# -- packed -------------------------------------------------------------------------------------------------------------------


def test_packed_there_is_one_file_a_student_and_again_it_is_the_same(folder, in_course):
    assert in_course("feedback", NAME, "--pack", "zip")[0] == 0
    first = (folder.root / f"feedback_{NAME}.zip").read_bytes()
    with zipfile.ZipFile(folder.root / f"feedback_{NAME}.zip") as archive:
        assert archive.namelist() == ["ann.html", "bob.html"]
        assert archive.read("ann.html").decode() == folder.page("ann")
    in_course("feedback", NAME, "--pack", "zip")
    assert (folder.root / f"feedback_{NAME}.zip").read_bytes() == first


@pytest.mark.parametrize(
    ("system", "file", "packed"),
    [
        ("canvas", "leeann_LATE_11_902_tiny-1.ipynb", f"leeann_11_902_{NAME}_feedback.html"),
        ("moodle", "Ann Lee_4711_assignsubmission_file_/tiny.ipynb", f"Ann Lee_4711_assignsubmission_file_/{NAME}_feedback.html"),
    ],
)
def test_platforms_get_back_the_names_that_they_gave(course, answered, in_course, tmp_path, system, file, packed):
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        archive.writestr(file, json.dumps(answered()))
    (tmp_path / "roster.csv").write_text("id,name\nann,Ann Lee\n")
    assert in_course("collect", tmp_path / "download.zip", "--from", system, "--assignment", NAME, "--roster", tmp_path / "roster.csv")[0] == 0
    folder = Folder(course.root)
    folder.hand_in("by-hand", answered())
    folder.grade_as({})
    status, out, _ = in_course("feedback", NAME, "--pack", system, "--out", tmp_path / "out.zip")
    assert status == 3
    assert "not packed: by-hand:" in " ".join(out.split())
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == [packed]


def test_numbers_of_the_roster_are_used_and_two_students_of_one_number_get_nothing(tmp_path):
    (tmp_path / "page.html").write_text("a page")
    pages = dict.fromkeys(("ann", "bob", "eve"), tmp_path / "page.html")
    known = {"ann": {"first_name": "Ann_a", "last_name": "../Lee", "numbers": {"moodle": "1"}}}
    known |= {name: {"first_name": "B", "last_name": "C", "numbers": {"moodle": "2"}} for name in ("bob", "eve")}
    found = feedback_archive("moodle", "ps", pages, known, {})
    assert found.names == {"ann": "Ann a .. Lee_1_assignsubmission_file_/ps_feedback.html"}
    assert found.left_out == ["bob", "eve"]
    here = feedback_archive("moodle", "ps", pages, known, {"bob": HandedInAs("moodle", "3"), "ann": HandedInAs("canvas", "9", file="9")})
    assert sorted(here.names) == ["ann", "bob", "eve"]
    assert "_1_" in here.names["ann"]


# -- what can be wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ps91"], "the course has no assignment 'ps91'"),
        (["--pack", "blackboard"], "--pack is 'blackboard'; it can be canvas or moodle or zip"),
        (["--out", "x.zip"], "--out is the archive of --pack: say which platform it is for"),
        (["--pack", "zip", "--out", "x.zip"], "--out is the archive of one assignment: name one"),
        ([NAME, "--pack", "zip", "--out", "no/x.zip"], "cannot write no/x.zip: No such file or directory"),
    ],
)
def test_bad_use_is_a_sentence_and_writes_nothing(folder, in_course, arguments, words):
    before = sorted(folder.root.rglob("*"))
    status, _, error = in_course("feedback", *arguments)
    assert status == 2
    assert words in " ".join(error.split())
    assert sorted(path for path in folder.root.rglob("*") if "__pycache__" not in path.parts) == [path for path in before if "__pycache__" not in path.parts]


def test_nothing_graded_is_a_sentence(course, in_course):
    status, _, error = in_course("feedback")
    assert (status, "is graded: grade first" in error) == (2, True)


@pytest.mark.parametrize("part", ["feedback", "feedback/ann", f"feedback/ann/{NAME}"])
def test_nothing_is_written_through_a_link(folder, in_course, tmp_path, part):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / NAME).mkdir(parents=True)
    (elsewhere / NAME / "tiny.html").write_text("mine")
    (folder.root / part).parent.mkdir(parents=True, exist_ok=True)
    (folder.root / part).symlink_to(elsewhere)
    status, out, error = in_course("feedback", NAME)
    assert status == (2 if part == "feedback" else 3)
    assert f"{part} is a link or a file" in " ".join((out + error).split())
    assert [path.name for path in elsewhere.rglob("*")] == [NAME, "tiny.html"]
    assert (elsewhere / NAME / "tiny.html").read_text() == "mine"
    assert folder.path("bob").is_file() == (part != "feedback")


def test_a_full_disk_is_said_and_the_next_run_makes_the_pages(folder, in_course, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("nbconvert.writers.FilesWriter.write", full)
        status, out, _ = in_course("feedback", NAME)
    assert status == 3
    assert f"no page: ann, {NAME}; bob, {NAME}: feedback/ cannot be written: No space left on device" in " ".join(out.split())
    assert folder.times() == {}
    assert "2 pages made" in in_course("feedback", NAME)[1]


def test_without_a_gradebook_it_is_a_sentence_and_no_gradebook_is_made(folder, in_course):
    (folder.root / "gradebook.db").unlink()
    status, _, error = in_course("feedback", NAME)
    assert (status, "there is no gradebook" in " ".join(error.split())) == (3, True)
    assert not (folder.root / "gradebook.db").exists()


def test_one_page_that_cannot_be_made_is_named_and_the_others_are_made(folder, in_course):
    (folder.root / "autograded" / "ann" / NAME / "tiny.ipynb").write_text("{")
    status, out, _ = in_course("feedback", NAME)
    assert status == 3
    assert f"no page: ann, {NAME}:" in " ".join(out.split())
    assert list(folder.times()) == ["bob"]
