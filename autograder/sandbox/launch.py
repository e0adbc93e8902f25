"""Starts and stops the warm process; hands out submissions. Runs on the judge's side.

Outer wall: bubblewrap with everything unshared, an unprivileged user without capabilities, and a file system that holds a read-only Python, the
two packages of the wire and the sandbox, and nothing else. What is not bound there cannot be read there.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ..wire.frames import wait_readable
from .limits import HOME, SubmissionLimits

PRELOAD = ("numpy", "matplotlib", "matplotlib.pyplot", "torchvision", "torch.utils.data", "torch.distributed")
ALL_LAYERS = ("bwrap", "userns", "mounts", "pids", "net", "ipc", "seccomp", "rlimits")
START_SECONDS = 120.0
INSTRUCTION_SETS = ("ATEN_CPU_CAPABILITY", "MKL_CBWR", "ONEDNN_MAX_CPU_ISA")  # what PyTorch, MKL and oneDNN may use of the processor
MODULE_BYTES = 1 << 16  # one message on the control socket; a larger module is imported by each notebook
_PRELOADS = re.compile(rb"^def preload\(\)", re.MULTILINE)
_KIT = Path(__file__).resolve().parents[1]


class SandboxError(Exception):
    """The sandbox cannot be had; the sentence says what to do."""

    @classmethod
    def no_bubblewrap(cls) -> "SandboxError":
        return cls(
            "bubblewrap (bwrap) is not installed or cannot make namespaces here, so student code would not be walled in. "
            "Install it (Debian: apt-get install bubblewrap), or say --sandbox none to run student code without a wall."
        )

    @classmethod
    def not_walled(cls, detail: str) -> "SandboxError":
        return cls(f"a submission process could not be walled in ({detail}); AUTOGRADER_DEBUG=1 shows more")

    @classmethod
    def died(cls) -> "SandboxError":
        return cls("the warm process of the sandbox ended in the middle of a submission")

    @classmethod
    def lacks(cls, missing: list[str], layers: list[str]) -> "SandboxError":
        return cls(f"the sandbox here lacks {', '.join(missing)}, which was required; it has {', '.join(layers)}. Nothing was run")

    @classmethod
    def did_not_start(cls, detail: str) -> "SandboxError":
        return cls(f"the sandbox did not start: {detail or 'no message'}. Run `autograder doctor` to see what this machine can do.")


@dataclass
class SubmissionSockets:
    """The judge's ends: `work` to the submission process, `status` to its guard. Closing `status` ends everything of the submission."""

    work: socket.socket
    status: socket.socket
    workdir: str
    temporary: str | None = None

    def close(self) -> None:
        for sock in (self.status, self.work):
            with contextlib.suppress(OSError):
                sock.close()
        if self.temporary:
            shutil.rmtree(self.temporary, ignore_errors=True)


class Sandbox:
    """One warm process. `kind` is "bwrap" or "none"; `device` "cpu" or "cuda"."""

    def __init__(self, kind: str = "bwrap", device: str = "cpu", preload: tuple[str, ...] = PRELOAD, require: tuple[str, ...] = ()):
        if kind not in ("bwrap", "none"):
            raise ValueError(f"sandbox is {kind!r}; it can be bwrap or none")
        if kind == "bwrap" and not bubblewrap_works():
            raise SandboxError.no_bubblewrap()
        self.kind, self.device = kind, device
        self.layers: list[str] = []
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._preload, self._require = preload, require
        self._modules: dict[str, bytes] = {}  # that the warm process was given, and their source
        self._ready = False
        self._launch()

    def _launch(self) -> None:
        self._modules.clear()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        layers = ["userns", "seccomp"] if self.kind == "bwrap" else []
        if self.device == "cuda":
            layers.append("cuda")
        options = json.dumps({"preload": list(self._preload), "layers": layers})
        command = [sys.executable, "-B", "-m", "autograder.sandbox.warm", options]
        environment = _environment()
        if self.kind == "bwrap":
            command = [*bubblewrap_command(self.device), *command]
        else:
            environment["PYTHONPATH"] = os.pathsep.join([str(_KIT.parent), *environment.get("PYTHONPATH", "").split(os.pathsep)])
        debug = None if os.environ.get("AUTOGRADER_DEBUG") else subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, stdin=theirs.fileno(), stdout=debug, stderr=debug, env=environment, cwd="/", start_new_session=True, close_fds=True
        )
        theirs.close()
        self._control = ours

    def wait_until_ready(self) -> None:
        """Waits for the warm process; called by the first submission, so that the judge can load meanwhile."""
        if self._ready:
            return
        assert self._control is not None
        if not wait_readable([self._control], START_SECONDS):
            self.close()
            raise SandboxError.did_not_start(f"nothing within {START_SECONDS:g} s")
        message = self._control.recv(1 << 16)
        if not message:
            code = self._process.wait() if self._process else None
            raise SandboxError.did_not_start(f"the warm process ended with code {code}")
        ready = json.loads(message)
        self.layers = [*(["bwrap"] if self.kind == "bwrap" else []), *ready["layers"], "rlimits"]
        missing = [layer for layer in self._require if layer not in self.layers]
        if missing:
            self.close()
            raise SandboxError.lacks(missing, self.layers)
        self._ready = True

    def submission(self, limits: SubmissionLimits, files: dict[str, bytes] | None = None) -> SubmissionSockets:
        """A fresh submission process. Restarts the warm process once if it has died. `files` are the course's, which come with every submission: a module
        among them that defines `preload` is imported once for all."""
        for attempt in (1, 2):
            self.wait_until_ready()
            try:
                for name, data in (files or {}).items():
                    self._preload_module(name, data)
                return self._order(limits)
            except (BrokenPipeError, ConnectionError):
                if attempt == 2:
                    raise SandboxError.did_not_start("the warm process died twice") from None
                self.close()
                self._ready = False
                self._launch()
        raise AssertionError

    def _preload_module(self, name: str, data: bytes) -> None:
        if self._modules.get(name) == data or not name.endswith(".py") or not _PRELOADS.search(data) or self._control is None:
            return
        order = json.dumps({"op": "module", "name": name.removesuffix(".py"), "source": data.decode("utf-8", "replace")}).encode()
        if len(order) <= MODULE_BYTES:
            self._control.send(order)
        self._modules[name] = data

    def _order(self, limits: SubmissionLimits) -> SubmissionSockets:
        assert self._control is not None
        temporary = tempfile.mkdtemp(prefix="autograder-") if self.kind == "none" else None
        workdir = temporary or HOME
        work, their_work = socket.socketpair()
        status, their_status = socket.socketpair()
        order = json.dumps({"op": "submission", "limits": limits.to_json(), "workdir": workdir}).encode()
        try:
            socket.send_fds(self._control, [order], [their_work.fileno(), their_status.fileno()])
        finally:
            their_work.close()
            their_status.close()
        return SubmissionSockets(work, status, workdir, temporary)

    def alive(self) -> bool:
        """Whether the warm process is still there."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """Ends the warm process and everything below it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=0.3)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._control = self._process = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_exc) -> None:
        self.close()


def _environment() -> dict[str, str]:
    names = ("AUTOGRADER_DEBUG", "LANG", "PYTHONPATH", *INSTRUCTION_SETS)
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {
        "PATH": "/usr/bin:/bin", "HOME": "/tmp", "MPLBACKEND": "module://matplotlib_inline.backend_inline", "MPLCONFIGDIR": "/tmp", "IPYTHONDIR": "/tmp",
        "PIP_NO_INDEX": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",  # the allocator of pyarrow, which pandas loads where it is there, starts a thread otherwise
        "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1", "TORCHINDUCTOR_CACHE_DIR": "/tmp", "USER": "student", "LOGNAME": "student",
    }  # fmt: skip


def bubblewrap_works() -> bool:
    """Whether bwrap is here and can make all namespaces."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return False
    probe = [bwrap, "--unshare-all", "--uid", "1000", "--gid", "1000", "--ro-bind", "/", "/", "true"]
    return subprocess.run(probe, capture_output=True, timeout=20).returncode == 0


def bubblewrap_command(device: str) -> list[str]:
    """The outer wall."""
    command = [
        shutil.which("bwrap") or "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--uid", "1000", "--gid", "1000",
        "--hostname", "sandbox", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
    ]  # fmt: skip
    for path in _system_paths():
        command += ["--ro-bind", path, path]
    for name in ("lib", "lib64", "lib32"):
        link = Path("/", name)
        if link.is_symlink():
            command += ["--symlink", os.readlink(link), str(link)]
        elif link.is_dir():
            command += ["--ro-bind", str(link), str(link)]
    for path in _python_paths():
        command += ["--ro-bind", path, path]
    for package in ("wire", "sandbox"):
        command += ["--ro-bind", str(_KIT / package), f"/kit/autograder/{package}"]
    command += ["--ro-bind", str(_KIT / "__init__.py"), "/kit/autograder/__init__.py"]
    if device == "cuda":
        for node in sorted(Path("/dev").glob("nvidia*")):
            command += ["--dev-bind", str(node), str(node)]
        for path in ("/sys", "/usr/local/cuda", "/usr/local/nvidia"):
            if os.path.exists(path):
                command += ["--ro-bind", path, path]
    extra = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and not _is_private(Path(path).resolve())]
    for path in extra:
        command += ["--ro-bind-try", path, path]
    if any(_KIT.is_relative_to(path) for path in (*_python_paths(), *_system_paths(), *extra)):
        command += ["--tmpfs", str(_KIT), "--remount-ro", str(_KIT)]  # installed as a package, the kit has its graders among the libraries
    command += ["--dir", HOME, "--setenv", "PYTHONPATH", os.pathsep.join(["/kit", *extra]), "--chdir", "/tmp"]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/"]


def _is_private(path: Path) -> bool:
    """The kit's own folder holds the graders, the course's the solutions, submissions and marks: neither they nor what is around them is bound."""
    here = Path.cwd()
    private = [_KIT.parent, *(folder for folder in (here, *here.parents) if (folder / "course_config.py").is_file())]
    return any(folder.is_relative_to(path) or path.is_relative_to(folder) for folder in private)


def _system_paths() -> list[str]:
    """Shared libraries; no programs."""
    candidates = ["/usr/lib", "/usr/lib64", "/usr/lib32", "/etc/ld.so.cache", "/usr/share/zoneinfo"]
    return [path for path in candidates if os.path.isdir(path) or os.path.isfile(path)]


def _python_paths() -> list[str]:
    """The interpreter, its standard library and the installed packages."""
    base, prefix = Path(sys.base_prefix), Path(sys.prefix)
    paths: list[str] = []
    if base == Path("/usr") or base == Path("/"):
        paths += [str(Path(sys.executable).resolve()), *(p for p in ("/usr/local/lib",) if os.path.isdir(p))]
    else:
        paths.append(str(base))
    if prefix != base:
        paths += [str(prefix / "bin"), str(prefix / "pyvenv.cfg")]
        paths += sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    return [path for path in paths if os.path.exists(path)]


def started_within(sandbox: Sandbox) -> float:
    """Seconds until the warm process is ready."""
    began = time.perf_counter()
    sandbox.wait_until_ready()
    return time.perf_counter() - began
