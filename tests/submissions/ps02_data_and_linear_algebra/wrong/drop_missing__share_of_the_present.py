"""Missing values are compared with the present ones.

Fails: drops the columns that miss too much, then the rows that miss anything
"""


def drop_missing(data, max_share):
    missing, present = data.isna().sum(), data.notna().sum()
    return data.loc[:, ~(missing > max_share * present)].dropna()
