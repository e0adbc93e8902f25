"""A dict of functions."""


def learning_rate(kind, eta0, t, warmup=0, **options):
    def piecewise(s, milestones, gamma):
        rate = eta0
        for milestone in milestones:
            if s >= milestone:
                rate *= gamma
        return rate

    def cosine(s, total, final=0):
        if t >= total:
            return final
        return final + (eta0 - final) * math.cos(math.pi * s / (total - warmup) / 2) ** 2

    kinds = {
        "constant": lambda s: eta0,
        "piecewise": piecewise,
        "exponential": lambda s, lam: eta0 * math.e ** (-lam * s),
        "polynomial": lambda s, beta, alpha: eta0 / (beta * s + 1) ** alpha,
        "cosine": cosine,
    }
    return eta0 * (t / warmup) if t < warmup else 1.0 * kinds[kind](t - warmup, **options)
