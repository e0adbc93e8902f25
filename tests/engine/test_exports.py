"""`autograder export`: the columns that platforms import, one record a line, and no cell that a spreadsheet would run."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.reports.safe_csv import csv_text, safe_cell
from autograder.runs.verdicts import save_verdict

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "=cmd|' /C calc'!A0", "＝1+1", "a;=1+1", "a|@x", "x\n=1+1"]
HOSTILE = [
    {"last_name": '=HYPERLINK("https://evil.example","x")', "first_name": "+1, -1", "email": "@x@example.org"},
    {"last_name": 'Comma, "Quote"', "first_name": "two\nlines\r\nand a half;=1", "email": "a;b@example.org"},
    {"last_name": "李", "first_name": "\u2028=x", "email": ""},
]


def parsed(text: str) -> list[list[str]]:
    """As a spreadsheet reads it; every record must have the header's length and its own line."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(text.splitlines()) == len(rows)
    return rows


def harmless(text: str) -> bool:
    """Whether no reading of the file, with commas or semicolons as separators, begins a cell with a formula; numbers of the kit aside."""
    cells = [cell for line in text.splitlines() for separator in (",", ";", "|") for cell in next(csv.reader([line], delimiter=separator), [])]
    return not any(re.match(r"\s*[=+\-@＝＋－＠]", cell) for cell in cells)


@pytest.fixture
def graded(course):
    """Three students with names of their own and a gradebook, as after grading: one in time, one late, one who handed in nothing."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.id) as gradebook:
        for i, names in enumerate(HOSTILE):
            gradebook.add_student(f"s{i}", lms_user_id=str(1000 + i) if i else None, **names)
        for i, (points, penalty) in enumerate([(45.25, 0.0), (100.0, 12.5)]):
            submission = gradebook.add_submission("ps90_tiny", f"s{i}")
            (notebook,) = submission.notebooks
            grade = next(grade for grade in notebook.grades if grade.name == "test_relu")
            grade.auto_score = points
            notebook.late_submission_penalty = penalty
            for other in notebook.grades:
                other.needs_manual_grade = other.name == "why" and i == 0
        gradebook.db.commit()
    return course


def verdict(message: str = "") -> Verdict:
    criteria = [CriterionResult("keeps what is positive", 3, False, "wrong value", message, "=hint", 0.25), CriterionResult("unchanged", 1, True, "passed")]
    return Verdict("ps90_tiny", "tiny.ipynb", [ExerciseResult("relu", 60, criteria)], ["bwrap", "net"], 1.0)


pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own, in add_submission

# -- cells ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula_and_its_text_can_still_be_read(text):
    cell = safe_cell(text)
    assert harmless(csv_text(["a", "b"], [[text, "x"]]))
    assert cell.replace("'", "") == " ".join(text.split()).replace("'", "")


@given(st.lists(st.text(alphabet=st.sampled_from("=+-@;|,\"'\n\r\t a1\x00\u2028＝"), max_size=12), min_size=2, max_size=2))
def test_whatever_the_texts_the_file_is_harmless_and_has_one_record_a_line(texts):
    text = csv_text(["a", "b"], [texts])
    assert harmless(text)
    assert parsed(text) == [["a", "b"], [safe_cell(cell) for cell in texts]]


@pytest.mark.parametrize("text", ["Zoë", "O'Brien", "李雷", 'a "b" c', "1.5", "a-b", "x=1"])
def test_ordinary_text_is_left_alone(text):
    assert safe_cell(text) == text


def test_numbers_have_no_exponent_and_no_tail():
    assert csv_text(["n"], [[100.0], [1 / 3], [7], [None], [True], [0.0], [1e-7]]) == 'n\n100\n0.3333\n7\n""\ntrue\n0\n0\n'


# -- marks ------------------------------------------------------------------------------------------------------------------


def test_canvas_finds_its_columns_its_second_row_and_marks_after_the_penalty(graded, in_course):
    status, out, _ = in_course("export", "--format", "canvas", "--title", "ps90_tiny=Problem set 90 (4711)")
    assert status == 0
    assert "1 submissions still wait for a mark by hand" in out
    text = Path("grades_canvas.csv").read_text()
    rows = parsed(text)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Problem set 90 (4711)"]
    assert rows[1] == ["Points Possible", "", "", "", "", "100"]
    by_login = {row[3]: row for row in rows[2:]}
    assert [(by_login[s][1], by_login[s][5]) for s in ("s0", "s1", "s2")] == [("", "45.25"), ("1001", "87.5"), ("1002", "")]
    assert by_login["s0"][0] == '\'=HYPERLINK("https://evil.example","x"), +1, -1'
    assert by_login["s1"][0] == 'Comma, "Quote", two lines and a half;\'=1'
    assert harmless(text)


def test_canvas_ids_can_be_those_of_the_student_information_system(graded, in_course):
    assert in_course("export", "--format", "canvas", "--student-id", "sis", "--out", "c.csv")[0] == 0
    assert sorted(row[2:4] for row in parsed(Path("c.csv").read_text())[2:]) == [["s0", ""], ["s1", ""], ["s2", ""]]


def test_moodle_finds_its_columns_and_an_empty_cell_where_nothing_was_handed_in(graded, in_course):
    assert in_course("export", "--format", "moodle")[0] == 0
    text = Path("grades_moodle.csv").read_text()
    header, *rows = parsed(text)
    assert header == ["First name", "Last name", "ID number", "Email address", "ps90_tiny"]
    assert {row[2]: row[3:] for row in rows} == {"s0": ["'@x@example.org", "45.25"], "s1": ["a;b@example.org", "87.5"], "s2": ["", ""]}
    assert harmless(text)


def test_moodle_is_warned_of_marks_that_stop_its_import(graded, in_course):
    with Gradebook(f"sqlite:///{graded.root / 'gradebook.db'}", graded.id) as gradebook:
        (notebook,) = gradebook.find_submission("ps90_tiny", "s0").notebooks
        notebook.grades[0].extra_credit = 90
        gradebook.db.commit()
    assert "1 marks are above 100, where Moodle stops an import" in in_course("export", "--format", "moodle")[1]


def test_an_id_that_had_to_be_changed_is_named(graded, in_course):
    with Gradebook(f"sqlite:///{graded.root / 'gradebook.db'}", graded.id) as gradebook:
        gradebook.add_student("=1+1")
    assert "whose ids were made safe for spreadsheets: '=1+1'" in in_course("export", "--format", "canvas")[1]
    assert harmless(Path("grades_canvas.csv").read_text())


def test_csv_has_the_columns_and_values_of_nbgraders_own_export(course, in_course):
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.id) as gradebook:
        for i in range(3):
            gradebook.add_student(f"s{i}", first_name="A", last_name=f"B{i}", email="a@example.org")
        (notebook,) = gradebook.add_submission("ps90_tiny", "s1", timestamp="2026-12-30 10:00:00").notebooks
        notebook.grades[0].auto_score, notebook.late_submission_penalty = 30, 2.5
        gradebook.db.commit()
    subprocess.run([sys.executable, "-m", "nbgrader", "export", "--to", "theirs.csv", "--log-level=ERROR"], cwd=course.root, check=True)
    assert in_course("export", "--out", "ours.csv")[0] == 0
    ours, theirs = (parsed(Path(name).read_text()) for name in ("ours.csv", "theirs.csv"))
    assert ours[0] == theirs[0]
    assert [row[:7] for row in ours] == [row[:7] for row in theirs]
    assert [[float(cell) for cell in row[7:]] for row in ours[1:]] == [[float(cell) for cell in row[7:]] for row in theirs[1:]]
    assert [row[9] for row in ours[1:]] == ["0", "27.5", "0"]


def test_csv_is_safe_where_nbgraders_own_is_not(graded, in_course):
    assert in_course("export")[0] == 0
    text = Path("grades.csv").read_text()
    assert harmless(text)
    assert len(parsed(text)) == 4
    subprocess.run([sys.executable, "-m", "nbgrader", "export", "--to", "theirs.csv", "--log-level=ERROR"], cwd=graded.root, check=True)
    assert not harmless(Path("theirs.csv").read_text())


# -- criteria -----------------------------------------------------------------------------------------------------------------


def test_the_long_table_has_a_row_a_criterion_in_csv_and_parquet_alike(course, in_course):
    save_verdict(course.root, "ps90_tiny", "=1+1", verdict('=cmd, "x"\n;@y'))
    save_verdict(course.root, "ps90_tiny", "b", verdict("lone half \ud800 of a pair"))
    status, out, _ = in_course("export", "--format", "criteria-csv")
    assert status == 0
    assert "ps90_tiny: 2 submissions" in out
    text = Path("criteria.csv").read_text()
    header, *rows = parsed(text)
    assert harmless(text)
    assert in_course("export", "--format", "criteria-parquet")[0] == 0
    table = pq.read_table("criteria.parquet")
    assert table.column_names == header
    assert table.num_rows == len(rows) == 4
    first = table.to_pylist()[0]
    assert first["student"] == "=1+1"
    assert first["message"] == '=cmd, "x"\n;@y'
    assert (first["weight"], first["points"], first["max_points"], first["passed"], first["seconds"]) == (3, 0, 45, False, 0.25)
    assert rows[0] == [
        "ps90_tiny", "'=1+1", "relu", "keeps what is positive", "3", "0", "45", "false", "wrong value", "'=cmd, \"x\" ;'@y", "'=hint", "0.25", "bwrap net",
    ]  # fmt: skip
    assert [row["points"] for row in table.to_pylist()] == [0, 15, 0, 15]


def test_a_file_that_is_no_verdict_is_left_out_and_named(course, in_course):
    save_verdict(course.root, "ps90_tiny", "a", verdict())
    for name, text in {"b": "{", "c": json.dumps({**verdict().to_json(), "version": 2}), "d": "[]", "e": '{"version": 1}'}.items():
        (course.root / "verdicts" / "ps90_tiny" / f"{name}.json").write_text(text)
    status, out, _ = in_course("export", "--format", "criteria-csv")
    assert status == 0
    assert [f"verdicts/ps90_tiny/{name}.json" in out for name in "abcde"] == [False, True, True, True, True]
    assert len(parsed(Path("criteria.csv").read_text())) == 3


# -- bad use ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "excel"], "--format is 'excel'; it can be csv or canvas or moodle or criteria-csv or criteria-parquet"),
        (["ps99"], "the course has no assignment 'ps99'"),
        (["--out", "no/such/x.csv"], "cannot write no/such/x.csv: No such file or directory"),
        (["--title", "ps90_tiny"], "--title is 'ps90_tiny'; it reads ASSIGNMENT=TITLE"),
        (["--title", "ps99=x"], "the course has no assignment 'ps99'"),
        (["--student-id", "name"], "--student-id is 'name'; it can be login or sis"),
        (["--format", "criteria-csv"], "no verdicts of ps90_tiny in verdicts/: grade first"),
        (["--format", "canvas"], "the gradebook holds no submission of ps90_tiny: grade first"),
    ],
)
def test_bad_use_ends_with_2_and_a_sentence_and_writes_nothing(in_course, course, arguments, words):
    before = set(course.root.iterdir())
    status, out, err = in_course("export", *arguments)
    assert (status, out) == (2, "")
    assert words in " ".join(err.split())
    assert set(course.root.iterdir()) == before


def test_without_a_gradebook_marks_are_bad_use(in_course, course):
    (course.root / "gradebook.db").unlink(missing_ok=True)
    status, _, err = in_course("export")
    assert status == 2
    assert "there is no gradebook.db" in err
