"""dropna with a threshold that is cut to a whole number.

Fails: drops the columns that miss too much, then the rows that miss anything
Says: is rounded down
"""


def drop_missing(data, max_share):
    return data.dropna(axis=1, thresh=int((1 - max_share) * len(data))).dropna()
