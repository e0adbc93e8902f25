"""Lines for a system shell and magics that are not here never fail a cell: they say so, and the cell goes on."""

import pytest

FOR_A_SHELL = {
    "a pip line": "!pip install -q einops",
    "a pip magic": "%pip install einops",
    "a conda magic": "%conda install -y einops",
    "a line of a program": "!nvidia-smi",
    "a continued line": "!pip install \\\n    einops",
    "an assignment": "listed = !ls\nassert listed == [] and listed.n == ''",
    "an assignment of a magic": "listed = %sx ls -l\nassert not listed",
    "a double mark": "!!ls",
    "a magic for the system": "%system ls",
    "a line in a loop": "for i in range(100):\n    !rm file{i}",
    "an alias": "%ls\n%mkdir there",
    "what is typed into a terminal": "pip install einops",
    "several such lines": "pip install einops\napt-get install -y graphviz && echo done\ngit clone https://example.org/x.git\ncd x",
    "lines with arguments in Python": "import sys\n!{sys.executable} -m pip install einops",
    "the shell asked by name": "get_ipython().system('ls')\nassert get_ipython().getoutput('ls') == []",
    "a whole cell inside capture": "%%capture\n!pip install einops",
}
SCRIPTS = [
    "%%bash\necho $HOME",
    "%%sh\nls",
    "%%script false --no-raise-error\nafter = 1 / 0",
    "%%script --out printed bash\nls",
    "%%shell\nls",
    "%%perl\nprint 1",
    "%%!\nls",
]
NOT_HERE = [
    "%tensorboard --logdir runs", "%load_ext tensorboard", "%load_ext google.colab.data_table", "%config NoSuchThing.at_all = 1", "%store x",
    "%cd /content/drive", "%tensorflow_version 2.x", "%unload_ext nothing", "%history -n", "%run_it_all",
]  # fmt: skip
HERE = [
    "%matplotlib inline", "%matplotlib widget", "%matplotlib notebook", "%config InlineBackend.figure_format = 'retina'", "%timeit -n 1 -r 1 1 + 1",
    "%time 1 + 1", "%load_ext autoreload\n%autoreload 2", "%env EPOCHS=3", "%who", "%precision 3", "exit()", "?print",
]  # fmt: skip


@pytest.mark.parametrize("lines", FOR_A_SHELL.values(), ids=FOR_A_SHELL)
def test_a_line_for_a_shell_says_that_there_is_none_and_the_cell_goes_on(walled, run_in, lines):
    session = run_in(walled, f"{lines}\nimport math\ndef after():\n    return math.floor(2.5)")
    assert [outcome.reason for outcome in session.outcomes] == ["ok"], session.outcomes
    assert session.student.after() == 2
    text = "".join(output.get("text", "") for output in session.outcomes[0].outputs)
    assert ("there is no shell here" in text) != lines.startswith("%%capture")
    assert text.count("\n") <= 21


def test_cells_of_a_shell_are_not_run_and_fail_nothing(walled, run_in):
    session = run_in(walled, *SCRIPTS, "def found():\n    return printed + str('after' in globals())")
    assert [outcome.reason for outcome in session.outcomes] == ["ok"] * (len(SCRIPTS) + 1)
    assert all("there is no shell here" in outcome.outputs[0]["text"] for outcome in session.outcomes[:-1])
    assert session.student.found() == "False"


def test_a_magic_that_is_not_here_is_named_and_the_cell_goes_on(walled, run_in):
    cells = [f"{magic}\ndef f{number}(): return {number}" for number, magic in enumerate(NOT_HERE + HERE)]
    session = run_in(walled, *cells)
    assert {cell: outcome.reason for cell, outcome in zip(cells, session.outcomes, strict=True)} == dict.fromkeys(cells, "ok")
    assert [getattr(session.student, f"f{number}")() for number in range(len(cells))] == list(range(len(cells)))
    assert session.outcomes[0].outputs[0]["text"] == "UsageError: Line magic function `%tensorboard` not found.\n"
    assert session.outcomes[1].outputs[0]["text"] == "ModuleNotFoundError: No module named 'tensorboard'\n"


def test_cell_magics_that_run_their_cell_define_what_it_defines(walled, run_in):
    session = run_in(
        walled, "%%time\ndef a(): return 1", "%%capture printed\nprint('x')\ndef b(): return printed.stdout", "%%memit\ndef c(): return 3",
        "%%nosuch\ndef d(): return 4", "%%writefile own.py\nvalue = 5", "import own\ndef e(): return own.value",
    )  # fmt: skip
    assert {outcome.reason for outcome in session.outcomes} == {"ok"}
    assert [session.student.a(), session.student.b(), session.student.c(), session.student.e()] == [1, "x\n", 3, 5]
    assert not session.student.has("d")


def test_a_magic_that_runs_code_ends_its_cell_with_the_error_of_that_code(walled, run_in):
    session = run_in(walled, "%timeit -n 1 -r 1 1 / 0", "%time 1 / 0", "%%time\n1 / 0", "%%capture\n1 / 0")
    assert [outcome.reason for outcome in session.outcomes] == ["crashed"] * 4
    assert {outcome.failure["error"] for outcome in session.outcomes} == {"ZeroDivisionError: division by zero"}
    assert [outcome.failure["line"] for outcome in session.outcomes] == [1, 1, 2, 2]


def test_magics_of_a_students_own_come_first(walled, run_in):
    own = "from IPython.core.magic import register_line_magic\n@register_line_magic\ndef pip(line):\n    return line.upper()"
    session = run_in(walled, own, "given = %pip install\ndef f(): return given")
    assert session.student.f() == "INSTALL"


def test_get_ipython_is_the_shell_wherever_it_comes_from(walled, run_in):
    session = run_in(
        walled, "import IPython\nfrom IPython import get_ipython as other\nsame = IPython.get_ipython() is other() is get_ipython()\ndef f(): return same"
    )
    assert session.student.f() is True


def test_text_that_only_looks_like_a_line_for_a_shell_is_left_alone(walled, run_in):
    session = run_in(walled, 'def f():\n    """\n    pip install einops\n    """\n    return f.__doc__', "curl = 3\ncurl -1\ndef g(): return curl")
    assert session.student.f() == "\n    pip install einops\n    "
    assert session.student.g() == 3
