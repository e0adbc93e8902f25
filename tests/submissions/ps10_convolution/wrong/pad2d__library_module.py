"""Leaves the work to nn.ZeroPad2d.

Fails: *
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    return nn.ZeroPad2d((pw, pw, ph, ph))(X)
