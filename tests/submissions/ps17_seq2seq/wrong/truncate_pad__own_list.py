"""Gives the line itself back when nothing is to be done.

Fails: gives a new list, and leaves the line as it was
Says: what comes back is the caller's own list
"""

def truncate_pad(line, num_steps, padding_token):
    if len(line) == num_steps:
        return line
    return line[:num_steps] + [padding_token] * (num_steps - len(line))
