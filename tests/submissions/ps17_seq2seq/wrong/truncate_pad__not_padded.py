"""Cuts, and does not pad.

Fails: a short line is filled up at its end
Says: a short line is not filled up
"""

def truncate_pad(line, num_steps, padding_token):
    return line[:num_steps]
