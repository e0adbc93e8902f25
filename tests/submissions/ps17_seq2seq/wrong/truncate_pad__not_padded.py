"""Cuts, and does not pad.

Fails: *
Says: a short line is not filled up
"""

def truncate_pad(line, num_steps, padding_token):
    return line[:num_steps]
