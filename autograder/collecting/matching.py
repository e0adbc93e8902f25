"""Which student of the roster somebody in a download is. Where two could be meant nothing is guessed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from .attempt import Attempt, Person
from .errors import shown
from .known_ids import known_students, numbers_of
from .labels import name_key, plain_key, safe_id, words_of
from .roster import Student

SHORTEST_NUMBER = 4  # characters of an id with a digit; a plain word inside a file's name may be anybody's


def _table(roster: list[Student], key: Callable[[str], str], names: Callable[[Student], list[str]]) -> dict[str, list[Student]]:
    """Students by what `key` makes of their names."""
    found: dict[str, list[Student]] = {}
    for student in roster:
        for made in {key(name) for name in names(student)} - {""}:
            found.setdefault(made, []).append(student)
    return found


@dataclass
class Matches:
    """students: by id; attempts: by id; unknown: not in the roster; doubled: sentences; missing: in the roster, not in the download."""

    students: dict[str, Student] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    unknown: list[Person] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    missing: list[Student] = field(default_factory=list)


class People:
    """Those who may be meant. system: where the download is from; roster: None when ids are to be made of names; root: of the course."""

    def __init__(self, system: str, roster: list[Student] | None, root: Path, roster_name: str = ""):
        self.system, self.has_roster, self.roster_name = system, roster is not None, roster_name
        known = known_students(root)
        self.roster = [replace(s, numbers={**numbers_of(known.get(s.id, {})), **s.numbers}) for s in roster or ()]
        self._found: dict[Person, list[Student]] = {}
        self._written = {key: _table(self.roster, key, lambda s: s.names) for key in (name_key, plain_key)}
        self._turned = {key: _table(self.roster, key, lambda s: s.turned_names) for key in (name_key, plain_key)}
        self._by_number = {number: student for student, entry in known.items() if (number := numbers_of(entry).get(system))}

    def find(self, person: Person) -> list[Student]:
        """All who may be meant; without a roster one, or none when no id can be made of the name."""
        if person not in self._found:
            searches = self._searches(person) if self.has_roster else [self._made(person)]
            self._found[person] = next((list({s.id: s for s in found}.values()) for found in searches if found), [])
        return self._found[person]

    def _searches(self, person: Person) -> Iterable[list[Student]]:
        """From the surest sign to the least sure one."""
        yield [s for s in self.roster if person.number and s.numbers.get(self.system) == person.number]
        yield [s for s in self.roster if person.email and s.email.casefold() == person.email.casefold()]
        yield self._by_ids(person.ids)
        # Somebody for whom the roster has another number is not meant, whatever the name.
        labels = [label for label in (person.name, *person.labels) if label]
        for label in labels:
            yield self._by_ids((label,))
            for key in (name_key, plain_key):
                # Canvas alone writes the family name first, whatever the roster does.
                for table in (self._written[key], self._turned[key])[self.system == "canvas" :]:
                    yield [s for s in table.get(key(label), ()) if not person.number or self.system not in s.numbers]
        for label in person.labels:
            numbers = {word for word in words_of(label) if len(word) >= SHORTEST_NUMBER and any(c.isdigit() for c in word)}
            yield [s for s in self.roster if numbers & {one.casefold() for one in (s.id, *s.aliases)}]

    def _by_ids(self, ids: Iterable[str]) -> list[Student]:
        wanted = {one.casefold() for one in ids}
        return [s for s in self.roster if wanted & {one.casefold() for one in (s.id, s.email, *s.aliases) if one}]

    def _made(self, person: Person) -> list[Student]:
        """A student whose id is made of what the download says."""
        label = person.labels[-1] if person.labels else ""
        known = self._by_number.get(person.number, "") if person.number else ""
        number = f"{self.system}_{person.number}" if person.number else ""
        made = next((made for text in (*person.ids, person.email, person.name, label, number) if (made := safe_id(text))), "")
        if not (known or made):
            return []
        student = Student(known or made, person.name, email=person.email, numbers={self.system: person.number} if person.number else {})
        return [student]


def match(people: People, attempts: list[Attempt]) -> Matches:
    """Sorts the attempts by students, the newest of each first."""
    found = Matches()
    for attempt in attempts:
        students = people.find(attempt.person)
        if not students:
            found.unknown += [attempt.person] if attempt.person not in found.unknown else []
        elif len(students) > 1:
            found.doubled.append(_several_students(people, attempt.person, students))
        else:
            (student,) = students
            key = next((other for other in found.students if other.casefold() == student.id.casefold()), student.id)
            found.students.setdefault(key, student)
            found.attempts.setdefault(key, []).append(attempt)
    for key in [key for key, own in found.attempts.items() if len({_identity(one.person) for one in own}) > 1]:
        found.doubled.append(_several_people(people, found.students.pop(key), found.attempts.pop(key)))
    found.doubled = list(dict.fromkeys(found.doubled))
    for own in found.attempts.values():
        own.sort(key=_age, reverse=True)
    met = {student.id for attempt in attempts for student in people.find(attempt.person)}
    found.missing = [student for student in people.roster if student.id not in met]
    return found


def _age(attempt: Attempt) -> tuple[bool, float]:
    return attempt.order is not None, attempt.order or 0.0


def _identity(person: Person) -> tuple:
    """What the system itself tells people apart by; nothing of the kind for files and folders that bear names."""
    return (person.number or person.email.casefold() or person.ids,)


def _column(people: People) -> str:
    return {"canvas": "canvas_id", "moodle": "moodle_id", "gradescope": "email"}.get(people.system, "id")


def _several_students(people: People, person: Person, students: list[Student]) -> str:
    ids = " and ".join(student.id for student in students)
    what = f"write {person.number or person.email or 'the name of the file or folder'} into the column {_column(people)} of the one it is"
    return f"{shown(person.words)} may be {ids} of the roster, and was left out: {what}"


def _several_people(people: People, student: Student, attempts: list[Attempt]) -> str:
    them = " and ".join(dict.fromkeys(shown(attempt.person.words) for attempt in attempts))
    column = _column(people)
    if people.has_roster:
        return f"{them} would all be {student.id} of the roster, and were left out: give each a line of their own with the column {column}"
    return f"{them} have one name, and were left out: give a --roster with the columns id, name and {column} in which each has a line"


def due_for(people: People, due_of: Callable[[str], float | None]) -> Callable[[Person], float | None]:
    """When somebody's work is due, by their id if it is clear."""

    def due(person: Person) -> float | None:
        students = people.find(person)
        return due_of(students[0].id if len(students) == 1 else "")

    return due
