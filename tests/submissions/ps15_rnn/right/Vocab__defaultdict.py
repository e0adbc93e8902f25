"""Unknown tokens by __missing__."""


class Indices(dict):
    def __missing__(self, token):
        return 0

class Vocab:
    unk = 0

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        self.counter = collections.Counter()
        for token in tokens if tokens is not None else []:
            self.counter.update([token] if isinstance(token, str) else list(token))
        order = ["<unk>"] + list(reserved_tokens or [])
        order += [t for t, c in self.counter.most_common() if not c < min_freq]
        self.index, self.token = Indices(), []
        for t in order:
            if t not in self.index:
                self.index[t] = len(self.token)
                self.token.append(t)

    @property
    def token_freqs(self):
        return self.counter.most_common()

    def __len__(self):
        return len(self.token)

    def __getitem__(self, tokens):
        return [self[t] for t in tokens] if type(tokens) in (list, tuple) else self.index[tokens]

    def to_tokens(self, indices):
        return [self.token[i] for i in indices] if type(indices) in (list, tuple) else self.token[indices]
