"""A constant column becomes NaN or infinite.

Fails: a column that is constant in train, or has no value there, becomes 0 in both tables
"""


def standardize_features(train, test):
    columns = train.select_dtypes("number").columns
    mean, std = train[columns].mean(), train[columns].std(ddof=0)
    results = []
    for table in (train, test):
        out = table.copy()
        out[columns] = (table[columns] - mean) / std
        out[columns] = out[columns].where(table[columns].notna(), 0)
        results.append(out)
    return tuple(results)
