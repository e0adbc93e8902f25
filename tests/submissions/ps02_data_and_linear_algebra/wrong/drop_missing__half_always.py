"""max_share is not looked at.

Fails: drops the columns that miss too much, then the rows that miss anything
"""


def drop_missing(data, max_share):
    share = data.isna().mean()
    return data.loc[:, ~(share > 0.5)].dropna()
