"""Each by itself, then all columns of both, with what is missing filled with 0."""


def encode_categories(train, test):
    import numpy as np
    words = [c for c in train if not (pd.api.types.is_numeric_dtype(train[c]) and pd.api.types.is_numeric_dtype(test[c]))]
    a, b = (pd.get_dummies(t.astype({c: object for c in words}), columns=words, dummy_na=True, dtype=int) for t in (train, test))
    columns = sorted(set(a.columns) | set(b.columns))
    results = []
    for table in (a, b):
        table = table.copy()
        for name in columns:
            if name not in table.columns:
                table[name] = np.zeros(len(table), dtype=int)
        results.append(table[columns])
    return tuple(results)
