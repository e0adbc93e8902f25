"""What can go wrong on the wire, each with the sentence that says so."""


class WireError(Exception):
    """The other side broke the protocol, closed the line or sent something beyond the limits."""

    reason = "crashed"

    @classmethod
    def malformed(cls, detail: str) -> "Malformed":
        return Malformed(f"a message that is not valid: {detail}")

    @classmethod
    def too_big(cls, what: str, size: int, limit: int) -> "Malformed":
        return Malformed(f"{what} of {size:,} is over the limit of {limit:,}", reason="output limit")

    @classmethod
    def closed(cls) -> "Closed":
        return Closed("the process ended before it answered")

    @classmethod
    def late(cls, seconds: float) -> "Late":
        return Late(f"no answer within {seconds:g} s")


class Malformed(WireError):
    """Bytes that are not a message, or a message larger or deeper than allowed."""

    def __init__(self, message: str, reason: str = "tampered"):
        super().__init__(message)
        self.reason = reason


class Closed(WireError):
    """The other end of the socket is gone."""

    reason = "exited"


class Late(WireError):
    """The deadline passed."""

    reason = "timeout"
