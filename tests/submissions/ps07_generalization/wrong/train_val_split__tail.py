"""The last rows validate, whatever the generator says.

Fails: the rows are chosen at random, each with the same chance
Fails: all chance comes from the generator: the same state, the same split
"""

def train_val_split(X, y, val_share, generator):
    n_val = round(val_share * len(X))
    return X[:-n_val], y[:-n_val], X[-n_val:], y[-n_val:]
