"""A list, stacked in the end; the averages of no values are the values."""


def leaky_average(values, beta, corrected=False):
    rows, y, left = [], torch.zeros_like(values[:1]).squeeze(0) if len(values) else None, 1.0
    for x in values:
        y = y + (1 - beta) * (x - y)
        left = left * beta
        rows.append(y / (1 - left) if corrected else y)
    return torch.stack(rows) if rows else torch.empty_like(values)
