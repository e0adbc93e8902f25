"""NumPy on the whole block; what is not finite becomes 0."""


def standardize_features(train, test):
    import numpy as np
    names = [c for c in train.columns if train[c].dtype.kind in "if"]
    block = train[names].astype(float)
    mu, sigma = block.mean(), block.std(ddof=0) * (block.max() != block.min())
    def apply(table):
        scaled = (table[names].astype(float) - mu) / sigma
        scaled = scaled.replace([np.inf, -np.inf], np.nan).fillna(0.0)
        return pd.concat([scaled, table.drop(columns=names)], axis=1)[list(table.columns)]
    return apply(train), apply(test)
