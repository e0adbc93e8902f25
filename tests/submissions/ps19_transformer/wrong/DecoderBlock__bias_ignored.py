"""use_bias is not handed on to the second attention.

Fails: use_bias=True gives both attentions biases
"""


class DecoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i, use_bias=False):
        super().__init__()
        self.i = i
        self.attention1 = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout, use_bias)
        self.addnorm1 = AddNorm(num_hiddens, dropout)
        self.attention2 = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout)
        self.addnorm2 = AddNorm(num_hiddens, dropout)
        self.ffn = PositionWiseFFN(num_hiddens, ffn_num_hiddens, num_hiddens)
        self.addnorm3 = AddNorm(num_hiddens, dropout)

    def forward(self, X, state):
        enc_outputs, enc_valid_lens, caches = state
        cache = caches[self.i]
        keys = X if cache is None else torch.cat([cache, X], dim=1)
        n, T, _ = X.shape
        seen = torch.arange(keys.shape[1] - T + 1, keys.shape[1] + 1, device=X.device).repeat(n, 1)
        Y = self.addnorm1(X, self.attention1(X, keys, keys, seen))
        Z = self.addnorm2(Y, self.attention2(Y, enc_outputs, enc_outputs, enc_valid_lens))
        caches = [*caches[: self.i], keys, *caches[self.i + 1 :]]
        return self.addnorm3(Z, self.ffn(Z)), [enc_outputs, enc_valid_lens, caches]
