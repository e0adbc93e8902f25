"""drop by name, then dropna in place on a copy of its own."""


def drop_missing(data, max_share):
    table = data.copy()
    for name in list(table.columns):
        if table[name].isnull().mean() > max_share:
            table.drop(columns=name, inplace=True)
    table.dropna(inplace=True)
    return table
