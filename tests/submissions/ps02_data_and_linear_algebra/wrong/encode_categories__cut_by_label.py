"""Cut by index labels, which both tables use.

Fails: each row stays in its own table, under its own index label
"""


def encode_categories(train, test):
    both = pd.get_dummies(pd.concat([train, test]), dummy_na=True)
    return both.loc[train.index], both.loc[test.index]
