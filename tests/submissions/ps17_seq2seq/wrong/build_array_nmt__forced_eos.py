"""<eos> is forced into a sentence that is cut.

Fails: a long sentence is cut: its first tokens stay, and <eos> is lost
Says: <eos> is put at the end of a sentence that is cut
"""

def build_array_nmt(lines, vocab, num_steps):
    rows = [truncate_pad(vocab[line][: num_steps - 1] + [vocab["<eos>"]], num_steps, vocab["<pad>"]) for line in lines]
    return torch.tensor(rows), torch.tensor([min(len(line) + 1, num_steps) for line in lines])
