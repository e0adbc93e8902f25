"""nbgrader's gradebook, wherever the course's configuration has it; and how what can be wrong with it becomes a sentence."""

import logging
import os
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from jupyter_core.paths import jupyter_config_path
from nbgrader import dbutil
from nbgrader.api import Base, Gradebook, InvalidEntry, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SAWarning, SQLAlchemyError
from traitlets.config import Config, PyFileConfigLoader

from ..grading.course import CONFIG as COURSE_CONFIG
from ..grading.course import Course, CourseError, does_not_run, importable
from ..judge.jobs import GraderFault
from .configuration import configure

CONFIG = "nbgrader_config.py"
TRIES, PAUSE_SECONDS = 8, 0.5  # SQLite itself waits five seconds at each try
_REVISION = re.compile(r"^(down_)?revision = ['\"](\w+)['\"]", re.MULTILINE)
Result = TypeVar("Result")
# What nbgrader's add_submission always says of itself.
warnings.filterwarnings("ignore", message="Object of type .* not in session", category=SAWarning)


def nbgrader_config(course: Course) -> Config:
    """The configuration that nbgrader commands have in the course's folder: the user's, then that of nbgrader_config.py, or of course_config.py without one.

    Raises CourseError when a file does not run.
    """
    config = Config()
    files = [(CONFIG, folder) for folder in (*reversed(jupyter_config_path()), str(course.root))]
    if not (course.root / CONFIG).is_file():
        configure(course, config)
        files.append((COURSE_CONFIG, str(course.root)))
    with importable(course.root):
        for name, folder in files:
            if not Path(folder, name).is_file():
                continue
            try:
                config.merge(PyFileConfigLoader(name, path=folder).load_config())
            except CourseError:
                raise
            except (Exception, SystemExit) as error:
                raise CourseError(does_not_run(error, name)) from error
    config.CourseDirectory.root = str(course.root)
    return config


def gradebook_url(config: Config) -> str:
    """The address of the gradebook; a relative path is one in the course's folder. Raises CourseError."""
    directory = CourseDirectory(config=config)
    try:
        url = make_url(directory.db_url)
    except ArgumentError:
        raise CourseError(f"CourseDirectory.db_url is {directory.db_url!r}, no address of a database: sqlite:////folder/gradebook.db is one") from None
    path = url.database
    if url.get_backend_name() == "sqlite" and path and path != ":memory:" and not path.startswith("file:"):
        url = url.set(database=os.path.join(directory.root, path))
    return url.render_as_string(hide_password=False)


def shown_url(url: str) -> str:
    """For people: the file of SQLite, and no password."""
    parsed = make_url(url)
    return parsed.database or url if parsed.get_backend_name() == "sqlite" else parsed.render_as_string(hide_password=True)


def gradebook_exists(url: str) -> bool:
    """Whether there is one. Opening it would make it."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or not parsed.database or os.path.exists(parsed.database)


def open_gradebook(url: str, course_id: str) -> Gradebook:
    """Opens the gradebook, or makes an empty one. Raises GraderFault when that cannot be done or nbgrader must not write it as it is."""
    find_alembic()
    logging.getLogger("tornado.application").setLevel(logging.CRITICAL)  # what nbgrader would say there of an error, traceback and all, is said here
    try:
        _check_schema(make_url(url))
        return Gradebook(url, course_id)
    except ModuleNotFoundError as error:
        raise GraderFault(f"the gradebook {shown_url(url)} needs the package {error.name}: pip install {error.name}") from None
    except SQLAlchemyError as error:
        raise GraderFault(f"the gradebook {shown_url(url)} cannot be opened: {database_words(error)}") from error


def find_alembic() -> None:
    """nbgrader calls `alembic` by name when it makes a new gradebook; it lies beside this Python, which need not be on the path."""
    scripts = str(Path(sys.executable).parent)
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])


def database_words(error: SQLAlchemyError | InvalidEntry) -> str:
    """What the database said, on one line, without the statement."""
    words = str(error.orig if isinstance(error, DBAPIError) else error.args[0] if error.args else error)
    return " ".join(words.partition("\n[SQL:")[0].split())


def _check_schema(url: URL) -> None:
    """Refuses a gradebook of another version of nbgrader, which would be found out in the middle of writing."""
    engine = create_engine(url)
    try:
        inspector = inspect(engine)
        tables = set(inspector.get_table_names())
        if not tables & set(Base.metadata.tables):
            return  # empty, or not nbgrader's yet
        with engine.connect() as connection:
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if "alembic_version" in tables else None
        absent = [
            f"{name}.{column.name}"
            for name, table in Base.metadata.tables.items()
            if name in tables
            for column in table.columns
            if column.name not in {found["name"] for found in inspector.get_columns(name)}
        ]
    finally:
        engine.dispose()
    known, head = _revisions()
    where = f"the gradebook {shown_url(url.render_as_string(hide_password=False))}"
    if version is not None and version not in known:
        raise GraderFault(f"{where} has the schema {version}, which this nbgrader does not know: it was written by a newer one; install that version")
    if absent or version not in (None, head):
        what = f"has no {absent[0]}" if absent else f"has the schema {version}, not {head}"
        raise GraderFault(f"{where} was made by an older nbgrader ({what}): back it up, then run `nbgrader db upgrade`")


def _revisions() -> tuple[set[str], str]:
    """The versions of the schema that the installed nbgrader knows, and the newest."""
    known: set[str] = set()
    older: set[str] = set()
    for path in Path(dbutil.ALEMBIC_DIR, "versions").glob("*.py"):
        for down, revision in _REVISION.findall(path.read_text(encoding="utf-8")):
            (older if down else known).add(revision)
    return known, next(iter(known - older), "")


def enter_assignment(gradebook: Gradebook, url: str, course: Course, name: str) -> bool:
    """Enters an assignment that the gradebook does not know from its release, as `nbgrader generate_assignment` does. Whether that was done.

    Raises MasterError when there is no release.
    """
    master = course.master(name)
    stem = Path(master.notebook).stem
    try:
        gradebook.find_notebook(stem, name)
        return False
    except MissingEntry:
        gradebook.update_or_create_assignment(name)
    notebook = nbformat.read(course.root / "release" / name / master.notebook, as_version=4)
    SaveCells().preprocess(notebook, {"nbgrader": {"notebook": stem, "assignment": name, "db_url": url}})
    gradebook.db.rollback()  # what was read before is looked at anew
    return True


def patiently(gradebook: Gradebook, what: str, write: Callable[[], Result]) -> Result:
    """Calls `write`, again when another program holds the database. Raises GraderFault when it stays locked or cannot be written."""
    for attempt in range(TRIES):
        try:
            return write()
        except (SQLAlchemyError, InvalidEntry) as error:  # nbgrader's functions turn some of the former into the latter
            gradebook.db.rollback()
            if "locked" not in str(error) or attempt == TRIES - 1:
                raise GraderFault(f"{what}: the gradebook cannot be written: {database_words(error)}") from error
            time.sleep(PAUSE_SECONDS)
    raise AssertionError


@contextmanager
def gradebook_of(course: Course, config: Any = None) -> Iterator[tuple[Gradebook, str]]:
    """The gradebook and its address, closed in the end."""
    url = gradebook_url(nbgrader_config(course) if config is None else config)
    gradebook = open_gradebook(url, course.id)
    try:
        yield gradebook, url
    finally:
        gradebook.close()
