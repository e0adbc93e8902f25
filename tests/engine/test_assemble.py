"""What a student wrote is shown to staff and students: as text and pictures, never as something that runs."""

import base64
import html
import re
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.notebooks.assemble import assemble, safe_attachments, safe_outputs
from autograder.notebooks.markdown import is_harmless_page
from autograder.notebooks.plan import OwnText, Plan

PICTURE = base64.b64encode(b"\x89PNG").decode()


class Dangers(HTMLParser):
    """Tags and attributes of a page that could run something or lead somewhere unwanted."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "iframe", "object", "embed", "svg", "style", "form", "link", "meta", "base"):
            self.found.append(tag)
        for name, value in attributes:
            leads = name in ("href", "src") and not re.match(r"https?:|mailto:|#|data:image/", value or "")
            if leads or name.startswith("on") or name == "style":
                self.found.append(f"{name}={value}")


def written_answer(source, attachments=None):
    """The Markdown cell that holds a written answer, and its HTML."""
    record = {"grade_id": "why", "grade": True, "solution": True, "locked": False}
    master = {"cells": [{"cell_type": "markdown", "metadata": {"nbgrader": record}, "source": "YOUR ANSWER HERE"}], "metadata": {}}
    (cell,) = assemble(master, Plan([], written={"why": {"source": source, "attachments": attachments}}))["cells"]
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    return cell, MarkdownWithMath(renderer=renderer).render(cell["source"])


# -- Markdown ---------------------------------------------------------------------------------------------------------------

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<SVG/onload=alert(1)>",
    "</div><iframe src=https://x>",
    "<!-- comment --> <?php ?>",
    "[a](javascript:alert(1))",
    "[a](\n javascript:alert(1))",
    "![a](javascript:alert(1))",
    "[a](JaVa&#115;cript:alert(1))",
    "[a](data:text/html;base64,xx)",
    "[a](<javascript:alert(1)>)",
    "[a][b]\n\n[b]: javascript:alert(1)",
    "[b]\n\n[b]:\n  javascript:alert(1)",
    "<javascript:alert(1)>",
    "![a](attachment:none.png)",
    "![a](attachment:picture-1)",
    '![a](attachment:none.png"x)',
    "[b]\n\n![b]\n\n[b]: attachment:none.png)z",
    "[a](/etc/passwd)",
    "`[a](javascript:x)` $[a](javascript:x)$",
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "~~~ mermaid\n</pre><script>alert(1)</script>\n~~~",
    "![pixel](https://elsewhere.example/x.png)",
    "![pixel][p]\n\n[p]: https://elsewhere.example/x.png",
    "![a](data:image/svg+xml;base64,PHN2Zz4=)",
    '[a](https://x.example/"onmouseover=alert(1))',
    "`a`<script>`alert(1)`</script>",
    "$a$<script>alert(1)</script>$b$",
    "``` <script>alert(1)</script> ```",
    "`\\`<script>alert(1)</script>`",
    "\\$<img src=x onerror=alert(1)>$",
    "    <script>alert(1)</script>\n\n<script>alert(2)</script>",
    "- ```\n<script>alert(1)</script>\n```",
    "> ```\n\n<script>alert(1)</script>",
    "\\begin{a}<script>alert(1)</script>\\end{b}",
    "<b>bold to the end of the page",
    "</div></div><h1>Full marks</h1>",
    "<b/onclick=alert(1)>x</b>",
    "<BR onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p style='position:fixed;top:0'>cover</p>",
    '<a href="javascript:alert(1)">x</a>',
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>",
]


@pytest.mark.parametrize("source", ATTACKS)
def test_an_attack_in_a_written_answer_is_shown_and_not_obeyed(source):
    _, page = written_answer(source)
    assert Dangers(page).found == []
    assert is_harmless_page(page), page


odd = st.recursive(
    st.none() | st.integers() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
)
pieces = st.sampled_from([*ATTACKS, "[", "]", "(", ")", ":", "<", ">", "!", "\\", "&#", ";", "\n", " ", "`", "$", "javascript:", "attachment:", "a", "*", '"'])


@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=60))
@example("[a]\\(javascript:x)")
def test_no_written_answer_breaks_the_page_or_runs(source):
    _, page = written_answer(source)
    assert Dangers(page).found == []
    assert is_harmless_page(page), page


ORDINARY = [
    "**bold** and $x < y$, `a < b`",
    "[web](https://example.org/a_(b)) and [mail](mailto:a@b.org)",
    "1. one\n2. two",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a < b <= c",
    "It falls when $p<q$.\n\n```python\nif a<b: y = layers[i](x)\n```\n",
    "$$\na<b, \\quad f[i](x)\n$$",
    "\\begin{align}a<b&c>d\\end{align}",
    "`<script>` and ``a ` <b>`` and `layers[i](x)`",
    "```html\n<b>x</b>\n![x](y)\n```",
    "~~~\n<img src=x>\n~~~",
    "    if a<b: y = f[i](x)",
    "a<b",
    "one<br>two<br/>three",
    "x<sub>1</sub> and <b>bold</b>",
    "[below](#x) and <https://example.org>",
    "<details><summary>more</summary>\n\ntext\n\n</details>",
    "- [x] done\n- [ ] not done\n\n## A heading\n\n> quoted",
    "| a | b |\n|:--|--:|\n| $p<q$ | 2 |",
]


@pytest.mark.parametrize("source", ORDINARY)
def test_ordinary_markdown_is_shown_as_it_is_meant(source):
    cell, page = written_answer(source)
    assert (cell["source"], page) == (source, markdown2html(source))


BESIDE_HARM = ["$p<q$", "$$a<b$$", "`a<b`", "`layers[i](x)`", "\n\n```python\nif a<b: y = f[i](x)\n```\n\n", "[web](https://example.org)", "[below](#x)"]


@pytest.mark.parametrize("harm", ["<script>alert(1)</script>", "[a](javascript:x)", "![pixel](https://elsewhere.example/x.png)", "f[i](x)"])
@pytest.mark.parametrize("text", BESIDE_HARM)
def test_beside_something_that_is_disarmed_code_formulas_and_links_stay_as_they_were_written(text, harm):
    cell, page = written_answer(f"See {text} and {harm} and {text}")
    assert cell["source"].count(text) == 2
    assert is_harmless_page(page)


def shown_text(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", page))).strip()


@pytest.mark.parametrize(
    "source", ["f[i](x)", "a<b and c>d", "<script>alert(1)</script>", "[a](javascript:alert(1))", "<b>open", "![gone](attachment:gone.png)", "<x<y>"]
)
def test_what_is_disarmed_reads_as_it_was_written(source):
    assert shown_text(written_answer(source)[1]) == source


@pytest.mark.parametrize(
    "source", ["[" * 9_000, "`" * 9_000, "![](" * 2_000, "$" * 9_000, "<a " * 3_000, "> " * 4_000, "**a" * 3_000, "<b>" * 3_000, "x<y> " * 90_000]
)
def test_a_text_made_to_be_slow_is_harmless_all_the_same(source):
    assert is_harmless_page(written_answer(source)[1])


@pytest.mark.parametrize("name", ["image.png", "my image (1).png", "截图.png", "../../x.png"])
def test_a_picture_of_an_answer_is_kept_under_a_new_name(name):
    quoted = name.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    cell, page = written_answer(f"See ![plot](attachment:{quoted})", {name: {"image/png": PICTURE}})
    assert cell["attachments"] == {"picture-1": {"image/png": PICTURE}}
    assert f'src="data:image/png;base64,{PICTURE}"' in page


def test_a_picture_in_the_text_itself_becomes_one_of_the_answers_pictures():
    cell, page = written_answer(f"See ![plot](data:image/png;base64,{PICTURE}) and $a<b$")
    assert cell["source"] == "See ![plot](attachment:picture-1) and $a<b$"
    assert f'src="data:image/png;base64,{PICTURE}"' in page


def test_text_of_the_students_own_between_the_cells_is_disarmed_as_well():
    master = {"cells": [{"cell_type": "code", "metadata": {}, "source": "x = 1"}], "metadata": {}}
    texts = [OwnText("<script>alert(1)</script> $a<b$", None, -1, 0), OwnText("![p](attachment:a.png)", {"a.png": {"image/png": PICTURE}}, 0, 2)]
    first, _, last = assemble(master, Plan([], texts=texts))["cells"]
    assert (first["cell_type"], first["source"]) == ("markdown", "&lt;script>alert(1)&lt;/script> $a<b$")
    assert (last["source"], last["attachments"]) == ("![p](attachment:picture-1)", {"picture-1": {"image/png": PICTURE}})


def test_a_question_that_a_person_has_to_look_at_is_not_as_it_was_handed_out():
    record = {"grade_id": "why", "grade": True, "solution": True, "locked": False}
    master = {"cells": [{"cell_type": "markdown", "metadata": {"nbgrader": record}, "source": "YOUR ANSWER HERE"}], "metadata": {}}
    (cell,) = assemble(master, Plan([], elsewhere={"why"}))["cells"]
    assert cell["source"].startswith("YOUR ANSWER HERE\n\n*This cell is as it was handed out")


@pytest.mark.parametrize(
    "page",
    [
        "<script>",
        "<p>",
        "</p>",
        "<p></b>",
        "<a href='https://x'>x</a>",
        '<a href="x">x</a>',
        "<!-- -->",
        '<p onclick="x"></p>',
        "a<",
        '<img src="https://x">',
        "<p\tx></p>",
        "<?x>",
        "<svg></svg>",
    ],
)
def test_a_page_with_more_than_text_is_not_harmless(page):
    assert not is_harmless_page(page)


@pytest.mark.parametrize("bundle", [{"text/html": "<b>"}, {"image/svg+xml": "<svg>"}, {"image/png": "no base64!"}, {"image/png": 5}, [], "x", None])
def test_an_attachment_that_is_no_picture_is_left_out(bundle):
    assert safe_attachments({"a": bundle}) == {}
    assert safe_attachments([bundle]) == {}


# -- outputs ----------------------------------------------------------------------------------------------------------------


def test_of_an_output_only_text_and_pictures_are_kept():
    data = {"text/html": "<script>", "image/svg+xml": "<svg>", "application/javascript": "x", "text/markdown": "x", "text/latex": "x", "text/plain": "kept"}
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1Pe"  # the beginning of a PNG of one point
    (shown,) = safe_outputs([{"output_type": "display_data", "data": {**data, "image/png": picture}, "metadata": {"x": 1}}])
    assert shown["data"] == {"text/plain": "kept", "image/png": picture}
    assert shown["metadata"] == {"image/png": {"alt": "picture shown by this cell"}}


NOTHING = [
    {},
    {"output_type": "update"},
    {"output_type": "execute_result"},
    {"output_type": "display_data", "data": [1]},
    {"output_type": "display_data", "data": {"text/html": "x"}},
    {"output_type": "display_data", "data": {"image/png": "<script>"}},
    {"output_type": "display_data", "data": {"text/plain": 5}},
]


@pytest.mark.parametrize("output", NOTHING, ids=str)
def test_an_output_that_is_nothing_to_show_is_left_out(output):
    assert safe_outputs([output]) == []


def test_streams_and_errors_are_text_whatever_was_sent():
    assert safe_outputs([{"output_type": "stream", "name": "evil", "text": 5}]) == [{"output_type": "stream", "name": "stdout", "text": "5"}]
    (error,) = safe_outputs([{"output_type": "error", "ename": 1, "evalue": None, "traceback": [2, "x"]}])
    assert error == {"output_type": "error", "ename": "1", "evalue": "None", "traceback": ["2", "x"]}


outputs = st.dictionaries(
    st.sampled_from(["output_type", "name", "text", "data", "metadata", "ename", "evalue", "traceback", "execution_count"]),
    st.sampled_from(["stream", "display_data", "execute_result", "error", "stderr"]) | odd | st.dictionaries(st.sampled_from(["text/plain", "image/png"]), odd),
)


@given(st.lists(outputs, max_size=4))
def test_outputs_of_any_shape_become_outputs_of_a_notebook_or_nothing(sent):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": None, "outputs": safe_outputs(sent)}
    nbformat.validate({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


# -- the notebook --------------------------------------------------------------------------------------------------------------


def test_metadata_of_the_students_is_not_taken_over():
    cell = {"cell_type": "code", "metadata": {}, "source": "x", "outputs": [{"output_type": "stream", "name": "stdout", "text": "old"}], "execution_count": 7}
    master = {"cells": [cell], "metadata": {"kernelspec": {"name": "python3"}, "secret": 1}}
    document = assemble(master, None, "it is empty")
    assert document["metadata"] == {"kernelspec": {"name": "python3"}, "autograder": {"notes": ["it is empty"], "unreadable": True}}
    assert (document["cells"][0]["outputs"], document["cells"][0]["execution_count"]) == ([], None)
