"""An instructor in formgrader with a graded hand-in: reads criteria, formulas and the marking scheme, marks a question, sees the mark in new feedback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Keys

from tests.browser.browsing import MISSING, TOKEN, Browser, Server, opened
from tests.browser.class_to_mark import NAME, ROOT, STUDENT, hand_in, nbgrader

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

NOTEBOOK = "softmax_regression"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The folder of a course with one hand-in, graded; its feedback has been made."""
    root = tmp_path_factory.mktemp("instructor")
    hand_in(root)
    nbgrader(root, f"autograde {NAME}", f"generate_feedback {NAME}")
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened(Browser()) as browser:
        yield browser


@pytest.fixture(scope="module")
def marking(browser, course) -> Iterator[Browser]:
    """The page for marking the hand-in, reached as a person gets there."""
    with opened(Server(course, str(ROOT))) as server:
        browser.open(f"{server.url}formgrader?token={TOKEN}")
        browser.click("a", "Manual Grading")
        for link in (NAME, NOTEBOOK, "Submission #1"):
            browser.click("#main-table a", link)
        browser.until("the list of exercises", lambda: "to be marked" in words(browser, ".exercises"))
        yield browser


def words(browser: Browser, selector: str) -> str:
    """What can be read in all these elements, on one line."""
    return " ".join(" ".join(element.text for element in browser.all(selector)).split())


def enter(browser: Browser, question: str, mark: str) -> None:
    field = browser.one(f"input#{question}")
    browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
    field.clear()
    field.send_keys(mark + Keys.TAB)


def test_the_page_names_every_exercise_with_its_points_and_says_what_waits_for_a_mark(marking):
    listed = words(marking, ".exercises")
    assert len(marking.all(".exercises li")) == 13
    for entry in ("softmax 12 of 12", "accuracy 0.89 of 8", "written_shift to be marked, up to 4", "written_gradient to be marked, up to 6"):
        assert entry in listed
    answers = words(marking, ".nbgrader_cell .panel-heading")
    for name in ("softmax", "Accumulator", "written_shift", "written_gradient"):
        assert f"Student's answer {name} " in f"{answers} "


def test_criteria_and_the_marking_scheme_stand_beside_the_answers_with_formulas_without_a_network(marking):
    page = words(marking, "#notebook")
    assert "counts the right predictions of a batch" in page
    assert "what comes out when the share is given back" in page
    scheme = marking.one(".marking-scheme", "is pulled out")
    assert scheme.is_displayed()
    for place in (".marking-scheme", ".nbgrader_cell", ".text_cell_render"):
        marking.until(f"a formula that is drawn in {place}", lambda place=place: any(drawn.is_displayed() for drawn in marking.all(f"{place} .MathJax")))
    assert "\\frac" not in words(marking, ".marking-scheme")


def test_a_mark_is_refused_above_the_most_and_else_stands_in_the_list_and_in_the_feedback_made_anew(marking, course):
    (page,) = (course / "feedback" / STUDENT / NAME).glob("*.html")
    assert "3 of 4" not in page.read_text()
    enter(marking, "written_shift", "7")
    marking.one(".mark-refused", "7 points cannot be kept: this gives up to 4.")
    enter(marking, "written_shift", "3")
    marking.until("the mark in the list", lambda: "written_shift 3 of 4, extra credit" in words(marking, ".exercises"))
    nbgrader(course, f"generate_feedback {NAME}")
    marking.open(page.as_uri())
    read = words(marking, "body")
    assert STUDENT in read
    assert "3 of 4" in read
