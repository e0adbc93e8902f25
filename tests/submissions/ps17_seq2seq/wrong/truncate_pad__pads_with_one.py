"""Pads with 1, whatever was asked for.

Fails: *
"""

def truncate_pad(line, num_steps, padding_token):
    return line[:num_steps] + [1] * (num_steps - len(line))
