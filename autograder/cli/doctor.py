"""`autograder doctor`: what this machine can do, with advice."""

import importlib.metadata
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from .app import app

FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """state: "ok", "warn" or "bad"."""

    what: str
    state: str
    words: str
    advice: str = ""


@app.command()
def doctor(
    strict: Annotated[bool, typer.Option("--strict", help="Fail as well when a layer of the sandbox is missing or a warning is given (CUDA aside).")] = False,
) -> None:
    """Say what this machine can do: sandbox layers, torch, CUDA, nbgrader; with advice. Exit status 1 when grading would not work."""
    findings = [*python_findings(), *disk_findings(), *sandbox_findings(), *torch_findings(), *package_findings(), *course_findings()]
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    marks = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "bad": "[red]✗[/]"}
    for finding in findings:
        advice = f"\n[yellow]{finding.advice}[/]" if finding.advice else ""
        table.add_row(marks[finding.state], finding.what, f"{finding.words}{advice}")
    Console(highlight=False).print(table)
    if any(finding.state == "bad" or (strict and finding.state == "warn" and finding.what != "cuda") for finding in findings):
        raise SystemExit(1)


def python_findings() -> list[Finding]:
    version = platform.python_version()
    if sys.version_info < (3, 11):
        return [Finding("python", "bad", version, "Python 3.11 or newer is needed")]
    return [Finding("python", "ok", version)]


def disk_findings() -> list[Finding]:
    """Room where grading writes: the course, and the folder of temporary files."""
    words, short = [], []
    for place in (Path.cwd(), Path(tempfile.gettempdir())):
        free = shutil.disk_usage(place).free
        words.append(f"{free / 1e9:.1f} GB free in {place}")
        if free < FREE_BYTES:
            short.append(place)
    advice = f"a class needs some room in {' and '.join(map(str, short))}" if short else ""
    return [Finding("disk", "warn" if short else "ok", ", ".join(dict.fromkeys(words)), advice)]


def sandbox_findings() -> list[Finding]:
    from ..sandbox.launch import ALL_LAYERS, Sandbox, SandboxError, bubblewrap_works

    if shutil.which("bwrap") is None:
        return [
            Finding(
                "sandbox",
                "bad",
                "bubblewrap is not installed",
                "Debian: apt-get install bubblewrap. Else: --sandbox none runs without a wall",
            )
        ]
    if not bubblewrap_works():
        return [
            Finding(
                "sandbox",
                "bad",
                "bubblewrap cannot make namespaces here",
                "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)",
            )
        ]
    try:
        with Sandbox() as sandbox:
            sandbox.wait_until_ready()
            missing = [layer for layer in ALL_LAYERS if layer not in sandbox.layers]
            if missing:
                return [Finding("sandbox", "warn", f"without {', '.join(missing)}", "the remaining layers still hold; --require makes grading insist")]
            return [Finding("sandbox", "ok", f"layers: {', '.join(sandbox.layers)}")]
    except SandboxError as error:
        return [Finding("sandbox", "bad", str(error))]


def torch_findings() -> list[Finding]:
    import torch

    findings = [Finding("torch", "ok", f"{torch.__version__}, {torch.get_num_threads()} threads")]
    if torch.cuda.is_available():
        names = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
        return [*findings, Finding("cuda", "ok", names)]
    return [*findings, Finding("cuda", "warn", "no CUDA device: grading runs on the CPU; marks are the same")]


def package_findings() -> list[Finding]:
    findings = []
    for name, need in (
        ("nbgrader", "build, gradebook and feedback need it"),
        ("math-core", "formulas in the feedback need it"),
        ("jupyterlab", "students need it"),
        ("torchvision", "ps21 needs it"),
        ("pandas", "ps02 needs it"),
        ("copydetect", "autograder similar needs it"),
    ):
        try:
            findings.append(Finding(name, "ok", importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            findings.append(Finding(name, "warn", "not installed", f"{need}: pip install {name}"))
    return findings


def course_findings() -> list[Finding]:
    from ..grading.course import CourseError, load_course

    try:
        course = load_course()
    except CourseError as error:
        return [Finding("course", "warn", str(error))]
    unbuilt = [name for name in course.names if name not in course.masters]
    if unbuilt:
        return [Finding("course", "warn", f"{course.title}: not built: {', '.join(unbuilt)}", "autograder build")]
    return [Finding("course", "ok", f"{course.title}: {len(course.names)} assignments, all built")]
