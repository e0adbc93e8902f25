"""Takes 1 for the number of the padding.

Fails: numbers are those of the vocabulary, of unknown words too
Says: the padding has the number 1, whatever the vocabulary says
"""

def build_array_nmt(lines, vocab, num_steps):
    rows = [truncate_pad(vocab[line] + [vocab["<eos>"]], num_steps, 1) for line in lines]
    return torch.tensor(rows), torch.tensor([min(len(line) + 1, num_steps) for line in lines])
