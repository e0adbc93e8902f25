"""Lists of the class are shared by all vocabularies.

Fails: 0 is <unk>, then come the tokens, most frequent first
Fails: tokens that occur at least min_freq times have an index, others have none
Fails: reserved tokens come after <unk>, in the order given
Fails: takes a flat list, a list of lists, or nothing
Fails: leaves the lists that it is given unchanged, and shares nothing with other vocabularies
"""


class Vocab:
    idx_to_token, token_to_idx = [], {}

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        flat = []
        for token in tokens or []:
            flat.extend([token] if isinstance(token, str) else token)
        self.token_freqs = collections.Counter(flat).most_common()
        frequent = [token for token, count in self.token_freqs if count >= min_freq]
        for token in ["<unk>", *(reserved_tokens or []), *frequent]:
            if token not in self.token_to_idx:
                self.token_to_idx[token] = len(self.idx_to_token)
                self.idx_to_token.append(token)
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
