"""The visible checks on the reference: the text of an assignment is run from top to bottom, as students run their notebook."""

import json
import os
import re
import runpy
import subprocess
import sys
import traceback
from pathlib import Path

from ..notebooks.reference import solution_path

_HEADER = re.compile(r'# %%.*?"grade_id": "([^"]+)"')


def failing_checks(root: Path, names: list[str]) -> list[str]:
    """For each assignment whose text does not run to its end a sentence: file, line, cell and what was said. Demo cells are comments in the text."""
    texts = [str(solution_path(name, root)) for name in names]
    environment = {**os.environ, "MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-m", __name__, str(root), *texts], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    """Runs each text in a fork of a process that has torch loaded, one for each core at a time; prints the sentences as JSON."""
    import torch  # noqa: F401 - once for all

    root, waiting = Path(sys.argv[1]), [Path(text) for text in sys.argv[2:]]
    order, running, said = list(waiting), dict[int, tuple[Path, int]](), dict[Path, str]()
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            text = waiting.pop(0)
            child, answer = _in_a_fork(root, text)
            running[child] = text, answer
        child, status = os.wait()
        text, answer = running.pop(child)
        with open(answer, encoding="utf-8", errors="replace") as pipe:
            said[text] = pipe.read()
        if status != 0:
            said[text] = f"{text.relative_to(root)} ends the process that runs it (status {os.waitstatus_to_exitcode(status)})"
    print(json.dumps([said[text] for text in order if said[text]]))


def _in_a_fork(root: Path, text: Path) -> tuple[int, int]:
    """The process that runs it, and where its sentence will come from: it fits into the pipe, so that nobody waits for a reader."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        os.write(write, _run(root, text).encode()[:4000])
        os._exit(0)
    os.close(write)
    return child, read


def _run(root: Path, text: Path) -> str:
    """The sentence on what failed, "" when nothing did. The working directory is the assignment's folder, where its files lie."""
    sys.path[:0] = [str(root / "source"), str(root)]
    folder = root / "source" / text.parent.name
    os.chdir(folder if folder.is_dir() else root)
    try:
        runpy.run_path(str(text))
    except BaseException as error:
        return _sentence(root, text, error)
    return ""


def _sentence(root: Path, text: Path, error: BaseException) -> str:
    words = str(error) if isinstance(error, AssertionError) and str(error) else f"{type(error).__name__}: {error}"
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(text)]
    if isinstance(error, SyntaxError) and error.filename == str(text):
        lines, words = [error.lineno or 0], f"SyntaxError: {error.msg}"
    line = lines[0] if lines else 0
    below = f", raised at line {lines[-1]}" if len(lines) > 1 else ""
    return f"{text.relative_to(root)}, line {line}{_cell(text, line)}: {words}{below}"


def _cell(text: Path, line: int) -> str:
    """In which cell a line stands, as a part of a sentence."""
    headers = [header for header in text.read_text(encoding="utf-8").splitlines()[:line] if header.startswith("# %%")]
    named = _HEADER.match(headers[-1]) if headers else None
    return f", in the cell {named[1]}" if named else ""


if __name__ == "__main__":
    main()
