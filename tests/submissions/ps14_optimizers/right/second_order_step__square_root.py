"""|H| is the square root of H @ H; least squares for Newton."""


def second_order_step(g, H, method="newton"):
    if method == "newton":
        return -torch.linalg.lstsq(H, g[:, None]).solution[:, 0]
    if method == "diagonal":
        return torch.diag(1 / torch.diag(H)) @ -g
    squares, Q = torch.linalg.eigh(H @ H)
    return -(Q * squares.rsqrt()) @ Q.T @ g
