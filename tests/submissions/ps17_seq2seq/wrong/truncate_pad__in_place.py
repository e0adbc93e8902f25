"""Appends to the line itself.

Fails: *
Says: the line was changed by the call
"""

def truncate_pad(line, num_steps, padding_token):
    while len(line) < num_steps:
        line.append(padding_token)
    return line[:num_steps]
