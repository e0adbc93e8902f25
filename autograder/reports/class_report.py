"""The class report: one HTML file that says what to teach again and who needs help. It needs nothing beside it, holds no script and loads nothing.

Every text that comes from a submission, its folder's name included, is escaped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from . import class_charts as charts
from . import class_statistics as statistics
from .class_details import BETTER_LOSE, details, remark
from .class_style import STYLE
from .class_verdicts import ClassVerdicts
from .feedback import points_words
from .last_report import Changed, Changes
from .mistakes import ENDED, FAILS, GENERAL, NAMED, Mistake, mistakes_of
from .page_pieces import Cell, Markup, People, counted, counted_points, decimal, joined, percent, table
from .standing import RULES, AssignmentShares, Need, Standings, short

MOST_BYTES = 1_000_000
# What a page that would be larger does without: how many names a list has at most, and whether the table of all students is there.
SMALLER: tuple[tuple[int | None, bool], ...] = ((None, True), (40, True), (40, False), (5, False))
SHOWN, NEEDS_SHOWN, CHANGES_SHOWN = 8, 12, 200
TAUGHT_AGAIN, WORTH_IT = 3, 5  # mistakes in the summary, each of at least this many percent
FOLLOWS_SHOWN = 3
EXERCISES_SHOWN, NOTES_SHOWN = 6, 2
NAMES = (NAMED, GENERAL)
MANY_CHANGED = 10  # students from which a change of an exercise is summed up


@dataclass
class ReportPart:
    """One assignment to be looked at closely. waiting: students who handed in and have no verdict yet. notes: by exercise, sections of the lecture notes."""

    title: str
    found: ClassVerdicts
    waiting: list[str] = field(default_factory=list)
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """All that a page is made from. names: what students are called, by id. moment: when it was made, in words. remarks: sentences that the instructor should
    read first."""

    course: str
    parts: Sequence[ReportPart]
    standings: Standings
    changes: Changes = field(default_factory=Changes)
    names: Mapping[str, str] = field(default_factory=dict)
    moment: str = ""
    remarks: Sequence[str] = ()


def class_report(page: Page) -> str:
    """The page, the last part first. Where it would be larger than a megabyte, names and the table of all students are left out, and it says so."""
    html, looked = "", _Looked(page)
    for most, everybody in SMALLER:
        html = _Report(page, People(page.names, most), everybody, looked).html()
        if len(html.encode(errors="replace")) < MOST_BYTES:
            break
    return html


class _Looked:
    """What is computed once for a page, by assignment."""

    def __init__(self, page: Page):
        classes = [part.found for part in page.parts]
        self.mistakes = {found.assignment: mistakes_of(found) for found in classes}
        self.items = {found.assignment: statistics.exercise_statistics(found) for found in classes}


class _Report:
    """Writes one page."""

    def __init__(self, page: Page, people: People, everybody: bool, looked: "_Looked"):
        self.page, self.people, self.everybody = page, people, everybody
        self.parts = list(reversed(page.parts))
        self.mistakes, self.items = looked.mistakes, looked.items

    def html(self) -> str:
        # Nothing may be loaded or run, whatever a text in the page would like.
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        head = (
            f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta name="color-scheme" content="light dark"><title>Class report: {escape(self.page.course)}</title><style>{STYLE}</style>'
        )
        links = (("teach", "Teach again"), ("help", "Who needs help"), ("trend", "Trend"), ("changes", "Changes"), ("details", "Details"))
        nav = "".join(f'<a href="#{key}">{words}</a>' for key, words in links)
        sections = (self._short(), self._teach(), self._help(), self._trend(), self._changes(), self._details())
        body = "".join(sections).replace(" %", "\u00a0%")  # which no line ends before
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><header><p>{escape(self.page.course)}</p><h1>Class report</h1>'
            f'<p class="when">{escape(self.page.moment)}</p><nav>{nav}</nav></header>\n<main>{body}</main></body></html>\n'
        )

    # -- in short

    def _short(self) -> str:
        lines = [self._came(), self._taught_again(), self._helped(), self._changed_words(), *map(escape, self.page.remarks)]
        lines += [words for part in self.parts for words in self._odd(part)]
        if self.people.most is not None:
            left = "" if self.everybody else ", and the table of all students is left out"
            lines.append(f"The class is large: to keep this page small, lists name {self.people.most} students at most{left}.")
        return f'<section class="short"><h2>In short</h2><ul>{"".join(f"<li>{line}</li>" for line in lines if line)}</ul></section>\n'

    def _came(self) -> str:
        part, everybody = self.parts[0], self.page.standings
        count = len(part.found.verdicts)
        here = next((i for i, a in enumerate(everybody.assignments) if a.assignment == part.found.assignment), None)
        before = everybody.assignments[here - 1] if here else None
        median = float(np.median(statistics.percents(part.found)))
        earlier = f", after {before.median:.0f} % in {escape(short(before.assignment))}" if before else ""
        return (
            f"<b>{escape(short(part.found.assignment))}</b>, {escape(part.title)}: {count} of {counted(len(everybody.students), 'student')} handed in; "
            f"the median is <b>{median:.0f} %</b>{earlier}."
        )

    def _taught_again(self) -> str:
        part = self.parts[0]
        worth = [one for one in self.mistakes[part.found.assignment] if one.share >= WORTH_IT and len(one.students) > 1][:TAUGHT_AGAIN]
        if not worth:
            return f"<b>Teach again:</b> nothing that {WORTH_IT} % of the class got wrong in the same way."
        rows = "".join(f"<li><b>{percent(one.share)}</b><div>{_sentence(one)} <span>{escape(_where(one))}</span></div></li>" for one in worth)
        return f'<a href="#teach"><b>Teach again</b></a><ol>{rows}</ol>'

    def _helped(self) -> str:
        needs, silent = self.page.standings.needs, self.page.standings.silent
        if not needs and not silent:
            return "Nobody needs help by the rules below."
        new = len(self.page.changes.in_need)
        words = f'<a href="#help"><b>{counted(len(needs), "student")}</b></a> need{"s" if len(needs) == 1 else ""} help'
        words += f", {new} of them new on the list" if new else ""
        return words + (f"; {len(silent)} more handed in nothing at all." if silent else ".")

    def _changed_words(self) -> str:
        changes = self.page.changes
        if not changes.since:
            return ""
        found = [
            (sum(map(len, changes.new.values())), "new verdict"),
            (len(changes.changed), "changed mark"),
            (sum(map(len, changes.gone.values())), "verdict gone"),
        ]
        words = joined([counted(number, noun) if noun != "verdict gone" else f"{number} gone" for number, noun in found if number])
        return f'<a href="#changes">Since the report of {escape(changes.since)}</a>: {words or "nothing has changed"}.'

    def _odd(self, part: ReportPart) -> list[str]:
        """What should not be: hand-ins without a verdict, exercises that the better students lose, files that hold no verdict."""
        found, name = part.found, f"<b>{escape(short(part.found.assignment))}</b>"
        waiting, broken, count = len(part.waiting), len(found.broken), len(statistics.worked_on(found))
        lines = []
        if waiting:
            lines.append(f"{name}: {counted(waiting, 'student')} handed in and {'has' if waiting == 1 else 'have'} no verdict yet: grade first.")
        for item in self.items[found.assignment]:
            if remark(item, count) == BETTER_LOSE:
                lines.append(f"{name}, <code>{escape(item.name)}</code>: {BETTER_LOSE}.")
        if broken:
            lines.append(f"{name}: {counted(broken, 'file')} in verdicts/{escape(found.assignment)}/ {'holds' if broken == 1 else 'hold'} no verdict.")
        return lines

    # -- mistakes

    def _teach(self) -> str:
        words = (
            "One row is one mistake by its name, whatever number of criteria it cost. The share is of those who did anything in its exercises. “As if …” is a "
            "diagnosis: the answer gives what the solution gives with one thing changed."
        )
        body = []
        for i, part in enumerate(self.parts):
            rows = self.mistakes[part.found.assignment]
            head = f"{escape(short(part.found.assignment))} <small>{escape(part.title)}</small>"
            if i == 0:
                body.append(f"<h3>{head}</h3>{self._mistakes(part, rows)}")
            else:
                first = f"the most frequent one ({percent(rows[0].share)}): {_sentence(rows[0])}" if rows else "none"
                summary = f"<summary><b>{head}</b> <span>{counted(len(rows), 'mistake')}, {first}</span></summary>"
                body.append(f'<details class="part">{summary}{self._mistakes(part, rows)}</details>')
        return f'<section id="teach"><h2>Teach again</h2><p>{words}</p>{"".join(body)}</section>\n'

    def _mistakes(self, part: ReportPart, rows: list[Mistake]) -> str:
        if not rows:
            return "<p>No mistakes.</p>"
        shown = [one for one in rows[:SHOWN] if len(one.students) > 1 or len(part.found.verdicts) < 2 * SHOWN] or rows[:1]
        items = [self._mistake(part, one) for one in rows]
        html = f'<ol class="mistakes">{"".join(items[: len(shown)])}</ol>'
        if rest := items[len(shown) :]:
            html += f'<details class="more"><summary>{counted(len(rest), "rarer mistake")}</summary><ol class="mistakes">{"".join(rest)}</ol></details>'
        return html

    def _mistake(self, part: ReportPart, one: Mistake) -> str:
        where = [f"<code>{escape(name)}</code>" for name in one.exercises[:EXERCISES_SHOWN]]
        if len(one.exercises) > EXERCISES_SHOWN:
            where.append(f"{len(one.exercises) - EXERCISES_SHOWN} more")
        facts = [joined(where), f"costs {counted_points(one.points)}"]
        if one.follows:
            more = len(one.follows) - FOLLOWS_SHOWN
            facts.append("with it fail: " + escape("; ".join(one.follows[:FOLLOWS_SHOWN])) + (f" and {more} more" if more > 0 else ""))
        if notes := list(dict.fromkeys(part.notes[name] for name in one.exercises[:NOTES_SHOWN] if name in part.notes)):
            facts.append(f"notes: {escape('; '.join(notes))}")
        if elsewhere := self._elsewhere(part, one):
            facts.append("also in " + ", ".join(f"{escape(short(name))} ({percent(other.share)})" for name, other in elsewhere))
        told = "" if one.kind == NAMED else _told(one)
        reason = f' <span class="tag">{escape(one.reason)}</span>' if one.kind == FAILS else ""
        bar = charts.bar(one.share, "" if one.kind in NAMES else "plain")
        return (
            f'<li><div class="share"><b>{percent(one.share)}</b><span>{len(one.students)} of {one.worked}</span>{bar}</div>'
            f'<div class="what"><h4>{_sentence(one)}{reason}</h4>{told}<p class="facts">{" · ".join(facts)}</p>{self.people.folded(one.students)}</div></li>\n'
        )

    def _elsewhere(self, part: ReportPart, one: Mistake) -> list[tuple[str, Mistake]]:
        """The same mistake in other assignments."""
        if one.kind not in NAMES:
            return []
        others = [(name, rows) for name, rows in self.mistakes.items() if name != part.found.assignment]
        return [(name, other) for name, rows in others for other in rows if other.kind == one.kind and other.name == one.name]

    # -- people

    def _help(self) -> str:
        everybody = self.page.standings
        rules = "".join(f"<li>{rule}</li>" for rule in RULES)
        words = (
            f'<details class="rules"><summary>Who is on this list</summary><p>Who</p><ul>{rules}</ul><p>An assignment counts when its date is over '
            "or half of the class has handed it in. Excuses are heeded.</p></details>"
        )
        rows = [self._need(need) for need in everybody.needs]
        body = f'<ul class="needs">{"".join(rows[:NEEDS_SHOWN])}</ul>' if rows else "<p>Nobody, by these rules.</p>"
        if rest := rows[NEEDS_SHOWN:]:
            body += f'<details class="more"><summary>{len(rest)} more</summary><ul class="needs">{"".join(rest)}</ul></details>'
        if everybody.silent:
            body += f"<h3>Handed in nothing at all: {len(everybody.silent)}</h3>{self.people.folded(everybody.silent)}"
        return f'<section id="help"><h2>Who needs help</h2>{words}{body}</section>\n'

    def _need(self, need: Need) -> str:
        new = ' <span class="tag new">new</span>' if need.student in self.page.changes.in_need else ""
        line = charts.sparkline(need.student, self.page.standings.assignments, f"Shares over the assignments; the last is {need.last:.0f} %")
        return f"<li><div><b>{self.people.full(need.student)}</b>{new}<p>{escape('; '.join(need.reasons))}</p></div>{line}</li>\n"

    def _trend(self) -> str:
        everybody = self.page.standings
        verdicts = {part.found.assignment: part.found for part in self.parts}
        rows = [
            (a.assignment, f"{len(a.shares)} of {len(everybody.students)}", f"{a.low:.0f} %", f"{a.median:.0f} %", f"{a.high:.0f} %",
             decimal(statistics.reliability(verdicts[a.assignment])) if a.assignment in verdicts else "–")
            for a in everybody.assignments
        ]  # fmt: skip
        head = ("assignment", "handed in", "lower quarter", "median", "upper quarter", "reliability α")
        words = "The line is the class's median in percent of the points, the band the half of the class in the middle."
        body = f"<p>{words}</p>{charts.class_trend(everybody.assignments)}{table(head, rows, numbers=(1, 2, 3, 4, 5))}"
        if self.everybody:
            body += f'<details class="more"><summary>All {counted(len(everybody.students), "student")}, one line each</summary>{self._all()}</details>'
        return f'<section id="trend"><h2>Trend over assignments</h2>{body}</section>\n'

    def _all(self) -> str:
        assignments = self.page.standings.assignments
        rows: list[list[Cell]] = [
            [Markup(self.people.full(student)), Markup(charts.sparkline(student, assignments)), *(_share(student, a) for a in assignments)]
            for student in self.page.standings.students
        ]
        words = "Percent of the points. The thin line is the class's median, a ring an assignment that was not handed in."
        return f"<p>{words}</p>{table(('student', '', *(short(a.assignment) for a in assignments)), rows, numbers=range(2, 2 + len(assignments)))}"

    # -- changes

    def _changes(self) -> str:
        changes = self.page.changes
        if not changes.since:
            body = "<p>This is the first report of this course. The next one says what has changed since.</p>"
        else:
            body = f"<p>Since the report of {escape(changes.since)}.</p>{self._changes_since(changes)}"
        return f'<section id="changes"><h2>Changes since the last report</h2>{body}</section>\n'

    def _changes_since(self, changes: Changes) -> str:
        body = []
        for head, found in (("New verdicts", changes.new), ("Verdicts that are gone", changes.gone)):
            if found:
                body.append(f"<h3>{head}</h3>" + "".join(f"<h4>{escape(name)}</h4>{self.people.folded(students)}" for name, students in found.items()))
        for head, names in (("New on the list of those who need help", changes.in_need), ("No longer on it", changes.out_of_need)):
            if names:
                body.append(f"<h3>{head}</h3>{self.people.folded(names)}")
        if changes.changed:
            body.append("<h3>Changed marks</h3>" + _many_changed(changes.changed) + self._changed_table(changes.changed))
        return "".join(body) or "<p>Nothing.</p>"

    def _changed_table(self, changed: list[Changed]) -> str:
        rows = [
            (Markup(self.people.full(one.student)), short(one.assignment), _what(one), points_words(one.old), points_words(one.new), _signed(one.new - one.old))
            for one in changed[:CHANGES_SHOWN]
        ]
        more = len(changed) - CHANGES_SHOWN
        rest = f"<p>{more} smaller changes are not shown; .state/changes/ has all of them.</p>" if more > 0 else ""
        html = table(("student", "assignment", "what", "old", "new", "by"), rows, numbers=(3, 4, 5)) + rest
        if len(changed) <= NEEDS_SHOWN:
            return html
        return f'<details class="more"><summary>{counted(len(changed), "changed mark")}, the largest first</summary>{html}</details>'

    # -- details

    def _details(self) -> str:
        body = "".join(
            f'<details class="part"><summary><b>{escape(short(part.found.assignment))} <small>{escape(part.title)}</small></b></summary>'
            f"{details(part.found, self.items[part.found.assignment], part.waiting, self.people)}</details>"
            for part in self.parts
        )
        words = "Automatic points, before late penalties and marks by hand."
        return f'<section id="details"><h2>Details by assignment</h2><p>{words}</p>{body}</section>\n'


def _sentence(one: Mistake) -> str:
    """What the row is called, as HTML."""
    if one.kind in NAMES:
        return escape(one.name[:1].upper() + one.name[1:])
    if one.kind == ENDED:
        return f"<code>{escape(one.exercises[0])}</code>: {escape(one.name)}"
    return f"Fails: {escape(one.name)}"


def _where(one: Mistake) -> str:
    if one.kind == ENDED:  # the sentence says it
        return ""
    more = len(one.exercises) - TAUGHT_AGAIN
    return joined([*one.exercises[:TAUGHT_AGAIN], *([f"{more} more"] if more > 0 else [])])


def _told(one: Mistake) -> str:
    """What its students read, with how many where it was not the same; of a general name an example is enough."""
    if one.kind == GENERAL:
        return f'<p class="told"><span>for instance:</span> {escape(one.messages[0][0])}</p>'
    alone = len(one.messages) == 1
    lines = (escape(message) if alone else f"{escape(message)} <span>({count})</span>" for message, count in one.messages if message)
    return "".join(f'<p class="told">{line}</p>' for line in lines)


def _share(student: str, a: AssignmentShares) -> str:
    if student in a.shares:
        return f"{a.shares[student]:.0f}"
    return "excused" if student in a.excused else "waits" if student in a.waiting else "–"


def _what(one: Changed) -> str:
    names = [f"{name} {_points(old)} → {_points(new)}" for name, old, new in one.exercises]
    return ", ".join(names)


def _points(points: float | None) -> str:
    return "–" if points is None else points_words(points)


def _signed(difference: float) -> str:
    return f"{'+' if difference > 0 else '−' if difference < 0 else ''}{points_words(abs(difference))}"


def _many_changed(changed: list[Changed]) -> str:
    """Exercises whose points changed for many: a grader that was mended, as a rule."""
    found: dict[tuple[str, str], list[float]] = {}
    for one in changed:
        for name, old, new in one.exercises:
            found.setdefault((one.assignment, name), []).append((new or 0.0) - (old or 0.0))
    most = sorted(((key, by) for key, by in found.items() if len(by) >= MANY_CHANGED), key=lambda one: -len(one[1]))
    lines = [
        f"<li>{escape(short(assignment))}, <code>{escape(name)}</code>: {len(by)} students, {_signed(round(sum(by) / len(by), 2))} on average</li>"
        for (assignment, name), by in most[:SHOWN]
    ]
    return f'<ul class="many">{"".join(lines)}</ul>' if lines else ""
