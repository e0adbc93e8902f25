"""A whole class: what `autograder grade-class` writes is what `nbgrader autograde` writes, killed at any moment or not, and nothing is judged twice."""

import base64
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.grading.course import CourseError, load_course
from autograder.judge.jobs import BrokenGrader, GraderFault
from autograder.nbgrader_plugin.class_run import grade_class
from autograder.nbgrader_plugin.recording import Recorder
from autograder.runs.journal import Journal
from autograder.runs.pace import Pace
from tests.engine.class_folder import NAME, Canned, ClassFolder, side_by_side

# What nbgrader's add_submission always says of itself.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type .* not in session")
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
WRONG = "def relu(X):\n    return X.clamp(max=0)"
LOUD = """
import sys
from IPython.display import HTML, display
print("line\\n" * 2000)
print("to stderr", file=sys.stderr)
display(HTML("<b>bold</b>"))
def relu(X):
    def deeper(n):
        return 1 / 0 if n == 0 else deeper(n - 1)
    return deeper(200)
print(relu(1))
"""


@pytest.fixture
def unwalled(built, tmp_path) -> Callable[[str], ClassFolder]:
    """unwalled(name) → a fresh copy of the tiny course, graded without a wall."""

    def make(name: str) -> ClassFolder:
        shutil.copytree(built.root, tmp_path / name)
        config = tmp_path / name / "course_config.py"
        config.write_text(config.read_text().replace('late_policy="zero",', 'late_policy="zero",\n    sandbox="none",'))
        return ClassFolder(tmp_path / name)

    return make


def cell(document: dict, grade_id: str) -> dict:
    return next(cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def hand_in_all_kinds(folder: ClassFolder, answered: Callable[..., dict]) -> None:
    early, late = "2026-12-31 23:00:00 UTC", "2027-01-01 08:30:00 UTC"
    folder.hand_in("perfect", answered(), early)
    folder.hand_in("wrong", answered(relu=WRONG), early)
    folder.hand_in("blank", json.loads((folder.root / "release" / NAME / "tiny.ipynb").read_text()))
    folder.hand_in("unreadable", '{"cells": [', early)
    folder.hand_in("loud", answered(relu=LOUD))
    written = answered()
    cell(written, "why").update(source="Because <b>so</b>. ![sketch](attachment:a.png)", attachments={"a.png": {"image/png": PNG}})
    written["cells"].insert(2, {"cell_type": "code", "metadata": {}, "source": "mine = 1\nprint(mine)", "outputs": [], "execution_count": 7, "id": "mine"})
    folder.hand_in("written", written)
    folder.hand_in("late", answered(relu=WRONG), late)
    folder.hand_in("late_unreadable", "", late)
    folder.hand_in("stamp_empty", answered(), " ")
    folder.hand_in("renamed", answered(), early, notebook="tiny (1).ipynb")
    folder.hand_in("another", json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    gone = answered()
    gone["cells"].remove(cell(gone, "Scale"))
    gone["cells"].remove(cell(gone, "test_relu"))
    folder.hand_in("gone", gone)
    files = {
        "factor.txt": "mine", "notes.txt": "notes", "data/deep/table.csv": "1,2", ".hidden": "h", "extra.ipynb": json.dumps(written),
        "__pycache__/x.pyc": "x", "x.pyc": "x", ".ipynb_checkpoints/tiny-checkpoint.ipynb": "{}", "big.bin": "x" * (6 << 20),
    }  # fmt: skip
    odd = folder.hand_in("files", answered(), early, **files)
    (odd / "notes.txt").chmod(0o755)
    (odd / "link.txt").symlink_to(folder.root / "course_config.py")
    (odd / "folder").symlink_to(folder.root / "solutions")
    os.mkfifo(odd / "pipe")
    (folder.root / "submitted" / "nothing" / NAME).mkdir(parents=True)
    hand_in_odd_folders(folder, answered)


def hand_in_odd_folders(folder: ClassFolder, answered: Callable[..., dict]) -> None:
    """Right answers whose notebook is not where it should be."""
    whole, early = json.dumps(answered()), "2026-12-31 23:00:00 UTC"
    release = (folder.root / "release" / NAME / "tiny.ipynb").read_text()
    folder.hand_in("odd_ending", None, early, **{"tiny.ipynb.json": whole, "._tiny.ipynb": "\0"})
    folder.hand_in("odd_deeper", None, **{"ps90_tiny/tiny.ipynb": whole, "photo.jpg": "x"})
    folder.hand_in("odd_two", None, early, **{"tiny-1.ipynb": whole, "tiny-2.ipynb": release})
    helped = answered(relu="from my_relu import relu")
    folder.hand_in("odd_helper", helped, **{"my_relu.py": "def relu(X):\n    return X.clamp(min=0)", "torch.py": "raise SystemExit"})
    lost = answered()
    for one in lost["cells"]:
        one["metadata"] = {}
    lost["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "Mine: <b>bold</b> $a<b$"})
    folder.hand_in("odd_no_metadata", lost)
    with zipfile.ZipFile(folder.hand_in("odd_zipped", None, early) / "all.zip", "w") as file:
        file.writestr(zipfile.ZipInfo("ps90_tiny/tiny.ipynb"), whole)


def mark_by_hand(folder: ClassFolder) -> None:
    with folder.database() as database:
        grade = "SELECT grade.id FROM grade JOIN submitted_notebook n ON grade.notebook_id = n.id JOIN submitted_assignment s ON n.assignment_id = s.id"
        where = "JOIN base_cell c ON grade.cell_id = c.id WHERE s.student_id = ? AND c.name = ?"
        for student, name, changes in [("wrong", "test_relu", "manual_score = 33"), ("written", "why", "manual_score = 0, extra_credit = 4"),
                                       ("late", "test_Scale", "manual_score = 1, extra_credit = 2")]:  # fmt: skip
            database.execute(f"UPDATE grade SET {changes}, needs_manual_grade = 0 WHERE id IN ({grade} {where})", (student, name))
        database.execute("UPDATE comment SET manual_comment = 'well put'")
        database.execute("UPDATE submitted_assignment SET extension = '1970-01-02 00:00:00' WHERE student_id = 'late_unreadable'")


def assert_same(one: ClassFolder, other: ClassFolder) -> None:
    """Table by table and file by file, so that a difference is easy to read."""
    ours, theirs = one.tables(), other.tables()
    for table in theirs:
        assert ours[table] == theirs[table], table
    ours, theirs = one.files(), other.files()
    assert ours.keys() == theirs.keys()
    for path, (mode, data) in theirs.items():
        assert oct(ours[path][0]) == oct(mode), path
        assert ours[path][1] == data, path
    assert one.verdicts() == other.verdicts()


@pytest.mark.slow
def test_the_gradebook_and_the_autograded_folders_are_those_of_nbgrader_autograde(unwalled, answered):
    ours, nbgraders = unwalled("ours"), unwalled("nbgraders")
    for folder in (ours, nbgraders):
        hand_in_all_kinds(folder, answered)
    _, printed = side_by_side(lambda: nbgraders.nbgrader("autograde", NAME), lambda: ours.grade("--jobs", "2"))
    assert "19 graded, 3 of them unreadable, 0 unchanged no notebook in the folder: nothing, ps90_tiny" in printed
    assert "unreadable, no points: unreadable, ps90_tiny: tiny.ipynb is not a notebook: its JSON is broken" in printed
    assert_same(ours, nbgraders)
    marks = {path: verdict["points"] for path, verdict in ours.verdicts().items() if "/odd_" in path}
    assert marks == {f"{NAME}/odd_{name}.json": 100 for name in ("deeper", "ending", "helper", "no_metadata", "two", "zipped")}
    for folder in (ours, nbgraders):
        mark_by_hand(folder)
        folder.hand_in("wrong", answered(), "2027-01-01 00:00:01 UTC")
        folder.hand_in("perfect", answered(relu=WRONG), "2027-01-01 00:00:01 UTC")  # the penalty is that of the new score
        folder.hand_in("files", answered(relu=WRONG))
        (folder.root / "submitted" / "files" / NAME / "data" / "deep" / "table.csv").unlink()
    side_by_side(lambda: nbgraders.nbgrader("autograde", NAME, "--force"), lambda: ours.grade("--all"))
    assert_same(ours, nbgraders)


@pytest.mark.slow
def test_settings_of_nbgrader_and_a_gradebook_that_differs_from_the_release_count_as_they_do_for_nbgrader(unwalled, answered):
    ours, nbgraders = unwalled("ours"), unwalled("nbgraders")
    for folder in (ours, nbgraders):
        with (folder.root / "nbgrader_config.py").open("a") as config:
            config.write(
                'c = get_config()\nc.LimitOutput.max_lines = 10\nc.CourseDirectory.ignore = ["*.bin"]\nc.BaseConverter.permissions = 644\n'
                f'c.Autograde.exclude_overwriting = {{"{NAME}": ["factor.txt"]}}\n'
            )
        with folder.database() as database:
            database.execute("""UPDATE notebook SET kernelspec = '{"name": "python3", "display_name": "Another", "language": "python"}'""")
        folder.hand_in("loud", answered(relu=LOUD), **{"a.bin": "x", "a.pyc": "x", "factor.txt": "mine"})
        folder.hand_in("perfect", answered())
    side_by_side(lambda: nbgraders.nbgrader("autograde", NAME), lambda: ours.grade("--jobs", "1"))
    assert_same(ours, nbgraders)


# -- killed and resumed -------------------------------------------------------------------------------------------------------

KILLS = 20
STUDENTS = [f"student{number:02}" for number in range(12)]


def grade_in_a_process(folder: ClassFolder, everything: bool) -> int:
    """A run in a fork. Returns its process id."""
    process = os.fork()
    if process == 0:
        try:
            Canned(seconds=0.005).grade(folder, everything)
        finally:
            os._exit(0)
    return process


@pytest.mark.slow
@pytest.mark.parametrize("again", [False, True], ids=["the first time", "again"])
def test_killed_at_any_moment_and_resumed_the_end_is_that_of_an_undisturbed_run(unwalled, answered, again):
    start, undisturbed = unwalled("start"), unwalled("undisturbed")
    for folder in (start, undisturbed):
        for number, student in enumerate(STUDENTS):
            folder.hand_in(student, answered(relu=WRONG) if number % 3 else "{" if number == 3 else answered(), "2027-01-01 08:30:00 UTC" if number % 2 else "")
        if again:
            Canned().grade(folder)
            for student in STUDENTS[:6]:
                folder.hand_in(student, answered(relu="def relu(X):\n    return X.clamp(min=0.0) * 1"))
    began = time.monotonic()
    os.waitpid(grade_in_a_process(undisturbed, everything=again), 0)
    whole = time.monotonic() - began
    expected = undisturbed.state()
    moments = random.Random(11 + again)
    interrupted = 0
    for number in range(KILLS // 2):
        folder = ClassFolder(start.root.with_name(f"killed{number}"))
        shutil.copytree(start.root, folder.root, symlinks=True)
        before = folder.journal()
        process = grade_in_a_process(folder, everything=again)
        time.sleep(moments.uniform(0, whole))
        os.kill(process, signal.SIGKILL)
        interrupted += os.waitpid(process, 0)[1] == signal.SIGKILL
        recorded = folder.journal()[len(before) :]
        rest = Canned()
        rest.grade(folder)
        if not again:
            assert sorted(recorded + rest.judged) == STUDENTS
        assert folder.state() == expected
        assert not list(folder.root.glob("autograded/*/.*"))
        shutil.rmtree(folder.root)
    assert interrupted >= KILLS // 4


def grade_and_die(folder: ClassFolder, step: int, everything: bool = False) -> bool:
    """A run in a fork that kills itself before its `step`-th change of a file. Whether it came to that."""
    process = os.fork()
    if process == 0:
        steps = iter(range(1, step))

        def before(event: str, arguments: tuple) -> None:
            changes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.copyfile", "sqlite3.connect")
            if (changes or (event == "open" and arguments[1] not in ("r", "rb", None))) and next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(before)
            Canned().grade(folder, everything)
        finally:
            os._exit(0)
    return os.waitpid(process, 0)[1] == signal.SIGKILL


@pytest.mark.slow
def test_killed_before_each_change_of_a_file_in_turn_and_resumed_the_end_is_the_same(unwalled, answered):
    start, undisturbed = unwalled("start"), unwalled("undisturbed")
    for folder in (start, undisturbed):
        folder.hand_in("ann", answered())
        Canned().grade(folder)
        folder.hand_in("ann", answered(relu=WRONG), "2027-01-01 08:30:00 UTC")
        folder.hand_in("bob", answered())
    Canned().grade(undisturbed)
    expected, step, killed = undisturbed.state(), 0, True
    while killed:
        step += 1
        folder = ClassFolder(start.root.with_name(f"killed{step}"))
        shutil.copytree(start.root, folder.root)
        killed = grade_and_die(folder, step)
        Canned().grade(folder)
        assert folder.state() == expected, step
        assert not list(folder.root.glob("autograded/*/.*"))
        assert not list(folder.root.glob("verdicts/*/*.part"))
        assert sorted(folder.journal()) == ["ann", "ann", "bob"], step
    assert step > 15


@pytest.mark.slow
def test_killed_while_it_grades_again_what_is_unchanged_it_leaves_nothing_half_written(unwalled, answered):
    start, undisturbed = unwalled("start"), unwalled("undisturbed")
    for folder in (start, undisturbed):
        folder.hand_in("ann", answered())
        Canned().grade(folder)
    Canned().grade(undisturbed, everything=True)
    expected, step, killed = undisturbed.state(), 0, True
    while killed:
        step += 1
        folder = ClassFolder(start.root.with_name(f"killed{step}"))
        shutil.copytree(start.root, folder.root)
        killed = grade_and_die(folder, step, everything=True)
        Canned().grade(folder)
        assert folder.state() == expected, step
        assert not list(folder.root.glob("autograded/*/.*")), step
    assert step > 10


@pytest.mark.slow
def test_the_command_killed_with_all_its_processes_and_resumed_judges_nothing_twice_that_was_recorded(unwalled, answered):
    killed, undisturbed = unwalled("killed"), unwalled("undisturbed")
    for folder in (killed, undisturbed):
        for number, student in enumerate(STUDENTS):
            folder.hand_in(student, answered(relu=WRONG) if number % 3 else answered())
    moments = random.Random(5)

    def kill_three_times() -> None:
        for lines in (0, 3, 7):
            with killed.start("--jobs", "1", stdout=subprocess.DEVNULL) as process:
                while len(killed.journal()) < lines and process.poll() is None:
                    time.sleep(0.005)
                time.sleep(moments.uniform(0, 0.1 if lines else 2))
                os.killpg(process.pid, signal.SIGKILL)

    side_by_side(lambda: undisturbed.grade("--jobs", "1"), kill_three_times)
    recorded = len(killed.journal())
    assert recorded >= 7
    printed = killed.grade("--resume", "--jobs", "1")
    assert f"{len(STUDENTS) - recorded} graded, {recorded} unchanged" in printed
    assert sorted(killed.journal()) == STUDENTS
    assert killed.state() == undisturbed.state()
    assert f"0 graded, {len(STUDENTS)} unchanged" in killed.grade("--only-changed", "--jobs", "1")


# -- again when something changed, and only then ------------------------------------------------------------------------------


@pytest.fixture
def graded(course, answered) -> ClassFolder:
    """Two students, graded."""
    folder = ClassFolder(course.root)
    folder.hand_in("ann", answered(), "2026-12-31 23:00:00 UTC")
    folder.hand_in("bob", "{")
    assert Canned().grade(folder).graded == 2
    return folder


def replaced(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new))

    return change


def written(path: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return change


ANN, BOB = f"submitted/ann/{NAME}/", f"submitted/bob/{NAME}/"
CHANGES = {
    "her notebook": (replaced(ANN + "tiny.ipynb", "min=0", "min=0.0"), {"ann"}),
    "an unreadable notebook": (written(BOB + "tiny.ipynb", "["), {"bob"}),
    "her time stamp": (written(ANN + "timestamp.txt", "2027-01-01 08:30:00 UTC"), {"ann"}),
    "the grader": (replaced(f"autograder/graders/test_{NAME}.py", "weight=3", "weight=2"), {"ann", "bob"}),
    "what graders share": (written("autograder/graders/shapes.py", "SHAPES = []"), {"ann", "bob"}),
    "the reference": (replaced(f"solutions/{NAME}/tiny.py", "clamp(min=0)", "relu()"), {"ann", "bob"}),
    "what the reference imports": (written("source/course_tools.py", "x = 1"), {"ann", "bob"}),
    "a file beside the notebook": (written(f"release/{NAME}/factor.txt", "3"), {"ann", "bob"}),
    "a file beside the source": (written(f"source/{NAME}/factor.txt", "3"), {"ann", "bob"}),
    "a limit": (replaced("course_config.py", '"cell_seconds": 5', '"cell_seconds": 6'), {"ann", "bob"}),
    "the late policy": (replaced("course_config.py", '"zero"', '"none"'), set()),
    "the due date": (replaced("course_config.py", "2027-01-01", "2027-01-02"), set()),
    "her autograded notebook is gone": (lambda root: shutil.rmtree(root / "autograded" / "ann"), {"ann"}),
    "her verdict is gone": (lambda root: (root / "verdicts" / NAME / "ann.json").unlink(), {"ann"}),
    "the journal is gone": (lambda root: shutil.rmtree(root / ".state"), {"ann", "bob"}),
    "another file of hers": (written(ANN + "notes.txt", "notes"), set()),
    "times of files": (lambda root: os.utime(root / ANN / "tiny.ipynb"), set()),
    "the grader of another assignment": (written("autograder/graders/test_ps91_other.py", ""), set()),
    "the course's title": (replaced("course_config.py", "A tiny course", "A course"), set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_submission_is_judged_again_when_what_it_is_judged_by_changed_and_only_then(graded, change):
    make, expected = CHANGES[change]
    make(graded.root)
    again = Canned()
    tally = again.grade(graded)
    assert set(again.judged) == expected
    assert (tally.graded, tally.unchanged) == (len(expected), 2 - len(expected))
    assert Canned().grade(graded).unchanged == 2


def test_a_gradebook_without_the_submissions_is_filled_again(graded):
    with graded.database() as database:
        database.execute("DELETE FROM submitted_assignment WHERE student_id = 'ann'")
    again = Canned()
    again.grade(graded)
    assert again.judged == ["ann"]


def test_all_judges_what_has_not_changed_and_another_device_is_another_setting(graded):
    assert Canned().grade(graded, everything=True).graded == 2
    assert Canned().grade(graded, device="cuda").graded == 2


def test_a_line_of_the_journal_that_a_kill_cut_off_is_judged_again(graded):
    path = graded.root / ".state" / f"{NAME}.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    again = Canned()
    again.grade(graded)
    assert again.judged == ["bob"]
    assert Canned().grade(graded).unchanged == 2


# -- what can go wrong ----------------------------------------------------------------------------------------------------------


def test_a_hand_in_without_a_notebook_is_named_and_not_graded(graded, capsys, monkeypatch):
    graded.hand_in("essay", None, "2026-12-31 23:00:00 UTC", **{"essay.pdf": "%PDF", "[red]b.txt": "x"})
    graded.hand_in("broken", "{")
    graded.hand_in("empty", None, "2026-12-31 23:00:00 UTC")
    monkeypatch.chdir(graded.root)
    monkeypatch.setattr("sys.argv", ["autograder", "grade-class", NAME, "--sandbox", "none"])
    monkeypatch.setattr("autograder.cli.grade_class._judges", lambda *_: contextlib.nullcontext(Canned()))
    with pytest.raises(SystemExit) as end:
        main()
    printed = " ".join(capsys.readouterr().out.split())
    assert end.value.code == 3
    assert "1 of them unreadable" in printed
    assert "no notebook in the folder: empty, ps90_tiny" in printed
    assert "unreadable, no points: broken, ps90_tiny: tiny.ipynb is not a notebook" in printed
    assert "not graded: essay, ps90_tiny: there is no notebook in what was handed in, only [red]b.txt, essay.pdf" in printed
    assert not (graded.root / "autograded" / "essay").exists()


def test_a_module_beside_the_notebook_is_part_of_what_is_judged(graded, answered):
    graded.hand_in("ann", answered(relu="from my_relu import relu"), **{"my_relu.py": "relu = abs"})
    Canned().grade(graded)
    graded.hand_in("ann", answered(relu="from my_relu import relu"), **{"my_relu.py": "relu = max"})
    again = Canned()
    again.grade(graded)
    assert again.judged == ["ann"]


def test_two_runs_at_once_are_refused(graded):
    journal = Journal(graded.root, NAME)
    with pytest.raises(GraderFault, match="another run is grading ps90_tiny in this course"):
        Canned().grade(graded)
    journal.close()
    assert Canned().grade(graded).unchanged == 2


def test_a_grader_that_fails_on_everything_ends_the_run_after_a_few(graded, answered):
    for number in range(30):
        graded.hand_in(f"more{number}", answered())
    tried = []

    def broken(jobs, on_verdict, on_fault):
        for job in jobs:
            tried.append(job)
            on_fault(job, GraderFault("no sandbox"))

    with pytest.raises(GraderFault, match="10 submissions in a row could not be judged; the last one: no sandbox"):
        grade_class(load_course(graded.root), [NAME], broken, "none", "cpu")
    assert len(tried) == 10


def test_a_broken_grader_ends_its_assignment_and_what_was_under_way_is_not_recorded(graded, answered):
    names = [f"more{number}" for number in range(5)]
    for name in names:
        graded.hand_in(name, answered())
    canned, told = Canned(), []

    def judge(jobs, on_verdict, on_fault):
        first, second, third = (next(jobs) for _ in range(3))
        on_verdict(first, *canned.verdict_on(first))
        on_fault(second, BrokenGrader("line 3 is wrong"))
        on_verdict(third, *canned.verdict_on(third))  # it was under way
        assert list(jobs) == []

    course = load_course(graded.root)
    tally = grade_class(course, [NAME], judge, "none", "cpu", progress=lambda submission, outcome: told.append((submission.student, type(outcome))))
    assert (tally.graded, tally.unchanged) == (1, 2)
    assert sorted(tally.faults) == [(name, NAME, "line 3 is wrong") for name in names[1:]]
    assert len(told) == 7 and sorted(name for name, kind in told if kind is BrokenGrader) == names[1:]
    with graded.database() as database:
        recorded = {row[0] for row in database.execute("SELECT student_id FROM submitted_assignment")}
    assert recorded == {"ann", "bob", "more0"}
    again = Canned()
    again.grade(graded)
    assert again.judged == names[1:]


def test_a_gradebook_that_disagrees_with_the_release_is_bad_use_and_one_that_is_none_is_a_fault(graded):
    course = load_course(graded.root)
    with graded.database() as database:
        database.execute("UPDATE grade_cells SET max_score = 30")
    with pytest.raises(CourseError, match=r"the gradebook and release/ps90_tiny disagree .*: run `autograder build ps90_tiny`"):
        Recorder(course, [NAME])
    (graded.root / "gradebook.db").write_text("no database")
    with pytest.raises(GraderFault, match="cannot be opened: file is not a database"):
        Recorder(course, [NAME])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ps91"], "the course has no assignment 'ps91'; it has ps90_tiny"),
        ([NAME, "--jobs", "0"], "--jobs is 0; at least 1 is needed"),
        ([NAME, "--device", "tpu"], "--device is 'tpu'; it can be cpu or cuda"),
        ([NAME, "--sandbox", "docker"], "--sandbox is 'docker'; it can be bwrap or none"),
        ([NAME, "--all", "--resume"], "say one of them"),
        ([NAME, "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"], "leave --jobs out"),
        ([NAME, "--wait", "0"], "--wait is 0; a positive number of seconds is needed"),
    ],
)
def test_bad_use_of_the_command_is_a_sentence(monkeypatch, capsys, graded, arguments, sentence):
    monkeypatch.chdir(graded.root)
    monkeypatch.setattr(sys, "argv", ["autograder", "grade-class", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_the_command_names_whom_it_could_not_grade_and_ends_with_3(monkeypatch, capsys, graded, answered):
    class Broken(Canned):
        def __init__(self, *_):
            super().__init__()

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def judge(self, jobs, on_verdict, on_fault):
            for job in jobs:
                on_fault(job, GraderFault("it broke"))

    for number in range(7):
        graded.hand_in(f"more{number}", answered())
    monkeypatch.setattr("autograder.runs.pool.Pool", Broken)
    monkeypatch.chdir(graded.root)
    monkeypatch.setattr(sys, "argv", ["autograder", "grade-class", NAME, "--device", "cpu", "--sandbox", "none"])
    with pytest.raises(SystemExit) as end:
        main()
    printed = " ".join(capsys.readouterr().out.split())
    assert end.value.code == 3
    assert "0 graded, 2 unchanged" in printed
    assert "7 not graded" in printed
    assert "not graded: more0, ps90_tiny; more1, ps90_tiny; more2, ps90_tiny; more3, ps90_tiny; more4, ps90_tiny and 2 more: it broke" in printed


def test_the_pace_counts_what_was_judged_and_not_what_was_unchanged():
    seconds = iter([0.0, 1.0, 2.0])
    pace = Pace(10, clock=lambda: next(seconds))
    assert pace.per_minute is None and pace.seconds_left is None
    for judged in (False, False, False, True, True, True):
        pace.step(judged)
    assert pace.per_minute == 60
    assert pace.seconds_left == 4
