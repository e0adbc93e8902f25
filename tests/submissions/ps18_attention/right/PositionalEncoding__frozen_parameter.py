"""The exponent through exp and log; P as a parameter that is not trained."""


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        pe = torch.zeros(max_len, num_hiddens)
        position = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, num_hiddens, 2).float() * (-math.log(10000.0) / num_hiddens))
        pe[:, 0::2] = torch.sin(position * div_term)
        if num_hiddens % 2 == 1:
            div_term = div_term[:-1]
        pe[:, 1::2] = torch.cos(position * div_term)
        self.pe = nn.Parameter(pe.unsqueeze(0), requires_grad=False)

    def forward(self, X):
        return X + self.pe[:, : X.size(1)].type_as(X)
