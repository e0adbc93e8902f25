"""Writes into the tables that it was given.

Fails: returns something new, and leaves what it was given as it was
"""


def standardize_features(train, test):
    columns = train.select_dtypes("number").columns
    mean, std = train[columns].mean(), train[columns].std(ddof=0).where(train[columns].nunique() > 1)
    for table in (train, test):
        table[columns] = ((table[columns] - mean) / std).fillna(0)
    return train.copy(), test.copy()
