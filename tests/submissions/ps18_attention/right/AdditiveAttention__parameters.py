"""nn.Parameter the other way round, and a vector."""

class AdditiveAttention(nn.Module):
    def __init__(self, query_size, key_size, num_hiddens, dropout=0):
        super().__init__()
        self.v = nn.Parameter(0.1 * torch.randn(num_hiddens))
        self.A = nn.Parameter(0.1 * torch.randn(query_size, num_hiddens))
        self.B = nn.Parameter(0.1 * torch.randn(key_size, num_hiddens))
        self.drop = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        hidden = (queries @ self.A).unsqueeze(2) + (keys @ self.B).unsqueeze(1)
        self.attention_weights = masked_softmax(hidden.tanh() @ self.v, valid_lens)
        return self.drop(self.attention_weights) @ values
