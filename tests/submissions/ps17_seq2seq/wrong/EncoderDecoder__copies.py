"""Copies of the parts.

Fails: keeps the parts as encoder and decoder
Says: is not the encoder that it was made with
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        from copy import deepcopy

        super().__init__()
        self.encoder = deepcopy(encoder)
        self.decoder = deepcopy(decoder)

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self.encoder(enc_X, *args)
        state = self.decoder.init_state(enc_outputs, *args)
        return self.decoder(dec_X, state)
