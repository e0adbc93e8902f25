"""What set-up needs, said before anything is downloaded: a Python, room on the disk; and, once there is a pip, packages that can be fetched.

python3 tools/before_setup.py place .venv
.venv/bin/python tools/before_setup.py network requirements.lock

Exit status 1 with a sentence on what is missing. Any Python 3 can run it.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST = (3, 11)
GB = 10**9
# Installed with CUDA, as wheels are for Linux on x86-64, and without; while it is installed, pip keeps what it downloads in its cache and in TMPDIR.
INSTALLED = {True: 6.5, False: 2.0}
DOWNLOADED = {True: 3.0, False: 0.7}
TRIED = ("idna", "six", "tqdm")  # small packages


def place_problems(venv: Path) -> "tuple[list[str], list[str]]":
    """(what stops set-up, what may stop it), as sentences."""
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        return [f"Python {wanted} or newer is needed, this is {platform.python_version()}: make PYTHON=python3.12"], []
    stops, may_stop = [], []
    has_python = os.access(venv / "bin" / "python", os.X_OK)
    if not has_python and (importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        stops.append(f"this Python cannot make virtual environments; on Debian and Ubuntu: sudo apt-get install -y python{version}-venv")
    with_cuda = platform.system() == "Linux" and platform.machine() == "x86_64"
    has_torch = any(venv.glob("lib/python*/site-packages/torch"))
    installed = 0.0 if has_torch else INSTALLED[with_cuda]
    free = free_at(venv)
    if free < installed * GB:
        stops.append(f"{installed:g} GB are needed for {venv}, and {free / GB:.1f} GB are free there")
    elif not has_torch:
        short = shortage(venv, installed, DOWNLOADED[with_cuda])
        if short:
            may_stop.append(short)
    return stops, may_stop


def shortage(venv: Path, installed: float, downloaded: float) -> str:
    """A sentence when what is downloaded may not fit beside what is installed; "" when it does."""
    cache = Path(os.environ.get("PIP_CACHE_DIR") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pip")
    needs: dict[int, float] = {}
    places: dict[int, Path] = {}
    for place, size in ((venv, installed), (Path(tempfile.gettempdir()), downloaded), (cache, downloaded)):
        device = existing(place).stat().st_dev
        needs[device] = needs.get(device, 0.0) + size
        places.setdefault(device, existing(place))
    for device, size in needs.items():
        free = free_at(places[device])
        if free < size * GB:
            return f"up to {size:g} GB are needed on the disk of {places[device]} while packages are installed, and {free / GB:.1f} GB are free there"
    return ""


def free_at(place: Path) -> int:
    return shutil.disk_usage(existing(place)).free


def existing(place: Path) -> Path:
    """The folder itself or the nearest above it that is there."""
    place = place.absolute()
    return next(folder for folder in (place, *place.parents) if folder.is_dir())


def network_problem(lock: Path) -> str:
    """A sentence when pip, as it is configured here, cannot fetch a small package; "" when it can."""
    lines = [line.partition(";")[0].strip() for line in lock.read_text(encoding="utf-8").splitlines()]
    wanted = [line for line in lines if line.partition("==")[0] in TRIED][:1]
    if not wanted:
        return ""
    options = ["--dry-run", "--ignore-installed", "--no-deps", "--disable-pip-version-check", "--timeout", "10", "--retries", "1", "--progress-bar", "off"]
    done = subprocess.run([sys.executable, "-m", "pip", "install", *options, *wanted], capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    if "No module named pip" in done.stderr:
        return f"{sys.executable} has no pip, which a set-up that was stopped leaves behind: remove its folder and begin again"
    said = [line for line in (done.stderr + done.stdout).splitlines() if line.startswith(("WARNING: Retrying", "ERROR"))]
    return "packages cannot be fetched: is there a network, and a proxy or mirror that pip has to know (pip config)?" + "".join(
        f"\n  {line}" for line in said[:3]
    )


def main() -> int:
    what, path = sys.argv[1], Path(sys.argv[2])
    stops, may_stop = place_problems(path) if what == "place" else ([network_problem(path)], [])
    for sentence in may_stop:
        print(f"set-up: {sentence}")
    for sentence in filter(None, stops):
        print(f"set-up: {sentence}", file=sys.stderr)
    return 1 if any(stops) else 0


if __name__ == "__main__":
    sys.exit(main())
