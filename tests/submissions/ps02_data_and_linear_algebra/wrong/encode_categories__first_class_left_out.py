"""drop_first.

Fails: both tables have a column of ones and zeros for each class of either
Says: the first class of each column is left out
May fail: a missing word is a class of its own, in every column of words
May fail: a column that one table misses throughout is encoded as in the other
May fail: each row stays in its own table, under its own index label
May fail: both results have their columns in the same order
May fail: gives the same when it is called again, and leaves the program as it was
"""


def encode_categories(train, test):
    both = pd.get_dummies(pd.concat([train, test]), dummy_na=True, drop_first=True)
    return both.iloc[: len(train)], both.iloc[len(train) :]
