"""Fills a tensor, line by line."""

def build_array_nmt(lines, vocab, num_steps):
    array = torch.full((len(lines), num_steps), vocab["<pad>"])
    valid_len = torch.zeros(len(lines), dtype=torch.int32)
    for i, line in enumerate(lines):
        tokens = (list(line) + ["<eos>"])[:num_steps]
        array[i, : len(tokens)] = torch.tensor(vocab[tokens])
        valid_len[i] = len(tokens)
    return array, valid_len
