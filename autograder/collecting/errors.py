"""What cannot be collected as it is: one sentence, with what, where, and what to do."""


class CollectError(Exception):
    """Nothing was collected. File names in the sentence are a stranger's, so what cannot be printed is a question mark."""

    def __init__(self, sentence: str):
        super().__init__(shown(sentence, len(sentence)))


def shown(name: str, most: int = 120) -> str:
    """A name from an archive, for a sentence."""
    return "".join(c if c.isprintable() else "?" for c in name)[:most]
