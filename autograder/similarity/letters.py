"""Answers as strings in which each token is one letter, so that a library that compares characters compares tokens.

What a copy changes first is gone: comments, docstrings, layout, and the names that the author chose. What says what the code does stays: keywords,
operators, numbers, names behind a dot, keyword arguments, names that the assignment hands out. Nothing is parsed, so code that is no Python has letters too.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache

FIRST, LAST = 0x10000, 0x10FFFF  # above the surrogates; there are more letters than tokens that a class writes
MAX_CHARS = 60_000  # of one answer that are looked at
NAME, STRING = "a name", "a string"
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


@dataclass(frozen=True)
class Spelled:
    """A text and its letters. places: first character of each letter in the text and the one behind its last."""

    text: str
    letters: str
    places: tuple[tuple[int, int], ...]


@dataclass
class Alphabet:
    """Letters of tokens. known: names that the assignment hands out, which stay as they are."""

    known: Collection[str] = ()
    _letters: dict[str, str] = field(default_factory=dict)

    def code(self, source: str) -> Spelled:
        """A program's letters."""
        return self._spelled(source, _code_tokens, self.known)

    def words(self, text: str) -> Spelled:
        """The letters of prose: one for a word, whatever its case, or for a Chinese, Japanese or Korean character."""
        return self._spelled(text, _word_tokens, ())

    def _spelled(self, text: str, tokens, known: Collection[str]) -> Spelled:
        text = text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_CHARS]
        letters, places = [], []
        for start, end, token in tokens(text, known):
            letters.append(self._letters.setdefault(token, chr(min(FIRST + len(self._letters), LAST))))
            places.append((start, end))
        return Spelled(text, "".join(letters), tuple(places))


def _word_tokens(text: str, _known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    for word in _WORD.finditer(text):
        yield *word.span(), word[0].lower()


def _code_tokens(source: str, known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    raw = list(_lexed(source))
    depth, in_header, before, before_that = 0, False, "", ""
    for i, (start, end, kind, value) in enumerate(raw):
        token = value
        if value in ("def", "class") and kind == "Keyword":
            in_header = True
        elif value in "([{":
            depth += 1
        elif value in ")]}":
            depth = max(depth - 1, 0)
        elif value == ":" and depth == 0:
            in_header = False
        elif kind == "Name":
            behind = raw[i + 1][3] if i + 1 < len(raw) else ""
            is_keyword = behind == "=" and depth > 0 and not in_header
            is_attribute = before == "." and before_that != "self"
            token = value if is_keyword or is_attribute or value in known else NAME
        yield start, end, token
        before, before_that = value, before


def _lexed(source: str) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, "Name", "Keyword" or "", value) of each token that counts; the parts of a string are one."""
    from pygments import token as kinds

    string: tuple[int, int] | None = None
    for start, kind, value in _lexer().get_tokens_unprocessed(source):
        end = start + len(value)
        if kind in kinds.String and kind not in kinds.String.Interpol:
            if kind not in kinds.String.Doc:
                string = (string[0] if string else start, end)
            continue
        if string is not None:
            yield *string, "", STRING
            string = None
        if kind in kinds.Comment or not value.strip() or value == ";":
            continue
        is_name = kind in kinds.Name and kind not in kinds.Name.Builtin and kind not in kinds.Name.Function.Magic and kind not in kinds.Name.Exception
        yield start, end, "Name" if is_name else "Keyword" if kind in kinds.Keyword else "", value
    if string is not None:
        yield *string, "", STRING


@cache
def _lexer():
    from pygments.lexers import PythonLexer

    return PythonLexer()
