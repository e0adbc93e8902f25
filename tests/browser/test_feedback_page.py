"""The feedback page of a half-right submission in a browser without a network: wide and narrow, light and dark, printed."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading.course import load_course
from autograder.judge.jobs import CellOutcome
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.nbgrader_plugin.class_run import grade_class
from autograder.nbgrader_plugin.feedback_run import make_pages
from tests.browser.browsing import MISSING, Browser, opened

pytestmark = [
    pytest.mark.slow, pytest.mark.skipif(bool(MISSING), reason=MISSING), pytest.mark.filterwarnings("ignore:Object of type .* not in session")
]  # fmt: skip

ROOT = Path(__file__).resolve().parents[2]
NAME = "ps05_softmax_regression"
CONFIG = f"""
from autograder.grading.course import Assignment, Course
from autograder.nbgrader_plugin.configuration import configure
COURSE = Course("one", "One assignment", (Assignment("{NAME}", "Softmax regression", due="2027-03-22T23:59:00+08:00"),))
c = get_config()
configure(COURSE, c)
"""
LOOKS = [(width, scheme) for width in (1280, 400) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    """Its address. Every second exercise is right; the grader's words are made up."""
    root = tmp_path_factory.mktemp("class")
    (root / "course_config.py").write_text(CONFIG)
    (root / "nbgrader_config.py").write_text('load_subconfig("course_config.py")')
    shutil.copytree(ROOT / "release" / NAME, root / "release" / NAME)
    (release,) = (root / "release" / NAME).glob("*.ipynb")
    document = json.loads(release.read_text())
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "written_shift":
            cell["source"] = r"It cancels: $$\frac{e^{o_j - c}}{\sum_l e^{o_l - c}} = \frac{e^{o_j}}{\sum_l e^{o_l}}$$"
    (root / "submitted" / "ann" / NAME).mkdir(parents=True)
    (root / "submitted" / "ann" / NAME / release.name).write_text(json.dumps(document))
    course = load_course(root)
    grade_class(course, [NAME], _judge, "none", "cpu")
    assert make_pages(course, [NAME]).made == 1
    return (root / "feedback" / "ann" / NAME / f"{release.stem}.html").as_uri()


def _judge(jobs, on_verdict, _on_fault) -> None:
    for job in jobs:
        exercises = []
        for number, (name, points) in enumerate(job.points.items()):
            wrong = CriterionResult("has the right values", 2, False, "wrong value", f"{name} of X (1, 4): " + "very_long_name_of_a_thing_" * 4, "a hint")
            exercises.append(ExerciseResult(name, points, [CriterionResult("works", 1, True, "passed"), *([wrong] if number % 2 else [])]))
        on_verdict(job, Verdict(job.assignment, job.notebook, exercises), [CellOutcome("ok", []) for _ in job.plan.cells])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened(Browser()) as browser:
        yield browser


def look(browser: Browser, page: str, width: int, scheme: str, media: str = "screen") -> None:
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    browser.open(page)


def ask(browser: Browser, expression: str):
    return browser.driver.execute_script(f"return {expression}")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_fits_its_window_asks_nothing_and_shows_the_mark_first(browser, page, width, scheme):
    look(browser, page, width, scheme)
    assert ask(browser, "document.documentElement.scrollWidth") <= width
    browser.driver.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert ask(browser, "document.documentElement.scrollWidth") <= width
    assert ask(browser, "performance.getEntriesByType('resource').length") == 0
    assert [entry for entry in browser.driver.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert ask(browser, "document.querySelector('.mark').getBoundingClientRect().bottom") < 300
    assert ask(browser, "[...document.querySelectorAll('.rows .row')].every(row => row.querySelector('.points').offsetWidth > 0)")


@pytest.mark.parametrize("width", [1280, 400])
def test_it_follows_the_browsers_light_or_dark(browser, page, width):
    seen = {}
    for scheme in ("light", "dark"):
        look(browser, page, width, scheme)
        colours = [ask(browser, f"getComputedStyle(document.body).{name}.match(/\\d+/g)") for name in ("backgroundColor", "color")]
        seen[scheme] = [sum(map(int, colour[:3])) for colour in colours]
    assert seen["light"][0] > 600 > 300 > seen["light"][1]
    assert seen["dark"][0] < 150 < 500 < seen["dark"][1]


def test_formulas_are_drawn(browser, page):
    look(browser, page, 1280, "light")
    heights = ask(browser, "[...document.querySelectorAll('.answer math mfrac')].map(each => each.getBoundingClientRect().height)")
    assert len(heights) == 2
    assert min(heights) > 25, "a fraction has two floors"


def test_printed_it_is_dark_on_white_without_what_is_folded(browser, page):
    look(browser, page, 760, "dark", "print")
    assert ask(browser, "getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert ask(browser, "[...document.querySelectorAll('details')].every(each => each.offsetHeight == 0)")
    assert ask(browser, "document.querySelectorAll('.criteria li').length") == 16
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen", "features": []})
