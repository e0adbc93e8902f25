"""Ends the whole process.

Fails: *
"""

import os

def softmax(X):
    os.abort()
