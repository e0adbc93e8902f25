"""Markdown that a student wrote, so that it is harmless wherever it is shown, and reads as it was written.

Staff open these pages with nbconvert and formgrader, which obey HTML, follow javascript: links and give up at a picture that is not there. So a text is
first shown as they would show it, and kept as it is when the page holds nothing but text, its layout, links to the web and pictures of its own. Otherwise
what can do harm is escaped, first in the text around code and formulas only, then everywhere, and each time the page is looked at again.
"""

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote

LONGEST = 10_000  # characters of a text that is looked at as a page; longer ones are escaped throughout, as that takes no time
PLAIN = "p em strong b i u s del ins sub sup kbd code pre blockquote ul ol li dl dt dd table thead tbody tr th td a span div details summary mark small"
TAGS = frozenset(f"{PLAIN} h1 h2 h3 h4 h5 h6 br hr img input".split())
EMPTY = frozenset(("br", "hr", "img", "input"))
# What the attributes that nbconvert makes of Markdown look like; ("", name) is allowed for every tag.
ATTRIBUTES = {
    ("", "title"): r".*", ("", "alt"): r".*", ("a", "href"): r"(https?://|mailto:|#).*", ("a", "class"): "anchor-link",
    ("img", "src"): r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=]*", ("code", "class"): r"language-[\w+#.-]+", ("div", "class"): "highlight",
    ("span", "class"): r"[a-z][a-z0-9]{0,3}", ("th", "style"): r"text-align:(left|right|center)", ("td", "style"): r"text-align:(left|right|center)",
    ("ol", "start"): r"\d+", ("li", "class"): "task-list-item", ("input", "class"): "task-list-item-checkbox", ("input", "type"): "checkbox",
    ("input", "disabled"): "", ("input", "checked"): "", **{(f"h{level}", "id"): r".*" for level in range(1, 7)},
}  # fmt: skip
_STRICT_TAG = re.compile(r'<(/?)([A-Za-z][A-Za-z0-9]*)((?: [a-z]+(?:="[^"<>]*")?)*) ?(/?)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)(?:="([^"<>]*)")?')

_VERBATIM = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^ {0,3}(?P=fence)[`~]*[ \t]*$|.*)"
    r"|(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
    r"|(?<!\\)\$\$.*?(?<!\\)\$\$|(?<![$\\])\$.+?(?<![$\\])\$(?!\$)"
    r"|\\\\\(.*?\\\\\)|\\\\\[.*?\\\\\]|\\begin\{(?P<name>[a-z]*\*?)\}.*?\\end\{(?P=name)\}",
    re.MULTILINE | re.DOTALL,
)
_DIAGRAM = re.compile(r"^( {0,3}(?:`{3,}|~{3,})[ \t]*)(?=mermaid)", re.MULTILINE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ODD_TAG = re.compile(rf"<(?=[A-Za-z/!?])(?!/?(?:br|hr|{'|'.join(PLAIN.split())})\s*/?>|https?://[^<>\s]*>|[\w.+-]+@[\w.-]+>)")
_ALL_BUT_BREAKS = re.compile(r"<(?=[A-Za-z/!?])(?!br\s*/?>|https?://[^<>\s]*>|[\w.+-]+@[\w.-]+>)")
_ODD_LINK = re.compile(r"(?<!\\)\](?=(?:\(|:)\s*(?!https?:|mailto:|#|attachment:picture-\d+\)))")
_ODD_PICTURE = re.compile(r"(?<!\\)!\[(?![^\[\]\n]{0,300}\]\(attachment:picture-\d+\))")
_PICTURE = re.compile(r"\]\(attachment:([^()\s]+)\)")
_ANY_LINK = re.compile(r"\]\(attachment:picture-\d+\)|\](?=[(:]\s*(?!https?:|mailto:|#))")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def disarm_markdown(source: str, pictures: dict[str, str] | None = None, look: bool = True) -> str:
    """The text, as far as it is harmless, else with what is not shown and not obeyed. `pictures`: {name of an attachment: picture-<number>}; look: whether
    to try how it is shown, or to escape at once all that could do harm."""
    source = _PICTURE.sub(lambda found: f"](attachment:{known})" if (known := (pictures or {}).get(unquote(found[1]))) else found[0], source)
    names = set((pictures or {}).values())
    if not look or len(source) > LONGEST or _renderer() is None:
        return _everywhere(source, names)
    ways: list[Callable[[str], str]] = [
        str, lambda text: _outside(text, _ODD_TAG), lambda text: _outside(text, _ALL_BUT_BREAKS), lambda text: _everywhere(text, names),
    ]  # fmt: skip
    return next((text for text in (way(source) for way in ways) if _is_harmless(text, names)), _PUNCTUATION.sub(r"\\\1", source).replace("\\<", "&lt;"))


def _outside(source: str, tags: re.Pattern) -> str:
    """Escapes in the text around code and formulas."""
    parts, end = [], 0
    for verbatim in _VERBATIM.finditer(source):
        parts += [_escaped(source[end : verbatim.start()], tags), _DIAGRAM.sub(r"\1text ", verbatim[0])]
        end = verbatim.end()
    return "".join([*parts, _escaped(source[end:], tags)])


def _escaped(text: str, tags: re.Pattern) -> str:
    return _ODD_LINK.sub(r"\\]", _ODD_PICTURE.sub(r"\\![", tags.sub("&lt;", text)))


def _everywhere(source: str, names: set[str]) -> str:
    def link(found: re.Match) -> str:
        return found[0] if found[0][2:-1].removeprefix("attachment:") in names else found[0].replace("]", "] ", 1)

    return _DIAGRAM.sub(r"\1text ", _ANY_LINK.sub(link, _TAG.sub("&lt;", source)).replace("![", "\\!["))


def _is_harmless(source: str, names: set[str]) -> bool:
    page = _shown(source, names)
    return page is not None and is_harmless_page(page)


def is_harmless_page(page: str) -> bool:
    """Whether HTML holds nothing but text, its layout, links to the web and pictures of its own, in tags that any program reads alike and that are all
    closed."""
    open_tags: list[str] = []
    place = page.find("<")
    while place >= 0:
        tag = _STRICT_TAG.match(page, place)
        if tag is None or (name := tag[2].lower()) not in TAGS or not _has_safe_attributes(name, tag[3]):
            return False
        if tag[1]:
            if not open_tags or open_tags.pop() != name:
                return False
        elif name not in EMPTY:
            open_tags.append(name)
        place = page.find("<", tag.end())
    return not open_tags


def _has_safe_attributes(tag: str, text: str) -> bool:
    for name, value in _ATTRIBUTE.findall(text):
        allowed = ATTRIBUTES.get((tag, name), ATTRIBUTES.get(("", name)))
        if allowed is None or not re.fullmatch(allowed, value, re.DOTALL):
            return False
    return True


def _shown(source: str, names: set[str]) -> str | None:
    """The page that nbconvert makes; None where it gives up."""
    renderer = _renderer()
    assert renderer is not None
    try:
        return renderer(source, {name: {"image/png": "AAAA"} for name in names})
    except Exception:
        return None


@cache
def _renderer() -> Callable[[str, dict], str] | None:
    """None where there is no nbconvert to ask: a bare grader shows no pages."""
    try:
        from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    except ImportError:
        return None
    return lambda source, attachments: MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(source)
