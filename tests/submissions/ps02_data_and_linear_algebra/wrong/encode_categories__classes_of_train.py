"""test gets the columns of train.

Fails: both tables have a column of ones and zeros for each class of either
Says: only the second table has are lost
May fail: a column that one table misses throughout is encoded as in the other
May fail: each row stays in its own table, under its own index label
May fail: gives the same when it is called again, and leaves the program as it was
"""


def encode_categories(train, test):
    first = pd.get_dummies(train, dummy_na=True)
    second = pd.get_dummies(test, dummy_na=True).reindex(columns=first.columns, fill_value=0)
    return first, second
