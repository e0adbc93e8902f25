"""Reserved tokens are sorted.

Fails: reserved tokens come after <unk>, in the order given
"""


class Vocab:
    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        flat = []
        for token in tokens or []:
            flat.extend([token] if isinstance(token, str) else token)
        self.token_freqs = collections.Counter(flat).most_common()
        frequent = [token for token, count in self.token_freqs if count >= min_freq]
        self.idx_to_token = list(dict.fromkeys(["<unk>", *sorted(reserved_tokens or []), *frequent]))
        self.token_to_idx = {token: index for index, token in enumerate(self.idx_to_token)}
        self.unk = 0

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens, self.unk)

    def to_tokens(self, indices):
        if isinstance(indices, (list, tuple)):
            return [self.to_tokens(index) for index in indices]
        return self.idx_to_token[indices]
