"""Each table is encoded by itself.

Fails: both tables have a column of ones and zeros for each class of either
Says: each table is encoded by itself
May fail: a column that one table misses throughout is encoded as in the other
May fail: each row stays in its own table, under its own index label
May fail: both results have their columns in the same order
May fail: gives the same when it is called again, and leaves the program as it was
"""


def encode_categories(train, test):
    return pd.get_dummies(train, dummy_na=True), pd.get_dummies(test, dummy_na=True)
