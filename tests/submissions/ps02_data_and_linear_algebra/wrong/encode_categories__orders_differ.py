"""test has the columns in reverse.

Fails: both results have their columns in the same order
"""


def encode_categories(train, test):
    both = pd.get_dummies(pd.concat([train, test]), dummy_na=True)
    return both.iloc[: len(train)], both.iloc[len(train) :, ::-1]
