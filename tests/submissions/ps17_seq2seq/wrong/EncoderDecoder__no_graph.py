"""Under no_grad.

Fails: gradients are right, for inputs and weights
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, enc_X, dec_X, *args):
        with torch.no_grad():
            enc_outputs = self.encoder(enc_X, *args)
        state = self.decoder.init_state(enc_outputs, *args)
        return self.decoder(dec_X, state)
