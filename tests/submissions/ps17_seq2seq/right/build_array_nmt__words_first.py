"""Pads words, and looks them up afterwards."""

def build_array_nmt(lines, vocab, num_steps):
    padded = [truncate_pad(line + ["<eos>"], num_steps, "<pad>") for line in lines]
    valid_len = [min(len(line) + 1, num_steps) for line in lines]
    return [torch.LongTensor([vocab[token] for token in line]) for line in padded] and torch.stack([torch.LongTensor(vocab[line]) for line in padded]), torch.tensor(valid_len)
