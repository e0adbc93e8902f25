"""A deviation of 0 is taken for 1: test keeps its distance.

Fails: a column that is constant in train, or has no value there, becomes 0 in both tables
"""


def standardize_features(train, test):
    columns = train.select_dtypes("number").columns
    mean, std = train[columns].mean(), train[columns].std(ddof=0).replace(0, 1)
    results = []
    for table in (train, test):
        out = table.copy()
        out[columns] = ((table[columns] - mean) / std).fillna(0)
        results.append(out)
    return tuple(results)
