"""The function form with out=."""

def add_in_place(X, Y):
    torch.add(X, Y, out=X)
    return X
