"""A hand-out as one ZIP archive, the same bytes for the same files."""

import io
import zipfile
from pathlib import Path

from ..errors import HandoutError
from .target import MANIFEST, Manifest, hash_of

_DATE = (2020, 1, 1, 0, 0, 0)


def check_archive(path: Path) -> None:
    """Raises HandoutError unless an archive can be made there. Writes nothing."""
    if path.exists() or path.is_symlink():
        raise HandoutError(f"{path} is there already; name another file, or remove it")
    if not path.parent.is_dir():
        raise HandoutError(f"cannot write {path}: there is no folder {path.parent}")


def write_archive(path: Path, files: dict[str, bytes], course: str) -> None:
    """All in one folder, named like the archive, with the manifest that a folder has."""
    manifest = Manifest(course, {name: hash_of(content) for name, content in files.items()})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, MANIFEST: manifest.text()}.items():
            about = zipfile.ZipInfo(f"{path.stem}/{name}", _DATE)
            about.external_attr, about.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(about, content)
    try:
        with path.open("xb") as file:
            file.write(packed.getvalue())
    except FileExistsError:
        raise HandoutError(f"{path} is there already; name another file, or remove it") from None
    except OSError as error:
        raise HandoutError(f"cannot write {path}: {error.strerror}") from None
