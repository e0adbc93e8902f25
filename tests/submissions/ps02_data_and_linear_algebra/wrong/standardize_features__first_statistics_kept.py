"""Mean and deviation of the first train table are kept for later calls.

Fails: gives the same when it is called again, and leaves the program as it was
May fail: each number column of train has mean 0 and population variance 1
May fail: test is standardized by the mean and deviation of train
May fail: statistics are those of what is present; afterwards what is missing becomes 0
May fail: a column that is constant in train, or has no value there, becomes 0 in both tables
May fail: whole numbers are standardized too; columns and index are those of the tables
May fail: returns something new, and leaves what it was given as it was
"""


def standardize_features(train, test):
    global _first_statistics
    columns = train.select_dtypes("number").columns
    try:
        mean, std = _first_statistics[tuple(columns)]
    except (NameError, KeyError):
        mean, std = train[columns].mean(), train[columns].std(ddof=0).replace(0, math.nan)
        _first_statistics = {tuple(columns): (mean, std)}
    results = []
    for table in (train, test):
        out = table.copy()
        out[columns] = ((table[columns] - mean) / std).fillna(0)
        results.append(out)
    return tuple(results)
