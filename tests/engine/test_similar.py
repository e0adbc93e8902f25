"""Answers that are alike: what is found, what is not, the page, the command."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.similarity.answers import Author, Exercise, answers_in, exercises_of, known_names
from autograder.similarity.letters import MAX_CHARS, Alphabet
from autograder.similarity.page import SHOWN, Findings, similarity_page
from autograder.similarity.pairs import Comparison, Marked, Match, Pair

RELEASE = '''def relu(X):
    """The positive part of X, entry by entry."""
    # YOUR CODE HERE
    raise NotImplementedError()
'''
REFERENCE = '''def relu(X):
    """The positive part of X, entry by entry."""
    positive = X > 0
    zeros = torch.zeros_like(X)
    clipped = torch.where(positive, X, zeros)
    assert clipped.shape == X.shape
    return clipped
'''
ODD = """def relu(X):
    flat = X.reshape(-1).tolist()
    kept = [max(number, 0.0) for number in flat]
    width = X.shape[-1]
    answer = torch.tensor(kept, dtype=X.dtype).reshape(X.shape)
    return answer
"""
WORKED_OVER = """# all of it by me
def relu(X):
    \"\"\"My relu.\"\"\"

    n = X.shape[-1]
    all_of_them = X.reshape(-1).tolist()      # to a list
    good = [max(x, 0.0) for x in all_of_them]
    out = torch.tensor(
        good, dtype=X.dtype
    ).reshape(X.shape)
    return out
"""
OTHERS = [
    "def relu(X):\n    result = X.clone()\n    result[result < 0] = 0\n    print(result)\n    return result\n",
    "def relu(X):\n    sign = torch.sign(X)\n    half = (sign + 1) / 2\n    half = half * sign.abs()\n    return X * half\n",
    "def relu(X):\n    a = X.abs()\n    b = X + a\n    c = b / 2\n    return c\n",
]
EXERCISE = Exercise("relu", True, RELEASE)
SCRIPT = "</script><img src=x onerror=document.title='pwned'>"
WHY = (
    "Without relu each layer multiplies by a matrix and adds a bias so two layers in a row come to one product of matrices plus one vector and however deep "
    "the tower grows it draws only straight boundaries through the plane of points"
)


def pairs_of(answers: dict[str, str], threshold: float = 0.6, exercise: Exercise = EXERCISE, taken_out: tuple = ()) -> list[Pair]:
    """answers: by student, "2025/ann" for one of another year."""
    comparison = Comparison([(RELEASE, True), (REFERENCE, True), *taken_out], {"torch", "relu"}, threshold)
    authors = {Author(name.rpartition("/")[0], name.rpartition("/")[2]): text for name, text in answers.items()}
    comparison.compare(exercise, authors)
    return comparison.sorted_pairs()


def names(pairs: list[Pair]) -> list[set[str]]:
    return [{str(author) for author in pair.authors} for pair in pairs]


def class_with(**answers: str) -> dict[str, str]:
    return {**{f"other{i}": text for i, text in enumerate(OTHERS)}, **answers}


def renamed(source: str, seed: int) -> str:
    draw = random.Random(seed)
    for name in ("positive", "zeros", "clipped"):
        source = re.sub(rf"\b{name}\b", f"{draw.choice('abcdefgh')}{draw.randrange(1000)}", source)
    return source


# -- what is found ------------------------------------------------------------------------------------------------------------


def test_other_names_and_another_order_of_lines_hide_nothing():
    (pair,) = pairs_of(class_with(ann=ODD, ben=WORKED_OVER))
    assert {str(author) for author in pair.authors} == {"ann", "ben"}
    (match,) = pair.matches
    assert match.share > 0.75
    assert match.alike > 25
    text = match.texts[1].text
    marked = "".join(text[start:end] for start, end in match.texts[1].alike)
    assert "tolist()" in marked
    assert "dtype=X.dtype" in marked
    assert not any("def relu" in text[start:end] for start, end in match.texts[1].alike)


def test_two_who_took_the_references_way_are_no_pair():
    assert pairs_of(class_with(ann=REFERENCE, ben=renamed(REFERENCE, 1))) == []
    assert pairs_of(class_with(ann=renamed(REFERENCE, 2), ben=renamed(REFERENCE, 3), cho=ODD)) == []


def test_answers_of_three_lines_are_not_compared():
    body = "    flat = sorted(X.reshape(-1).tolist(), key=lambda x: (x < 0, str(x), repr(x)))\n    del flat\n    return X.clamp(0)\n"
    three = f'def relu(X):\n    """Short."""\n    # one\n\n{body}'
    four = three.replace("    return", "    print(X)\n    return")
    assert pairs_of(class_with(ann=three, ben=three)) == []
    assert names(pairs_of(class_with(ann=four, ben=four))) == [{"ann", "ben"}]


def test_what_was_handed_out_does_not_count():
    given = "\n".join(ODD.splitlines()[1:])
    both = class_with(ann=ODD, ben=ODD)
    assert names(pairs_of(both)) == [{"ann", "ben"}]
    assert pairs_of(both, taken_out=((given, True),)) == []
    long_release = Exercise("relu", True, "\n".join(ODD.splitlines()[:3]))
    assert pairs_of(both, exercise=long_release) == []
    assert pairs_of(class_with(ann=RELEASE, ben=RELEASE)) == []


def test_what_a_third_of_the_class_writes_is_ordinary_and_the_rare_counts_more():
    def class_of(holders: int) -> list[Pair]:
        others = {f"o{i}": OTHERS[i % 3].replace("relu(X):", f"relu(X):\n    seed = {i} + {i}") for i in range(30 - holders)}
        return pairs_of({**others, **{f"h{i}": renamed(ODD, i) for i in range(holders)}})

    amounts = [max((pair.alike for pair in class_of(holders) if {a.student[0] for a in pair.authors} == {"h"}), default=0) for holders in (2, 5, 10)]
    assert amounts[0] > amounts[1] > 0 == amounts[2]


def test_odd_signs_amid_the_references_way_count_for_themselves_only():
    own = REFERENCE.replace("X > 0", "X >= 0").replace("X.shape", "X.size()")
    assert pairs_of(class_with(ann=own, ben=renamed(own, 4))) == []


def test_other_years_are_compared_with_this_one_but_not_among_themselves_nor_anybody_with_the_own_work_of_before():
    answers = class_with(**{"ann": ODD, "2025/ann": WORKED_OVER, "2025/ben": WORKED_OVER, "2024/cho": WORKED_OVER})
    assert names(pairs_of(answers)) == [{"ann", "cho (2024)"}, {"ann", "ben (2025)"}]


def test_the_threshold_is_the_share_of_the_shorter_ones_own():
    half = "\n".join([*ODD.splitlines()[:3], *(f"    b{i} = X.mean({i}).item() ** {i} // len(X)" for i in range(3)), "    return b0"])
    answers = class_with(ann=ODD, ben=half)
    (pair,) = pairs_of(answers, threshold=0.3)
    share = pair.matches[0].share
    assert 0.3 < share < 0.7
    assert pairs_of(answers, threshold=share + 0.01) == []


def test_pairs_with_most_in_common_come_first_and_exercises_add_up():
    comparison = Comparison([], set(), 0.6)
    both = {Author("", name): text for name, text in class_with(ann=ODD, ben=ODD, cho=OTHERS[0].replace("relu", "f"), dan=ODD[:90]).items()}
    for name in ("relu", "again"):
        comparison.compare(Exercise(name, True, ""), both)
    first, *_ = comparison.sorted_pairs()
    assert {str(author) for author in first.authors} == {"ann", "ben"}
    assert [match.exercise for match in first.matches] == ["relu", "again"]
    assert first.alike == pytest.approx(sum(match.alike for match in first.matches))
    amounts = [pair.alike for pair in comparison.sorted_pairs()]
    assert amounts == sorted(amounts, reverse=True)


def test_answers_in_words_are_compared_by_words_and_short_ones_are_not():
    question = Exercise("why", False, "YOUR ANSWER HERE")
    other = "Because. " * 50
    answers = {"ann": WHY, "ben": WHY.upper().replace(" ", "\n\n* "), "cho": other, "dan": WHY[:100], "eve": WHY[:100]}
    assert names(pairs_of(answers, exercise=question)) == [{"ann", "ben"}]
    assert pairs_of(answers, exercise=question, taken_out=((f"### BEGIN SOLUTION\n{WHY}", False),)) == []


@pytest.mark.parametrize(
    "text", ["def f(:\n" * 9, "'''" * 40, "\0\ud800\u202e" * 30, "%%bash\n" + "rm -rf /\n" * 9, "(" * 5000, "f'{" * 500, "x = 1\r" * 40, ""]
)
def test_texts_that_are_no_programs_are_compared_all_the_same(text):
    assert {"cho", "dan"} in names(pairs_of(class_with(ann=text, ben=text, cho=ODD, dan=ODD)))
    spelled = Alphabet().code(text * 3)
    assert len(spelled.letters) == len(spelled.places)
    assert all(0 <= start < end <= len(spelled.text) for start, end in spelled.places)


def test_letters_keep_what_code_does_and_drop_what_its_author_called_things():
    alphabet = Alphabet({"torch"})
    a = alphabet.code("total = torch.exp(scores).sum(dim=1)  # a sum")
    assert a.letters == alphabet.code('"""Doc."""\nz=torch.exp( x ).sum(\n  dim = 1)\n').letters
    for other in ("z = torch.log(x).sum(dim=1)", "z = torch.exp(x).sum(dim=2)", "z = torch.exp(x).sum(axis=1)", "z = numpy.exp(x).sum(dim=1)"):
        assert a.letters != alphabet.code(other).letters
    assert alphabet.code("def f(a, eps=1e-5): pass").letters == alphabet.code("def f(b, tiny=1e-5): pass").letters
    assert alphabet.code("self.w = w").letters == alphabet.code("self.weight = v").letters
    assert len(alphabet.code("x = 1\n" * MAX_CHARS).text) == MAX_CHARS
    assert len(alphabet.words("Ein Maß, 梯度消失").letters) == 6


# -- notebooks ----------------------------------------------------------------------------------------------------------------


def test_an_answer_is_its_cell_and_own_cells_between_the_checks(built, answered, grader):
    master = built.master("ps90_tiny")
    assert [(exercise.name, exercise.is_code) for exercise in exercises_of(master)] == [("relu", True), ("Scale", True), ("why", False)]
    assert {"torch", "relu", "Scale"} <= known_names(master)
    document = answered(relu="def relu(X):\n    return helper(X)")

    def own(source: str) -> dict:
        return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}

    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in document["cells"]]
    document["cells"].insert(ids.index("test_relu") + 1, own("relu(torch.ones(2))"))
    document["cells"].insert(ids.index("relu"), own("def helper(X):\n    return X.clamp(0)"))
    plan = grader.job_of(master, json.dumps(document).encode(), "tiny.ipynb").plan
    answers = dict(answers_in(plan, master))
    assert answers["relu"] == "def helper(X):\n    return X.clamp(0)\n\ndef relu(X):\n    return helper(X)"
    assert "relu(torch.ones(2))" not in answers["Scale"]
    assert "self.factor" in answers["Scale"]


# -- the page -----------------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Elements and text of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def hostile_page() -> str:
    text = f"def f():\n    print('{SCRIPT}', '<b>&amp;\u202e\0')\n"
    match = Match(SCRIPT, 30, 0.8, 2, (Marked(text, ((0, 12), (20, 60)), ((12, 16),)), Marked(text, ((0, len(text)),), ())))
    pairs = [Pair((Author("", f"{SCRIPT}{i}\u202e"), Author(SCRIPT, "ben")), [match]) for i in range(SHOWN + 2)]
    return similarity_page(Findings(SCRIPT, SCRIPT, pairs, [], {"": 3, SCRIPT: 2}, 0.6, [f"{SCRIPT}: broken"] * 30))


def test_the_page_needs_nothing_beside_it_and_nothing_of_a_submission_becomes_an_element():
    html = hostile_page()
    page = _Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "a"}
    assert not any(name in ("src", "srcset", "href", "style") or name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert not re.search(r"https?:|url\(|@import", html)
    policy = next(attributes["content"] for tag, attributes in page.elements if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert SCRIPT in "".join(page.text)
    assert "\u202e" not in html
    assert "\0" not in html
    assert html.count('class="pair"') == SHOWN
    assert "2 more pairs" in html
    assert "and 10 more" in html


def test_the_page_accuses_nobody():
    words = " ".join("".join(_Page(hostile_page()).text).lower().split())
    assert "it is no verdict" in words
    assert "what a third of the class writes alike is ordinary" in words
    assert not re.search(r"cheat|plagiar|copied|copying|suspect|guilt|fraud|dishonest|caught|offen[cs]e", words)


def test_marks_lie_on_the_text_as_it_was_written():
    (pair,) = pairs_of(class_with(ann=ODD, ben=WORKED_OVER))
    html = similarity_page(Findings("ps", "t", [pair], [], {"": 5}, 0.6, []))
    shown = [re.sub("<[^>]+>", "", part) for part in re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)]
    assert shown == [text.replace('"', "&quot;") for text in (ODD, WORKED_OVER)]


CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chrome on this machine")
def test_a_browser_shows_the_page_and_runs_nothing_of_a_students(tmp_path):
    page = tmp_path / "similar.html"
    page.write_text(hostile_page())
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    done = subprocess.run([CHROMIUM, *options], capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)})
    assert "<title>Alike answers: &lt;/script&gt;" in done.stdout
    assert "img" not in [tag for tag, _ in _Page(done.stdout).elements]


# -- the command --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hand_in(course, answered):
    """hand_in("ann", relu) → her notebook lies in submitted/, or in another folder."""

    def put(student: str, relu: str | None, top: Path | None = None) -> None:
        folder = (top or course.root / "submitted") / student / "ps90_tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text("{" if relu is None else json.dumps(answered(relu=relu)))

    return put


def test_the_command_writes_a_page_of_pairs_across_the_years(in_course, hand_in, tmp_path):
    for student, relu in class_with(ann=ODD, **{"<i>ben": "raise SystemExit('it was run')\n" + OTHERS[0]}).items():
        hand_in(student, relu)
    hand_in("eve", None)
    hand_in("cho", WORKED_OVER, tmp_path / "2025" / "submitted")
    hand_in("dan", ODD, tmp_path / "2024")
    status, out, err = in_course("similar", "ps90_tiny", "--years", tmp_path / "2025", "--years", tmp_path / "2024", "--to", "alike.html")
    assert (status, err) == (0, "")
    first, second = out.splitlines()
    assert first == "wrote alike.html: 5 hand-ins and 2 of other years, 3 pairs worth a conversation"
    assert second.startswith("could not be read: eve: tiny.ipynb is not a notebook")
    html = Path("alike.html").read_text()
    found = [set(re.findall("<bdi>(.*?)</bdi>", who)) for who in re.findall(r'<span class="who">.*?</summary>', html)]
    assert {"ann", "dan (2024)"} in found
    assert {"ann", "cho (2025)"} in found
    assert {"other0", "&lt;i&gt;ben"} in found
    assert "Could not be read" in html


def test_nothing_alike_is_said_and_no_error(in_course, hand_in):
    for student, relu in class_with().items():
        hand_in(student, relu)
    status, out, _ = in_course("similar", "ps90_tiny")
    assert (status, out) == (0, "wrote similar.html: 3 hand-ins, 0 pairs worth a conversation\n")
    assert "no pair has so much in common that it stands out" in Path("similar.html").read_text()


def test_without_a_reference_it_goes_on_and_says_so(in_course, hand_in, course):
    for student, relu in class_with(ann=ODD, ben=ODD).items():
        hand_in(student, relu)
    shutil.rmtree(course.root / "solutions")
    status, out, _ = in_course("similar", "ps90_tiny")
    assert status == 0
    assert "holds no reference that could be taken out" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ps99"], "the course has no assignment 'ps99'"),
        ([], "Missing argument"),
        (["ps90_tiny", "--to", "no/such.html"], "cannot write no/such.html: No such file or directory"),
        (["ps90_tiny", "--threshold", "0"], "--threshold is 0; a number above 0 and up to 100 is needed"),
        (["ps90_tiny", "--threshold", "nan"], "--threshold is nan"),
        (["ps90_tiny", "--years", "2019"], "--years 2019: there is no such folder"),
        (["ps90_tiny", "--years", "submitted"], "--years submitted: these hand-ins are compared already"),
        (["ps90_tiny", "--years", "release"], "--years release: nobody there has handed in ps90_tiny"),
        (["ps90_tiny"], "only one of the hand-ins of ps90_tiny can be read, so there is nothing to compare"),
    ],
)
def test_bad_use_ends_with_2_and_a_sentence(in_course, hand_in, arguments, words):
    hand_in("ann", ODD)
    status, _, err = in_course("similar", *arguments)
    assert status == 2
    assert words in " ".join(err.split())
    assert "Traceback" not in err


def test_nothing_handed_in_and_nothing_readable_are_sentences(in_course, hand_in, course):
    status, _, err = in_course("similar", "ps90_tiny")
    assert (status, "nobody has handed in ps90_tiny" in err) == (2, True)
    for student in ("ann", "ben"):
        hand_in(student, None)
    (course.root / "submitted" / "cho" / "ps90_tiny").mkdir(parents=True)
    status, _, err = in_course("similar", "ps90_tiny")
    assert status == 2
    assert "none of the hand-ins of ps90_tiny can be read" in err
    assert "cho: the folder is empty" in err


def test_the_library_is_imported_only_when_it_is_used():
    code = "import sys, autograder.cli.main; assert not {'copydetect', 'matplotlib', 'pygments.lexers.python'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
