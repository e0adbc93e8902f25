"""The softmax runs over the queries.

Fails: equals the formula
Fails: sees the valid keys only, for lengths (n,) and (n, q)
Fails: keeps the weights of the last call, before dropout, in attention_weights
Says: the softmax runs over the queries; it should run over the keys
"""

class AdditiveAttention(nn.Module):
    def __init__(self, query_size, key_size, num_hiddens, dropout=0):
        super().__init__()
        self.W_q = nn.Linear(query_size, num_hiddens, bias=False)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        Q, K = self.W_q(queries), self.W_k(keys)
        features = torch.tanh(Q[:, :, None] + K[:, None])
        scores = self.w_v(features).squeeze(-1)
        self.attention_weights = masked_softmax(scores.transpose(1, 2), valid_lens).transpose(1, 2)
        return self.dropout(self.attention_weights) @ values
