"""Two people mark at once, each some of the questions, while the class is graded again: no mark and no comment is lost."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.engine.class_folder import NAME, environment
from tests.engine.test_marks_by_hand import Formgrader, Marked, answer

STUDENTS = [f"s{number:02}" for number in range(5)]
ROUNDS = 2
# What formgrader's handlers do for a mark and a comment, from a process of its own, over and over: its marks are 1, 2, 3 and so on.
MARKER = """
import sys, time
from pathlib import Path
from nbgrader.api import Gradebook
import autograder.nbgrader_plugin.formgrader
database, assignment, cell, field, rounds, ready, *students = sys.argv[1:]
with Gradebook(database, "tiny") as gradebook:
    Path(ready).touch()
    while not Path(ready).with_name("go").exists():
        time.sleep(0.01)
    for number in range(1, int(rounds) + 1):
        for student in students:
            grade = gradebook.find_grade(cell, "tiny", assignment, student)
            setattr(grade, field, float(number))
            grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
            gradebook.db.commit()
            comment = gradebook.find_comment(cell.removeprefix("test_"), "tiny", assignment, student)
            comment.manual_comment = f"{cell} {number}"
            gradebook.db.commit()
"""


@pytest.fixture
def class_of_markers(course, answered) -> Marked:
    """Several submissions, graded."""
    folder = Marked(course.root)
    for student in STUDENTS:
        folder.hand_in(student, answer(answered, f"Because, says {student}."))
    folder.regrade()
    return folder


def marks_of(folder: Marked, cell: str) -> list[tuple[float | None, float | None, bool]]:
    """Mark by hand, extra credit and whether a mark is asked for, student by student."""
    with folder.gradebook() as gradebook:
        grades = [gradebook.find_grade(cell, "tiny", NAME, student) for student in STUDENTS]
        return [(grade.manual_score, grade.extra_credit, grade.needs_manual_grade) for grade in grades]


def comments_of(folder: Marked, cell: str) -> list[str | None]:
    with folder.gradebook() as gradebook:
        return [gradebook.find_comment(cell, "tiny", NAME, student).manual_comment for student in STUDENTS]


def test_two_processes_that_mark_different_questions_while_the_class_is_graded_again_lose_nothing(class_of_markers):
    folder = class_of_markers
    database = f"sqlite:///{folder.root / 'gradebook.db'}"
    given = {"why": "manual_score", "test_relu": "extra_credit", "test_Scale": "manual_score"}
    markers = [
        subprocess.Popen(
            [sys.executable, "-c", MARKER, database, NAME, cell, field, str(ROUNDS), str(folder.root / f"ready-{cell}"), *STUDENTS], env=environment(),
            stderr=subprocess.PIPE, text=True,
        )
        for cell, field in given.items()
    ]  # fmt: skip
    while any(marker.poll() is None and not (folder.root / f"ready-{cell}").exists() for marker, cell in zip(markers, given, strict=True)):
        pass
    (folder.root / "go").touch()
    folder.regrade()
    assert [(marker.communicate()[1], marker.returncode) for marker in markers] == [("", 0)] * len(markers)
    assert marks_of(folder, "why") == [(ROUNDS, None, False)] * len(STUDENTS)
    assert marks_of(folder, "test_Scale") == [(ROUNDS, None, False)] * len(STUDENTS)
    assert marks_of(folder, "test_relu") == [(None, ROUNDS, False)] * len(STUDENTS)
    assert {cell: set(comments_of(folder, cell)) for cell in ("why", "relu", "Scale")} == {
        "why": {f"why {ROUNDS}"}, "relu": {f"test_relu {ROUNDS}"}, "Scale": {f"test_Scale {ROUNDS}"},
    }  # fmt: skip
    assert folder.sentences() == []


@pytest.mark.slow
def test_marks_entered_in_two_formgraders_at_once_are_all_there(class_of_markers):
    """Two servers, as two people start them in one folder, and two people at the first of them; each has questions of their own."""
    folder = class_of_markers
    with folder.gradebook() as gradebook:
        grades = {cell: [gradebook.find_grade(cell, "tiny", NAME, student).id for student in STUDENTS] for cell in ("why", "test_relu", "test_Scale")}
        comments = [gradebook.find_comment("why", "tiny", NAME, student).id for student in STUDENTS]
        page = gradebook.find_submission(NAME, STUDENTS[0]).notebooks[0].id
    servers = [Formgrader(folder, name) for name in ("first", "second")]
    try:
        for server in servers:
            server.get(f"formgrader/submissions/{page}/")

        def mark(server: Formgrader, cell: str, field: str) -> None:
            for number in range(1, ROUNDS + 1):
                for grade in grades[cell]:
                    entered = server.put(f"formgrader/api/grade/{grade}", {"manual_score": None, "extra_credit": None, field: number})
                    assert entered[field] == number

        def comment(server: Formgrader) -> None:
            for one in comments:
                server.put(f"formgrader/api/comment/{one}", {"manual_comment": "well said"})

        work = [(mark, servers[0], "why", "manual_score"), (mark, servers[0], "test_relu", "extra_credit"), (mark, servers[1], "test_Scale", "manual_score"),
                (comment, servers[1])]  # fmt: skip
        with ThreadPoolExecutor(len(work)) as executor:
            for done in [executor.submit(*one) for one in work]:
                done.result()
        # Each server shows what was entered at the other.
        seen = [server.get(f"formgrader/api/grades?submission_id={page}") for server in servers]
        assert seen[0] == seen[1]
    finally:
        for server in servers:
            server.close()
    assert [one[0] for one in marks_of(folder, "why")] == [ROUNDS] * len(STUDENTS)
    assert [one[1] for one in marks_of(folder, "test_relu")] == [ROUNDS] * len(STUDENTS)
    assert [one[0] for one in marks_of(folder, "test_Scale")] == [ROUNDS] * len(STUDENTS)
    assert comments_of(folder, "why") == ["well said"] * len(STUDENTS)
