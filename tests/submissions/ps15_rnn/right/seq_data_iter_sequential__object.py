"""A class with __iter__, and places for an index."""


class seq_data_iter_sequential:
    def __init__(self, corpus, batch_size, num_steps, generator=None):
        offset = int(torch.multinomial(torch.ones(num_steps), 1, generator=generator))
        self.length = (len(corpus) - offset - 1) // batch_size
        self.tokens, self.batch_size, self.num_steps = corpus[offset:], batch_size, num_steps

    def __iter__(self):
        tokens = torch.LongTensor(self.tokens)
        for i in range(0, self.length // self.num_steps * self.num_steps, self.num_steps):
            places = torch.arange(self.batch_size)[:, None] * self.length + i + torch.arange(self.num_steps)
            yield tokens[places], tokens[places + 1]
