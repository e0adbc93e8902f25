"""max_len is not kept.

Fails: keeps max_len as an attribute
"""


class TinyGPT(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, max_len, dropout=0):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.position_embedding = nn.Embedding(max_len, num_hiddens)
        self.blocks = nn.ModuleList(PreNormBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout) for _ in range(num_layers))
        self.norm = nn.LayerNorm(num_hiddens)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def forward(self, tokens):
        X = self.token_embedding(tokens) + self.position_embedding(torch.arange(tokens.shape[1], device=tokens.device))
        for block in self.blocks:
            X = block(X)
        return self.dense(self.norm(X))
