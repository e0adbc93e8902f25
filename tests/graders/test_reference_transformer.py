"""The blocks of ps19 are the library's, its counts are those of its modules, and its decoder reads step by step what it reads at once."""

import pytest
import torch
from torch import nn

from solutions.ps19_transformer import transformer

D, F, H = 8, 12, 2


def filled(net, seed=0):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in net.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator) * 0.4)
    return net.eval()


def copy_attention(mine, library):
    with torch.no_grad():
        library.in_proj_weight.copy_(torch.cat([mine.W_q.weight, mine.W_k.weight, mine.W_v.weight]))
        library.out_proj.weight.copy_(mine.W_o.weight)
        library.in_proj_bias.zero_()
        library.out_proj.bias.zero_()


def copy_network(mine, library):
    library.linear1.load_state_dict(mine.dense1.state_dict())
    library.linear2.load_state_dict(mine.dense2.state_dict())


@pytest.fixture
def X():
    return torch.randn(3, 5, D, generator=torch.Generator().manual_seed(7))


def test_an_encoder_block_is_the_library_s(X):
    mine, library = filled(transformer.EncoderBlock(D, F, H)), nn.TransformerEncoderLayer(D, H, F, 0.0, batch_first=True)
    copy_attention(mine.attention, library.self_attn)
    copy_network(mine.ffn, library)
    library.norm1.load_state_dict(mine.addnorm1.ln.state_dict())
    library.norm2.load_state_dict(mine.addnorm2.ln.state_dict())
    lens = torch.tensor([5, 2, 3])
    hidden = torch.arange(5) >= lens[:, None]
    torch.testing.assert_close(mine(X, lens), library(X, src_key_padding_mask=hidden), rtol=1e-4, atol=1e-5)


def test_a_pre_norm_block_is_the_library_s_with_a_causal_mask(X):
    mine, library = filled(transformer.PreNormBlock(D, F, H)), nn.TransformerEncoderLayer(D, H, F, 0.0, batch_first=True, norm_first=True)
    copy_attention(mine.attention, library.self_attn)
    copy_network(mine.ffn, library)
    library.norm1.load_state_dict(mine.norm1.state_dict())
    library.norm2.load_state_dict(mine.norm2.state_dict())
    torch.testing.assert_close(mine(X), library(X, nn.Transformer.generate_square_subsequent_mask(5), is_causal=True), rtol=1e-4, atol=1e-5)


def test_a_decoder_block_is_the_library_s(X):
    mine, library = filled(transformer.DecoderBlock(D, F, H, 0.0, 0)), nn.TransformerDecoderLayer(D, H, F, 0.0, batch_first=True)
    copy_attention(mine.attention1, library.self_attn)
    copy_attention(mine.attention2, library.multihead_attn)
    copy_network(mine.ffn, library)
    for norm, addnorm in zip((library.norm1, library.norm2, library.norm3), (mine.addnorm1, mine.addnorm2, mine.addnorm3), strict=True):
        norm.load_state_dict(addnorm.ln.state_dict())
    source, lens = torch.randn(3, 4, D, generator=torch.Generator().manual_seed(8)), torch.tensor([4, 1, 2])
    right = library(X, source, nn.Transformer.generate_square_subsequent_mask(5), memory_key_padding_mask=torch.arange(4) >= lens[:, None])
    torch.testing.assert_close(mine(X, [source, lens, [None]])[0], right, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cuts", [[1] * 6, [2, 4], [3, 1, 2]])
def test_a_decoder_reads_in_pieces_what_it_reads_at_once(cuts):
    net, tokens = filled(transformer.TransformerDecoder(9, D, F, H, 3)), torch.randint(9, (2, 6), generator=torch.Generator().manual_seed(1))
    source = torch.randn(2, 4, D, generator=torch.Generator().manual_seed(8))
    whole, _ = net(tokens, net.init_state(source))
    state, scores = net.init_state(source), []
    for piece in tokens.split(cuts, 1):
        result, state = net(piece, state)
        scores.append(result)
    torch.testing.assert_close(torch.cat(scores, 1), whole, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("sizes", [(5, 7, 4, 6, 2), (11, 3, 6, 5, 3)])
def test_parameters_are_counted_as_the_modules_have_them(sizes):
    v_s, v_t, d, f, L = sizes
    encoder, decoder = transformer.TransformerEncoder(v_s, d, f, 2, L), transformer.TransformerDecoder(v_t, d, f, 2, L)
    assert transformer.count_parameters(*sizes) == tuple(sum(p.numel() for p in net.parameters()) for net in (encoder, decoder))
