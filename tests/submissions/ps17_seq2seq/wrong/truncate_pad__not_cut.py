"""Pads, and does not cut.

Fails: of a long line the first tokens stay
Says: a long line is not cut
"""

def truncate_pad(line, num_steps, padding_token):
    return line + [padding_token] * (num_steps - len(line))
