"""A download as a list of files, whether it is a zip archive or a folder: nothing is unpacked before it is asked for, and no more than limits allow.

An archive in which a name leads out of it is refused as a whole: no platform makes one. Links, pipes and devices are left out and named.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath

from ..notebooks.reader import MAX_BYTES, Unreadable, read_file
from .errors import CollectError, shown

MAX_FILES = 50_000
MAX_UNPACKED_BYTES = 8 << 30
MAX_NAME_CHARS, MAX_DEPTH = 1_000, 20
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PASSED_OVER = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")
ENCRYPTED, UTF8_NAME = 1, 0x800
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError, IndexError, KeyError)


@dataclass(frozen=True)
class Incoming:
    """One file of a download. name: its path there, with slashes; modified: without a zone in an archive, None when unknown; read: its bytes,
    raises Unreadable."""

    name: str
    size: int
    modified: datetime | None
    read: Callable[[], bytes]

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.name).parts


@dataclass
class Bundle:
    """path: what was named on the command line; left_out: sentences on what was not taken; notes: what else the instructor should know."""

    path: Path
    files: list[Incoming]
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def below(self, prefix: str) -> list[Incoming]:
        """The files of a folder, by their paths in it."""
        return within(self.files, prefix)


def within(files: Iterable[Incoming], prefix: str) -> list[Incoming]:
    """Those in a folder, by their paths in it; "" for all of them."""
    start = f"{prefix}/" if prefix else ""
    return [replace(file, name=file.name[len(start) :]) for file in files if file.name.startswith(start)]


def open_bundle(path: Path) -> Bundle:
    """Lists a zip archive or a folder. Raises CollectError."""
    if path.is_dir():
        bundle = _folder(path)
    elif path.is_file():
        bundle = _archive(path)
    else:
        raise CollectError(f"there is no {path}: name the zip archive that was downloaded, or the folder it was unpacked into")
    if not bundle.files:
        raise CollectError(f"{path.name} holds no files: download it again")
    return bundle


def _archive(path: Path) -> Bundle:
    if not zipfile.is_zipfile(path):
        raise CollectError(f"{path.name} is not a zip archive, or was cut off: download it again, or name the folder that it was unpacked into")
    try:
        archive = zipfile.ZipFile(path)
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except _DAMAGED:
        raise CollectError(f"{path.name} is a zip archive that cannot be read: download it again") from None
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_FILES:
        raise CollectError(f"{path.name} holds {len(infos):,} files, more than {MAX_FILES:,}: is it the download of one assignment? Nothing was unpacked")
    if total > MAX_UNPACKED_BYTES:
        most = f"{MAX_UNPACKED_BYTES / 2**30:g} GB"
        raise CollectError(f"{path.name} would unpack to {total / 2**30:,.1f} GB, more than {most}: is it the download of one assignment? Nothing was unpacked")
    bundle, names = Bundle(path, []), set()
    for info in infos:
        name = _checked(_decoded(info), path)
        if info.flag_bits & ENCRYPTED or info.compress_type not in METHODS:
            why = "is protected by a password" if info.flag_bits & ENCRYPTED else "is packed in a way that is not known here"
            raise CollectError(f"{shown(name)} in {path.name} {why}: unpack it with another program and name the folder")
        if name in names:
            raise CollectError(f"{path.name} holds {shown(name)} twice: unpack it with another program, look which one counts, and name the folder")
        names.add(name)
        if _is_hidden(name):
            continue
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            bundle.left_out.append(f"{shown(name)} is a link or no regular file")
            continue
        bundle.files.append(Incoming(name, info.file_size, _time(info), partial(_unpack, archive, info, path.name)))
    return bundle


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> bytes:
    place = f"{info.filename} in {where}"
    try:
        with archive.open(info) as file:
            data = file.read(MAX_BYTES + 1)
    except _DAMAGED:
        raise Unreadable(f"{place} is damaged: download the archive again") from None
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{place} has more than {MAX_BYTES >> 20} MB")
    return data


def _decoded(info: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 often are all the same."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def _checked(name: str, archive: Path) -> str:
    """The name without empty parts. Raises CollectError when it leads out of the archive."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\0" in name or (len(parts[0]) == 2 and parts[0][1] == ":"):
        raise CollectError(f"{archive.name} holds {shown(name)!r}, a path that leads out of it: no platform makes such an archive; ask where it comes from")
    if len(name) > MAX_NAME_CHARS or len(parts) > MAX_DEPTH:
        raise CollectError(f"{archive.name} holds a path of {len(name):,} characters and {len(parts)} parts: no platform makes such an archive")
    return "/".join(part for part in parts if part not in ("", "."))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part in PASSED_OVER for part in name.split("/"))


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time) if info.date_time[0] > 1980 else None
    except ValueError:
        return None


def _folder(path: Path) -> Bundle:
    bundle = Bundle(path, [])
    for where, folders, names in os.walk(path):
        here = Path(where)
        for name in [*folders, *names]:
            file = here / name
            relative = file.relative_to(path).as_posix()
            status = file.lstat()
            if _is_hidden(name) or stat.S_ISDIR(status.st_mode):
                continue
            if not stat.S_ISREG(status.st_mode):
                bundle.left_out.append(f"{shown(relative)} is a link or no regular file")
                continue
            bundle.files.append(Incoming(relative, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC), partial(read_file, file)))
        folders[:] = sorted(name for name in folders if not _is_hidden(name) and not (here / name).is_symlink())
        if len(bundle.files) > MAX_FILES:
            raise CollectError(f"{path} holds more than {MAX_FILES:,} files: is it the download of one assignment?")
    bundle.files.sort(key=lambda file: file.name)
    return bundle
