"""inputs.mean() over words, which raises. (000 §1.1.2, 004)

Fails: *
May fail: a number column without any value becomes 0
"""


def fill_missing(inputs):
    return inputs.fillna(inputs.mean().fillna(0))
