"""One layer, then the rest of the network."""

def mlp_forward(X, params):
    W, b, *rest = params
    Z = X @ W + b
    return mlp_forward(Z.clamp(min=0), rest) if rest else Z
