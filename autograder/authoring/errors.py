"""What can be wrong with an assignment that is built or handed out. In a file of its own: the command line knows it without loading Jupyter."""


class BuildError(Exception):
    """The assignment cannot be built; the sentence says why."""


class HandoutError(Exception):
    """Nothing can be handed out so; the sentence says why."""
