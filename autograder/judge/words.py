"""Small pieces of the sentences that students read: one line, no control characters, no end that runs away."""

import unicodedata

MESSAGE_CHARS = 600


def one_line(text: str, limit: int = 240) -> str:
    """Text from the other side, made harmless: one line, printable, at most `limit` characters."""
    clean = "".join(c if c.isprintable() and unicodedata.category(c) not in ("Cf", "Co", "Cs") else " " for c in str(text)[: 4 * limit])
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def line_of(where: str) -> str:
    return one_line(where, 160)


def name_list(names: str) -> str:
    return f"`{names}`"


def number(value: float) -> str:
    """A difference or share, three digits."""
    return f"{value:.3g}"


def shape_words(shape) -> str:
    return str(tuple(int(size) for size in shape))


def shape_remark(actual: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """A guess at what happened to a shape, as a question, or nothing."""
    if actual == expected[::-1] and len(actual) > 1:
        return ": are the dimensions the wrong way round?"
    if actual == (*expected, 1) or (len(actual) == len(expected) + 1 and _without_ones(actual) == _without_ones(expected)):
        return ": is there a dimension of size 1 too many?"
    if len(actual) < len(expected) and _is_subsequence(actual, expected):
        return ": was a dimension summed or indexed away?"
    if sorted(actual) == sorted(expected):
        return ": are the dimensions in another order?"
    return ""


def _without_ones(shape: tuple[int, ...]) -> list[int]:
    return [size for size in shape if size != 1]


def _is_subsequence(short: tuple[int, ...], long: tuple[int, ...]) -> bool:
    rest = iter(long)
    return all(size in rest for size in short)
