"""Dates and times as people and programs write them: in `course_config.py`, in `exceptions.csv`, in a submission's `timestamp.txt`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?\d{2})?")
_DAY = re.compile(r"(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<D>\d{1,2})\.(?P<M>\d{1,2})\.(?P<Y>\d{4}))")
_YEAR = re.compile(r"\d{4}")
_NO_ZONE = ("AM", "PM")
_END_OF_DAY = time(23, 59, 59)


class DateError(ValueError):
    """A text that is no date and time; the message is the text."""


@dataclass(frozen=True)
class Moment:
    """utc: without zone, as nbgrader's gradebook holds it. zone: what was written, None when nothing was. understood: whether that is a known zone."""

    utc: datetime
    zone: str | None = None
    understood: bool = True


def read_moment(text: str, assumed: tzinfo = UTC, unknown: tzinfo = UTC, loosely: bool = False) -> Moment:
    """Reads a date and time. assumed: the zone where none is written; unknown: where one is written that nobody knows.

    ISO 8601, with a zone behind it or not: an offset (+08:00, +0800, UTC+8), a name of the time zone database, Z or UTC. Days may also be written 2027/3/9
    and 9.3.2027; a day alone is its last second. loosely: what else python-dateutil understands is taken as well, where it is installed. Raises DateError.
    """
    text = " ".join(text.split())
    found = _read_iso(text)
    if found is not None and found.tzinfo is not None:
        return Moment(_utc(found), found.strftime("%z"))
    if found is not None:
        return Moment(_utc(found.replace(tzinfo=assumed)))
    head, _, zone = text.rpartition(" ")
    found = _read_iso(head) if head and zone.upper() not in _NO_ZONE else None
    if found is None and loosely:
        return _read_loosely(text, assumed, unknown)
    if found is None or found.tzinfo is not None or zone[0].isdigit():
        raise DateError(text)
    known = zone_named(zone)
    return Moment(_utc(found.replace(tzinfo=unknown if known is None else known)), zone, known is not None)


def zone_named(name: str) -> tzinfo | None:
    """The zone of an offset or a name of the time zone database; None when there is none."""
    if name.upper() in ("Z", "UTC", "GMT"):
        return UTC
    match = _OFFSET.fullmatch(name.upper())
    if match:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes)) if minutes < 24 * 60 else None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # KeyError: not in the database; the others: no name of a file at all
        return None


def zone_words(zone: tzinfo, at: datetime) -> str:
    """UTC, UTC+08:00: the zone's offset at a time."""
    minutes = round((zone.utcoffset(at.replace(tzinfo=None)) or timedelta()).total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "UTC"


def _read_iso(text: str) -> datetime | None:
    day = _DAY.match(text)
    if day is None:
        return None
    rest = text[day.end() :].strip().removeprefix("T")
    try:
        date = datetime(int(day["y"] or day["Y"]), int(day["m"] or day["M"]), int(day["d"] or day["D"]))
        clock = time.fromisoformat(rest if len(rest.partition(":")[0]) != 1 else f"0{rest}") if rest else _END_OF_DAY
    except ValueError:
        return None
    return datetime.combine(date, clock)


def _read_loosely(text: str, assumed: tzinfo, unknown: tzinfo) -> Moment:
    """What nbgrader's own reader takes besides. It leaves out a zone that it does not know; here that is found out."""
    try:
        from dateutil import parser
    except ModuleNotFoundError:
        raise DateError(text) from None
    asked: list[str] = []

    def zone_of(name: str | None, offset: int | None) -> tzinfo | None:
        if offset is not None:
            return timezone(timedelta(seconds=offset))
        if not name:
            return None
        asked.append(name)
        return zone_named(name) or unknown

    try:
        if not _YEAR.search(text):
            raise DateError(text)  # it would be taken for a time of today
        found = parser.parse(text, tzinfos=zone_of)
    except (ValueError, OverflowError, TypeError):
        raise DateError(text) from None
    if found.tzinfo is None:
        return Moment(_utc(found.replace(tzinfo=assumed)))
    zone = asked[0] if asked else found.strftime("%z")
    return Moment(_utc(found), zone, zone_named(zone) is not None)


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise DateError(str(moment)) from None
