"""A loop over the queries."""


class AdditiveAttention(nn.Module):
    def __init__(self, query_size, key_size, num_hiddens, dropout=0):
        super().__init__()
        self.Wv = nn.Linear(num_hiddens, 1, bias=False)
        self.Wk = nn.Linear(key_size, num_hiddens, bias=False)
        self.Wq = nn.Linear(query_size, num_hiddens, bias=False)
        self.drop = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        q = self.Wq(queries)
        scores = []
        for i in range(q.shape[1]):  # a loop over queries
            f = torch.tanh(q[:, i : i + 1] + self.Wk(keys))
            scores.append(self.Wv(f)[..., 0])
        scores = torch.stack(scores, dim=1)
        self.attention_weights = masked_softmax(scores, valid_lens)
        return torch.bmm(self.drop(self.attention_weights), values)
