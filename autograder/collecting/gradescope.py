"""Gradescope, “Export Submissions”: `submission_metadata.yml` and a folder `submission_123/` for each entry in it.

The YAML is Ruby's, so its keys begin with a colon: `:submitters:` with `:name:`, `:sid:` and `:email:`, and `:created_at:`. A group has several submitters,
and each gets what the group handed in.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ..grading.dates import DateError, read_moment
from ..notebooks.reader import Unreadable
from .attempt import Attempt, Person
from .bundle import Bundle, Incoming
from .errors import CollectError, shown

METADATA = "submission_metadata.yml"
DOWNLOAD = "download it again from Gradescope (Review Grades, Export Submissions)"


def is_of_gradescope(file: Incoming) -> bool:
    return file.parts[-1] == METADATA and len(file.parts) <= 2


def gradescope_attempts(bundle: Bundle) -> list[Attempt]:
    """One attempt for each submitter of each submission. Raises CollectError."""
    file = min((file for file in bundle.files if is_of_gradescope(file)), key=lambda file: len(file.parts))
    top = "/".join(file.parts[:-1])
    attempts = []
    for key, entry in _entries(file, bundle).items():
        files = bundle.below(f"{top}/{key}" if top else str(key))
        submitters = _get(entry, "submitters")
        if not isinstance(submitters, list) or not submitters or not files:
            bundle.left_out.append(f"{shown(str(key))} of {METADATA} has no {'files' if submitters else 'submitters'}")
            continue
        time = _time(_get(entry, "created_at"))
        for one in submitters:
            ids = (str(_get(one, "sid")).strip(),) if _get(one, "sid") not in (None, "") else ()
            person = Person(str(_get(one, "name") or "").strip(), "", str(_get(one, "email") or "").strip(), ids)
            if not person.words:
                bundle.left_out.append(f"{shown(str(key))} of {METADATA} has a submitter without a name")
                continue
            attempts.append(Attempt(person, files, time, time.timestamp() if time else None))
    return attempts


def _entries(file: Incoming, bundle: Bundle) -> Mapping[Any, Any]:
    try:
        import yaml
    except ModuleNotFoundError:
        raise CollectError(f"{METADATA} is read with PyYAML, which is not installed: pip install pyyaml") from None

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Of what Ruby tags as an object of its own, what it holds is taken."""

    def untagged(loader: Any, _tag: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)

    Loader.add_multi_constructor("!", untagged)
    try:
        entries = yaml.load(file.read(), Loader)
    except Unreadable as error:
        raise CollectError(str(error)) from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise CollectError(f"{METADATA} in {bundle.path.name} is no YAML that can be read: {DOWNLOAD}") from None
    if not isinstance(entries, Mapping) or not entries:
        raise CollectError(f"{METADATA} in {bundle.path.name} names no submissions: {DOWNLOAD}")
    return entries


def _get(entry: Any, name: str) -> Any:
    return entry.get(f":{name}", entry.get(name)) if isinstance(entry, Mapping) else None


def _time(value: Any) -> datetime | None:
    """YAML makes a date of what looks like one; without a zone it is UTC. Rails' own times hold it once more."""
    if isinstance(value, Mapping):
        value = _get(value, "utc")
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date) or not value:
        return None
    try:
        return read_moment(str(value), loosely=True).utc.replace(tzinfo=UTC)
    except DateError:
        return None
