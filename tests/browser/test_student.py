"""A student in JupyterLab 4 with what was handed out: a wrong answer, the sentence about it, the mended answer, ✓, validation."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.browsing import MISSING, Browser, Notebook, Server, opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = ("ps00_start", "ps05_softmax_regression")
STUB = "raise NotImplementedError()"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """JupyterLab in the folder that a student got."""
    folder = tmp_path_factory.mktemp("student") / "handout"
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "handout", *ASSIGNMENTS, "--to", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with opened(Server(folder)) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened(Browser()) as browser:
        yield browser


def validate(browser: Browser) -> str:
    """Presses Validate, reads what it says and closes the box."""
    browser.click("jp-button.validate-button", "Validate")
    words = browser.until("the box to say something", lambda: browser.one(".jp-Dialog-body").text)
    browser.click(".jp-Dialog-button", "Ok")
    return words


def test_the_first_notebook_is_answered_wrongly_then_rightly_and_validates(server, browser):
    notebook = Notebook(browser, server, "ps00_start/start.ipynb")
    notebook.run_above("def add(", "import torch")
    notebook.replace_end("def add(", STUB, "return X - Y")
    notebook.run("def add(")
    notebook.run("check_equal(add(", "✗ add(X, Y): 4 of 4 entries are wrong; the largest difference, 100, is at [1, 1]: -46 where 54 is expected.")

    notebook.replace_end("def add(", "- Y", "+ Y")
    notebook.run("def add(")
    assert notebook.run("check_equal(add(", "✓") == "✓"
    assert "Success! Your notebook passes all the tests." in validate(browser)


def test_an_exercise_of_an_assignment_has_its_formula_its_sentence_and_its_tick_and_validation_names_the_others(server, browser):
    notebook = Notebook(browser, server, "ps05_softmax_regression/softmax_regression.ipynb")
    exercise = browser.one(".jp-MarkdownCell", "From scores to probabilities")
    assert browser.one("mjx-container[display='true']", within=exercise)
    notebook.run_above("def softmax(", "show_images(X_train[:20]")
    wrong = "return X.exp() / X.exp().sum()"
    notebook.replace_end("def softmax(", STUB, wrong)
    notebook.run("def softmax(")
    notebook.run("check_equal(softmax(", "✗ softmax(X): 6 of 6 entries are wrong")

    notebook.replace_end("def softmax(", wrong, "E = (X - X.max(dim=1, keepdim=True).values).exp()\nreturn E / E.sum(dim=1, keepdim=True)")
    notebook.run("def softmax(")
    assert notebook.run("check_equal(softmax(", "✓") == "✓"
    words = validate(browser)
    assert "log_softmax(X) for scores far apart" in words
    assert "softmax(X) for scores near 1000" not in words
