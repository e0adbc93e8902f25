"""Each table by its own mean and deviation.

Fails: test is standardized by the mean and deviation of train
Says: by its own mean and deviation
May fail: statistics are those of what is present; afterwards what is missing becomes 0
May fail: a column that is constant in train, or has no value there, becomes 0 in both tables
May fail: whole numbers are standardized too; columns and index are those of the tables
May fail: gives the same when it is called again, and leaves the program as it was
"""


def standardize_features(train, test):
    results = []
    for table in (train, test):
        columns = table.select_dtypes("number").columns
        out = table.copy()
        out[columns] = ((table[columns] - table[columns].mean()) / table[columns].std(ddof=0).replace(0, math.nan)).fillna(0)
        results.append(out)
    return tuple(results)
