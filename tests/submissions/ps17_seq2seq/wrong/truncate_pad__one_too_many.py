"""Keeps one token too few of a long line, and puts padding there.

Fails: of a long line the first tokens stay
Fails: a line of num_steps tokens stays, num_steps = 0 leaves nothing, and words are tokens too
Fails: gives the same when it is called again, and leaves the program as it was
"""

def truncate_pad(line, num_steps, padding_token):
    line = line[: num_steps - 1] if len(line) > num_steps else line
    return line + [padding_token] * (num_steps - len(line))
