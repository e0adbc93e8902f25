"""A tuple for a short line.

Fails: gives a new list, and leaves the line as it was
Says: a list was expected
"""


def truncate_pad(line, num_steps, padding_token):
    if len(line) > num_steps:
        return line[:num_steps]
    return tuple(line) + (padding_token,) * (num_steps - len(line))
