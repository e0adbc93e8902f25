"""Repeats queries and keys to all pairs; dropout by hand; Xavier weights."""


class AdditiveAttention(nn.Module):
    def __init__(self, query_size, key_size, num_hiddens, dropout=0):
        super().__init__()
        self.dropout_rate = dropout
        self.layers = nn.ModuleDict(
            {"q": nn.Linear(query_size, num_hiddens, bias=False), "k": nn.Linear(key_size, num_hiddens, bias=False), "score": nn.Linear(num_hiddens, 1, bias=False)}
        )
        for layer in self.layers.values():
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, queries, keys, values, valid_lens=None):
        n, q, k = len(queries), queries.shape[1], keys.shape[1]
        Q = self.layers["q"](queries).repeat_interleave(k, dim=1)
        K = self.layers["k"](keys).repeat(1, q, 1)
        scores = self.layers["score"](torch.tanh(Q + K)).reshape(n, q, k)
        self.attention_weights = masked_softmax(scores, valid_lens)
        weights = self.attention_weights
        if self.training and self.dropout_rate > 0:
            weights = weights * (torch.rand_like(weights) >= self.dropout_rate) / (1 - self.dropout_rate)
        return weights @ values
