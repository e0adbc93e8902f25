"""A loop without a graph, and one recorded step at the end."""


def heron_sqrt(a):
    with torch.no_grad():
        x = a.clone()
        for _ in range(60):
            x = 0.5 * (x + a / x)
    return (x + a / x) / 2
