"""What students get: every file of it and nothing else, again and again, and never over what somebody has changed."""

import json
import subprocess
import urllib.request
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.error import URLError

import pytest

from autograder.authoring.build import LEAKS, build
from autograder.authoring.handout import contents
from autograder.authoring.handout.contents import handout_files
from autograder.authoring.handout.target import MANIFEST
from autograder.grading.course import Course, CourseError, load_course
from autograder.grading.handout_address import HandoutAddress
from autograder.notebooks.master import Master

KIT = Path(__file__).resolve().parents[2]
NAME, NOTEBOOK = "ps90_tiny", "ps90_tiny/tiny.ipynb"
SECRET = "canary-7f3a91"
PATHS = {"README.md", "requirements.txt", NOTEBOOK, "ps90_tiny/factor.txt", MANIFEST}


@pytest.fixture
def fresh(monkeypatch):
    """Releases are taken to be fresh, which is looked at elsewhere and takes a second."""
    monkeypatch.setattr(contents, "stale_files", lambda course, names: [])


@pytest.fixture(autouse=True)
def committer(monkeypatch, tmp_path):
    """A name for commits, and no settings of this machine's."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Staff")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "staff@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "no-gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def configure(course: Course, **fields: str) -> None:
    path = course.root / "course_config.py"
    words = "".join(f"    {name}={value!r},\n" for name, value in fields.items())
    path.write_text(path.read_text().replace('    id="tiny",\n', f'    id="tiny",\n{words}'))


def files_in(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def release(course: Course) -> Path:
    return course.root / "release" / NAME / "tiny.ipynb"


def edit(path: Path, words: str = "\n# changed\n") -> bytes:
    path.write_bytes(path.read_bytes() + words.encode())
    return path.read_bytes()


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout


# -- what is handed out -----------------------------------------------------------------------------------------------------


def test_a_folder_holds_the_releases_and_what_a_student_needs(in_course, course, tmp_path, fresh):
    status, out, err = in_course("handout", "--to", tmp_path / "h")
    assert (status, err) == (0, "")
    assert "1 assignment" in out
    found = files_in(tmp_path / "h")
    assert set(found) == PATHS
    assert found[NOTEBOOK] == release(course).read_bytes()
    assert f"[{NAME}]({NOTEBOOK}): Two functions" in found["README.md"].decode()
    assert "@" not in found["README.md"].decode()
    assert str(tmp_path) not in found[MANIFEST].decode()


def test_no_byte_of_graders_solutions_or_marks_is_handed_out(in_course, course, tmp_path, fresh):
    text = course.root / "solutions" / NAME / "tiny.py"
    text.write_text(text.read_text().replace("### BEGIN SOLUTION\n", f"### BEGIN SOLUTION\n# {SECRET}\n"))
    assert text.read_text().count(SECRET) == 4
    build(load_course(course.root), [NAME])
    for place in ("autograder/graders/test_ps90_tiny.py", "tests/submissions/ps90_tiny/right/relu.py", "submitted/ann/ps90_tiny/tiny.ipynb", "verdicts/x.json",
                  "gradebook.sql", "release/ps90_tiny/.hidden", "release/ps90_tiny/__pycache__/factor.pyc", ".state/x.json"):  # fmt: skip
        path = course.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(f"\n# {SECRET}\n")
    for to in (tmp_path / "h", f"git:{tmp_path / 'g'}", tmp_path / "z.zip"):
        assert in_course("handout", "--to", to)[0] == 0
    with zipfile.ZipFile(tmp_path / "z.zip") as archive:
        unpacked = [archive.read(name) for name in archive.namelist()]
    objects = subprocess.run(["git", "-C", tmp_path / "g", "cat-file", "--batch-all-objects", "--batch"], check=True, capture_output=True).stdout
    everything = [*files_in(tmp_path / "h").values(), *files_in(tmp_path / "g").values(), *unpacked, objects]
    assert [content for content in everything if SECRET.encode() in content] == []
    assert any(b"YOUR CODE HERE" in content for content in everything)


def test_the_whole_course_is_handed_out_without_an_answer_and_with_all_that_it_imports():
    course = load_course(KIT)
    names = list(course.masters)
    files = handout_files(course, names, names)
    kinds = {path if "/" not in path else path.partition("/")[0] for path in files}
    assert kinds == {*names, ".github", "README.md", "requirements.txt"}
    assert [path for path, content in files.items() for word in LEAKS if word.encode() in content] == []
    lines = files["requirements.txt"].decode().splitlines()
    assert "torch>=2.6,<3" in lines
    for needed in ("jupyterlab", "matplotlib", "nbgrader", "numpy", "pandas", "scikit-learn", "torchvision"):
        assert any(line.startswith(needed) for line in lines), needed
    assert [line for line in lines if line.startswith(("nvidia", "cuda", "triton", "course", "autograder", "flats"))] == []
    assert not any("==" in line for line in lines)
    assert len(files["README.md"].decode().splitlines()) <= 60 + len(names)


def test_an_archive_is_one_folder_and_the_same_bytes_each_time(in_course, tmp_path, fresh):
    for name in ("a/week1.zip", "b/week1.zip"):
        (tmp_path / name).parent.mkdir()
        assert in_course("handout", NAME, "--to", tmp_path / name)[0] == 0
    assert (tmp_path / "a/week1.zip").read_bytes() == (tmp_path / "b/week1.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a/week1.zip") as archive:
        assert set(archive.namelist()) == {f"week1/{path}" for path in PATHS}


def test_an_unpacked_archive_can_be_brought_up_to_date(in_course, course, tmp_path, fresh):
    in_course("handout", "--to", tmp_path / "w.zip")
    with zipfile.ZipFile(tmp_path / "w.zip") as archive:
        archive.extractall(tmp_path)
    edit(release(course), " ")
    status, out, _ = in_course("handout", "--to", tmp_path / "w")
    assert (status, f"{NOTEBOOK}: changed" in out) == (0, True)


# -- nothing is written when something is wrong -------------------------------------------------------------------------------


def test_a_stale_release_is_not_handed_out_and_the_command_that_mends_it_is_named(in_course, course, tmp_path):
    text = course.root / "solutions" / NAME / "tiny.py"
    text.write_text(text.read_text().replace("# # Two functions", "# # Three functions"))
    status, _, err = in_course("handout", "--to", tmp_path / "h")
    assert status == 1
    assert f"release/{NOTEBOOK}" in err
    assert f"autograder build {NAME}" in err
    assert not (tmp_path / "h").exists()


def test_a_release_that_is_not_there_is_named(in_course, course, tmp_path):
    release(course).unlink()
    status, _, err = in_course("handout", "--to", tmp_path / "h")
    assert (status, f"autograder build {NAME}" in err) == (2, True)


@pytest.mark.parametrize(("arrange", "to", "words"), [
    (lambda path: (path / "mine.txt").write_text("x"), "", "holds files that no hand-out made (mine.txt"),
    (lambda path: (path / "f").write_text("x"), "f", "is a file"),
    (lambda path: (path / "h.zip").write_text("x"), "h.zip", "is there already"),
    (lambda path: (path / "h.zip").symlink_to(path / "nowhere"), "h.zip", "is there already"),
    (lambda path: (path / "f").write_text("x"), "f/g", "is no folder"),
    (lambda path: None, "no/h.zip", "there is no folder"),
    (lambda path: (path / MANIFEST).write_text("{"), "", "cannot be read"),
    (lambda path: (path / MANIFEST).write_text('{"course": "tiny", "files": {"../x": "0"}, "beside": {}}'), "", "cannot be read"),
    (lambda path: (path / MANIFEST).write_text('{"course": "other", "files": {}, "beside": {}}'), "", "another course, 'other'"),
])  # fmt: skip
def test_a_target_that_is_not_ours_is_a_sentence_and_stays_as_it_is(in_course, tmp_path, fresh, arrange, to, words):
    place = tmp_path / "place"
    place.mkdir()
    arrange(place)
    before = files_in(place)
    status, out, err = in_course("handout", "--to", place / to)
    assert (status, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert files_in(place) == before


@pytest.mark.parametrize(("arguments", "words"), [
    (["ps91_gone", "--to", "x"], "no assignment 'ps91_gone'; it has ps90_tiny"),
    (["--to", "release/x"], "the course's own folders"), (["--to", ""], "names nothing"),
    (["--to", "."], "no hand-out made"),
])  # fmt: skip
def test_bad_use_is_a_sentence(in_course, fresh, arguments, words):
    status, out, err = in_course("handout", *arguments)
    assert (status, out, words in err) == (2, "", True)


def test_a_folder_that_cannot_be_written_is_a_sentence(in_course, tmp_path, fresh, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != tmp_path)
    status, _, err = in_course("handout", "--to", tmp_path / "h")
    assert (status, "Permission denied" in err) == (2, True)


def test_nothing_is_written_through_a_link_out_of_the_folder(in_course, tmp_path, fresh):
    (tmp_path / "h").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "h" / MANIFEST).write_text('{"course": "tiny", "files": {}, "beside": {}}')
    (tmp_path / "h" / NAME).symlink_to(tmp_path / "elsewhere")
    status, _, err = in_course("handout", "--to", tmp_path / "h")
    assert (status, "is a link" in err) == (2, True)
    assert list((tmp_path / "elsewhere").iterdir()) == []


# -- again ------------------------------------------------------------------------------------------------------------------


def test_again_it_says_what_is_new_changed_and_gone(in_course, course, tmp_path, fresh):
    target = tmp_path / "h"
    in_course("handout", "--to", target)
    status, out, _ = in_course("handout", "--to", target)
    assert (status, "4 files unchanged" in out) == (0, True)
    new = edit(release(course), " ")
    (course.root / "release" / NAME / "factor.txt").unlink()
    (course.root / "release" / NAME / "table.csv").write_text("1")
    _, out, _ = in_course("handout", "--to", target)
    assert [line for line in out.splitlines() if ": " in line][:3] == [f"{NAME}/table.csv: new", f"{NOTEBOOK}: changed", f"{NAME}/factor.txt: gone"]
    assert (target / NOTEBOOK).read_bytes() == new
    assert set(files_in(target)) == PATHS - {f"{NAME}/factor.txt"} | {f"{NAME}/table.csv"}


def test_what_was_changed_there_stays_and_the_new_version_lies_beside_it(in_course, course, tmp_path, fresh):
    target, beside = tmp_path / "h", tmp_path / "h" / NAME / "tiny.new.ipynb"
    in_course("handout", "--to", target)
    mine = edit(target / NOTEBOOK)
    _, out, _ = in_course("handout", "--to", target)
    assert "1 file that somebody changed here" in out
    assert not beside.exists()

    for _ in range(2):  # a newer version takes the place of the one beside it
        new = edit(release(course), " ")
        status, out, _ = in_course("handout", "--to", target)
        assert (status, f"{NOTEBOOK}: changed here, so it was left; the new version is {NAME}/tiny.new.ipynb" in out) == (0, True)
        assert ((target / NOTEBOOK).read_bytes(), beside.read_bytes()) == (mine, new)

    merged = edit(beside)
    edit(release(course), " ")
    for _ in range(2):
        _, out, _ = in_course("handout", "--to", target)
        assert "was changed, too, so the new version was not written" in out
        assert ((target / NOTEBOOK).read_bytes(), beside.read_bytes()) == (mine, merged)


def test_a_file_of_a_students_own_with_the_name_of_a_new_one_stays(in_course, course, tmp_path, fresh):
    in_course("handout", "--to", tmp_path / "h")
    (tmp_path / "h" / NAME / "table.csv").write_text("mine")
    (course.root / "release" / NAME / "table.csv").write_text("theirs")
    in_course("handout", "--to", tmp_path / "h")
    assert (tmp_path / "h" / NAME / "table.csv").read_text() == "mine"
    assert (tmp_path / "h" / NAME / "table.new.csv").read_text() == "theirs"


def test_what_is_handed_out_no_more_stays_when_it_was_changed(in_course, course, tmp_path, fresh):
    in_course("handout", "--to", tmp_path / "h")
    mine = edit(tmp_path / "h" / NAME / "factor.txt")
    (course.root / "release" / NAME / "factor.txt").unlink()
    _, out, _ = in_course("handout", "--to", tmp_path / "h")
    assert "factor.txt: not handed out any more, but changed here: left" in out
    assert (tmp_path / "h" / NAME / "factor.txt").read_bytes() == mine


def test_a_run_that_was_stopped_is_gone_on_with(in_course, course, tmp_path, fresh, monkeypatch):
    target = tmp_path / "h"
    with monkeypatch.context() as patch:
        patch.setattr("autograder.authoring.handout.target._lay", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device", "x")))
        status, _, err = in_course("handout", "--to", target)
        assert (status, "No space left" in err) == (2, True)
    assert in_course("handout", "--to", target)[0] == 0
    assert set(files_in(target)) == PATHS


# -- a repository -----------------------------------------------------------------------------------------------------------


def test_a_repository_gets_a_commit_of_the_hand_out_and_of_nothing_else(in_course, course, tmp_path, fresh):
    target = tmp_path / "g"
    status, out, err = in_course("handout", "--to", f"git:{target}")
    assert (status, err, "committed" in out) == (0, "", True)
    assert set(git(target, "ls-files").split()) == PATHS
    (target / "own.txt").write_text("staged by hand")
    git(target, "add", "own.txt")
    _, out, _ = in_course("handout", "--to", target)
    assert "nothing new to commit" in out
    edit(release(course), " ")
    (course.root / "release" / NAME / "factor.txt").unlink()
    _, out, _ = in_course("handout", "--to", target)
    assert set(git(target, "show", "--name-only", "--format=").split()) == {NOTEBOOK, f"{NAME}/factor.txt", MANIFEST}
    assert git(target, "status", "--porcelain") == "A  own.txt\n"
    assert git(target, "rev-list", "--count", "HEAD") == "2\n"


def test_what_was_changed_in_a_repository_is_not_committed_nor_is_the_version_beside_it(in_course, course, tmp_path, fresh):
    target = tmp_path / "g"
    in_course("handout", "--to", f"git:{target}")
    edit(target / NOTEBOOK)
    edit(release(course), " ")
    in_course("handout", "--to", target)
    assert git(target, "status", "--porcelain").splitlines() == [f" M {NOTEBOOK}", f"?? {NAME}/tiny.new.ipynb"]


def test_without_a_name_for_the_commit_nothing_is_written(in_course, tmp_path, fresh, monkeypatch):
    monkeypatch.setenv("GIT_COMMITTER_NAME", "")
    status, _, err = in_course("handout", "--to", f"git:{tmp_path / 'g'}")
    assert (status, "user.name" in err) == (2, True)
    assert not (tmp_path / "g").exists()


# -- addresses --------------------------------------------------------------------------------------------------------------


def test_links_open_each_notebook_on_a_hub_and_in_colab(in_course, course, tmp_path, fresh):
    configure(course, handout_url="https://github.com/uni/dl-2027.git", handout_branch="spring", hub_url="https://hub.example.org/")
    _, out, _ = in_course("handout", "--to", tmp_path / "h")
    hub = "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Funi%2Fdl-2027.git&branch=spring&urlpath=lab%2Ftree%2Fdl-2027%2F"
    readme = (tmp_path / "h" / "README.md").read_text()
    for text in (out, readme):
        assert f"{hub}ps90_tiny%2Ftiny.ipynb" in text
    assert "https://colab.research.google.com/github/uni/dl-2027/blob/spring/ps90_tiny/tiny.ipynb" in readme


@pytest.mark.parametrize(("url", "raw"), [
    ("https://github.com/a/b", "https://raw.githubusercontent.com/a/b/main/x/y.py"), ("https://gitlab.uni.edu/a/b.git", "https://gitlab.uni.edu/a/b/-/raw/main/x/y.py"),
    ("https://gitee.com/a/b/", "https://gitee.com/a/b/raw/main/x/y.py"), ("https://codeberg.org/a/b", "https://codeberg.org/a/b/raw/branch/main/x/y.py"),
    ("https://git.example.org/a/b", ""), ("", ""),
])  # fmt: skip
def test_a_file_of_a_repository_has_an_address_where_the_host_is_known(url, raw):
    assert HandoutAddress(url).raw("x/y.py") == raw


@pytest.mark.parametrize(("fields", "words"), [
    ({"handout_url": "git@github.com:a/b"}, "no address"), ({"handout_url": "http://x.org/a"}, "no address"),
    ({"handout_url": "https://x.org/a b"}, "no address"),
    ({"handout_url": "https://token@github.com/a/b"}, "a token"), ({"handout_branch": "--force"}, "handout_branch"), ({"hub_url": "hub"}, "hub_url"),
    ({"handout_url": 3}, "handout_url"),
])  # fmt: skip
def test_an_address_that_students_cannot_be_given_is_a_sentence(fields, words):
    with pytest.raises(CourseError, match=words):
        Course("x", "X", (), **fields)


# -- a notebook opened alone ------------------------------------------------------------------------------------------------


def first_cell(path: Path) -> dict:
    return json.loads(path.read_text())["cells"][0]


@pytest.fixture
def alone(built, tmp_path, monkeypatch):
    """alone(url) runs the first cell of a notebook in an empty folder; "address" is what it asked for, `answer` what it gets."""
    asked: list[str] = []
    monkeypatch.chdir(tmp_path)

    def run(source: str, answer: bytes | Exception) -> list[str]:
        def urlopen(address, timeout):
            asked.append(address)
            if isinstance(answer, Exception):
                raise answer
            return BytesIO(answer)

        monkeypatch.setattr(urllib.request, "urlopen", urlopen)
        namespace: dict = {}
        exec(source, namespace)
        assert set(namespace) == {"__builtins__"}
        return asked

    return run


def test_the_first_cell_fetches_what_is_not_there_and_leaves_what_is(alone, course, tmp_path):
    configure(course, handout_url="https://github.com/uni/dl")
    build(load_course(course.root), [NAME])
    source = "".join(first_cell(release(course))["source"])
    assert alone(source, b"0.5\n") == ["https://raw.githubusercontent.com/uni/dl/main/ps90_tiny/factor.txt"]
    assert Path("factor.txt").read_bytes() == b"0.5\n"
    Path("factor.txt").write_text("mine")
    assert len(alone(source, b"0.5\n")) == 1
    assert Path("factor.txt").read_text() == "mine"
    for answer, words in ((URLError("no network"), "could not be fetched: .*no network"), (b"<!doctype html>", "put it there")):
        Path("factor.txt").unlink(missing_ok=True)
        with pytest.raises(FileNotFoundError, match=words):
            alone(source, answer)
        assert not Path("factor.txt").exists()


def test_without_an_address_the_first_cell_says_what_to_do(alone, built):
    with pytest.raises(FileNotFoundError, match=r"factor.txt is not beside this notebook\. You got it in the same folder"):
        alone("".join(first_cell(release(built))["source"]), b"x")


def test_the_first_cell_is_no_part_of_what_is_graded_and_not_in_the_source(built):
    cell = first_cell(release(built))
    assert "nbgrader" not in cell["metadata"]
    assert Master.load(NAME, built.root / "release").cells[0].kind == "demo"
    assert "_fetch_files" not in (built.root / "source" / NAME / "tiny.ipynb").read_text()
