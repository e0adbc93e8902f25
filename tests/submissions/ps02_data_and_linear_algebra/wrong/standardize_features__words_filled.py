"""fillna(0) over the whole table.

Fails: words, true and false stay as they are
"""


def standardize_features(train, test):
    columns = train.select_dtypes("number").columns
    mean, std = train[columns].mean(), train[columns].std(ddof=0).where(train[columns].nunique() > 1)
    results = []
    for table in (train, test):
        out = table.copy()
        out[columns] = (table[columns] - mean) / std
        results.append(out.fillna(0))
    return tuple(results)
