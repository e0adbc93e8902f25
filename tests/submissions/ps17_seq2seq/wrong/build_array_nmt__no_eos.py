"""<eos> is forgotten.

Fails: short sentences end with <eos> and are filled up with <pad>
Says: <eos> is not appended
"""

def build_array_nmt(lines, vocab, num_steps):
    rows = [truncate_pad(vocab[line], num_steps, vocab["<pad>"]) for line in lines]
    return torch.tensor(rows), torch.tensor([min(len(line) + 1, num_steps) for line in lines])
