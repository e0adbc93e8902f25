"""The library does it, under another name.

Fails: *
Says: calls xavier_uniform_
"""


def xavier_uniform_(weight, fill=nn.init.xavier_uniform_):
    return fill(weight)
