"""A tiny course of one assignment, built once, and notebooks handed in to it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.build import build
from autograder.cli import main
from autograder.grading.course import Course, load_course
from autograder.grading.grader import Grader

collect_ignore = ["course"]
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course, built; not to be changed."""
    root = tmp_path_factory.mktemp("built") / "course"
    shutil.copytree(HERE / "course", root, ignore=shutil.ignore_patterns("__pycache__"))
    course = load_course(root)
    build(course, course.names)
    return course


@pytest.fixture
def course(built: Course, tmp_path: Path) -> Course:
    """A copy of the built course for one test to change."""
    shutil.copytree(built.root, tmp_path / "course")
    return load_course(tmp_path / "course")


@pytest.fixture(scope="session")
def grader(built: Course) -> Iterator[Grader]:
    """One grader of the tiny course, without a wall."""
    with Grader(built, "none") as grader:
        yield grader


@pytest.fixture(scope="session")
def answered(built: Course) -> Callable[..., dict[str, Any]]:
    """answered(relu=…, Scale=…) → the release notebook with these answers; what is not named is the reference."""
    name = built.names[0]
    released = json.loads((built.root / "release" / name / "tiny.ipynb").read_text())
    source = json.loads((built.root / "source" / name / "tiny.ipynb").read_text())
    reference = {cell["id"]: cell["source"] for cell in source["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")}

    def notebook(**answers: str) -> dict[str, Any]:
        document = json.loads(json.dumps(released))
        for cell in document["cells"]:
            if cell["id"] in reference:
                cell["source"] = answers.get(cell["id"], reference[cell["id"]])
        return document

    return notebook


@pytest.fixture
def in_course(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, course: Course) -> Callable[..., tuple[int, str, str]]:
    """in_course("export", …) → exit status, standard output and error of the command, run in a copy of the tiny course outside any CI."""
    monkeypatch.chdir(course.root)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return end.value.code, printed.out, printed.err

    return run
