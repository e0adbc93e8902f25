"""The mean divides by all rows.

Fails: a hole among numbers gets the mean of its own column
Says: count as zeros
"""


def fill_missing(inputs):
    numbers = inputs.select_dtypes("number")
    return inputs.fillna(numbers.sum() / len(inputs))
