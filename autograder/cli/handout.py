"""`autograder handout`: what students get, as a folder, an archive or a commit."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..grading.course import Course, load_course
from .app import BAD_USE, app, complain

if TYPE_CHECKING:
    from ..authoring.handout.target import Change

STAFF_ONLY = ("release", "source", "solutions", "submitted", "autograded", "feedback", "verdicts", "autograder", "tests", ".state")
WORDS = {"new": "new", "changed": "changed", "gone": "gone", "left": "not handed out any more, but changed here: left"}


@app.command("handout")
def handout(
    to: Annotated[str, typer.Option(metavar="DIR|ZIP|git:DIR", help="A folder, a .zip, or a repository to commit to (also any DIR that is one).")],
    assignments: Annotated[list[str] | None, typer.Argument(help="Assignments; all of the course when none is named.")] = None,
) -> None:
    """Make what students get: notebooks, what lies beside them, requirements.txt, README.md, a workflow.

    Into a folder that an earlier hand-out made it brings what is newer, and says what that is; what was changed there since stays, and the new version is put
    beside it. Exit status: 0 done, 1 a release is stale, 2 bad use. Nothing is written then.
    """
    course = load_course()
    names = [name for name in course.names if name in assignments] if assignments else course.names
    for name in assignments or ():
        course.assignment(name)
    console = Console(highlight=False, soft_wrap=True)
    target = Path(to.removeprefix("git:"))
    if not str(to.removeprefix("git:")).strip():
        raise SystemExit(complain("--to names nothing: a folder, a .zip or git:DIR", BAD_USE))
    if any(target.resolve().is_relative_to(course.root / folder) for folder in STAFF_ONLY):
        raise SystemExit(complain(f"{target} is one of the course's own folders: name one outside of it", BAD_USE))
    if target.suffix.lower() == ".zip" and not to.startswith("git:"):
        _archive(course, names, target, console)
    else:
        _folder(course, names, target, to.startswith("git:"), console)
    _links(course, names, console)


def _archive(course: Course, names: list[str], path: Path, console: Console) -> None:
    from ..authoring.handout.archive import check_archive, write_archive
    from ..authoring.handout.contents import check_fresh, handout_files

    check_archive(path)
    check_fresh(course, names)
    files = handout_files(course, names, names)
    write_archive(path, files, course.id)
    console.print(f"[green]wrote[/] {_plain(path)}: {_count(len(names), 'assignment')}, {len(files)} files")


def _folder(course: Course, names: list[str], target: Path, is_git: bool, console: Console) -> None:
    from ..authoring.handout.contents import check_fresh, handout_files
    from ..authoring.handout.repository import check_identity, is_repository, make_repository
    from ..authoring.handout.target import Manifest, lay_out, open_target

    before = open_target(target, course.id)
    is_git = is_git or is_repository(target)
    if is_git:
        check_identity(target if target.is_dir() else Path.cwd())
    check_fresh(course, names)
    earlier = before.handed_out(course.names) if before else []
    listed = [name for name in course.names if name in names or (name in earlier and name in course.masters)]
    files = handout_files(course, names, listed)
    if is_git:
        make_repository(target, course.handout_branch)
    changes = lay_out(target, before or Manifest(course.id), files, names)
    if before is None:
        console.print(f"[green]wrote[/] {_plain(target)}: {_count(len(names), 'assignment')}, {len(files)} files")
    else:
        _say_changes(changes, target, console)
    if is_git:
        _commit(course, names, target, before is None, console)


def _say_changes(changes: list["Change"], target: Path, console: Console) -> None:
    for change in changes:
        if change.what in WORDS:
            console.print(f"{change.path}: {WORDS[change.what]}", markup=False)
        elif change.what == "beside":
            console.print(f"{change.path}: changed here, so it was left; the new version is {change.beside}", markup=False)
        elif change.what == "named":
            sentence = (
                f"{change.path}: changed here, so it was left; {change.beside} was changed, too, so the new version was not written: move one of them away"
            )
            console.print(sentence, markup=False)
    same, kept = (sum(change.what == what for change in changes) for what in ("unchanged", "kept"))
    also = f", {_count(kept, 'file')} that somebody changed here left as they are" if kept else ""
    console.print(f"[green]up to date[/] {_plain(target)}: {_count(same, 'file')} unchanged{also}")


def _commit(course: Course, names: list[str], target: Path, is_first: bool, console: Console) -> None:
    from ..authoring.handout.repository import commit, current_branch

    what = ", ".join(names) if len(names) <= 3 else f"{len(names)} assignments"
    made = commit(target, f"{'Hand out' if is_first else 'Bring up to date:'} {what}")
    branch = current_branch(target)
    if made:
        console.print(f"committed {made}; to publish: git -C {target} push", markup=False)
    else:
        console.print("nothing new to commit")
    if course.handout_url and branch != course.handout_branch:
        console.print(f"the commit is on {branch or 'no branch'}, links and notebooks name {course.handout_branch} (handout_branch)", markup=False)


def _links(course: Course, names: list[str], console: Console) -> None:
    """One nbgitpuller link an assignment, where the course has an address for it."""
    from ..authoring.handout.readme import notebook_path

    if not course.handout_url:
        return
    console.print("nbgitpuller:" if course.hub_url else "nbgitpuller, behind the address of your JupyterHub (hub_url in course_config.py):")
    for name in names:
        console.print(f"  {course.handout_address.nbgitpuller(notebook_path(course, name))}", markup=False)
    if not course.handout_address.raw("x"):
        console.print("notebooks opened alone cannot fetch course_tools.py from this host, and say what to do instead", markup=False)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _plain(path: Path) -> str:
    from rich.markup import escape

    return escape(str(path))
