"""Wraps nn.MultiheadAttention.

Fails: *
"""

class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.W_q = nn.Linear(query_size, num_hiddens, bias=bias)
        self.net = nn.MultiheadAttention(num_hiddens, num_heads, dropout=dropout, bias=bias, kdim=key_size, vdim=value_size, batch_first=True)

    def forward(self, queries, keys, values, valid_lens=None):
        return self.net(self.W_q(queries), keys, values)[0]
