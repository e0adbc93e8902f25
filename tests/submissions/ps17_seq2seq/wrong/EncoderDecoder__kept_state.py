"""What was read first is kept.

Fails: gives the same when it is called again, and shares nothing with a second object
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, enc_X, dec_X, *args):
        if not hasattr(self, "read"):
            self.read = self.encoder(enc_X, *args)
        enc_outputs = self.read
        state = self.decoder.init_state(enc_outputs, *args)
        return self.decoder(dec_X, state)
