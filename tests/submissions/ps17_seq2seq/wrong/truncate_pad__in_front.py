"""Padding in front.

Fails: a short line is filled up at its end
Says: the padding stands in front
"""

def truncate_pad(line, num_steps, padding_token):
    return [padding_token] * (num_steps - len(line)) + line[:num_steps]
