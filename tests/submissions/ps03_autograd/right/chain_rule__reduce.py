"""functools.reduce over pairs of product and cost."""


from functools import reduce


def chain_rule(jacobians, mode):
    def times(left, right):
        (A, a), (B, b) = left, right
        return A @ B, a + b + A.numel() * B.shape[1]

    links = [(J, 0) for J in jacobians]
    if mode == "forward":
        return reduce(lambda done, link: times(link, done), links)
    return reduce(times, reversed(links))
