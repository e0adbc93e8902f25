"""Writes a word into the holes of the given tables.

Fails: returns something new, and leaves what it was given as it was
"""


def encode_categories(train, test):
    for table in (train, test):
        for name in table.columns:
            if not pd.api.types.is_numeric_dtype(table[name]):
                table[name] = table[name].fillna("nan")
                table["extra"] = 1
    both = pd.get_dummies(pd.concat([train, test]).drop(columns="extra", errors="ignore"), dummy_na=True)
    both = both.loc[:, ~both.columns.duplicated()]
    return both.iloc[: len(train)], both.iloc[len(train) :]
