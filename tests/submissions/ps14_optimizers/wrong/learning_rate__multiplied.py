"""Warm-up times schedule.

Fails: the rate climbs from 0 to eta0 in `warmup` steps, of every kind
Fails: the schedule begins after the warm-up
"""


def learning_rate(kind, eta0, t, warmup=0, **options):
    eta0, s = eta0 * (min(1, t / warmup) if warmup else 1), t
    if kind == "piecewise":
        return eta0 * options["gamma"] ** sum(milestone <= s for milestone in options["milestones"])
    if kind == "exponential":
        return eta0 * math.exp(-options["lam"] * s)
    if kind == "polynomial":
        return eta0 * (options["beta"] * s + 1) ** -options["alpha"]
    if kind == "cosine":
        total, final = options["total"], options.get("final", 0.0)
        return final + (eta0 - final) * (1 + math.cos(math.pi * s / total)) / 2 if t < total else float(final)
    return float(eta0)
