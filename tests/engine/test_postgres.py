"""The gradebook in PostgreSQL: the same commands, the same marks as in a file."""

import csv
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.judge.jobs import GraderFault
from tests.engine.class_folder import NAME, Canned, ClassFolder

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Object of type .* not in session")]
USER = "postgres"


def programs() -> Path:
    """The folder of Debian's package; installed where that can be done, else the tests are skipped with the reason."""
    pytest.importorskip("psycopg", reason="the driver psycopg is not installed")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "postgresql"], capture_output=True, timeout=300)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed, and apt-get install postgresql is not possible here")
    return found[-1].parent


def as_a_user() -> list[str]:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam(USER)
    except KeyError:
        pytest.skip(f"there is no user {USER}, and the server does not run as root")
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """A server of its own on a free port. The address up to the database's name."""
    folder, where, user = tmp_path_factory.mktemp("postgres"), programs(), as_a_user()
    data = Path("/tmp") / f"{folder.parent.name}-{folder.name}-{os.getpid()}"  # the folders of pytest are closed to other users
    data.mkdir()
    if user:
        shutil.chown(data, USER, USER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    environment = {**os.environ, "LC_ALL": "C"}

    def run(*command: str) -> None:
        done = subprocess.run([*user, *command], cwd="/", env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout[-2000:]

    try:
        run(str(where / "initdb"), "-D", str(data / "db"), "-U", "marker", "--auth=trust", "-E", "UTF8")
        run(str(where / "pg_ctl"), "-D", str(data / "db"), "-l", str(data / "log"), "-w", "-t", "120", "-o", settings, "start")
        try:
            yield f"postgresql://marker:secret@127.0.0.1:{port}"
        finally:
            run(str(where / "pg_ctl"), "-D", str(data / "db"), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def folder(course, server, request) -> ClassFolder:
    """The tiny course with its gradebook in a database of its own, still empty."""
    import psycopg

    name = f"marks{abs(hash(request.node.name))}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    os.remove(course.root / "gradebook.db")
    shutil.rmtree(course.root / ".state")
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc = get_config()\nc.CourseDirectory.db_url = '{server}/{name}'\n")
    return ClassFolder(course.root)


def scores(folder: ClassFolder) -> dict[str, float]:
    url = (folder.root / "nbgrader_config.py").read_text().rpartition("db_url = '")[2].partition("'")[0]
    with Gradebook(url, "tiny") as book:
        return {s.student_id: s.score - (s.late_submission_penalty or 0) for s in book.assignment_submissions(NAME)}


def test_grade_class_enters_grades_and_settles_and_export_shows_it(folder, answered, in_course):
    folder.hand_in("ann", answered(), "2026-12-31 23:00:00 UTC")
    folder.hand_in("bob", answered(), "2027-01-01 09:00:00 UTC")
    assert Canned().grade(folder).graded == 2
    assert scores(folder) == {"ann": 100, "bob": 0}
    (folder.root / "exceptions.csv").write_text(f"student,assignment,kind,until\nbob,{NAME},extension,2027-01-02\n")
    tally = Canned().grade(folder)
    assert (tally.unchanged, len(tally.changes)) == (2, 1)
    assert scores(folder) == {"ann": 100, "bob": 100}
    (folder.root / "exceptions.csv").write_text(f"student,assignment,kind,exercise\nbob,{NAME},excuse,relu\n")
    Canned().grade(folder)
    for command in (["build"], ["export"], ["report", NAME]):
        assert in_course(*command)[0] == 0, command
    assert {row["student_id"]: row["score"] for row in csv.DictReader(Path("grades.csv").read_text().splitlines())} == {"ann": "100", "bob": "0"}
    assert not (folder.root / "gradebook.db").exists()


def test_the_commands_of_nbgrader_use_it_as_well(folder, answered):
    folder.hand_in("ann", answered(), "2026-12-31 23:00:00 UTC")
    folder.hand_in("bob", "{", "2027-01-01 09:00:00 UTC")
    folder.nbgrader("autograde", NAME)
    assert scores(folder) == {"ann": 100, "bob": 0}
    folder.nbgrader("generate_feedback", NAME)
    assert len(list(folder.root.glob("feedback/*/*/tiny.html"))) == 2
    assert Canned().grade(folder).graded == 2


def test_a_database_that_is_not_there_is_a_sentence_without_the_password(folder):
    path = folder.root / "nbgrader_config.py"
    path.write_text(path.read_text().replace("/marks", "/nothing"))
    with pytest.raises(GraderFault, match=r"the gradebook postgresql://marker:\*\*\*@127\.0\.0\.1:\d+/nothing\d+ cannot be opened: .*does not exist"):
        Canned().grade(folder)
