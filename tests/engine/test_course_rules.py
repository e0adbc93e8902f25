"""What the course says counts at the next run: due dates, late policies, extensions, excuses; from course_config.py, exceptions.csv or the gradebook."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.grading.course import Assignment, Course, CourseError, load_course
from autograder.grading.dates import DateError, read_moment, zone_words
from autograder.grading.special_cases import SpecialCaseError, read_cases
from autograder.judge.jobs import GraderFault
from tests.engine.class_folder import NAME, Canned, ClassFolder, environment

pytestmark = pytest.mark.filterwarnings("ignore:Object of type .* not in session")

IN_TIME, NINE_HOURS_LATE = "2026-12-31 23:00:00 UTC", "2027-01-01 09:00:00 UTC"
WRONG = "def relu(X):\n    return X.clamp(max=0)"
DUE = "2027-01-01T00:00:00+00:00"
CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def late(course, answered) -> ClassFolder:
    """ann handed in in time, bob nine hours late; graded with the policy "zero", due 2027-01-01 00:00 UTC."""
    folder = ClassFolder(course.root)
    folder.hand_in("ann", answered(), IN_TIME)
    folder.hand_in("bob", answered(), NINE_HOURS_LATE)
    assert Canned().grade(folder).graded == 2
    assert scores(folder) == {"ann": 100, "bob": 0}
    return folder


def gradebook(folder: ClassFolder) -> Gradebook:
    return Gradebook(f"sqlite:///{folder.root / 'gradebook.db'}", "tiny")


def scores(folder: ClassFolder) -> dict[str, float]:
    """After penalties."""
    with gradebook(folder) as book:
        return {s.student_id: round(s.score - (s.late_submission_penalty or 0), 4) for s in book.assignment_submissions(NAME)}


def grades(folder: ClassFolder, student: str) -> dict[str, float]:
    with gradebook(folder) as book:
        (notebook,) = book.find_submission(NAME, student).notebooks
        return {grade.name: grade.score for grade in notebook.grades}


def comments(folder: ClassFolder, student: str) -> dict[str, str | None]:
    with gradebook(folder) as book:
        (notebook,) = book.find_submission(NAME, student).notebooks
        return {comment.name: comment.comment for comment in notebook.comments}


def set_due(folder: ClassFolder, due: str | None) -> None:
    """As formgrader and `nbgrader db assignment add` do."""
    with gradebook(folder) as book:
        book.update_or_create_assignment(NAME, duedate=due)


def due(folder: ClassFolder) -> datetime | None:
    with gradebook(folder) as book:
        return book.find_assignment(NAME).duedate


def configure(folder: ClassFolder, old: str, new: str) -> None:
    path = folder.root / "course_config.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def exceptions(folder: ClassFolder, *lines: str, header: str = "student,assignment,exercise,kind,until,points,reason") -> None:
    (folder.root / "exceptions.csv").write_text("\n".join([header, *lines]) + "\n")


def lines(name: str) -> list[str]:
    return Path(name).read_text().splitlines()


def changed(tally) -> list[tuple]:
    return [(c.student, c.exercise, c.old, c.new) for c in tally.changes]


def settle(folder: ClassFolder):
    """The next run, in which nobody is judged again."""
    again = Canned()
    tally = again.grade(folder)
    assert again.judged == []
    return tally


# -- due dates ----------------------------------------------------------------------------------------------------------------


def test_a_due_date_moved_in_the_configuration_changes_penalties_and_judges_nobody(late):
    configure(late, DUE, "2027-01-01T18:00:00+08:00")
    tally = settle(late)
    assert scores(late) == {"ann": 100, "bob": 100}
    assert changed(tally) == [("bob", "late penalty", 100, 0)]
    assert tally.notes == []
    configure(late, "2027-01-01T18:00:00+08:00", "2026-12-31T20:00:00+00:00")
    assert changed(settle(late)) == [("ann", "late penalty", 0, 100), ("bob", "late penalty", 0, 100)]


def test_a_due_date_taken_away_in_the_configuration_takes_the_penalties_away(late):
    configure(late, f', due="{DUE}"', "")
    settle(late)
    assert due(late) is None
    assert scores(late) == {"ann": 100, "bob": 100}


def test_a_due_date_changed_in_the_gradebook_holds_until_the_configuration_changes(late):
    set_due(late, "2027-01-02 00:00:00 UTC")
    for _ in range(2):
        (note,) = settle(late).notes
        assert "the due date 2027-01-02 00:00:00 UTC, as set in the gradebook, holds; course_config.py, unchanged since, has the due date 2027-01-01" in note
        assert scores(late) == {"ann": 100, "bob": 100}
    configure(late, DUE, "2027-01-01T03:00:00+00:00")
    assert settle(late).notes == []
    assert due(late) == datetime(2027, 1, 1, 3)
    assert scores(late) == {"ann": 100, "bob": 0}


def test_a_due_date_taken_away_in_the_gradebook_is_no_due_date(late):
    set_due(late, None)
    (note,) = settle(late).notes
    assert "no due date, as set in the gradebook, holds" in note
    assert scores(late) == {"ann": 100, "bob": 100}


def test_where_both_were_changed_the_configuration_holds_with_a_sentence(late):
    set_due(late, "2027-02-02 00:00:00 UTC")
    configure(late, DUE, "2027-01-01T04:00:00+00:00")
    (note,) = settle(late).notes
    assert "was changed in course_config.py and in the gradebook; the due date 2027-01-01 04:00:00 UTC of course_config.py holds" in note
    assert scores(late)["bob"] == 0


def test_a_course_without_dates_of_its_own_leaves_those_of_the_gradebook(course, answered):
    folder = ClassFolder(course.root)
    configure(folder, f', due="{DUE}"', "")
    Canned().grade(folder)
    set_due(folder, "2027-01-01 00:00:00 UTC")
    folder.hand_in("bob", answered(), NINE_HOURS_LATE)
    Canned().grade(folder)
    assert scores(folder) == {"bob": 0}
    (folder.root / ".state" / "due_dates.json").unlink()
    settle(folder)
    assert scores(folder) == {"bob": 0}


def test_a_run_killed_before_the_penalties_were_given_gives_them_the_next_time(late, monkeypatch):
    from autograder.nbgrader_plugin.settle import Settler

    configure(late, DUE, "2027-01-03T00:00:00+00:00")
    with monkeypatch.context() as patch:
        patch.setattr(Settler, "settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Canned().grade(late)
    assert due(late) == datetime(2027, 1, 3)
    settle(late)
    assert scores(late) == {"ann": 100, "bob": 100}


def test_a_penalty_that_somebody_entered_for_who_is_in_time_stays(late):
    with gradebook(late) as book:
        book.find_submission(NAME, "ann").notebooks[0].late_submission_penalty = 7
        book.db.commit()
    assert settle(late).changes == []
    assert scores(late)["ann"] == 93


def test_export_shows_the_marks_of_the_dates_that_hold_now(late, in_course):
    configure(late, DUE, "2027-01-02T00:00:00+00:00")
    status, out, _ = in_course("export")
    assert status == 0
    assert {row["student_id"]: row["score"] for row in csv.DictReader(lines("grades.csv"))} == {"ann": "100", "bob": "100"}
    assert "bob, ps90_tiny, late penalty: 100 → 0" in out
    assert "1 marks changed; all of them: .state/changes/" in out


@pytest.mark.slow
def test_nbgrader_autograde_takes_the_new_date_for_those_whom_it_passes_over(late):
    configure(late, DUE, "2027-01-02T00:00:00+00:00")
    log = late.nbgrader("autograde", NAME)
    assert log.count("Skipping existing assignment") == 2
    assert "bob, ps90_tiny, late penalty: 100 → 0" in log
    assert scores(late) == {"ann": 100, "bob": 100}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2027-03-01T23:59:00", "without a zone: write the offset from UTC, for instance +08:00"),
        ("2027-03-01 23:59:00 CSTX", "in a zone that is not known, 'CSTX'"),
        ("31.2.2027 08:00 UTC", "which is no date and time: 2027-03-01T23:59:00+08:00 is one"),
        ("soon", "which is no date and time"),
    ],
)
def test_a_due_date_that_cannot_be_read_is_refused_with_its_assignment(text, sentence):
    with pytest.raises(CourseError, match=r"course_config\.py: ps90_tiny is due") as error:
        Course("c", "", (Assignment("ps90_tiny", "", text),))
    assert sentence in str(error.value)


# -- time stamps --------------------------------------------------------------------------------------------------------------

UNDERSTOOD = {
    "2027-01-01 08:30:00 UTC": "2027-01-01 08:30", "2027-01-01 08:30:00.250000 UTC": "2027-01-01 08:30", "2027-01-01T08:30:00Z": "2027-01-01 08:30",
    "2027-01-01 08:30:00 +0800": "2027-01-01 00:30", "2027-01-01 08:30:00 +08:00": "2027-01-01 00:30", "2027-01-01T08:30:00+08:00": "2027-01-01 00:30",
    "2027-01-01 08:30 UTC+8": "2027-01-01 00:30", "2027-01-01 08:30:00 Asia/Shanghai": "2027-01-01 00:30", "2027-01-01 08:30:00 -0330": "2027-01-01 12:00",
    "2027-07-01 08:30:00 Europe/Berlin": "2027-07-01 06:30", "2027-01-01 08:30": "2027-01-01 08:30", "Jan 4 2027 8:30 PM": "2027-01-04 20:30",
    "2027/1/9 8:30": "2027-01-09 08:30", "9.1.2027 8:30 UTC": "2027-01-09 08:30", "2027-01-09": "2027-01-09 23:59",
}  # fmt: skip


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_times_are_read_with_the_zone_they_name(text):
    moment = read_moment(text, loosely=True)
    assert moment.understood
    assert f"{moment.utc:%Y-%m-%d %H:%M}" == UNDERSTOOD[text]


@pytest.mark.parametrize("text", ["2027-01-01 08:30:00 CST", "2027-01-01T08:30:00 CEST", "Jan 1 2027 08:30:00 CST", "2027-01-01 08:30:00 ../../etc/passwd"])
def test_a_zone_that_nobody_knows_is_named_and_the_assumed_one_taken(text):
    moment = read_moment(text, unknown=CHINA, loosely=True)
    assert not moment.understood
    assert moment.zone == text.split()[-1]
    assert moment.utc == datetime(2027, 1, 1, 0, 30)


@pytest.mark.parametrize("text", ["", "soon", "8:30", "2027-02-30", "2027-01-01 25:00", "9999-12-31 23:59:59 -0800", "2027-01-01 08:30:00 +0800 x"])
def test_what_is_no_date_and_time_is_none(text):
    with pytest.raises(DateError):
        read_moment(text, loosely=True)


def test_zones_are_written_as_offsets():
    assert [zone_words(zone, datetime(2027, 1, 1)) for zone in (UTC, CHINA, timezone(-timedelta(hours=3, minutes=30)))] == ["UTC", "UTC+08:00", "UTC-03:30"]


def test_a_stamp_in_an_unknown_zone_is_taken_in_that_of_the_due_date_and_named_in_every_run(course, answered):
    folder = ClassFolder(course.root)
    configure(folder, DUE, "2027-01-01T08:00:00+08:00")
    folder.hand_in("ann", answered(), "2027-01-01 07:30:00 CST")
    folder.hand_in("bob", answered(), "whenever")
    for run in (Canned().grade(folder), settle(folder)):
        assert run.notes == [
            "ann, ps90_tiny: timestamp.txt says '2027-01-01 07:30:00 CST'; the zone 'CST' is not known, UTC+08:00, the zone of the due date, was assumed",
            "bob, ps90_tiny: timestamp.txt says 'whenever', which is no date and time; the submission counts as in time",
        ]
    assert scores(folder) == {"ann": 100, "bob": 100}


def test_an_offset_without_colon_is_hours_and_not_seconds(course, answered):
    folder = ClassFolder(course.root)
    folder.hand_in("ann", answered(), "2027-01-01 07:30:00 +0800")
    Canned().grade(folder)
    assert scores(folder) == {"ann": 100}


# -- late policies ------------------------------------------------------------------------------------------------------------

PERCENT = 'late_policy="percent_per_day",\n    late_percent=20,\n    late_grace_minutes=30,\n    late_most_percent=50'


@pytest.mark.parametrize(
    ("stamp", "score"),
    [
        ("2027-01-01 00:30:00 UTC", 100), ("2027-01-01 00:30:01 UTC", 80), ("2027-01-02 00:30:00 UTC", 80), ("2027-01-02 00:30:01 UTC", 60),
        ("2027-01-04 00:00:00 UTC", 50), ("2028-01-01 00:00:00 UTC", 50),
    ],
)  # fmt: skip
def test_percent_a_day_takes_each_day_begun_after_the_grace_up_to_the_maximum(course, answered, stamp, score):
    folder = ClassFolder(course.root)
    configure(folder, 'late_policy="zero"', PERCENT)
    folder.hand_in("ann", answered(), stamp)
    Canned().grade(folder)
    assert scores(folder) == {"ann": score}


def test_percent_a_day_is_of_the_points_earned(course, answered):
    folder = ClassFolder(course.root)
    configure(folder, 'late_policy="zero"', PERCENT)
    folder.hand_in("ann", answered(relu=WRONG), NINE_HOURS_LATE)
    Canned().grade(folder)
    assert sum(grades(folder, "ann").values()) * 0.8 == pytest.approx(scores(folder)["ann"])


def test_another_late_policy_takes_effect_without_judging(late):
    configure(late, 'late_policy="zero"', PERCENT)
    assert changed(settle(late)) == [("bob", "late penalty", 100, 20)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("late_percent=20", "late_percent=120", "late_percent is 120; a number from 0 to 100 is needed"),
        ("late_grace_minutes=30", "late_grace_minutes=-1", "late_grace_minutes is -1; a number from 0 is needed"),
        ('"percent_per_day"', '"ten"', "late_policy is 'ten'; it can be none or zero or percent_per_day"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(course, old, new, sentence):
    folder = ClassFolder(course.root)
    configure(folder, 'late_policy="zero"', PERCENT.replace(old, new))
    with pytest.raises(CourseError, match=re.escape(sentence)):
        load_course(course.root)


OWN_POLICY = """
from nbgrader.plugins import LateSubmissionPlugin
import rates

class SubMinutes(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return rates.PER_MINUTE * total_seconds_late / 60
"""


@pytest.fixture
def own_policy(late) -> ClassFolder:
    (late.root / "late_policy.py").write_text(OWN_POLICY)
    (late.root / "rates.py").write_text("PER_MINUTE = 0.1")
    with (late.root / "nbgrader_config.py").open("a") as config:
        config.write("\nc = get_config()\nc.AssignLatePenalties.plugin_class = 'late_policy.SubMinutes'\n")
    return late


def test_a_late_policy_of_the_instructors_own_beside_the_configuration_counts_as_it_is_now(own_policy):
    settle(own_policy)
    assert scores(own_policy) == {"ann": 100, "bob": 46}
    (own_policy.root / "late_policy.py").write_text(OWN_POLICY.replace("rates.PER_MINUTE", "0.05"))
    assert changed(settle(own_policy)) == [("bob", "late penalty", 54, 27)]


@pytest.mark.slow
def test_a_late_policy_of_the_instructors_own_works_in_every_command(own_policy, answered, in_course):
    own_policy.nbgrader("autograde", NAME)
    assert scores(own_policy) == {"ann": 100, "bob": 46}
    own_policy.nbgrader("autograde", NAME, "--force", "--student", "bob")
    assert scores(own_policy)["bob"] == 46
    own_policy.grade("--all", "--sandbox", "none", "--jobs", "1")
    assert scores(own_policy)["bob"] == 46
    for command in (["export"], ["build"], ["report", NAME]):
        assert in_course(*command)[0] == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("class SubMinutes: pass", "the late policy late_policy.SubMinutes cannot be used: TraitError"),
        ("def", "the late policy late_policy.SubMinutes cannot be used: SyntaxError"),
        (OWN_POLICY.replace("SubMinutes", "Other"), "the late policy late_policy.SubMinutes cannot be used: ImportError"),
        (OWN_POLICY.replace("rates.PER_MINUTE", "1 / 0"), "the late policy SubMinutes failed for bob, 32400 s late: ZeroDivisionError"),
        (OWN_POLICY.replace("rates.PER_MINUTE * total_seconds_late / 60", '"a lot"'), "the late policy SubMinutes answered 'a lot' for bob, 32400 s late"),
    ],
)
def test_a_late_policy_that_does_not_work_is_a_sentence_and_changes_nothing(own_policy, text, sentence):
    (own_policy.root / "late_policy.py").write_text(text)
    before = own_policy.tables()
    with pytest.raises(CourseError, match=re.escape(sentence)):
        Canned().grade(own_policy)
    assert own_policy.tables() == before


# -- extensions and excuses ---------------------------------------------------------------------------------------------------


def test_an_extension_holds_for_its_student_and_ends_with_its_line(late, answered):
    late.hand_in("cid", answered(), NINE_HOURS_LATE)
    Canned().grade(late)
    exceptions(late, f"bob,{NAME},,extension,2027-01-01 09:00,,ill")
    assert changed(settle(late)) == [("bob", "late penalty", 100, 0)]
    assert scores(late) == {"ann": 100, "bob": 100, "cid": 0}
    configure(late, DUE, "2027-01-01T02:00:00+00:00")  # the extension's end does not move with the due date
    settle(late)
    assert scores(late)["bob"] == 100
    exceptions(late)
    assert changed(settle(late)) == [("bob", "late penalty", 0, 100)]


def test_an_extension_is_there_when_a_submission_is_first_graded(late, answered):
    exceptions(late, f"cid,{NAME},,extension,2027-01-01 09:00,,", f"*,{NAME},,extension,2027-01-01 08:00,,")
    late.hand_in("cid", answered(), NINE_HOURS_LATE)
    Canned().grade(late)
    assert scores(late) == {"ann": 100, "bob": 0, "cid": 100}
    (late.root / "exceptions.csv").unlink()
    settle(late)
    assert scores(late)["cid"] == 0


def test_an_extension_granted_through_nbgrader_stays(late):
    with gradebook(late) as book:
        book.grant_extension(NAME, "bob", hours=12)
    set_due(late, "2027-01-01 00:00:01 UTC")
    settle(late)
    assert scores(late)["bob"] == 100


def test_an_extension_for_one_exercise_spares_that_exercise(late):
    exceptions(late, f"bob,{NAME},relu,extension,2027-01-01 09:00,,")
    settle(late)
    assert scores(late) == {"ann": 100, "bob": 60}


def test_the_configuration_can_hold_exceptions_itself(late):
    configure(late, "COURSE = Course(", "from autograder.grading.special_cases import SpecialCase\nCOURSE = Course(")
    configure(late, 'late_policy="zero"', f'late_policy="zero", exceptions=(SpecialCase("bob", "{NAME}", "extension", until="2027-01-02"),)')
    settle(late)
    assert scores(late)["bob"] == 100


@pytest.fixture
def half(course, answered) -> ClassFolder:
    """ann has 30 of 60 points in relu and 10 of 40 in Scale, as far as the gradebook goes; in time."""
    folder = ClassFolder(course.root)

    class Partly(Canned):
        def verdict_on(self, job):
            verdict, outcomes = super().verdict_on(job)
            for exercise, weight in zip(verdict.exercises, (1, 3), strict=True):
                exercise.criteria = [type(exercise.criteria[0])("right", 1, True, "passed"), type(exercise.criteria[0])("wrong", weight, False, "wrong value")]
            return verdict, outcomes

    folder.hand_in("ann", answered(), IN_TIME)
    Partly().grade(folder)
    assert grades(folder, "ann") == {"test_relu": 30, "test_Scale": 10, "why": 0}
    return folder


def test_an_excused_exercise_counts_neither_in_the_points_nor_in_the_maximum(half):
    exceptions(half, f"ann,{NAME},Scale,excuse,,,")
    assert changed(settle(half)) == [("ann", "Scale", 10, 20)]
    assert scores(half) == {"ann": 50}  # of 100 as 30 of 60
    assert comments(half, "ann")["Scale"] == "Excused: this exercise does not count for you. Its points are the share that you have in the others, 50 %."
    with gradebook(half) as book:  # a mark by hand in another exercise changes the share
        book.find_grade("test_relu", "tiny", NAME, "ann").manual_score = 45
        book.db.commit()
    settle(half)
    assert scores(half) == {"ann": 75}


def test_an_excuse_taken_back_gives_what_the_verdict_gave(half):
    exceptions(half, f"ann,{NAME},Scale,excuse,,,")
    settle(half)
    exceptions(half)
    assert changed(settle(half)) == [("ann", "Scale", 20, 10)]
    assert comments(half, "ann")["Scale"] is None


def test_an_excuse_can_give_points_and_a_mark_by_hand_counts_more(half):
    exceptions(half, f"ann;{NAME};Scale;excuse;;7,5;", header="student;assignment;exercise;kind;until;points;reason")
    settle(half)
    assert grades(half, "ann")["test_Scale"] == 7.5
    with gradebook(half) as book:
        book.find_grade("test_Scale", "tiny", NAME, "ann").manual_score = 33
        book.db.commit()
    settle(half)
    assert grades(half, "ann")["test_Scale"] == 33


def test_an_excuse_for_everybody_and_the_share_of_who_has_nothing(half, answered):
    exceptions(half, f"*,{NAME},test_Scale,excuse,,,the statement was wrong")
    half.hand_in("bob", answered(relu=WRONG, Scale=WRONG), IN_TIME)
    Canned().grade(half)
    assert grades(half, "ann")["test_Scale"] == 20
    assert grades(half, "bob") == {"test_relu": 0, "test_Scale": 0, "why": 0}


def test_who_is_excused_from_all_has_no_mark_in_exports_and_loses_nothing_in_the_gradebook(late, in_course):
    exceptions(late, f"bob,{NAME},,excuse,,,", f"ann,{NAME},relu,excuse,,,")
    assert in_course("export")[0] == 0
    rows = {row["student_id"]: row for row in csv.DictReader(lines("grades.csv"))}
    assert (rows["bob"]["score"], rows["bob"]["max_score"], rows["bob"]["excused"]) == ("", "", "all")
    assert (rows["ann"]["score"], rows["ann"]["max_score"], rows["ann"]["excused"]) == ("100", "100", "relu")
    assert in_course("export", "--format", "canvas")[0] == 0
    assert {row[3]: row[5] for row in csv.reader(lines("grades_canvas.csv"))}["bob"] == "EX"
    assert in_course("export", "--format", "moodle")[0] == 0
    assert {row[2]: row[4] for row in csv.reader(lines("grades_moodle.csv"))}["bob"] == ""
    assert scores(late)["bob"] == 100
    assert comments(late, "bob")["relu"] == "Excused: this assignment does not count for you."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_file_is_read_as_spreadsheets_write_it(encoding, separator):
    lines = ["Student,Assignment,Kind,Until,Reason", "", ",,,,", "李,ps90_tiny,Extension,2027/3/8 23:59,ill"]
    text = "\r\n".join(lines).replace(",", separator)
    (case,) = read_cases(text.encode(encoding))
    assert (case.student, case.assignment, case.kind, case.until, case.reason) == ("李", "ps90_tiny", "extension", "2027/3/8 23:59", "ill")
    assert case.where == "exceptions.csv, line 4"


def test_the_line_in_which_excel_names_its_separator_is_no_header():
    (case,) = read_cases(b"sep=;\nstudent;assignment;kind;until\nbob;ps90_tiny;extension;8.3.2027\n")
    assert (case.student, case.where) == ("bob", "exceptions.csv, line 3")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"student,assignment,kind\n", b"\n\n"])
def test_a_file_without_entries_has_none(data):
    assert read_cases(data) == []


BAD_LINES = {
    "bob,ps91,,excuse,,,": "line 2: the course has no assignment 'ps91'; it has ps90_tiny",
    f"bob,{NAME},tanh,excuse,,,": "line 2: ps90_tiny has no exercise 'tanh'; it has relu, Scale, why",
    f"bob,{NAME},,pardon,,,": "line 2: kind is 'pardon'; it can be extension or excuse",
    f"bob,{NAME},,extension,,,": "line 2: an extension needs its end in the column until",
    f"bob,{NAME},,extension,31.2.2027,,": "line 2: until is '31.2.2027', which is no date and time",
    f"bob,{NAME},,extension,3/4/2027,,": "line 2: until is '3/4/2027', which is no date and time",
    f"bob,{NAME},,extension,2027-03-04 08:00 CSTX,,": "line 2: until is '2027-03-04 08:00 CSTX'; the zone 'CSTX' is not known",
    f"bob,{NAME},relu,excuse,,many,": "line 2: points is 'many', which is no number",
    f"bob,{NAME},relu,excuse,,61,": "line 2: points is 61; relu has 0 to 60",
    f"bob,{NAME},,excuse,,5,": "line 2: points are for an exercise",
    f"bob,{NAME},,excuse,2027-03-04,,": "line 2: an excuse has no end",
    f",{NAME},,excuse,,,": "line 2: student is empty",
}  # fmt: skip


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_line_that_cannot_be_taken_is_named_before_anything_is_written(late, line):
    exceptions(late, line)
    before = late.state()
    with pytest.raises(CourseError, match=re.escape(f"exceptions.csv, {BAD_LINES[line]}")):
        Canned().grade(late)
    assert late.state() == before


def test_a_file_without_a_column_or_not_in_utf8_is_named():
    with pytest.raises(SpecialCaseError, match="line 1: there is no column assignment; the first line reads student,assignment,kind"):
        read_cases(b"student,exercise,kind\nbob,relu,excuse\n")
    with pytest.raises(SpecialCaseError, match="line 2: it is not text in UTF-8"):
        read_cases("student,assignment,kind\nJosé,ps90_tiny,excuse\n".encode("latin-1"))


def test_an_unknown_student_is_named_and_stops_nobody(late):
    exceptions(late, f"bbo,{NAME},,extension,2027-01-02,,", f"bob,{NAME},,extension,2027-01-02,,")
    (note,) = settle(late).notes
    assert "an exception names 'bbo', who is not in the gradebook and has handed in nothing" in note
    assert scores(late)["bob"] == 100


# -- changed marks ------------------------------------------------------------------------------------------------------------


def test_a_run_that_changes_marks_lists_them_and_keeps_them_in_a_file(late, answered, monkeypatch, in_course):
    class Pool(Canned):
        def __init__(self, *_):
            super().__init__()

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    monkeypatch.setattr("autograder.runs.pool.Pool", Pool)
    late.hand_in("ann", answered(relu=WRONG, Scale=WRONG), IN_TIME)
    for number in range(30):
        late.hand_in(f"s{number}", answered(), IN_TIME)
    arguments = ("grade-class", NAME, "--device", "cpu", "--sandbox", "none")
    status, out, _ = in_course(*arguments, "--changes", "changes.json")
    assert status == 0
    assert "31 graded, 1 unchanged" in " ".join(out.split())
    assert re.search(r"ann +ps90_tiny +relu +60 +0", out)
    assert json.loads(Path("changes.json").read_text()) == [
        {"student": "ann", "assignment": NAME, "exercise": "relu", "old": 60.0, "new": 0.0},
        {"student": "ann", "assignment": NAME, "exercise": "Scale", "old": 40.0, "new": 0.0},
    ]
    (kept,) = Path(".state/changes").iterdir()
    assert kept.read_text() == f"student,assignment,exercise,old,new\nann,{NAME},relu,60,0\nann,{NAME},Scale,40,0\n"
    configure(late, 'late_policy="zero"', 'late_policy="percent_per_day"')
    configure(late, DUE, "2026-12-31T00:00:00+00:00")
    _, out, _ = in_course(*arguments, "--changes", "changes.csv")
    assert "31 marks changed; 11 more are in .state/changes/" in " ".join(out.split())
    assert len(Path("changes.csv").read_text().splitlines()) == 32
    _, out, _ = in_course(*arguments)
    assert "marks changed" not in out
    assert len(list(Path(".state/changes").iterdir())) == 2


# -- the gradebook ------------------------------------------------------------------------------------------------------------


def test_grade_class_is_the_first_command_in_a_fresh_clone(late, answered):
    before = late.tables()
    os.remove(late.root / "gradebook.db")
    for folder in (".state", "autograded", "verdicts"):
        subprocess.run(["rm", "-r", late.root / folder], check=True)
    assert Canned().grade(late).graded == 2
    after = late.tables()
    for table in before:
        assert after[table] == before[table], table


@pytest.mark.slow
def test_nbgrader_autograde_is_the_first_command_in_a_fresh_clone_and_needs_nothing_on_the_path(course, answered):
    folder = ClassFolder(course.root)
    before = {table: rows for table, rows in folder.tables().items() if table in ("source_cell", "grade_cells", "notebook", "assignment")}
    os.remove(course.root / "gradebook.db")
    subprocess.run(["rm", "-r", course.root / ".state"], check=True)
    folder.hand_in("bob", answered(), NINE_HOURS_LATE)
    command = [sys.executable, "-m", "nbgrader", "autograde", NAME]
    done = subprocess.run(command, cwd=course.root, env={**environment(), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert scores(folder) == {"bob": 0}
    after = folder.tables()
    for table in before:
        assert after[table] == before[table], table


@pytest.mark.parametrize("url", ["sqlite:///my marks/grade book.db", "sqlite:///{root}/my marks/grade book.db"])
def test_the_gradebook_is_where_the_configuration_has_it(course, answered, in_course, url):
    folder = ClassFolder(course.root)
    os.remove(course.root / "gradebook.db")
    (course.root / "my marks").mkdir()
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc = get_config()\nc.CourseDirectory.db_url = {url.format(root=course.root)!r}\n")
    assert in_course("build")[0] == 0
    folder.hand_in("ann", answered(), IN_TIME)
    assert Canned().grade(folder).graded == 1
    assert in_course("export")[0] == 0
    assert in_course("report", NAME)[0] == 0
    assert [row["score"] for row in csv.DictReader(lines("grades.csv"))] == ["100"]
    assert in_course("build", "--check")[0] == 0
    assert (course.root / "my marks" / "grade book.db").is_file()
    assert not (course.root / "gradebook.db").exists()


def _of_a_newer(root: Path) -> None:
    with ClassFolder(root).database() as database:
        database.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")


def _of_an_older(root: Path) -> None:
    with ClassFolder(root).database() as database:
        database.execute("ALTER TABLE grade DROP COLUMN extra_credit")


def _a_folder(root: Path) -> None:
    os.remove(root / "gradebook.db")
    (root / "gradebook.db").mkdir()


def _at(url: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with (root / "nbgrader_config.py").open("a") as config:
            config.write(f"\nc = get_config()\nc.CourseDirectory.db_url = {url!r}\n")

    return change


BROKEN = {
    "of a newer nbgrader": (_of_a_newer, GraderFault, "has the schema ffffffffffff, which this nbgrader does not know: it was written by a newer one"),
    "of an older nbgrader": (_of_an_older, GraderFault, "(has no grade.extra_credit): back it up, then run `nbgrader db upgrade`"),
    "a folder": (_a_folder, GraderFault, "gradebook.db cannot be opened: unable to open database file"),
    "in no folder": (_at("sqlite:////nowhere/gradebook.db"), GraderFault, "the gradebook /nowhere/gradebook.db cannot be opened"),
    "no address": (_at("gradebook.db"), CourseError, "CourseDirectory.db_url is 'gradebook.db', no address of a database"),
    "of an unknown kind": (_at("dbase://x/y"), GraderFault, "cannot be opened: Can't load plugin: sqlalchemy.dialects:dbase"),
    "behind a password": (_at("postgresql://me:secret@127.0.0.1:1/marks"), GraderFault, "the gradebook postgresql://me:***@127.0.0.1:1/marks cannot be opened"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_gradebook_that_cannot_be_used_is_a_sentence_and_nothing_is_lost(late, in_course, what):
    make, kind, sentence = BROKEN[what]
    make(late.root)
    before = late.files()
    with pytest.raises(kind, match=re.escape(sentence)):
        Canned().grade(late)
    status, _, err = in_course("export")
    assert status == (2 if kind is CourseError else 3) or "there is no gradebook.db" in err
    assert late.files() == before


def test_a_gradebook_that_goes_in_the_middle_of_a_run_ends_it_and_the_next_run_records_all(late, answered):
    for student in ("cid", "dan"):
        late.hand_in(student, answered(), IN_TIME)

    class Losing(Canned):
        def verdict_on(self, job):
            if len(self.judged) == 2:
                os.remove(late.root / "gradebook.db")
            return super().verdict_on(job)

    with pytest.raises(GraderFault, match="dan: the gradebook cannot be written"):
        Losing().grade(late)
    assert Canned().grade(late).graded == 4
    assert scores(late) == {"ann": 100, "bob": 0, "cid": 100, "dan": 100}


@pytest.mark.slow
def test_a_configuration_that_does_not_run_is_a_sentence_with_its_line(course, in_course):
    with (course.root / "course_config.py").open("a") as config:
        config.write("\nCOURSE.limits['x'] = 1 / 0\n")
    status, _, err = in_course("grade-class", NAME)
    assert status == 2
    assert re.search(r"course_config\.py, line \d+, does not run: ZeroDivisionError: division by zero", " ".join(err.split()))
    done = subprocess.run([sys.executable, "-m", "nbgrader", "autograde", NAME], cwd=course.root, env=environment(), capture_output=True, text=True)
    assert done.returncode == 1
    assert re.fullmatch(r"nbgrader stops: course_config\.py, line \d+, does not run: ZeroDivisionError: division by zero\n", done.stderr)


@pytest.mark.slow
def test_what_nbgrader_cannot_settle_ends_its_command_with_a_sentence_and_writes_nothing(late):
    exceptions(late, f"bob,{NAME},,extension,soon,,")
    before = late.state()
    done = subprocess.run([sys.executable, "-m", "nbgrader", "autograde", NAME], cwd=late.root, env=environment(), capture_output=True, text=True)
    assert done.returncode == 1
    assert "exceptions.csv, line 2: until is 'soon', which is no date and time" in done.stderr
    assert "Traceback" not in done.stderr
    assert late.state() == before


def test_the_lines_of_the_readme_back_up_and_restore(late, answered):
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text()
    save, restore = (next(line for line in readme.splitlines() if line.startswith(start)) for start in ("tar czf marks.tgz", "rm -rf gradebook.db"))
    before = late.state()
    subprocess.run(save, shell=True, cwd=late.root, check=True)
    late.hand_in("bob", answered(relu=WRONG), IN_TIME)
    configure(late, DUE, "2027-02-02T00:00:00+00:00")
    Canned().grade(late)
    assert late.state() != before
    subprocess.run(restore, shell=True, cwd=late.root, check=True)
    assert late.state() == before
    configure(late, "2027-02-02T00:00:00+00:00", DUE)
    late.hand_in("bob", answered(), NINE_HOURS_LATE)
    settle(late)
    assert late.state() == before
