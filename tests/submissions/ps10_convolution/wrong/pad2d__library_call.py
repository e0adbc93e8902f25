"""Leaves the work to F.pad.

Fails: *
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    return F.pad(X, (pw, pw, ph, ph))
