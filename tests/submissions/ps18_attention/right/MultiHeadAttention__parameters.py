"""Plain parameters, einsum, lengths by unsqueeze and expand."""

class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.num_heads = num_heads
        sizes = {"q": query_size, "k": key_size, "v": value_size, "o": num_hiddens}
        self.W = nn.ParameterDict({name: torch.randn(size, num_hiddens) * size**-0.5 for name, size in sizes.items()})
        self.b = nn.ParameterDict({name: torch.zeros(num_hiddens) for name in sizes}) if bias else None
        self.attention = DotProductAttention(dropout)

    def project(self, name, X):
        Y = torch.einsum("nti,io->nto", X, self.W[name])
        return Y if self.b is None else Y + self.b[name]

    def forward(self, queries, keys, values, valid_lens=None):
        if valid_lens is not None:
            valid_lens = valid_lens.unsqueeze(1).expand(-1, self.num_heads, *valid_lens.shape[1:]).flatten(0, 1)
        heads = [transpose_qkv(self.project(name, X), self.num_heads) for name, X in zip("qkv", (queries, keys, values))]
        return self.project("o", transpose_output(self.attention(*heads, valid_lens), self.num_heads))
