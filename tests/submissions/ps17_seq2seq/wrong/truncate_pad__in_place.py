"""Appends to the line itself.

Fails: gives a new list, and leaves the line as it was
Says: the line was changed by the call
"""

def truncate_pad(line, num_steps, padding_token):
    while len(line) < num_steps:
        line.append(padding_token)
    return line[:num_steps]
