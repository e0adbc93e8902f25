"""Appends <eos> to the sentences themselves.

Fails: leaves the sentences as they were
Says: the sentences were changed by the call
"""

def build_array_nmt(lines, vocab, num_steps):
    lengths = [min(len(line) + 1, num_steps) for line in lines]
    for line in lines:
        line.append("<eos>")
    rows = [truncate_pad(vocab[line], num_steps, vocab["<pad>"]) for line in lines]
    return torch.tensor(rows), torch.tensor(lengths)
