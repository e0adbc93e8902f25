"""What notebooks lean on: checks that speak in sentences, and say that they hold."""

import subprocess
import sys
from pathlib import Path

import course_tools
import pytest
import torch
from course_tools import CheckFailed, check_equal, check_promises
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

SOURCE = Path(course_tools.__file__).parent


def right(X):
    return X / X.abs().sum(dim=1, keepdim=True)


def changes_its_input(X):
    result = X / X.abs().sum(dim=1, keepdim=True)
    with torch.no_grad():
        X += 1
    return result


def stays_in_float32(X):
    return right(X.float())


def detached(X):
    return right(X).detach()


def of_the_memory(X):
    return right(X.as_strided(X.shape, (X.shape[1], 1)))


def in_numpy(X):
    return torch.from_numpy(right(X).detach().numpy())


X = torch.tensor([[1.0, -3.0], [2.0, 2.5], [0.5, 4.0]])


def test_a_right_answer_keeps_the_promises():
    check_promises(right, X)
    check_promises(lambda X, n: X.mean() * n, X, 3)


def test_where_an_infinity_is_expected_no_other_number_will_do():
    check_equal(float("inf"), float("inf"), "the loss")
    for other in (2.0, float("-inf")):
        with pytest.raises(CheckFailed, match="expected inf"):
            check_equal(other, float("inf"), "the loss")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (changes_its_input, "changes_its_input changed its argument X"), (stays_in_float32, "stays_in_float32 of float64 numbers has dtype float32"),
        (detached, "no gradient flows back from detached"), (of_the_memory, "in another memory order"), (in_numpy, "no gradient flows back from in_numpy"),
    ],
)  # fmt: skip
def test_a_promise_that_does_not_hold_is_named(answer, words):
    with pytest.raises(CheckFailed, match=words):
        check_promises(answer, X)


def test_the_argument_that_gets_no_gradient_is_named():
    def cut(X, y):
        return X + y.detach()

    with pytest.raises(CheckFailed, match="no gradient flows back from cut to y"):
        check_promises(cut, X, torch.ones(3, 1))


def test_numbers_are_called_scaled_where_a_factor_explains_the_difference_and_not_where_the_tolerance_does():
    with pytest.raises(CheckFailed, match="Every entry is 2 times"):
        check_equal(2 * X, X, "Y", atol=0.05)
    with pytest.raises(CheckFailed) as failed:
        check_equal(0.96 * X + torch.tensor([[0.0, 0.03], [0.02, -0.04], [0.01, 0.0]]), X, "Y", atol=0.05)
    assert "times" not in str(failed.value)


def test_numbers_that_differ_late_are_shown_so_far_that_they_differ():
    X = torch.tensor([1e-4, 2.0], dtype=torch.float64)
    with pytest.raises(CheckFailed, match=r"0\.0001000001 where 0\.0001 is expected"):
        check_equal(X * torch.tensor([1 + 1e-6, 1.0], dtype=torch.float64), X, "Y", rtol=1e-9, atol=0)


def test_a_failed_check_is_shown_as_its_sentence_in_lines_that_no_tool_cuts_off():
    with pytest.raises(CheckFailed) as caught:
        check_equal(torch.zeros(3), torch.ones(3), "a result with a name that is rather long, so that the sentence does not fit into one line,")
    lines = caught.value._render_traceback_()
    assert len(lines) > 1
    assert max(map(len, lines)) <= 80
    assert " ".join(lines) == f"✗ {caught.value}"


@pytest.mark.slow
def test_a_notebook_shows_a_short_tick_or_the_sentence_and_nothing_else(tmp_path):
    cells = [
        f"import sys; sys.path.insert(0, {str(SOURCE)!r})\nimport torch\nfrom course_tools import batches, check, check_equal",
        "check(True, 'no')\ncheck_equal(1, 1, 'one')", "check_equal(1, 2, 'one')", "x = list(batches(torch.zeros(3, 2), torch.zeros(3), 2))",
        "check(True, 'no')\nraise ValueError('own')",
    ]  # fmt: skip
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute(cwd=str(tmp_path))
    shown = [cell.outputs for cell in notebook.cells]
    assert shown[1][0]["text"] == "✓\n"
    assert shown[2][0]["traceback"] == ["✗ one is 1, expected 2."]
    assert shown[0] == shown[3] == []
    assert [output["output_type"] for output in shown[4]] == ["error"]


@pytest.mark.slow
def test_the_report_tells_a_missing_package_from_a_broken_one(tmp_path):
    (tmp_path / "matplotlib").mkdir()
    (tmp_path / "matplotlib" / "__init__.py").write_text("raise ImportError('half of it is not there')")
    program = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import importlib.util; find = importlib.util.find_spec; importlib.util.find_spec = lambda n: None if n == 'sklearn' else find(n)\n"
        "from course_tools import environment_report; print(environment_report())"
    )
    command = [sys.executable, "-c", program]
    report = subprocess.run(command, capture_output=True, text=True, cwd=SOURCE, env={"PYTHONPATH": f"{tmp_path}:{SOURCE}"}, check=True).stdout
    lines = {line.split()[1]: line for line in report.splitlines() if line.startswith(("ok", "WRONG"))}
    assert "not installed: pip install scikit-learn" in lines["data"]
    assert "broken, it cannot be imported: half of it is not there" in lines["plots"]
