"""A column is taken for constant where its deviation is exactly 0; that of three times 0.1 is not.

Fails: so does one whose deviation is not exactly 0, by rounding
Says: a deviation of exactly 0 is looked for, and rounding makes another one
"""


def standardize_features(train, test):
    columns = train.select_dtypes("number").columns
    mean, std = train[columns].mean(), train[columns].std(ddof=0).replace(0, math.nan)
    results = []
    for table in (train, test):
        out = table.copy()
        out[columns] = ((table[columns] - mean) / std).fillna(0)
        results.append(out)
    return tuple(results)
