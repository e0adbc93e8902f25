"""With tensors, prunes what is impossible."""

def exhaustive_search(log_probs, bos, eos, max_len, alpha=0.75):
    prefixes, totals = torch.tensor([[bos]]), torch.zeros(1, dtype=torch.float64)
    best, tokens = -math.inf, []
    for L in range(1, max_len + 1):
        table = totals[:, None] + log_probs(prefixes).double()
        complete = table if L == max_len else table[:, [eos]]
        values = complete / L**alpha
        place = int(values.argmax())
        row, column = divmod(place, values.shape[1])
        if float(values[row, column]) > best:
            best = float(values[row, column])
            last = column if L == max_len else eos
            tokens = prefixes[row, 1:].tolist() + ([] if last == eos else [last])
        rows, columns = torch.where(torch.isfinite(table) & (torch.arange(table.shape[1]) != eos))
        prefixes, totals = torch.cat([prefixes[rows], columns[:, None]], dim=1), table[rows, columns]
        if len(prefixes) == 0:
            break
    return tokens, best
