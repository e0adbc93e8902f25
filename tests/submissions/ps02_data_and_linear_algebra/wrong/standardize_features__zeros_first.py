"""Holes become 0 before the statistics.

Fails: statistics are those of what is present; afterwards what is missing becomes 0
Says: filled before
May fail: a column that is constant in train, or has no value there, becomes 0 in both tables
"""


def standardize_features(train, test):
    columns = train.select_dtypes("number").columns
    train, test = train.copy(), test.copy()
    train[columns], test[columns] = train[columns].fillna(0), test[columns].fillna(0)
    std, mean = train[columns].std(ddof=0).replace(0, math.nan), train[columns].mean()
    for table in (train, test):
        table[columns] = ((table[columns] - mean) / std).fillna(0)
    return train, test
