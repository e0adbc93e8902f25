"""True and false are scaled as well.

Fails: words, true and false stay as they are
"""


def standardize_features(train, test):
    columns = [c for c in train if pd.api.types.is_numeric_dtype(train[c])]
    mean, std = train[columns].astype(float).mean(), train[columns].astype(float).std(ddof=0).where(train[columns].nunique() > 1)
    results = []
    for table in (train, test):
        out = table.copy()
        scaled = ((table[columns].astype(float) - mean) / std).fillna(0)
        for name in columns:
            out[name] = scaled[name]
        results.append(out)
    return tuple(results)
