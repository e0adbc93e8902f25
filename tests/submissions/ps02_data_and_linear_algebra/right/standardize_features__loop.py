"""Column by column, with the formulas written out."""


def standardize_features(train, test):
    a, b = train.copy(), test.copy()
    for name in train.columns:
        if not pd.api.types.is_numeric_dtype(train[name]) or pd.api.types.is_bool_dtype(train[name]):
            continue
        present = train[name].dropna().astype(float)
        mean = present.sum() / len(present) if len(present) else 0.0
        variance = ((present - mean) ** 2).sum() / len(present) if len(present) else 0.0
        for table in (a, b):
            if variance < 1e-20:
                table[name] = 0.0
            else:
                table[name] = ((table[name] - mean) / variance**0.5).fillna(0.0)
    return a, b
