"""IPython's shell as a notebook needs it behind the wall: lines for a system shell and magics that are not here are said to be so, and the cell goes on;
figures are shown as pictures; of a cell that fails, the definitions below the failed line count."""

import ast
import contextlib
import re
import sys
import time
from types import CodeType
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

from . import pictures
from .after_error import Failure, go_on, reason_of, words_of
from .outputs import CellTimeout, OutputLimit, Recorder, raise_after

MAX_FRAMES = 20
MAX_REMARKS = 20  # of one cell, on lines for a shell
REST_SECONDS = 0.5  # for the definitions below the line at which the time of a cell was over
_COMMAND_CHARS = 120
# Magics that run the student's code: what it raises is the cell's own error.
_RUN_CODE = ("time", "timeit", "prun", "run", "debug", "memit", "lprun", "mprun")
# Cell magics of extensions that run the cell as it is, and measure, check or log it.
_TRANSPARENT = (
    "memit", "mprun", "lprun", "snakeviz", "scalene", "pyinstrument", "wandb", "heat", "black", "flake8", "pycodestyle", "mypy", "notify", "autotime",
    "measure", "stopwatch",
)  # fmt: skip
_SCRIPTS = ("shell", "cmd", "zsh", "fish", "powershell", "pwsh")
_SHELL_MODULES = ("IPython.core.magics.packaging", "IPython.core.magics.script")
# What people type into a cell as into a terminal. Looked for only where the cell is no Python.
_TYPED = re.compile(
    r"^([ \t]*)(?=(?:python3?[ \t]+-|pip3?|conda|mamba|uv|apt|apt-get|sudo|wget|curl|git|unzip|tar|mkdir|rm|cp|mv|ls|cat|echo|kaggle|gdown|huggingface-cli|"
    r"wandb|jupyter|nvidia-smi|export|source)[ \t]+[^\s=(.,:])",
    re.MULTILINE,
)
_TYPED_CD = re.compile(r"^([ \t]*)(?=cd[ \t]+[^\s=(.,:])", re.MULTILINE)
_STREAM_NAMES = re.compile(r"--(?:out|err)[ =]+([^\W\d]\w*)")


class _Publisher(DisplayPublisher):
    shell: Any

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_ignored):
        self.shell.recorder.show("display_data", data, display_id=(transient or {}).get("display_id"), update=update)

    def clear_output(self, wait=False):
        self.shell.recorder.clear(wait)


class _Hook(DisplayHook):
    shell: Any

    def __call__(self, result=None):
        self.check_for_underscore()
        if result is None or self.quiet():
            return
        self.shell.user_ns["_"] = result
        data, _ = self.compute_format_data(result)
        self.shell.recorder.show("execute_result", data, execution_count=self.shell.execution_count)


class _Formatter(DisplayFormatter):
    parent: Any

    def format(self, obj, include=None, exclude=None):
        if not pictures.is_figure(obj):
            return super().format(obj, include, exclude)
        data: dict[str, Any] = {"text/plain": repr(obj)}
        if self.parent.recorder.takes_pictures() and (png := pictures.png_of(obj)) is not None:
            data["image/png"] = png
        return data, {}


class NotebookShell(InteractiveShell):
    """An IPython shell without history, files and terminal, that records what its cells show, and where they failed."""

    recorder: Recorder
    configurables: list[Any]

    def __init__(self, *args, **kwargs):
        self._started: list[int] = []  # of each cell that is being run, within one another: how many of its statements were begun
        self.kept: frozenset[str] = frozenset()
        self.begin_cell()
        super().__init__(*args, **kwargs)

    def begin_cell(self) -> None:
        """Forgets what there was to say of the cell before."""
        self.failures: list[Failure] = []
        self._remarks = 0

    def init_display_formatter(self):
        self.display_formatter = _Formatter(parent=self)
        self.configurables.append(self.display_formatter)

    def init_syntax_highlighting(self, *args, **kwargs):
        with contextlib.suppress(Exception):
            super().init_syntax_highlighting(*args, **kwargs)

    # -- errors ---------------------------------------------------------------------------------------------------------

    def showtraceback(self, exc_tuple=None, *args, **kwargs):
        with contextlib.suppress(Exception):
            shorten_tracebacks((exc_tuple or sys.exc_info())[1])
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        try:
            text = str(evalue)
        except BaseException:
            text = "<the exception's text could not be made>"
        lines = [str(line) for line in stb] if isinstance(stb, list) else str(stb).split("\n")
        self.recorder.error(getattr(etype, "__name__", "Error"), text, lines)

    # -- the statements of a cell -----------------------------------------------------------------------------------------

    def run_cell(self, raw_cell, *args, **kwargs):
        known = len(self.failures)
        outcome = super().run_cell(raw_cell, *args, **kwargs)
        error = outcome.error_before_exec if outcome is not None else None
        if error is not None and len(self.failures) == known:  # it is no Python: nothing was run
            line, text = (error.lineno or 0, error.text or "") if isinstance(error, SyntaxError) else (0, "")
            self.failures.append(Failure(line, text.strip(), words_of(error), reason_of(error)))
        return outcome

    async def run_ast_nodes(self, nodelist, cell_name, interactivity="last_expr", compiler=compile, result=None):
        statements = list(nodelist)
        self._started.append(0)
        try:
            failed = await super().run_ast_nodes(nodelist, cell_name, interactivity, compiler, result)
        finally:
            started = self._started.pop()
        if failed and result is not None:
            self._after_an_error(statements, started, cell_name, compiler, result)
        return failed

    async def run_code(self, code_obj, result=None, *, async_=False):
        if self._started:
            self._started[-1] += 1
        return await super().run_code(code_obj, result, async_=async_)

    def _after_an_error(self, statements: list[ast.stmt], started: int, cell_name: str, compiler: Any, result: Any) -> None:
        """Notes where the cell failed, and runs what counts of the rest."""
        error = result.error_in_exec or result.error_before_exec
        failed = started if result.error_in_exec is None else started - 1  # one that could not be compiled was not begun
        line = _line_in(error, cell_name) or (statements[failed].lineno if failed < len(statements) else 0)
        failure = Failure(line, _text_of(result, line), words_of(error), reason_of(error))
        self.failures.append(failure)
        if isinstance(error, SystemExit):  # who ends a cell wants nothing more of it
            for statement in statements[failed + 1 :]:
                failure.leave_out(statement)
            return

        def compiled(statement: ast.stmt) -> CodeType:
            return compiler(ast.Module([statement], []), cell_name, "exec")

        try:
            if isinstance(error, CellTimeout):
                raise_after(REST_SECONDS)
            with self.recorder.muted():
                go_on(statements[failed + 1 :], compiled, self.user_ns, self.kept, failure)
        except (CellTimeout, OutputLimit) as another:
            failure.also.append((0, words_of(another)))

    # -- lines for a system shell ------------------------------------------------------------------------------------------

    def transform_cell(self, raw_cell):
        """The cell as Python; lines as in a terminal ("pip install …") become lines for the shell where the cell is no Python otherwise."""
        try:
            cell = super().transform_cell(raw_cell)
        except SyntaxError:
            cell = None
        if (cell is None or not _parses(cell)) and (_TYPED.search(raw_cell) or _TYPED_CD.search(raw_cell)):
            with contextlib.suppress(SyntaxError):
                escaped = super().transform_cell(_TYPED_CD.sub(r"\1%", _TYPED.sub(r"\1!", raw_cell)))
                if _parses(escaped):
                    return escaped
        return super().transform_cell(raw_cell) if cell is None else cell

    def system(self, cmd):
        self._not_run(f"`{str(cmd).strip()[:_COMMAND_CHARS]}` was not run")
        self.user_ns["_exit_code"] = 127

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        self._not_run(f"`{str(cmd).strip()[:_COMMAND_CHARS]}` was not run and gives nothing")
        return SList() if split else ""

    def _not_run(self, words: str) -> None:
        self._remarks += 1
        if self._remarks <= MAX_REMARKS:
            print(f"autograder: there is no shell here: {words}; the cell goes on", file=sys.stderr)

    def ask_exit(self):
        print("autograder: the notebook goes on", file=sys.stderr)

    # -- magics ---------------------------------------------------------------------------------------------------------

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        if _is_for_a_shell(self.find_line_magic(magic_name)):
            return self.system(f"{magic_name} {line}")
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as error:
            if magic_name in _RUN_CODE and not isinstance(error, UsageError):
                raise
            print(words_of(error), file=sys.stderr)

    def run_cell_magic(self, magic_name, line, cell):
        magic = self.find_cell_magic(magic_name)
        if _is_for_a_shell(magic) or (magic is None and magic_name in _SCRIPTS):
            for name in _STREAM_NAMES.findall(line):
                self.user_ns[name] = ""
            return self._not_run(f"the lines of this cell (%%{magic_name}) were not run")
        if magic_name == "time" and getattr(magic, "__module__", "") == "IPython.core.magics.execution" and not line.strip():
            return self._timed(cell)
        if magic is not None:
            return super().run_cell_magic(magic_name, line, cell)
        print(f"UsageError: Cell magic `%%{magic_name}` not found.", file=sys.stderr)
        if magic_name in _TRANSPARENT:
            self.run_cell(cell)

    def _timed(self, cell: str) -> None:
        """%%time: statement by statement, as without it."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.run_cell(cell)
        print(f"CPU times: total: {time.process_time() - cpu:.3g} s\nWall time: {time.perf_counter() - wall:.3g} s")

    # -- figures --------------------------------------------------------------------------------------------------------

    def enable_gui(self, gui=None):
        """There is no window here."""

    def enable_matplotlib(self, gui=None):
        """Whatever is asked for (`%matplotlib widget`, `notebook`, `qt`), figures are shown as pictures in the notebook."""
        self.pylab_gui_select = None
        return super().enable_matplotlib("inline")


def _is_for_a_shell(magic: Any) -> bool:
    """Whether it is one of IPython's own that start programs; one that a student has put in its place is none."""
    return getattr(magic, "__module__", "") in _SHELL_MODULES


def _parses(cell: str) -> bool:
    try:
        ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _line_in(error: BaseException, cell_name: str) -> int:
    """The line of the cell that was running; 0 when none was."""
    if isinstance(error, SyntaxError) and error.filename == cell_name:
        return error.lineno or 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == cell_name:
            return trace.tb_lineno
        trace = trace.tb_next
    return 0


def _text_of(result: Any, line: int) -> str:
    lines = (getattr(result.info, "transformed_cell", None) or result.info.raw_cell or "").splitlines()
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def shorten_tracebacks(error: BaseException | None) -> None:
    """Takes the middle out of long tracebacks: with torch loaded, IPython needs milliseconds for each frame, and a deep recursion would meet its limit."""
    for _ in range(MAX_FRAMES):  # of a chain of exceptions, which may be a ring
        if error is None:
            return
        frames = [error.__traceback__]
        while frames[-1] is not None:
            frames.append(frames[-1].tb_next)
        if len(frames) > MAX_FRAMES and (first := frames[MAX_FRAMES // 2]) is not None:
            first.tb_next = frames[-MAX_FRAMES // 2]
        error = error.__cause__ or error.__context__


def make_shell() -> NotebookShell:
    """The shell that the warm process keeps ready; each submission inherits it untouched. It is what `get_ipython` gives, wherever that is imported from."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.banner1 = ""
    config.InteractiveShell.display_page = True
    shell = NotebookShell.instance(config=config, display_pub_class=_Publisher, displayhook_class=_Hook, user_ns={"__name__": "__main__"})
    shell.recorder = Recorder(1_000_000)
    shell.run_cell("None", store_history=False)
    return shell
