"""Mean and deviation of both tables.

Fails: each number column of train has mean 0 and population variance 1
Fails: test is standardized by the mean and deviation of train
Says: both tables together
May fail: statistics are those of what is present; afterwards what is missing becomes 0
May fail: a column that is constant in train, or has no value there, becomes 0 in both tables
May fail: whole numbers are standardized too; columns and index are those of the tables
May fail: gives the same when it is called again, and leaves the program as it was
"""


def standardize_features(train, test):
    columns = train.select_dtypes("number").columns
    both = pd.concat([train[columns], test[columns]])
    mean, std = both.mean(), both.std(ddof=0).replace(0, math.nan)
    results = []
    for table in (train, test):
        out = table.copy()
        out[columns] = ((table[columns] - mean) / std).fillna(0)
        results.append(out)
    return tuple(results)
