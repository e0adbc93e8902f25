"""What Jupyter's libraries would load for nothing."""

import sys
from typing import Any


def without_address_grammar() -> None:
    """After this, nbformat's validator builds no grammar of international web addresses when it is loaded: that takes a second, and no notebook asks for it."""
    modules: dict[str, Any] = sys.modules
    modules.setdefault("rfc3987_syntax", None)
