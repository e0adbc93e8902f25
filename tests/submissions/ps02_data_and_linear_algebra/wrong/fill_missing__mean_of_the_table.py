"""One mean for the whole table.

Fails: a hole among numbers gets the mean of its own column
Says: the mean of the whole table
"""


def fill_missing(inputs):
    numbers = inputs.select_dtypes("number").columns
    filled = inputs.copy()
    filled[numbers] = inputs[numbers].fillna(inputs[numbers].stack().mean()).fillna(0)
    return filled
