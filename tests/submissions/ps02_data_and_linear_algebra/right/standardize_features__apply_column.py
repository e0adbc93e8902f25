"""apply on each column, statistics in a dictionary."""


def standardize_features(train, test):
    stats = {c: (train[c].mean(), train[c].var(ddof=0) if train[c].nunique() > 1 else 0) for c in train.select_dtypes("number")}
    def scale(column):
        if column.name not in stats:
            return column
        mean, variance = stats[column.name]
        if not variance > 0:
            return pd.Series(0.0, index=column.index)
        return ((column - mean) / variance**0.5).fillna(0)
    return [pd.DataFrame({c: scale(t[c]) for c in t.columns}, index=t.index) for t in (train, test)]
