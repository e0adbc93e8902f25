"""torch inside, floats outside."""


def learning_rate(kind, eta0, t, warmup=0, **options):
    if warmup and t < warmup:
        return eta0 / warmup * t
    s = torch.tensor(t - warmup, dtype=torch.float64)
    if kind == "piecewise":
        return eta0 * options["gamma"] ** int((torch.tensor(options["milestones"]) <= s).sum())
    if kind == "exponential":
        return (eta0 * torch.exp(-options["lam"] * s)).item()
    if kind == "polynomial":
        return (eta0 * (options["beta"] * s + 1) ** (-options["alpha"])).item()
    if kind == "cosine":
        final = options.get("final", 0)
        if t >= options["total"]:
            return float(final)
        return (final + (eta0 - final) / 2 * (1 + torch.cos(torch.pi * s / (options["total"] - warmup)))).item()
    return float(eta0)
