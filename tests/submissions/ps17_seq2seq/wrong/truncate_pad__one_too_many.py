"""Keeps one token too few of a long line, and puts padding there.

Fails: *
"""

def truncate_pad(line, num_steps, padding_token):
    line = line[: num_steps - 1] if len(line) > num_steps else line
    return line + [padding_token] * (num_steps - len(line))
