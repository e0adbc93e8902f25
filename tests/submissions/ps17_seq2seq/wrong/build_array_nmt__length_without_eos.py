"""<eos> is not counted.

Fails: valid lengths count all tokens that are there, <eos> too
Says: <eos> is not counted
"""

def build_array_nmt(lines, vocab, num_steps):
    rows = [truncate_pad(vocab[line] + [vocab["<eos>"]], num_steps, vocab["<pad>"]) for line in lines]
    return torch.tensor(rows), torch.tensor([min(len(line), num_steps) for line in lines])
