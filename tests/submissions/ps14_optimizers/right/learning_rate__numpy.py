"""NumPy's functions, whose numbers are floats too."""

import numpy as np


def learning_rate(kind, eta0, t, warmup=0, **options):
    if t < warmup:
        return np.linspace(0, eta0, warmup + 1)[t]
    s = np.float64(t - warmup)
    if kind == "constant":
        return np.float64(eta0)
    if kind == "piecewise":
        return eta0 * np.power(float(options["gamma"]), np.searchsorted(options["milestones"], s, side="right"))
    if kind == "exponential":
        return eta0 * np.exp(-options["lam"] * s)
    if kind == "polynomial":
        return eta0 * np.power(options["beta"] * s + 1, -float(options["alpha"]))
    final = options.get("final", 0)
    share = min(s / (options["total"] - warmup), 1.0)
    return final + (eta0 - final) * (1 + np.cos(np.pi * share)) / 2
