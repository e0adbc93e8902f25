"""Functional dropout that is told about training, and bmm."""


class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super(DotProductAttention, self).__init__()
        self.p = dropout
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        d = queries.shape[2]
        scores = torch.bmm(queries, keys.permute(0, 2, 1)) / d ** 0.5
        self.attention_weights = masked_softmax(scores, valid_lens)
        A = nn.functional.dropout(self.attention_weights, self.p, self.training)
        return torch.bmm(A, values)
