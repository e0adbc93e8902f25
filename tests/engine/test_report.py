"""`autograder report`: the statistics by hand, and a page that needs nothing, runs nothing of a student's and draws its charts in a browser."""

import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from autograder.judge.reasons import REASONS
from autograder.judge.verdict import CriterionResult, ExerciseResult, Verdict
from autograder.reports import class_statistics as statistics
from autograder.reports.class_charts import KINDS, exercise_chart, outcome_chart, score_chart, together_chart
from autograder.reports.class_report import ReportPart, class_report
from autograder.reports.class_verdicts import ClassVerdicts
from autograder.runs.verdicts import save_verdict

SCRIPT = "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\"><a href='javascript:1'>x</a>"
EXERCISES = {"relu": (60, ["values", "unchanged"]), "Scale": (40, ["factor", "gradients"]), "loss": (10, ["mean"])}


def verdict(wrong: dict[str, str] | None = None, every: str = "", seconds: float = 1.0, message: str = "off by one") -> Verdict:
    """wrong: "exercise.criterion" → reason; every: the reason of all criteria."""
    wrong = wrong or {}
    exercises = []
    for name, (points, titles) in EXERCISES.items():
        reasons = [every or wrong.get(f"{name}.{title}", "passed") for title in titles]
        criteria = [CriterionResult(t, 1, r == "passed", r, "" if r == "passed" else message) for t, r in zip(titles, reasons, strict=True)]
        exercises.append(ExerciseResult(name, points, criteria))
    return Verdict("ps90_tiny", "tiny.ipynb", exercises, ["bwrap", "net"], seconds)


@pytest.fixture
def found() -> ClassVerdicts:
    """Eight submissions. Who fails relu fails the factor too; loss goes against the rest; one is blank, one unreadable."""
    both = {"relu.values": "wrong shape", "Scale.factor": "wrong value"}
    return ClassVerdicts(
        "ps90_tiny",
        {
            "a": verdict({"loss.mean": "wrong value"}), "b": verdict({"loss.mean": "wrong value"}), "c": verdict({"loss.mean": "timeout"}, seconds=9),
            "d": verdict(both), "e": verdict(both | {"relu.unchanged": "crashed"}), "f": verdict(both),
            "g": verdict(every="not attempted"), "h": verdict(every="unreadable"),
        },
    )  # fmt: skip


# -- statistics ---------------------------------------------------------------------------------------------------------------


def test_blank_and_unreadable_submissions_say_nothing_about_exercises(found):
    assert list(statistics.worked_on(found)) == list("abcdef")
    assert list(statistics.percents(found)) == pytest.approx([points / 1.1 for points in (100, 100, 100, 60, 30, 60, 0, 0)])


def test_difficulty_and_discrimination_are_those_of_a_calculation_by_hand(found):
    relu, scale, loss = statistics.exercise_statistics(found)
    points = {"relu": [60, 60, 60, 30, 0, 30], "Scale": [40, 40, 40, 20, 20, 20], "loss": [0, 0, 0, 10, 10, 10]}
    for item, name in ((relu, "relu"), (scale, "Scale"), (loss, "loss")):
        rest = np.sum([points[other] for other in points if other != name], axis=0)
        assert item.difficulty == pytest.approx(np.mean(points[name]) / EXERCISES[name][0])
        assert item.discrimination == pytest.approx(np.corrcoef(points[name], rest)[0, 1])
    assert loss.discrimination < -0.9 < 0.5 < scale.discrimination
    assert (relu.full, relu.none, relu.idle) == (3, 1, 0)


def test_reliability_is_one_when_exercises_agree_and_none_when_it_is_undefined():
    same = ClassVerdicts("ps", {str(i): verdict(every="passed" if i % 2 else "wrong value") for i in range(6)})
    points = np.array([[60, 40, 10] if i % 2 else [0, 0, 0] for i in range(6)])
    alpha = 3 / 2 * (1 - points.var(axis=0, ddof=1).sum() / points.sum(axis=1).var(ddof=1))
    assert statistics.reliability(same) == pytest.approx(alpha)
    assert statistics.reliability(ClassVerdicts("ps", {"a": verdict()})) is None
    assert statistics.reliability(ClassVerdicts("ps", {str(i): verdict() for i in range(6)})) is None


@pytest.mark.parametrize(("x", "y"), [([1, 2, 3, 4], [1, 2, 3, 4]), ([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]), ([], [])])
def test_a_correlation_that_means_nothing_is_none(x, y):
    assert statistics.correlation(np.array(x, dtype=float), np.array(y, dtype=float)) is None


def test_criteria_that_fail_together_are_counted_over_those_who_attempted(found):
    together = statistics.failing_together(found)
    assert together.keys == [("relu", "values"), ("relu", "unchanged"), ("Scale", "factor"), ("loss", "mean")]
    assert together.both.tolist() == [[3, 1, 3, 0], [1, 1, 1, 0], [3, 1, 3, 0], [0, 0, 0, 3]]
    assert together.jaccard[0, 2] == 1
    assert together.jaccard[0, 1] == pytest.approx(1 / 3)
    assert together.pairs(5, least=3) == [(("Scale", "factor"), ("relu", "values"), 3, 1.0)]
    assert statistics.failing_together(found, most=2).keys == [("relu", "values"), ("Scale", "factor")]


def test_the_most_frequent_mistakes_come_first_with_the_words_told_most_often(found):
    found.verdicts["a"].exercises[2].criteria[0].message = "another"
    found.verdicts["d"].exercises[0].criteria[0].message = "another"
    mistakes = statistics.wrong_reasons(found)
    assert [(m.exercise, m.criterion, m.reason, m.count) for m in mistakes] == [
        ("relu", "values", "wrong shape", 3), ("Scale", "factor", "wrong value", 3), ("loss", "mean", "wrong value", 2),
        ("loss", "mean", "timeout", 1), ("relu", "unchanged", "crashed", 1),
    ]  # fmt: skip
    assert mistakes[0].message == "off by one"


def test_what_was_stopped_names_students_and_exercises(found):
    table = statistics.stopped(found)
    assert table["timeout"] == {"c": ["loss"]}
    assert table["crashed"] == {"e": ["relu"]}
    assert table["unreadable"] == {"h": ["relu", "Scale", "loss"]}
    assert list(table) == ["crashed", "timeout", "unreadable"]


def test_each_exercise_counts_once_by_its_first_failing_criterion(found):
    reasons = statistics.reasons_by_exercise(found)
    assert reasons["relu"] == {"passed": 3, "wrong shape": 3, "not attempted": 1, "unreadable": 1}
    assert {counter.total() for counter in reasons.values()} == {8}


# -- charts -------------------------------------------------------------------------------------------------------------------


def test_every_reason_belongs_to_one_kind_and_kinds_differ_in_colour():
    members = [reason for kind, _, _ in KINDS.values() for reason in kind]
    assert sorted(members) == sorted(REASONS)
    assert len({colour for _, colour, _ in KINDS.values()}) == len(KINDS)


def test_the_histogram_counts_every_submission_once():
    chart = score_chart(np.array([0, 9.99, 10, 55, 99, 100, 100]))
    assert list(chart.data[0].y) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]


def test_charts_show_what_the_statistics_say(found):
    items = statistics.exercise_statistics(found)
    shares, discrimination = exercise_chart(items).data
    assert list(shares.x) == pytest.approx([100 * item.difficulty for item in items])
    assert list(discrimination.x) == pytest.approx([item.discrimination for item in items])
    assert [shape != "" for shape in discrimination.marker.pattern.shape] == [False, False, True]
    totals = np.sum([bar.x for bar in outcome_chart(statistics.reasons_by_exercise(found)).data], axis=0)
    assert list(totals) == pytest.approx([100, 100, 100])
    heat = together_chart(statistics.failing_together(found)).data[0]
    assert [[None if cell is None else round(cell) for cell in row] for row in heat.z] == [[33, None, None], [100, 33, None], [0, 0, 0]]


# -- the page -----------------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def hostile() -> str:
    """The page of a class whose names, messages, titles and reasons try to be markup."""
    found = ClassVerdicts("ps90_tiny", {f"{SCRIPT}{i}": verdict({"relu.values": "wrong shape", "loss.mean": "crashed"}, message=SCRIPT) for i in range(6)})
    found.verdicts["plain"] = verdict(seconds=3)
    for one in found.verdicts.values():
        one.exercises[0].name = f"relu{SCRIPT}"
        one.exercises[0].criteria[0].title = f"values {SCRIPT}"
    found.broken = [SCRIPT]
    return class_report(SCRIPT, [ReportPart(SCRIPT, found, [SCRIPT])])


def test_nothing_of_a_submission_becomes_an_element_and_nothing_is_loaded(hostile):
    page = _Page(hostile)
    tags = [tag for tag, _ in page.elements]
    assert "img" not in tags
    assert "a" not in tags
    assert "link" not in tags
    assert not any(name in ("src", "srcset", "href") or name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert hostile.count("document.title='pwned'</script>") == 0
    policy = next(attributes["content"] for tag, attributes in page.elements if attributes.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert SCRIPT in "".join(page.text)


def test_plotly_is_in_the_page_once(hostile):
    assert len(re.findall(r"plotly\.js v\d", hostile)) == 1
    assert len(re.findall("Plotly.newPlot\\(", hostile)) >= 5


CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chrome on this machine")
def test_a_browser_draws_the_charts_and_runs_nothing_of_a_students(hostile, tmp_path):
    page = tmp_path / "report.html"
    page.write_text(hostile)
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    options = ["--headless", "--no-sandbox", "--disable-gpu", profile, "--virtual-time-budget=10000", "--dump-dom", page.as_uri()]
    done = subprocess.run([CHROMIUM, *options], capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)})
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)[1]
    assert title.startswith("Class report: &lt;/script&gt;")
    plots = re.findall(r'<div id="(\w+0)" class="plotly-graph-div js-plotly-plot"', done.stdout)
    assert plots == ["scores0", "exercises0", "outcomes0", "together0", "time0"]
    drawn = _Page(done.stdout)
    assert "img" not in [tag for tag, _ in drawn.elements]
    assert not any("onerror" in attributes for _, attributes in drawn.elements)


# -- the command ----------------------------------------------------------------------------------------------------------------


def test_the_report_is_made_from_the_stored_verdicts(in_course, course, found):
    for student, one in found.verdicts.items():
        save_verdict(course.root, "ps90_tiny", student, one)
    (course.root / "submitted" / "late-comer" / "ps90_tiny").mkdir(parents=True)
    (course.root / "verdicts" / "ps90_tiny" / "cut.json").write_text("{")
    status, out, _ = in_course("report", "ps90_tiny", "ps90_tiny", "--out", "class.html")
    assert (status, out) == (0, "wrote class.html: ps90_tiny, 8 submissions\n")
    words = " ".join("".join(_Page(Path("class.html").read_text()).text).split())
    assert "Handed in, no verdict yet1: late-comer" in words
    assert "Files that hold no verdict1: cut.json" in words
    assert "the better lose here: look at the grader" in words
    assert "timeout1closs" in words


def test_a_class_of_one_and_a_class_without_mistakes_have_reports_too():
    one = class_report("c", [ReportPart("t", ClassVerdicts("ps", {"a": verdict()}))])
    blank = class_report(
        "c", [ReportPart("t", ClassVerdicts("ps", {"a": verdict(every="not attempted")})), ReportPart("t", ClassVerdicts("qs", {"a": verdict()}))]
    )
    assert "Fewer than two criteria fail." in one
    assert "Overview" in blank
    assert "Overview" not in one


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ps99"], "the course has no assignment 'ps99'"),
        (["ps90_tiny"], "no verdicts of ps90_tiny in verdicts/: grade first"),
        (["ps90_tiny", "--out", "no/such.html"], "cannot write no/such.html: No such file or directory"),
        ([], "Missing argument"),
    ],
)
def test_bad_use_ends_with_2_and_a_sentence(in_course, arguments, words):
    status, out, err = in_course("report", *arguments)
    assert (status, out) == (2, "")
    assert words in " ".join(err.split())
