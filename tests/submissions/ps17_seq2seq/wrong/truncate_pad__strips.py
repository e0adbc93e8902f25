"""Takes tokens like the padding for padding.

Fails: a line of num_steps tokens stays, num_steps = 0 leaves nothing, and words are tokens too
"""

def truncate_pad(line, num_steps, padding_token):
    line = [token for token in line if token != padding_token]
    return line[:num_steps] + [padding_token] * (num_steps - len(line))
