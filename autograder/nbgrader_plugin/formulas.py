"""Markdown with its formulas as MathML, which browsers show by themselves: a page needs neither a script nor a network for them.

What the library does not know stays as it was typed.
"""

import re
from functools import cache, lru_cache
from html import escape
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

LIBRARY = "math-core"
LONGEST = 2000  # characters; the library goes down a level for each brace
_MOST_KEPT = 5000
# What the library does not read: space between rows, \\[2pt], and a backslash at the end of a line, which is a space for TeX.
_ROW_SPACE = re.compile(r"\\\\\s*\[\s*-?[\d.]+\s*(?:pt|ex|em|mm|cm|in|px)\s*\]")
_IN_A_LINE = re.compile(r"(?<!\\)\$([^$\s](?:[^$]*[^$\s\\])?)\$")
_ASKING_TAG = re.compile(r"<(?:img|script|iframe|link|video|audio|source|object|embed)\b[^>]*\b(?:src|srcset|href|data)\s*=\s*[\"']?(?:https?:)?//[^>]*>", re.I)


def library_version() -> str:
    """ "" where it is not installed: formulas are then shown as they were typed."""
    try:
        return version(LIBRARY)
    except PackageNotFoundError:
        return ""


@lru_cache(_MOST_KEPT)
def mathml(formula: str, block: bool) -> str | None:
    """None for what is no formula, is too long, or cannot be converted."""
    converter = _converter()
    if converter is None or len(formula) > LONGEST:
        return None
    try:
        return converter.convert_with_local_state(_ROW_SPACE.sub(r"\\\\", formula.replace("\\\n", "\\ ")), displaystyle=block)
    except BaseException as error:  # a fault of the library's other language is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return None


def formula_html(formula: str, block: bool) -> str:
    """A formula as it stands between dollar signs."""
    shown = mathml(formula.strip(), block)
    if shown is not None:
        return f'<div class="formula">{shown}</div>' if block else shown
    sign = "$$" if block else "$"
    return f'<code class="formula">{sign}{escape(formula)}{sign}</code>'


def line_html(text: str) -> str:
    """One line of plain text with the formulas in it."""
    parts = _IN_A_LINE.split(text)
    return "".join(formula_html(part, block=False) if i % 2 else escape(part) for i, part in enumerate(parts))


def markdown_html(source: str, attachments: dict[str, dict[str, str]] | None = None, path: str = "") -> str:
    """Markdown as nbconvert shows it. Pictures that are attached, or lie beside the notebook in the folder `path`, are put into the page."""
    renderer = _Renderer(escape=False, embed_images=bool(path), exclude_anchor_links=True, attachments=attachments or {}, path=path)
    return MarkdownWithMath(renderer=renderer).render(source)


class _Renderer(IPythonRenderer):
    def block_math(self, body: str) -> str:
        return formula_html(body, block=True)

    def inline_math(self, body: str) -> str:
        return formula_html(body, block=False)

    def latex_environment(self, name: str, body: str) -> str:
        return formula_html(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def block_html(self, html: str) -> str:
        return super().block_html(_ASKING_TAG.sub("", html))

    def inline_html(self, html: str) -> str:
        return super().inline_html(_ASKING_TAG.sub("", html))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture that lies in the network is a link: the page asks for nothing."""
        shown = self._embed_image_or_attachment(url)
        if shown.startswith("data:image/"):
            return f'<img src="{escape(shown)}" alt="{escape(text or "picture")}">'
        return self.link(escape(text) or "picture", url, title)

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{escape(code)}</pre>"


@cache
def _converter() -> Any:
    try:
        from math_core import LatexToMathML
    except ImportError:
        return None
    return LatexToMathML(fancy_error=False)
