"""Counts by hand, column by column."""


def drop_missing(data, max_share):
    kept = []
    for name in data.columns:
        missing = int(data[name].isna().sum())
        if len(data) == 0 or missing / len(data) <= max_share:
            kept.append(name)
    small = data[kept]
    return small[small.notna().all(axis=1)]
