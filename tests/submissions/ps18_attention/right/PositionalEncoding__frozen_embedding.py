"""A frozen embedding holds the table: parameters, but none that is trained."""


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        table = torch.zeros(max_len, num_hiddens)
        position = torch.arange(max_len, dtype=torch.float).unsqueeze(1)
        div = torch.exp(torch.arange(0, num_hiddens, 2).float() * -(math.log(10000.0) / num_hiddens))
        table[:, 0::2] = torch.sin(position * div)
        table[:, 1::2] = torch.cos(position * div[: num_hiddens // 2])
        self.embedding = nn.Embedding.from_pretrained(table, freeze=True)

    def forward(self, X):
        steps = torch.arange(X.shape[1], device=X.device)
        return X + self.embedding(steps).to(X.dtype)
