"""Pairs of answers that have more in common than the release, the reference and the class's ordinary ways.

Runs of K tokens are an answer's fingerprints, taken and compared by copydetect. A run weighs 1 when no more than two have it, less the more have it, nothing
when a third of a year's answers or the release or the reference do. A token weighs as much as the lightest run that it is in, so that one odd sign amid
what everybody writes counts for itself and not for its neighbours. Two answers have in common the weight of the tokens on runs that are in both.
"""

import io
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .answers import THIS_YEAR, Author, Exercise
from .letters import Alphabet, Spelled

K_CODE, K_WORDS = 7, 5  # tokens in a run
FEWEST_LINES, FEWEST_WORDS = 4, 40  # shorter answers are not compared
ORDINARY_SHARE, ORDINARY_LEAST = 1 / 3, 5  # of a year's answers; of a small class no fewer
LEAST_ALIKE = 12  # weighted tokens that two answers must have in common
LEAST_LINE = 12  # characters of a line that can be the same by more than chance


@dataclass(frozen=True)
class Marked:
    """An answer as it is shown: alike and ordinary are stretches of its text, (start, end) in order: those that the other has too, those that do not
    count."""

    text: str
    alike: tuple[tuple[int, int], ...]
    ordinary: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Match:
    """Two answers to one exercise. alike: weighted tokens in common; share: of what is the shorter one's own, from 0 to 1; same_lines: lines, comments
    among them, that are the same to the letter and that few have."""

    exercise: str
    alike: float
    share: float
    same_lines: int
    texts: tuple[Marked, Marked]


@dataclass
class Pair:
    """Two authors and the exercises in which they are alike."""

    authors: tuple[Author, Author]
    matches: list[Match] = field(default_factory=list)

    @property
    def alike(self) -> float:
        return sum(match.alike for match in self.matches)


@dataclass
class ExerciseCount:
    """How many answers to an exercise there are, how many were too short to be compared, how many hold nothing of their own beside what is ordinary."""

    exercise: str
    answers: int
    short: int
    ordinary: int


@dataclass
class _Document:
    """An answer to be compared. prints: copydetect's CodeFingerprint, of which only runs with a weight are kept; weights: of each token."""

    author: Author
    spelled: Spelled
    prints: Any
    lines: frozenset[str]
    weights: list[float] = field(default_factory=list)

    def weigh(self, runs: dict[int, float]) -> None:
        """runs: weights of the runs that have any."""
        self.weights = [1.0] * len(self.spelled.letters)
        for one, places in self.prints.hash_idx.items():
            weight = runs.get(one, 0.0)
            for start in map(int, places):
                for token in range(start, start + self.prints.k):
                    self.weights[token] = min(self.weights[token], weight)
        self.prints.hashes &= runs.keys()

    @property
    def own(self) -> float:
        return sum(self.weights)

    def weight_of(self, runs: set[int]) -> float:
        """The weight of the tokens in these runs."""
        return sum(self.weights[token] for token in self.tokens(runs))

    def tokens(self, runs: set[int]) -> set[int]:
        return {token for one in runs for start in map(int, self.prints.hash_idx[one]) for token in range(start, start + self.prints.k)}


class Comparison:
    """Compares one exercise after the other. taken_out: code and texts, of the release and the reference, whatever exercise they belong to."""

    def __init__(self, taken_out: Iterable[tuple[str, bool]], known: Iterable[str], threshold: float):
        self._alphabet, self._threshold = Alphabet(frozenset(known)), threshold
        self._common: dict[bool, set[int]] = {True: set(), False: set()}
        self._lines: set[str] = set()
        for text, is_code in taken_out:
            self._common[is_code] |= set(self._prints(self._spell(text, is_code), is_code).hashes)
            self._lines |= {line.strip() for line in text.splitlines()}
        self.pairs: dict[tuple[Author, Author], Pair] = {}
        self.counts: list[ExerciseCount] = []

    def compare(self, exercise: Exercise, answers: dict[Author, str]) -> None:
        """Adds the pairs of an exercise."""
        documents = self._documents(exercise, answers)
        weights = self._weigh(documents, exercise.is_code)
        ordinary = sum(document.own < LEAST_ALIKE for document in documents)
        self.counts.append(ExerciseCount(exercise.name, len(answers), len(answers) - len(documents), ordinary))
        rare_lines = _rare(documents, [document.lines for document in documents])
        for a, b in _candidates(documents, weights):
            match = self._match(exercise.name, a, b, rare_lines)
            if match is not None:
                authors = (a.author, b.author)
                self.pairs.setdefault(authors, Pair(authors)).matches.append(match)

    def sorted_pairs(self) -> list[Pair]:
        """Those with most in common first."""
        return sorted(self.pairs.values(), key=lambda pair: (-round(pair.alike, 6), pair.authors))

    def _spell(self, text: str, is_code: bool) -> Spelled:
        return self._alphabet.code(text) if is_code else self._alphabet.words(text)

    def _prints(self, spelled: Spelled, is_code: bool) -> Any:
        from copydetect import CodeFingerprint

        # A window of one keeps every run: answers are short, and what is chosen among several depends on the process.
        return CodeFingerprint("", K_CODE if is_code else K_WORDS, 1, filter=False, fp=io.StringIO(spelled.letters))

    def _documents(self, exercise: Exercise, answers: dict[Author, str]) -> list[_Document]:
        found = []
        for author, text in sorted(answers.items()):
            if exercise.is_code and _few_lines(text.splitlines(), exercise):  # spelling takes time
                continue
            spelled = self._spell(text, exercise.is_code)
            if _is_short(spelled, exercise):
                continue
            lines = frozenset(line.strip() for line in spelled.text.splitlines() if len(line.strip()) >= LEAST_LINE) - self._lines
            found.append(_Document(author, spelled, self._prints(spelled, exercise.is_code), lines))
        return found

    def _weigh(self, documents: list[_Document], is_code: bool) -> dict[int, float]:
        """Weights of the runs that have any; gives each token of the documents its weight."""
        for document in documents:
            document.prints.hashes = set(map(int, document.prints.hashes)) - self._common[is_code]
        weights = _rare(documents, [document.prints.hashes for document in documents])
        for document in documents:
            document.weigh(weights)
        return weights

    def _match(self, exercise: str, a: _Document, b: _Document, rare_lines: dict[str, float]) -> Match | None:
        shared = a.prints.hashes & b.prints.hashes
        alike = min(a.weight_of(shared), b.weight_of(shared))
        if alike < LEAST_ALIKE or alike < self._threshold * min(a.own, b.own):
            return None
        from copydetect import compare_files

        _, _, slices = compare_files(a.prints, b.prints)
        texts = tuple(_marked(document, found.T.astype(int).tolist()) for document, found in zip((a, b), slices, strict=True))
        same_lines = len(a.lines & b.lines & rare_lines.keys())
        return Match(exercise, alike, min(alike / min(a.own, b.own), 1.0), same_lines, (texts[0], texts[1]))


def _is_short(spelled: Spelled, exercise: Exercise) -> bool:
    """Of a program: by the lines that hold code."""
    if not exercise.is_code:
        return len(spelled.letters) < FEWEST_WORDS
    number, first, lines = 0, 0, list[str]()
    for line in spelled.text.split("\n"):
        end = first + len(line)
        holds_code = False
        while number < len(spelled.places) and spelled.places[number][0] <= end:
            holds_code, number = True, number + 1
        if holds_code:
            lines.append(line)
        first = end + 1
    return _few_lines(lines, exercise)


def _few_lines(lines: list[str], exercise: Exercise) -> bool:
    """Whether, without blank ones, comments and those that were handed out, they are too few."""
    given = {line.strip() for line in exercise.release.splitlines()}
    own = (line.strip() for line in lines)
    return sum(bool(line) and line[0] != "#" and line not in given for line in own) < FEWEST_LINES


def _rare(documents: list[_Document], features: list) -> dict[Any, float]:
    """Weights of the features (fingerprints, lines) that less than a third of each year's answers hold."""
    sizes = Counter(document.author.year for document in documents)
    counts: dict[str, Counter] = defaultdict(Counter)
    for document, own in zip(documents, features, strict=True):
        counts[document.author.year].update(own)
    weights: dict[Any, float] = {}
    for year, counter in counts.items():
        limit = max(math.ceil(ORDINARY_SHARE * sizes[year]), ORDINARY_LEAST)
        for feature, count in counter.items():
            weight = math.log(limit / min(max(count, 2), limit)) / math.log(limit / 2)
            weights[feature] = min(weight, weights.get(feature, 1.0))
    return {feature: weight for feature, weight in weights.items() if weight > 0}


def _candidates(documents: list[_Document], weights: dict[int, float]) -> Iterator[tuple[_Document, _Document]]:
    """Pairs, of which one is of this year, that may have enough in common. Who repeats the course is not compared with the own work of before."""
    holders: dict[int, list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        for one in document.prints.hashes:
            holders[one].append(number)
    most: Counter[tuple[int, int]] = Counter()
    for one, numbers in holders.items():
        weight = weights[one]
        for i, first in enumerate(numbers):
            for second in numbers[i + 1 :]:
                most[first, second] += weight  # type: ignore[assignment]
    for (first, second), weight in sorted(most.items()):
        a, b = documents[first], documents[second]
        if a.prints.k * weight >= LEAST_ALIKE and THIS_YEAR in (a.author.year, b.author.year) and a.author.student != b.author.student:
            yield a, b


def _marked(document: _Document, slices: list[list[int]]) -> Marked:
    ordinary = {token for token, weight in enumerate(document.weights) if weight == 0}
    alike = {token for start, end in slices for token in range(start, end)} - ordinary
    return Marked(document.spelled.text, _stretches(document.spelled, alike), _stretches(document.spelled, ordinary))


def _stretches(spelled: Spelled, tokens: set[int]) -> tuple[tuple[int, int], ...]:
    """The text of tokens, and of what lies between neighbours on one line."""
    found: list[tuple[int, int]] = []
    before = -2
    for token in sorted(tokens):
        start, end = spelled.places[token]
        if token == before + 1 and "\n" not in spelled.text[spelled.places[before][1] : start]:
            start = found.pop()[0]
        found.append((start, end))
        before = token
    return tuple(found)
