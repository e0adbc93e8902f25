"""Class by class, without get_dummies."""


def encode_categories(train, test):
    names = list(train.columns)
    words = []
    for name in names:
        for table in (train, test):
            if not pd.api.types.is_numeric_dtype(table[name]) and name not in words:
                words.append(name)
    results = []
    for table in (train, test):
        columns = {}
        for name in names:
            if name not in words:
                columns[name] = table[name]
                continue
            classes = sorted(set(train[name].dropna()) | set(test[name].dropna()))
            for one in classes:
                columns[f"{name}_{one}"] = (table[name] == one).astype(int)
            columns[f"{name}_nan"] = table[name].isna().astype(int)
        results.append(pd.DataFrame(columns, index=table.index))
    return results[0], results[1]
