"""Kills its own process.

Fails: *
"""

import os

def add(X, Y):
    os.abort()
