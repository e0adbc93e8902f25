"""Pads with 1, whatever was asked for.

Fails: a short line is filled up at its end
Fails: a line of num_steps tokens stays, num_steps = 0 leaves nothing, and words are tokens too
"""

def truncate_pad(line, num_steps, padding_token):
    return line[:num_steps] + [1] * (num_steps - len(line))
