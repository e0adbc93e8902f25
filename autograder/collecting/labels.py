"""Names of people, files and folders brought into forms that can be compared, and ids made of names."""

import re
import unicodedata
from collections.abc import Iterable

_APART = re.compile(r"[^\w]+|_+")
_NUMBERED = re.compile(r"(?:[ _-]*\(\d{1,4}\))+$|-\d{1,2}$")
MAX_ID_CHARS = 100


def name_key(name: str) -> str:
    """Letters and digits alone, as Canvas writes a name into a file's."""
    return _APART.sub("", unicodedata.normalize("NFKC", name).casefold())


def plain_key(name: str) -> str:
    """The same without accents."""
    return name_key("".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)))


def words_of(label: str) -> list[str]:
    """The parts of a label between what is neither letter nor digit."""
    return [word for word in _APART.split(unicodedata.normalize("NFKC", label).casefold()) if word]


def readings(label: str, known: Iterable[str]) -> tuple[str, ...]:
    """A label as it stands, and without a number behind it and the names in `known` at its ends: `hw1-ann (2)` is ann's if hw1 is known."""
    found = [label.strip()]
    short = _NUMBERED.sub("", found[0]).strip()
    for word in sorted(known, key=len, reverse=True):
        found.append(short)
        pattern = re.escape(word)
        short = re.sub(rf"^{pattern}(?=[\W_])[\W_]+|[\W_]+{pattern}$", "", short, flags=re.IGNORECASE) or short
        short = _NUMBERED.sub("", short).strip() or short
    return tuple(dict.fromkeys([*found, short]))


def safe_id(name: str) -> str:
    """An id that can be the name of a folder everywhere: letters and digits of any script, with single underscores, points or hyphens between; "" for none."""
    text = re.sub(r"['’`´]", "", unicodedata.normalize("NFC", name))
    return re.sub(r"[^\w.-]+", "_", text).strip("._-")[:MAX_ID_CHARS]


def wrong_id(text: str) -> str | None:
    """Why a text cannot be a student's id, None when it can."""
    if any(c in text for c in "/\\") or text.startswith((".", "-")):
        return "would not be the name of a folder in submitted/"
    if text == "*" or not text.isprintable() or len(text) > MAX_ID_CHARS:
        return "is no id"
    return None
