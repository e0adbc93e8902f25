"""Columns are never dropped.

Fails: drops the columns that miss too much, then the rows that miss anything
Says: the rows are dropped before the columns
"""


def drop_missing(data, max_share):
    return data.dropna()
