"""The length of the whole sentence.

Fails: valid lengths count all tokens that are there, <eos> too
Says: the length of a sentence that is cut is still the whole one
"""

def build_array_nmt(lines, vocab, num_steps):
    rows = [truncate_pad(vocab[line] + [vocab["<eos>"]], num_steps, vocab["<pad>"]) for line in lines]
    return torch.tensor(rows), torch.tensor([len(line) + 1 for line in lines])
