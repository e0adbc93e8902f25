"""What a system says of one hand-in: who, when, which files."""

from dataclasses import dataclass, field
from datetime import datetime

from .bundle import Incoming


@dataclass(frozen=True)
class Person:
    """A student as the system names them. number: the system's own id; ids: others that it tells (a student number, a login); labels: what a file or
    folder is called that stands for them, the likeliest reading last."""

    name: str = ""
    number: str = ""
    email: str = ""
    ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For a sentence."""
        known = ", ".join(part for part in (self.number, self.email, *self.ids) if part and part != self.name)
        name = self.name or (self.labels[0] if self.labels else "")
        return f"{name} ({known})" if name and known else name or known


@dataclass
class Attempt:
    """One hand-in. time: with a zone, None when it is not known; order: grows with each newer attempt of the same system; late: the system calls it late;
    is_guess: the time is only the least late that it can be; notes: what the instructor should know."""

    person: Person
    files: list[Incoming]
    time: datetime | None = None
    order: float | None = None
    late: bool = False
    is_guess: bool = False
    notes: list[str] = field(default_factory=list)
