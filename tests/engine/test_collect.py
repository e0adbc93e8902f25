"""`autograder collect`: downloads of platforms become `submitted/`; nobody's work is lost, nothing is guessed, nothing is written elsewhere."""

import csv
import io
import json
import os
import stat
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.collecting import bundle
from autograder.collecting.labels import name_key, readings, safe_id
from autograder.collecting.roster import decoded, read_roster

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own, in add_submission
NAME = "ps90_tiny"
ROSTER = """id,name,email,canvas_id
ann,Ann Lee,ann@example.org,11
oneill,Sean O'Neill,sean@example.org,
wang,王小明,wang@example.org,13
zoe,Zoë Müller,zoe@example.org,
idle,Idle Person,idle@example.org,
"""


@pytest.fixture(scope="module")
def notebook(answered) -> bytes:
    return json.dumps(answered()).encode()


@pytest.fixture(scope="module")
def other(answered) -> bytes:
    return json.dumps(answered(relu="def relu(x):\n    return x.clamp(min=0)")).encode()


def zipped(path: Path, files: dict[str, bytes | str], time=(2027, 3, 1, 12, 0, 0), mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, time)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def laid_out(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture
def collect(in_course, course, tmp_path):
    """collect(download, system, *options, roster=text) → exit status and what was printed, on one line."""

    def run(path, system: str, *options: str, roster: str | bytes | None = None) -> tuple[int, str]:
        extra = []
        if roster is not None:
            file = tmp_path / "roster.csv"
            file.write_bytes(roster.encode() if isinstance(roster, str) else roster)
            extra = ["--roster", file]
        status, out, err = in_course("collect", path, "--from", system, "--assignment", NAME, *extra, *options)
        return status, " ".join((out + err).split())

    return run


@pytest.fixture
def submitted(course):
    return course.root / "submitted"


# -- Canvas -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def canvas(tmp_path, notebook):
    return zipped(
        tmp_path / "submissions.zip",
        {
            "leeann_11_501_tiny-1.ipynb": notebook, "leeann_11_502_notes.txt": "mine", "oneillsean_LATE_12_503_tiny.ipynb": notebook,
            "王小明_13_504_作业 (2).ipynb": notebook, "müllerzoë_14_505_tiny.ipynb.txt": notebook, "ghostly_99_506_tiny.ipynb": notebook,
        },
    )  # fmt: skip


def test_canvas_names_are_found_in_the_roster_and_lateness_is_kept(collect, canvas, submitted, notebook):
    status, said = collect(canvas, "canvas", roster=ROSTER)
    assert status == 3, said
    assert sorted(path.name for path in submitted.iterdir()) == ["ann", "oneill", "wang", "zoe"]
    assert tree(submitted / "ann") == {f"{NAME}/tiny.ipynb": notebook, f"{NAME}/notes.txt": b"mine"}
    assert tree(submitted / "wang") == {f"{NAME}/tiny.ipynb": notebook}
    assert tree(submitted / "zoe") == {f"{NAME}/tiny.ipynb": notebook}
    assert (submitted / "oneill" / NAME / "timestamp.txt").read_text() == "2027-01-01 00:00:01 UTC\n"
    assert "oneill got the first second that is late" in said
    assert "missing, in the roster and not in the download: idle" in said
    assert "not in the roster: ghostly (99)" in said
    assert "4 new, 0 replaced by newer, 0 unchanged, 1 left out" in said


def test_the_same_download_again_changes_nothing_whatever_was_mended_since(collect, canvas, submitted, course):
    collect(canvas, "canvas", roster=ROSTER)
    (submitted / "ann" / NAME / "tiny.ipynb").write_text("mended")
    before = tree(course.root)
    _status, said = collect(canvas, "canvas", roster=ROSTER)
    assert "0 new, 0 replaced by newer, 4 unchanged" in said
    assert tree(course.root) == before


def test_a_dry_run_says_what_would_be_and_writes_nothing(collect, canvas, course):
    before = tree(course.root)
    _, said = collect(canvas, "canvas", "--dry-run", roster=ROSTER)
    assert "ann: new (2 files)" in said
    assert "would be: 4 new" in said
    assert tree(course.root) == before
    assert not (course.root / "submitted").exists()


def test_a_newer_hand_in_replaces_what_stands_which_is_kept_and_an_older_one_does_not(collect, submitted, course, tmp_path, notebook, other):
    first = zipped(tmp_path / "first.zip", {"leeann_11_501_tiny.ipynb": notebook})
    second = zipped(tmp_path / "second.zip", {"leeann_11_777_tiny-1.ipynb": other})
    collect(first, "canvas", roster=ROSTER)
    status, said = collect(second, "canvas", roster=ROSTER)
    assert status == 0, said
    assert (submitted / "ann" / NAME / "tiny.ipynb").read_bytes() == other
    kept = f".state/replaced/ann/{NAME}/undated"
    assert f"kept in {kept}" in said
    assert (course.root / kept / "tiny.ipynb").read_bytes() == notebook
    _, said = collect(first, "canvas", roster=ROSTER)
    assert "1 older than what stands" in said
    assert (submitted / "ann" / NAME / "tiny.ipynb").read_bytes() == other


def test_what_somebody_else_laid_there_stays_when_nobody_knows_which_is_newer(collect, submitted, tmp_path, notebook, other):
    laid_out(submitted / "ann" / NAME, {"tiny.ipynb": other})
    status, said = collect(zipped(tmp_path / "a.zip", {"leeann_11_501_tiny.ipynb": notebook}), "canvas", roster=ROSTER)
    assert status == 3
    assert "which is newer is not known" in said
    assert (submitted / "ann" / NAME / "tiny.ipynb").read_bytes() == other


def test_a_better_time_takes_the_place_of_the_least_late_one_and_of_none_but_not_of_one_by_hand(collect, canvas, submitted):
    collect(canvas, "canvas", roster=ROSTER)
    (submitted / "wang" / NAME / "timestamp.txt").write_text("2026-12-01 00:00 UTC")
    header, *lines = ROSTER.splitlines()
    times = ["2026-12-31 10:00", "Friday, 1 January 2027, 3:00 PM", "2027-01-05 10:00", "3/4/2027 10:00", "-"]
    roster = "\n".join([f"{header},submitted at", *(f'{line},"{time}"' for line, time in zip(lines, times, strict=True))])
    _, said = collect(canvas, "canvas", roster=roster)
    stamps = {student: (submitted / student / NAME / "timestamp.txt") for student in ("ann", "oneill", "wang")}
    assert {student: path.read_text().strip() for student, path in stamps.items()} == {
        "ann": "2026-12-31 10:00:00 UTC", "oneill": "2027-01-01 15:00:00 UTC", "wang": "2026-12-01 00:00 UTC",
    }  # fmt: skip
    assert "roster.csv, line 5: the time '3/4/2027 10:00' is not understood: 2027-03-08 23:59 is one" in said
    assert "0 new, 0 replaced by newer, 4 unchanged" in said
    collect(canvas, "canvas", roster=ROSTER)
    assert stamps["oneill"].read_text().strip() == "2027-01-01 15:00:00 UTC"


def test_a_damaged_file_leaves_the_hand_in_out_and_a_huge_one_comes_not_along(collect, submitted, tmp_path, notebook, monkeypatch):
    path = zipped(tmp_path / "a.zip", {"leeann_11_501_tiny.ipynb": notebook, "wang_13_502_tiny.ipynb": notebook})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("wang_13_503_data.bin", b"MARK" * 100)
    path.write_bytes(path.read_bytes().replace(b"MARKMARK", b"MARKmark", 1))
    status, said = collect(path, "canvas", roster=ROSTER)
    assert status == 3
    assert "wang_13_503_data.bin in a.zip is damaged: download the archive again" in said
    assert "1 new, 0 replaced by newer, 0 unchanged, 1 left out" in said
    assert [folder.name for folder in submitted.iterdir()] == ["ann"]
    monkeypatch.setattr("autograder.collecting.hand_over.MAX_HAND_IN_BYTES", len(notebook) + 100)
    status, said = collect(zipped(tmp_path / "b.zip", {"zoe_14_1_tiny.ipynb": notebook, "zoe_14_2_weights.bin": b"0" * 1000}), "canvas")
    assert status == 3
    assert "left out: weights.bin" in said
    assert tree(submitted / "zoe") == {f"{NAME}/tiny.ipynb": notebook}


def test_two_people_of_one_name_are_told_apart_by_the_platforms_number_or_left_out(collect, submitted, tmp_path, notebook):
    download = zipped(tmp_path / "a.zip", {"leeann_11_501_tiny.ipynb": notebook, "leeann_12_502_tiny.ipynb": notebook})
    status, said = collect(download, "canvas")
    assert status == 3
    assert "leeann (11) and leeann (12) have one name, and were left out: give a --roster with the columns id, name and canvas_id" in said
    assert not submitted.exists()
    status, said = collect(download, "canvas", roster="id,name\na1,Ann Lee\na2,Lee Ann\n")
    assert status == 3
    assert "may be a1 and a2 of the roster" in said
    assert "write 11 into the column canvas_id" in said
    status, said = collect(download, "canvas", roster="id;Name;Canvas ID\na1;Ann Lee;11\na2;Ann Lee;\n")
    assert status == 0, said
    assert sorted(path.name for path in submitted.iterdir()) == ["a1", "a2"]


def test_without_a_roster_ids_are_made_of_names_and_canvas_gets_its_own_numbers_back(collect, canvas, submitted, course, in_course):
    status, said = collect(canvas, "canvas")
    assert status == 0, said
    assert sorted(path.name for path in submitted.iterdir()) == ["ghostly", "leeann", "müllerzoë", "oneillsean", "王小明"]
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.id) as gradebook:
        gradebook.add_student("leeann")
        gradebook.add_submission(NAME, "leeann")
        gradebook.db.commit()
    status, _out, err = in_course("export", NAME, "--format", "canvas", "--out", "grades.csv")
    assert status == 0, err
    (row,) = [row for row in csv.DictReader(io.StringIO((course.root / "grades.csv").read_text())) if row["SIS Login ID"] == "leeann"]
    assert row["ID"] == "11"


# -- Moodle -------------------------------------------------------------------------------------------------------------------

WORKSHEET = (
    'Identifier,"Full name","Email address",Status,"Last modified (submission)","ID number"\n'
    'Participant 701,"Ann Lee",ann@example.org,Submitted,"Thursday, 31 December 2026, 11:58 PM",s1\n'
    'Participant 702,"Ann Lee",ann2@example.org,Submitted,"Friday, 1 January 2027, 9:05 AM",s2\n'
    'Participant 703,"Sean O\'Neill",sean@example.org,"No submission",-,s3\n'
)


def test_moodles_worksheet_is_the_roster_and_knows_the_times(collect, submitted, tmp_path, notebook):
    download = zipped(
        tmp_path / "moodle.zip",
        {
            "Ann Lee_701_assignsubmission_file_/tiny.ipynb": notebook, "Ann Lee_701_assignsubmission_onlinetext_/onlinetext.html": "hello",
            "Ann Lee_702_assignsubmission_file_/project/tiny (1).ipynb": notebook, "Ann Lee_702_assignsubmission_file_/project/model.py": "x = 1",
        },
    )  # fmt: skip
    status, said = collect(download, "moodle", roster=WORKSHEET)
    assert status == 0, said
    assert sorted(tree(submitted / "s1" / NAME)) == ["onlinetext.html", "timestamp.txt", "tiny.ipynb"]
    assert sorted(tree(submitted / "s2" / NAME)) == ["model.py", "timestamp.txt", "tiny.ipynb"]
    assert (submitted / "s1" / NAME / "timestamp.txt").read_text() == "2026-12-31 23:58:00 UTC\n"
    assert (submitted / "s2" / NAME / "timestamp.txt").read_text() == "2027-01-01 09:05:00 UTC\n"
    assert "missing, in the roster and not in the download: s3" in said


def test_under_blind_marking_the_number_tells_who_it_is_and_emails_are_ids_where_there_are_none(collect, submitted, tmp_path, notebook):
    download = zipped(tmp_path / "m.zip", {f"Participant_{number}_assignsubmission_file_/tiny.ipynb": notebook for number in (701, 702)})
    roster = "Identifier,Full name,Email address\nParticipant 701,Ann Lee,ann@example.org\nParticipant 702,Ann Lee,lee@example.org\n"
    status, said = collect(download, "moodle", roster=roster)
    assert status == 0, said
    assert sorted(path.name for path in submitted.iterdir()) == ["ann@example.org", "lee@example.org"]


def test_a_run_that_was_killed_is_done_again_and_changes_nothing_twice(collect, canvas, submitted, course):
    collect(canvas, "canvas", roster=ROSTER)
    before = tree(submitted)
    (course.root / ".state" / "collected" / f"{NAME}.json").unlink()
    (course.root / ".state" / "collecting-x" / "ann").mkdir(parents=True)
    _status, said = collect(canvas, "canvas", roster=ROSTER)
    assert "4 unchanged" in said
    assert tree(submitted) == before


def test_moodles_flat_names_in_a_folder_are_read_as_well(collect, submitted, tmp_path, notebook):
    folder = laid_out(tmp_path / "flat", {"Sean O'Neill_703_assignsubmission_file_tiny.ipynb": notebook})
    status, said = collect(folder, "moodle")
    assert status == 0, said
    assert tree(submitted) == {f"Sean_ONeill/{NAME}/tiny.ipynb": notebook}
    assert "no time is known of 1 hand-ins" in said


# -- Gradescope ---------------------------------------------------------------------------------------------------------------


def test_gradescope_knows_times_and_groups_and_the_newest_attempt_is_taken(collect, submitted, tmp_path, notebook, other):
    metadata = """---
submission_1:
  :submitters:
  - :name: Ann Lee
    :sid: '0011'
    :email: ann@example.org
  - :name: Bo Partner
    :sid: ''
    :email: bo@example.org
  :created_at: 2026-12-30 10:00:00.123456000 Z
  :score: 1.0
  :results: !ruby/object:Some::Thing {a: 1}
submission_2:
  :submitters:
  - :name: Ann Lee
    :sid: '0011'
    :email: ann@example.org
  :created_at: 2026-12-31 20:00:00.000000000 -08:00
submission_3:
  :submitters: []
"""
    top = "assignment_5_export"
    download = zipped(
        tmp_path / "gradescope.zip",
        {f"{top}/submission_metadata.yml": metadata, f"{top}/submission_1/tiny.ipynb": notebook, f"{top}/submission_2/tiny.ipynb": other},
    )
    status, said = collect(download, "gradescope")
    assert status == 3
    assert "submission_3 of submission_metadata.yml has no submitters" in said
    assert (submitted / "0011" / NAME / "tiny.ipynb").read_bytes() == other
    assert (submitted / "0011" / NAME / "timestamp.txt").read_text() == "2027-01-01 04:00:00 UTC\n"
    assert "0011: 2026-12-30 10:00 UTC: older, not taken" in said
    assert (submitted / "bo_example.org" / NAME / "tiny.ipynb").read_bytes() == notebook


def test_gradescopes_file_is_read_with_rubys_tags_and_no_id_leads_elsewhere(collect, submitted, tmp_path, notebook):
    metadata = """submission_1:
  :submitters:
  - !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    :name: Tagged One
    :sid: "../../../evil"
  - :name: ""
  - :name: "!!!"
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-12-30 00:00:00 Z
"""
    status, said = collect(zipped(tmp_path / "g.zip", {"submission_metadata.yml": metadata, "submission_1/tiny.ipynb": notebook}), "gradescope")
    assert status == 3
    assert "submission_1 of submission_metadata.yml has a submitter without a name" in said
    assert "no id can be made of the name: !!!: give a --roster" in said
    assert sorted(tree(submitted)) == [f"evil/{NAME}/timestamp.txt", f"evil/{NAME}/tiny.ipynb"]
    assert (submitted / "evil" / NAME / "timestamp.txt").read_text() == "2026-12-30 00:00:00 UTC\n"
    assert not (tmp_path.parent / "evil").exists()
    (tmp_path / "h.zip").write_bytes(zipped(tmp_path / "g.zip", {"submission_metadata.yml": "a: [b", "submission_1/tiny.ipynb": notebook}).read_bytes())
    status, said = collect(tmp_path / "h.zip", "gradescope")
    assert status == 2
    assert "submission_metadata.yml in h.zip is no YAML that can be read" in said


# -- folders ------------------------------------------------------------------------------------------------------------------


def test_folders_and_files_that_bear_names_are_collected_and_no_student_stamps_their_own_time(collect, submitted, tmp_path, notebook):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("homework/tiny.ipynb", notebook)
        archive.writestr("homework/model.py", "x = 1")
    folder = laid_out(
        tmp_path / "all" / "handed in",
        {
            f"ann/{NAME}/tiny.ipynb": notebook, f"ann/{NAME}/timestamp.txt": "2020-01-01", "ann/ps99_other/x.ipynb": b"{}",
            "Sean O'Neill/tiny.ipynb": notebook, "tiny_王小明.ipynb": notebook, f"{NAME}-zoe.zip": inner.getvalue(), "grades.csv": "a,b",
        },
    )  # fmt: skip
    status, said = collect(folder.parent, "folder", roster=ROSTER)
    assert status == 0, said
    assert sorted(tree(submitted)) == sorted(
        [f"{student}/{NAME}/tiny.ipynb" for student in ("ann", "oneill", "wang", "zoe")] + [f"zoe/{NAME}/model.py", f"zoe/{NAME}/{NAME}-zoe.zip"]
    )
    assert "all files carry nearly the same time" in said


def test_beside_folders_of_other_assignments_a_loose_notebook_is_taken_and_an_unnamed_one_is_spoken_of(collect, submitted, course, tmp_path, notebook):
    config = course.root / "course_config.py"
    config.write_text(config.read_text().replace("assignments=(", 'assignments=(Assignment("ps91_other", "Another"), '))
    files = {"ann/tiny.ipynb": notebook, "ann/ps91_other/x.ipynb": b"{}", "wang/ps91_other/x.ipynb": b"{}", "tiny (1).ipynb": notebook}
    status, said = collect(laid_out(tmp_path / "all", files), "folder", roster=ROSTER)
    assert status == 3
    assert tree(submitted) == {f"ann/{NAME}/tiny.ipynb": notebook}
    assert "tiny (1).ipynb bears no student's name" in said
    assert "missing, in the roster and not in the download: oneill, wang, zoe, idle" in said


def test_a_word_in_a_files_name_is_nobodys_and_a_number_is_somebodys(collect, submitted, tmp_path, notebook):
    folder = laid_out(tmp_path / "all", {"hw1_2021001_final.ipynb": notebook, "Ann Lee.ipynb": notebook, "2021001 and 2021002.ipynb": notebook})
    status, said = collect(folder, "folder", roster="id,name\n2021001,Some One\n2021002,Other One\nlee,Bob Lee\n")
    assert status == 3
    assert [path.name for path in submitted.iterdir()] == ["2021001"]
    assert "not in the roster: Ann Lee" in said
    assert "2021001 and 2021002 may be 2021001 and 2021002 of the roster, and was left out" in said


def test_of_several_files_of_one_student_the_newest_is_taken_and_times_of_files_are_spoken_of(collect, submitted, tmp_path, notebook, other):
    folder = laid_out(tmp_path / "all", {"ann.ipynb": notebook, "ann (1).ipynb": other, "wang.ipynb": notebook})
    for name, hour in (("ann.ipynb", 8), ("ann (1).ipynb", 9), ("wang.ipynb", 7)):
        seconds = datetime(2026, 12, 31, hour, tzinfo=UTC).timestamp()
        os.utime(folder / name, (seconds, seconds))
    status, said = collect(folder, "folder", "--dry-run", roster=ROSTER)
    assert "ann: new (1 files, 2026-12-31 09:00 UTC)" in said
    status, said = collect(folder, "folder", roster=ROSTER)
    assert status == 0, said
    assert (submitted / "ann" / NAME / "tiny.ipynb").read_bytes() == other
    assert (submitted / "ann" / NAME / "timestamp.txt").read_text() == "2026-12-31 09:00:00 UTC\n"
    assert "ann: 2026-12-31 08:00 UTC: older, not taken" in said
    assert "time stamps are those of the files" in said


# -- git ----------------------------------------------------------------------------------------------------------------------


def commit(repository: Path, time: str, files: dict[str, bytes | str]) -> None:
    laid_out(repository, files)
    for arguments in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", "x"]):
        environment = {**os.environ, "GIT_COMMITTER_DATE": time, "GIT_AUTHOR_DATE": time}
        subprocess.run(["git", "-C", str(repository), *arguments], check=True, env=environment)


def test_of_repositories_the_newest_commit_in_time_is_taken_and_without_answers_the_late_one(collect, submitted, course, tmp_path, notebook, other):
    blank = (course.root / "release" / NAME / "tiny.ipynb").read_bytes()
    clones = tmp_path / "clones"
    commit(clones / "hw-ann", "2026-12-30T10:00:00Z", {f"{NAME}/tiny.ipynb": notebook, "README.md": "x", f"{NAME}/model.py": "x = 1"})
    commit(clones / "hw-ann", "2026-12-30T11:00:00Z", {"README.md": "y"})
    commit(clones / "hw-ann", "2027-01-02T10:00:00Z", {f"{NAME}/tiny.ipynb": other})
    commit(clones / "hw-wang", "2026-12-01T10:00:00Z", {"work/mine.ipynb": blank})
    (clones / "hw-wang" / "work" / "link").symlink_to("/etc/passwd")
    commit(clones / "hw-wang", "2027-01-03T10:00:00Z", {"work/mine.ipynb": other, ".git/hooks/x": "touch /tmp/never"})
    commit(clones / "hw-zoe", "2026-12-01T10:00:00Z", {"README.md": "nothing"})
    (tmp_path / "list.txt").write_text(f"# all\nann clones/hw-ann\nwang, {clones / 'hw-wang'}\nzoe {clones / 'hw-zoe'}\noneill file://{tmp_path}/nowhere.git\n")
    status, said = collect(tmp_path / "list.txt", "git", roster=ROSTER)
    assert status == 3, said
    assert tree(submitted / "ann" / NAME) == {"tiny.ipynb": notebook, "model.py": b"x = 1", "timestamp.txt": b"2026-12-30 10:00:00 UTC\n"}
    assert tree(submitted / "wang" / NAME) == {"tiny.ipynb": other, "timestamp.txt": b"2027-01-03 10:00:00 UTC\n"}
    assert "ann: a later commit, of 2027-01-02 10:00 UTC, was not taken" in said
    assert "wang: late, committed at 2027-01-03 10:00 UTC" in said
    assert f"zoe: no commit holds a notebook of {NAME}" in said
    assert "oneill: file:" in said
    assert "cannot be cloned" in said
    status, said = collect(clones, "git", roster=ROSTER)
    assert "2 unchanged" in said, said


# -- bad input ----------------------------------------------------------------------------------------------------------------


def outside(tmp_path, _):
    return zipped(tmp_path / "evil.zip", {"leeann_11_501_tiny.ipynb": "{}", "../../evil.txt": "x"})


def absolute(tmp_path, _):
    return zipped(tmp_path / "evil.zip", {"/tmp/evil.txt": "x"})


def drive(tmp_path, _):
    return zipped(tmp_path / "evil.zip", {"C:\\evil.txt": "x"})


def broken(tmp_path, notebook):
    whole = zipped(tmp_path / "whole.zip", {"leeann_11_501_tiny.ipynb": notebook}).read_bytes()
    (tmp_path / "broken.zip").write_bytes(whole[: len(whole) // 2])
    return tmp_path / "broken.zip"


def empty(tmp_path, _):
    return zipped(tmp_path / "empty.zip", {})


def of_moodle(tmp_path, _):
    return zipped(tmp_path / "m.zip", {"Ann Lee_701_assignsubmission_file_/tiny.ipynb": "{}"})


def of_nobody(tmp_path, _):
    return zipped(tmp_path / "n.zip", {"ann/tiny.ipynb": "{}"})


def nowhere(tmp_path, _):
    return tmp_path / "nowhere.zip"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (outside, "a path that leads out of it"),
        (absolute, "a path that leads out of it"),
        (drive, "a path that leads out of it"),
        (broken, "download it again"),
        (empty, "holds no files: download it again"),
        (of_moodle, "it looks like moodle's: --from moodle"),
        (of_nobody, "say --from folder"),
        (nowhere, "there is no"),
    ],
)
def test_a_download_that_cannot_be_taken_is_one_sentence_and_nothing_is_written(collect, course, tmp_path, notebook, make, words):
    path = make(tmp_path, notebook)
    before = tree(tmp_path)
    status, said = collect(path, "canvas", roster=ROSTER)
    assert status == 2
    assert words in said
    assert {name: data for name, data in tree(tmp_path).items() if name != "roster.csv"} == before
    assert not (course.root / "submitted").exists()


def test_bombs_are_seen_before_anything_is_unpacked(collect, course, tmp_path, monkeypatch):
    path = zipped(tmp_path / "bomb.zip", {f"leeann_11_{i}_x.txt": b"0" * 100_000 for i in range(20)})
    monkeypatch.setattr(bundle, "MAX_UNPACKED_BYTES", 1_000_000)
    status, said = collect(path, "canvas")
    assert status == 2
    assert "Nothing was unpacked" in said
    monkeypatch.setattr(bundle, "MAX_FILES", 10)
    status, said = collect(path, "canvas")
    assert "holds 20 files, more than 10" in said
    assert not (course.root / "submitted").exists()


def test_links_in_a_download_are_left_out_and_named(collect, submitted, tmp_path, notebook):
    path = zipped(tmp_path / "a.zip", {"leeann_11_501_tiny.ipynb": notebook})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("leeann_11_502_secret.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    status, said = collect(path, "canvas", roster=ROSTER)
    assert status == 3
    assert "leeann_11_502_secret.txt is a link" in said
    assert tree(submitted) == {f"ann/{NAME}/tiny.ipynb": notebook}
    folder = laid_out(tmp_path / "all", {"wang/tiny.ipynb": notebook, "zoe/tiny.ipynb": notebook})
    (folder / "wang" / "secret.txt").symlink_to("/etc/passwd")
    status, said = collect(folder, "folder", roster=ROSTER)
    assert "wang/secret.txt is a link" in said
    assert tree(submitted / "wang") == {f"{NAME}/tiny.ipynb": notebook}


def test_a_place_that_is_a_link_is_not_written_through(collect, submitted, tmp_path, canvas):
    (tmp_path / "elsewhere").mkdir()
    submitted.mkdir()
    (submitted / "ann").symlink_to(tmp_path / "elsewhere")
    _status, said = collect(canvas, "canvas", roster=ROSTER)
    assert f"ann: submitted/ann/{NAME} is a link or a file: take it away" in said
    assert not list((tmp_path / "elsewhere").iterdir())


def test_another_assignments_notebook_is_laid_there_and_named(collect, submitted, tmp_path):
    _status, said = collect(zipped(tmp_path / "a.zip", {"leeann_11_501_tiny.ipynb": '{"cells": []}', "zz_12_502_text.html": "typed"}), "canvas")
    assert "leeann: tiny.ipynb holds no cell" in said
    assert "zz: no notebook: there is no notebook in what was handed in, only text.html" in said
    assert (submitted / "leeann" / NAME / "tiny.ipynb").is_file()


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("name,section\nAnn Lee,1\n", "has no column with ids: name one id"),
        ("id,section\nann,1\n", "has neither names or a column canvas_id"),
        ("id,name\nann,Ann Lee\nAnn,Bo\n", "roster.csv, line 3: the id 'Ann' stands at roster.csv, line 2 as well"),
        ("id,name\n../x,Ann Lee\n", "roster.csv, line 2: the id '../x' would not be the name of a folder"),
        ("id,name\n,Ann Lee\n", "roster.csv, line 2: the student has no id"),
        ("id,name\n", "names no students"),
        (b"PK\3\4xxxx", "is a workbook"),
    ],
)
def test_a_roster_that_cannot_be_taken_is_one_sentence(collect, canvas, course, roster, words):
    status, said = collect(canvas, "canvas", roster=roster)
    assert status == 2
    assert words in said, said
    assert not (course.root / "submitted").exists()


# -- rosters and names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_rosters_are_read_in_excels_encodings(encoding, tmp_path):
    text = "sep=;\r\nSIS Login ID;Student;ID\r\nzoe;Müller, Zoë;14\r\n"
    (tmp_path / "roster.csv").write_bytes(text.encode(encoding))
    (student,) = read_roster(tmp_path / "roster.csv", UTC)
    assert (student.id, student.name, student.numbers) == ("zoe", "Müller, Zoë", {"canvas": "14"})


def test_a_roster_saved_by_a_chinese_excel_is_read():
    assert decoded("学号,姓名\n2021,王小明\n2022,欧阳娜\n".encode("gb18030")) == "学号,姓名\n2021,王小明\n2022,欧阳娜\n"


def test_a_gradebook_of_canvas_is_a_roster(tmp_path):
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"Lee, Ann",11,s11,ann@x.edu,A\n"Student, Test",99,,abc,A\n'
    (tmp_path / "roster.csv").write_text(text)
    (student,) = read_roster(tmp_path / "roster.csv", UTC)
    assert (student.id, student.aliases, student.numbers["canvas"]) == ("ann@x.edu", ("s11",), "11")
    assert name_key("Ann Lee") in {name_key(name) for name in student.names} | {"annlee"}


def test_times_in_a_roster_are_read_in_its_language_and_zone(tmp_path):
    text = (
        'id,submitted at\na,2027年3月8日 星期一 下午 11:58\nb,2027年3月8日 星期一 09:05\nc,"Monday, 8 March 2027, 11:58 PM"\nd,8.3.2027 23:58\ne,-\nf,soon 1\n'
    )
    (tmp_path / "roster.csv").write_text(text)
    students = read_roster(tmp_path / "roster.csv", timezone(timedelta(hours=8)))
    night, morning = datetime(2027, 3, 8, 15, 58, tzinfo=UTC), datetime(2027, 3, 8, 1, 5, tzinfo=UTC)
    assert [student.handed_in for student in students] == [night, morning, night, night, None, None]
    assert [student.unread_time for student in students] == ["", "", "", "", "", "soon 1"]


def test_names_become_ids_that_are_folders_everywhere():
    assert safe_id("Seán O’Neill-Smith") == "Seán_ONeill-Smith"
    assert safe_id("../../x") == "x"
    assert safe_id("王 小明") == "王_小明"
    assert readings(f"{NAME}-zoe (2)", (NAME, "tiny"))[-1] == "zoe"
    assert readings("tiny_王小明", (NAME, "tiny"))[-1] == "王小明"
