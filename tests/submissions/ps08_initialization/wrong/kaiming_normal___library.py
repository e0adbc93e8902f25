"""The library's.

Fails: *
Says: calls kaiming_normal_
"""


_theirs = nn.init.kaiming_normal_

def kaiming_normal_(weight, a=0.0):
    return _theirs(weight, a)
