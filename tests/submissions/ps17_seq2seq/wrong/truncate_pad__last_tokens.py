"""Keeps the last tokens of a long line.

Fails: of a long line the first tokens stay
Fails: a line of num_steps tokens stays, num_steps = 0 leaves nothing, and words are tokens too
Says: the last tokens stay
"""

def truncate_pad(line, num_steps, padding_token):
    line = line[-num_steps:] if len(line) > num_steps else line
    return line + [padding_token] * (num_steps - len(line))
