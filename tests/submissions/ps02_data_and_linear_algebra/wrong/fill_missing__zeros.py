"""All holes become 0.

Fails: a hole among numbers gets the mean of its own column
Says: every hole becomes 0
"""


def fill_missing(inputs):
    filled = inputs.copy()
    for name in inputs.select_dtypes("number").columns:
        filled[name] = inputs[name].fillna(0)
    return filled
