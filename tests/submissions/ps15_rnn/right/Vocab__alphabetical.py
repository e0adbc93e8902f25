"""Equal counts in the order of the alphabet, counted by hand."""


class Vocab:
    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        counts = {}
        for entry in tokens or ():
            for token in (entry,) if isinstance(entry, str) else entry:
                counts[token] = counts.get(token, 0) + 1
        self.token_freqs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        self.tokens = ["<unk>"]
        for token in reserved_tokens or ():
            if token not in self.tokens:
                self.tokens.append(token)
        self.tokens += [t for t, n in self.token_freqs if n >= min_freq and t not in self.tokens]
        self.places = dict(zip(self.tokens, range(len(self.tokens))))
        self.unk = 0

    def __len__(self):
        return len(self.tokens)

    def __getitem__(self, tokens):
        if isinstance(tokens, str):
            return self.places[tokens] if tokens in self.places else 0
        return list(map(self.__getitem__, tokens))

    def to_tokens(self, indices):
        if isinstance(indices, int):
            return self.tokens[indices]
        return list(map(self.to_tokens, indices))
