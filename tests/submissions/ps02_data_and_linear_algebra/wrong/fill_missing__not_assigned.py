"""The result of fillna is dropped, as in the notes. (000 §1.1.2)

Fails: a hole among numbers gets the mean of its own column
Fails: a number column without any value becomes 0
Fails: gives the same when it is called again, and leaves the program as it was
Says: was the result of fillna dropped
May fail: returns something new, and leaves what it was given as it was
"""


def fill_missing(inputs):
    inputs.fillna(inputs.mean(numeric_only=True).fillna(0))
    return inputs
