"""The page of pairs: one HTML file without scripts that needs nothing beside it. Every text of a student's, names included, is escaped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from .page_style import STYLE
from .pairs import FEWEST_LINES, FEWEST_WORDS, ORDINARY_LEAST, ExerciseCount, Marked, Match, Pair

SHOWN, OPEN = 200, 3  # pairs on the page, and those that are unfolded at first
NAMED = 20


@dataclass(frozen=True)
class Findings:
    """What the page shows. pairs: most in common first; readers: notebooks read, by year, "" for this one; threshold: from 0 to 1; left_out: sentences on
    hand-ins that could not be read; has_reference: whether the reference was there to be taken out."""

    assignment: str
    title: str
    pairs: list[Pair]
    counts: list[ExerciseCount]
    readers: dict[str, int]
    threshold: float
    left_out: list[str]
    has_reference: bool = True


def similarity_page(found: Findings) -> str:
    """The whole page."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    shown = found.pairs[:SHOWN]
    parts = [_words(found), "".join(_pair(i, pair) for i, pair in enumerate(shown))]
    if len(found.pairs) > SHOWN:
        parts.append(f"<p>{len(found.pairs) - SHOWN} more pairs, with less in common, are not shown; a higher <code>--threshold</code> leaves fewer.</p>")
    parts += [_exercises(found.counts), _left_out(found.left_out)]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>Alike answers: {_safe(found.assignment)}</title><style>{STYLE}</style></head>\n<body><header><h1>Answers that are alike</h1>"
        f"<p>{_safe(found.assignment)} · {_safe(found.title)}</p></header>\n<main>{''.join(parts)}</main></body></html>\n"
    )


def _words(found: Findings) -> str:
    years = [f"{count} of {_safe(year)}" for year, count in found.readers.items() if year]
    readers = f"{found.readers.get('', 0)} hand-ins of this year" + (f", {', '.join(years)}" if years else "")
    reference = "and in the reference" if found.has_reference else "(the reference was not there, so that it counts as well)"
    if found.pairs:
        pairs = f"{_count(len(found.pairs), 'pair')} worth a conversation, most in common first"
    else:
        pairs = "no pair has so much in common that it stands out"
    return (
        f'<section class="words"><p class="lead">{readers}: {pairs}.</p>'
        "<p><b>What this page says:</b> these answers have much in common that few others have. <b>What it does not say:</b> why. People who learnt "
        "together, from the same page, book or assistant, write alike, and so do people who think alike. It is no verdict and no ground for a mark. "
        "Let each explain the own answer: that tells more than any number here.</p>"
        f"<details><summary>What is compared, and what is not</summary><ul>"
        f"<li>Each exercise with the same exercise of the others. Names that authors chose, comments, layout and the order of lines make no "
        f"difference.</li><li>What stands in the release {reference} is taken out.</li>"
        f"<li>What a third of the class writes alike is ordinary and taken out, too (in a small class, what {ORDINARY_LEAST} people write). Between that and "
        f"what only two have, rare things count more than frequent ones. So a way that very many took is not found here, wherever it came from.</li>"
        f"<li>Answers with fewer than {FEWEST_LINES} lines of code beside what was handed out, or fewer than {FEWEST_WORDS} words, are not compared: there are "
        f"too few ways to write them.</li><li>Shown is who shares, in an exercise, at least {found.threshold:.0%} of what the shorter answer has of its own. "
        f"<i>Tokens</i> are words and signs of code, weighted by how rare they are.</li></ul></details>"
        '<p class="legend"><mark>in both</mark><span>own, and only here</span><span class="o">release, reference, ordinary</span></p></section>'
    )


def _pair(index: int, pair: Pair) -> str:
    a, b = (f"<bdi>{_safe(str(author))}</bdi>" for author in pair.authors)
    exercises = ", ".join(_safe(match.exercise) for match in pair.matches)
    matches = "".join(_match(match, a, b) for match in pair.matches)
    return (
        f'<details class="pair"{" open" if index < OPEN else ""}><summary><span class="who">{a} <i>and</i> {b}</span>'
        f'<span class="much">{pair.alike:.0f} tokens in {_count(len(pair.matches), "exercise")}</span>'
        f'<span class="where">{exercises}</span></summary>{matches}</details>\n'
    )


def _match(match: Match, a: str, b: str) -> str:
    same = f", {_count(match.same_lines, 'line')} the same to the letter" if match.same_lines else ""
    head = f"<h3>{_safe(match.exercise)}<small>{match.alike:.0f} tokens alike, {match.share:.0%} of the shorter one's own{same}</small></h3>"
    sides = "".join(f"<figure><figcaption>{who}</figcaption><pre>{_code(text)}</pre></figure>" for who, text in zip((a, b), match.texts, strict=True))
    return f'<section class="match">{head}<div class="sides">{sides}</div></section>'


def _code(marked: Marked) -> str:
    kinds = sorted([*((start, end, "mark") for start, end in marked.alike), *((start, end, "span") for start, end in marked.ordinary)])
    return "".join(_stretches(marked.text, kinds))


def _stretches(text: str, kinds: Iterable[tuple[int, int, str]]) -> Iterator[str]:
    at = 0
    for start, end, tag in kinds:
        start = max(start, at)
        if end > start:
            yield _safe(text[at:start])
            yield f"<mark>{_safe(text[start:end])}</mark>" if tag == "mark" else f'<span class="o">{_safe(text[start:end])}</span>'
            at = end
    yield _safe(text[at:])


def _exercises(counts: list[ExerciseCount]) -> str:
    rows = "".join(
        f"<tr><td>{_safe(count.exercise)}</td><td>{count.answers}</td><td>{count.short}</td><td>{count.ordinary}</td>"
        f"<td>{count.answers - count.short - count.ordinary}</td></tr>"
        for count in counts
    )
    head = "<tr><th>exercise</th><th>answers</th><th>too short</th><th>ordinary</th><th>with something of their own</th></tr>"
    return f'<section><h2>Exercises</h2><div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div></section>'


def _left_out(sentences: list[str]) -> str:
    if not sentences:
        return ""
    more = [f"and {len(sentences) - NAMED} more"] if len(sentences) > NAMED else []
    items = "".join(f"<li>{_safe(sentence)}</li>" for sentence in [*sentences[:NAMED], *more])
    return f"<section><h2>Could not be read</h2><ul>{items}</ul></section>"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _safe(text: str) -> str:
    """Escaped; signs that cannot be seen, or that turn the direction of writing, become one that can."""
    return escape("".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text))
