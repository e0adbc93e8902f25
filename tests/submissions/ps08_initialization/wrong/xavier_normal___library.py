"""The library does it, under another name.

Fails: *
Says: calls xavier_normal_
"""


def xavier_normal_(weight, fill=nn.init.xavier_normal_):
    return fill(weight)
