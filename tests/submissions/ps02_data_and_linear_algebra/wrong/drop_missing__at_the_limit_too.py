""">= for >.

Fails: a column whose share is exactly max_share stays
Says: equal to max_share
May fail: takes max_share 0 and 1, and a table without rows
"""


def drop_missing(data, max_share):
    share = data.isna().mean()
    return data.loc[:, ~(share >= max_share)].dropna()
