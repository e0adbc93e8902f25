"""Files that commands write: whole or not at all, and a sentence when that cannot be."""

from pathlib import Path

from .app import BAD_USE, complain


def check_writable(*paths: Path | None) -> None:
    """Ends with a sentence when a file cannot be written there; asked before long work is begun."""
    for path in paths:
        if path is not None and (path.is_dir() or not path.parent.is_dir()):
            why = "Is a directory" if path.is_dir() else "No such file or directory"
            raise SystemExit(complain(f"cannot write {path}: {why}", BAD_USE))


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes beside, then renames. A device or pipe such as /dev/stdout is written to as it is. Halves of surrogate pairs become question marks."""
    data = content.encode(errors="replace") if isinstance(content, str) else content
    target = path if path.exists() and not path.is_file() else path.with_name(f".{path.name}.part")
    try:
        target.write_bytes(data)
        if target != path:
            target.replace(path)
    except OSError as error:
        raise SystemExit(complain(f"cannot write {path}: {error.strerror}", BAD_USE)) from None


def append(path: Path, text: str) -> None:
    """Adds to a file that others add to as well."""
    try:
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as error:
        raise SystemExit(complain(f"cannot write {path}: {error.strerror}", BAD_USE)) from None
