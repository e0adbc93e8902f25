"""Sums against the number of rows; NumPy for the rows."""


def drop_missing(data, max_share):
    limit = max_share * data.shape[0]
    bad = [c for c in data if data[c].isna().sum() > limit]
    result = data.drop(bad, axis=1)
    rows = ~result.isna().to_numpy().any(axis=1)
    return result[rows]
