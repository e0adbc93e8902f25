"""Keeps the last tokens.

Fails: a long sentence is cut: its first tokens stay, and <eos> is lost
Says: of a long sentence the last tokens stay
"""

def build_array_nmt(lines, vocab, num_steps):
    rows = [truncate_pad((vocab[line] + [vocab["<eos>"]])[-num_steps:], num_steps, vocab["<pad>"]) for line in lines]
    return torch.tensor(rows), torch.tensor([min(len(line) + 1, num_steps) for line in lines])
