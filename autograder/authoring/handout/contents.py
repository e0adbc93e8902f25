"""The files that students get, by their path in the hand-out. Nothing but releases is read for them, and the workflow for students' repositories."""

from pathlib import Path

from ...grading.course import Course, CourseError
from ..build import stale_files
from ..errors import BuildError
from .readme import readme
from .requirements import requirements

WORKFLOW = ("ci/github/grade.yml", ".github/workflows/grade.yml")  # in the kit, in the hand-out


def check_fresh(course: Course, names: list[str]) -> None:
    """Raises CourseError or MasterError for an assignment that is unknown or has no release, BuildError for a release that is not what a build makes."""
    for name in names:
        course.master(name)
        if not (course.root / "solutions" / name).is_dir():
            raise CourseError(f"there is no solutions/{name}/, so nobody knows whether release/{name}/ is fresh")
    stale = [path for path in stale_files(course, names) if path.startswith("release/")]
    behind = [name for name in names if any(path.startswith(f"release/{name}/") for path in stale)]
    if behind:
        more = f" and {len(stale) - 1} more" if len(stale) > 1 else ""
        raise BuildError(f"not what a build makes: {stale[0]}{more}; nothing was handed out. Run: autograder build {' '.join(behind)}")


def handout_files(course: Course, names: list[str], listed: list[str]) -> dict[str, bytes]:
    """The files of `names` and those that all share. listed: assignments that README.md names, those handed out earlier as well."""
    files = {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for name in names for folder, path in _released(course.root, name)}
    files["requirements.txt"] = requirements(course).encode()
    files["README.md"] = readme(course, listed).encode()
    workflow = course.root / WORKFLOW[0]
    if workflow.is_file():
        files[WORKFLOW[1]] = workflow.read_bytes()
    return dict(sorted(files.items()))


def _released(root: Path, name: str) -> list[tuple[Path, Path]]:
    folder = root / "release" / name
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [(folder, folder / path) for path in paths if not any(part[0] == "." or part == "__pycache__" for part in path.parts)]
