"""Diagonal matrices, as in the formula, gathered first and multiplied afterwards."""


def jacobian_product(Ws, x, sigma, sigma_grad):
    factors = []
    h = x
    for W in Ws:
        z = W.mv(h)
        factors.append(torch.diag(sigma_grad(z)).mm(W))
        h = sigma(z)
    product = torch.eye(x.shape[0]).to(x)
    for factor in factors:
        product = factor.mm(product)
    return product
