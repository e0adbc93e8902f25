"""Takes 0 for the number of the padding.

Fails: short sentences end with <eos> and are filled up with <pad>
Says: the padding has the number 0, which is <unk>
"""

def build_array_nmt(lines, vocab, num_steps):
    rows = [truncate_pad(vocab[line] + [vocab["<eos>"]], num_steps, 0) for line in lines]
    return torch.tensor(rows), torch.tensor([min(len(line) + 1, num_steps) for line in lines])
