"""match, and NumPy."""

import numpy as np


def learning_rate(kind, eta0, t, warmup=0, **options):
    if t < warmup:
        return float(np.linspace(0, eta0, warmup + 1)[t])
    s = t - warmup
    match kind:
        case "piecewise":
            return float(eta0 * options["gamma"] ** np.searchsorted(sorted(options["milestones"]), s, side="right"))
        case "exponential":
            return float(eta0 * np.exp(-options["lam"] * s))
        case "polynomial":
            return float(eta0 / np.power(options["beta"] * s + 1, options["alpha"]))
        case "cosine":
            final, total = options.get("final", 0), options["total"]
            share = min(1.0, s / (total - warmup)) if total > warmup else 1.0
            return float(final + 0.5 * (eta0 - final) * (1 + np.cos(np.pi * share)))
    return float(eta0)
