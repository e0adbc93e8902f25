"""Hidden grader of ps17_seq2seq."""

import math
from collections import Counter
from operator import itemgetter
from types import SimpleNamespace

import torch
from torch.nn import functional

from autograder import Finding, as_number, assert_close, assert_program_left, assert_shape, case, criterion, exercise, expect, goal, layer
from autograder.vocabulary.slip import alike
from solutions.ps17_seq2seq import seq2seq as reference

ROUNDING = {"rtol": 1e-4, "atol": 5e-5}  # float32 sums in any order
EXACT = {"rtol": 0.0, "atol": 0.0}


# Sentences as arrays --------------------------------------------------------------------------------------------------


def cut_or_filled(line, num_steps, padding_token, front=False, last=False):
    padding = [padding_token] * (num_steps - len(line))
    kept = line[max(0, len(line) - num_steps) :] if last else line[:num_steps]
    return padding + kept if front else kept + padding


truncate_pad = case(
    reference.truncate_pad, lambda draw, length=3, num_steps=5: (draw.integers(4, 600, length).tolist(), num_steps, int(draw.integers(0, 4))),
    slips={
        "the padding stands in front; it belongs at the end": lambda *given: cut_or_filled(*given, front=True),
        "the last tokens stay; it should be the first": lambda *given: cut_or_filled(*given, last=True),
        "a short line is not filled up": lambda line, num_steps, _: line[:num_steps],
        "a long line is not cut": lambda line, num_steps, padding: line + [padding] * (num_steps - len(line)),
    },
)  # fmt: skip
WORDS = ["seven", "hundred", "and", "two"]


@exercise("truncate_pad")
class TestTruncatePad:
    test_short = truncate_pad.agrees(
        "a short line is filled up at its end", 2, "line + [padding_token] * (num_steps - len(line))", [(1, 2), (3, 5), (2, 9), (0, 3)]
    )
    test_long = truncate_pad.agrees("of a long line the first tokens stay", 2, "line[:num_steps]", [(4, 3), (7, 2), (9, 8)])
    test_edges = truncate_pad.agrees(
        "a line of num_steps tokens stays, num_steps = 0 leaves nothing, and words are tokens too", hint="a slice and a product of lists do all cases",
        arguments=lambda draw: {
            "truncate_pad of 3 tokens to 3": ([7, 4, 8], 3, 1), "truncate_pad of 3 tokens to 0": ([7, 4, 8], 0, 1),
            "truncate_pad of no tokens to 0": ([], 0, 1),
            "truncate_pad of words": (WORDS, 6, "<pad>"), "truncate_pad of words that are cut": (WORDS, 2, "<pad>"),
            "truncate_pad of tokens like the padding": ([1, 5, 1], 4, 1),
        },
    )  # fmt: skip

    @criterion("gives a new list, and leaves the line as it was", weight=2, hint="append, extend and += write into the caller's list; a + b is a new one")
    def test_new(self, student, draw):
        drawn = truncate_pad.drawn(draw, [(2, 5), (6, 3), (4, 4)])
        seen = student.run(called_on_a_list, cases=drawn)
        truncate_pad.compare([(arguments, result) for arguments, (result, _, _) in zip(drawn, seen, strict=True)], follows=True)
        for (line, *_), (result, after, same) in zip(drawn, seen, strict=True):
            expect(isinstance(result, list), f"what comes back is a {type(result).__name__}; a list was expected", "wrong type")
            expect(after == line, "the line was changed by the call; it should be left as it was")
            expect(not same, "what comes back is the caller's own list; it should be a new one")

    test_again = truncate_pad.again(sizes=((3, 5), (3, 5), (6, 2)))


def called_on_a_list(student, cases):
    found = []
    for line, num_steps, padding_token in cases:
        result = student.truncate_pad(line, num_steps, padding_token)
        found.append([result, list(line), result is line])
    return found


ORDERS = [["<pad>", "<bos>", "<eos>"], ["<eos>", "<bos>", "<pad>"], ["<bos>", "<x>", "<pad>", "<eos>"]]


def sentences(draw, lengths=(2, 4, 1), num_steps=5, order=0, unknown=False):
    """Sentences of these lengths, the words and reserved tokens of a vocabulary, and num_steps."""
    words = [f"w{i}" for i in range(6)]
    known = [words[i] for i in draw.permutation(6).tolist()]
    lines = [[known[i] for i in draw.integers(0, 6, length).tolist()] for length in lengths]
    if unknown:
        lines = [[word if i % 2 else "nobody" for i, word in enumerate(line)] for line in lines]
    return lines, words, ORDERS[order], num_steps


def rows_of(lines, words, reserved, num_steps, pad=None, end=True, start=False, forced=False, **how):
    """The array, or with a slip in it."""
    vocab = reference.Vocab(words, reserved_tokens=reserved)
    eos, rows = vocab["<eos>"], []
    for line in lines:
        tokens = [vocab["<bos>"]] * start + vocab[line] + [eos] * end
        rows.append(cut_or_filled(tokens, num_steps, vocab["<pad>"] if pad is None else pad, **how))
        if forced:
            rows[-1][-1] = rows[-1][-1] if len(line) < num_steps else eos
    return torch.tensor(rows)


def lengths_of(lines, words, reserved, num_steps, more=1):
    return torch.tensor([min(len(line) + more, num_steps) for line in lines])


array = case(
    rows_of, sentences, name="build_array_nmt", part="the array", said=("num_steps",),
    slips={
        "<eos> is not appended": lambda *given: rows_of(*given, end=False),
        "<eos> is put at the end of a sentence that is cut; it is simply lost there": lambda *given: rows_of(*given, forced=True),
        "the padding has the number 0, which is <unk>": lambda *given: rows_of(*given, pad=0),
        "the padding has the number 1, whatever the vocabulary says": lambda *given: rows_of(*given, pad=1),
        "the padding is <eos>; it is <pad>": lambda lines, words, reserved, num_steps: rows_of(
            lines, words, reserved, num_steps, pad=reference.Vocab(words, reserved_tokens=reserved)["<eos>"]
        ),
        "the padding stands in front; it belongs at the end": lambda *given: rows_of(*given, front=True),
        "of a long sentence the last tokens stay; it should be the first": lambda *given: rows_of(*given, last=True),
        "<bos> stands in front of every sentence": lambda *given: rows_of(*given, start=True),
    },
)  # fmt: skip
valid_lengths = case(
    lengths_of, sentences, name="build_array_nmt", part="the valid lengths", said=("num_steps",), check_dtype=False,
    slips={
        "<eos> is not counted": lambda *given: lengths_of(*given, more=0),
        "the length of a sentence that is cut is still the whole one": lambda lines, *_: torch.tensor([len(line) + 1 for line in lines]),
        "the entries that are not 0 are counted; unknown words are tokens too": lambda *given: (rows_of(*given) != 0).sum(1),
        "all sentences have the length num_steps": lambda lines, words, reserved, num_steps: torch.full((len(lines),), num_steps),
    },
)  # fmt: skip


@exercise("build_array_nmt", parts=[reference.truncate_pad])
class TestBuildArrayNmt:
    def built(self, student, drawn):
        """What comes back for each: (array, valid lengths, the sentences after the call, what of the program is another)."""
        seen = student.run(called_with_a_vocab, cases=drawn)
        for result, *_ in seen:
            expect(
                isinstance(result, list | tuple) and len(result) == 2,
                "build_array_nmt should return two things: the array, and the valid lengths",
                "wrong type",
            )
        return [(*result, *more) for result, *more in seen]

    def assert_array(self, student, drawn, follows=False):
        array.compare([(arguments, one[0]) for arguments, one in zip(drawn, self.built(student, drawn), strict=True)], follows=follows)

    @criterion(
        "short sentences end with <eos> and are filled up with <pad>", weight=2, hint='truncate_pad(vocab[line] + [vocab["<eos>"]], num_steps, vocab["<pad>"])'
    )
    def test_short(self, student, draw):
        self.assert_array(student, array.drawn(draw, [((2,), 4), ((2, 4, 1), 6), ((0, 3), 4), ((1, 1, 2, 3, 1), 5)]))

    @criterion("a long sentence is cut: its first tokens stay, and <eos> is lost", weight=2, hint="append <eos> first, then cut; put nothing back")
    def test_long(self, student, draw):
        self.assert_array(student, array.drawn(draw, [((5,), 4), ((7, 6), 3), ((4, 4, 9), 4)]))

    @criterion(
        "valid lengths count all tokens that are there, <eos> too", weight=2,
        hint="min(len(line) + 1, num_steps), or count what is not <pad>, whatever its number is",
    )  # fmt: skip
    def test_lengths(self, student, draw):
        drawn = [*valid_lengths.drawn(draw, [((2,), 4), ((3, 0, 7, 4), 5), ((6, 6, 1), 3)]), *(sentences(draw, (3, 5), 4, order, True) for order in (0, 1, 2))]
        seen = self.built(student, drawn)
        for _, lengths, *_ in seen:
            whole = isinstance(lengths, torch.Tensor) and not (lengths.is_floating_point() or lengths.dtype == torch.bool)
            expect(whole, "the valid lengths should be a tensor of whole numbers", "wrong type")
        valid_lengths.compare([(arguments, one[1].long()) for arguments, one in zip(drawn, seen, strict=True)])

    @criterion("numbers are those of the vocabulary, of unknown words too", hint='vocab["<pad>"], vocab["<eos>"]: ask the vocabulary, assume nothing')
    def test_numbers(self, student, draw):
        self.assert_array(student, [sentences(draw, (3, 0, 6), 5, order, unknown) for order in (1, 2) for unknown in (False, True)])

    @criterion("leaves the sentences as they were", hint="line.append writes into the caller's list; line + [...] makes a new one")
    def test_unchanged(self, student, draw):
        drawn = array.drawn(draw, [((2, 4), 3), ((1, 3), 6)])
        seen = self.built(student, drawn)
        expect(all(after == arguments[0] for arguments, (_, _, after, _) in zip(drawn, seen, strict=True)), "the sentences were changed by the call")
        array.compare([(arguments, one[0]) for arguments, one in zip(drawn, seen, strict=True)], follows=True)

    @criterion("gives the same when it is called again, and leaves the program as it was", hint="keep nothing from one call for the next")
    def test_again(self, student, draw):
        first, other, more = array.drawn(draw, [((2, 4), 5), ((2, 4), 5), ((1, 3, 2), 4)])
        seen = self.built(student, [first, other, more, first])
        expect(not any(changed for *_, changed in seen), "after a call of build_array_nmt autograd is off, or the default dtype is another")
        pairs = [(arguments, one[0]) for arguments, one in zip((first, other, more, first), seen, strict=True)]
        array.compare(pairs[:1], follows=True)
        array.compare(pairs[1:], ["the array at a later call"] * 3)


def called_with_a_vocab(student, cases):
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    found = []
    for lines, words, reserved, num_steps in cases:
        result = student.build_array_nmt(lines, student.Vocab(words, reserved_tokens=reserved), num_steps)
        changed = not torch.is_grad_enabled() or torch.get_default_dtype() != torch.float32
        found.append([result, lines, changed])
    return found


# The architecture -----------------------------------------------------------------------------------------------------


def put_assembled(student):
    """Networks of an encoder and a decoder that anybody can follow, in the student's EncoderDecoder."""
    import torch

    EncoderDecoder = student.EncoderDecoder

    class Reads(torch.nn.Module):
        def __init__(self, d):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.rand(d))

        def forward(self, X, *args):
            if any(isinstance(one, tuple) for one in args):
                raise TypeError("the encoder gets the further arguments as one tuple; it should get them one by one, *args")
            return X * self.scale + sum((place + 2) * one[:, None] for place, one in enumerate(args))

    class Writes(torch.nn.Module):
        def __init__(self, d):
            super().__init__()
            self.shift, self.weight = torch.nn.Parameter(torch.rand(1, d)), torch.nn.Parameter(torch.rand(d + 1, d))

        def init_state(self, enc_outputs, *args):
            return torch.tanh(enc_outputs) + self.shift + sum((1.5 - place) * one[:, None] for place, one in enumerate(args))

        def forward(self, X, state):
            return (X @ self.weight) * state, state + 1

    class Assembled(torch.nn.Module):
        def __init__(self, d):
            super().__init__()
            self.net = EncoderDecoder(Reads(d), Writes(d))

        def forward(self, enc_X, dec_X, *args):
            return self.net(enc_X, dec_X, *args)

    student.Assembled = Assembled
    return "Assembled"


REFERENCES = SimpleNamespace(EncoderDecoder=reference.EncoderDecoder, Seq2SeqDecoder=reference.Seq2SeqDecoder)
put_assembled(REFERENCES)


def assembled(net, enc_X, dec_X, *args, to_encoder=slice(None), to_state=slice(None), unread=False):
    encoder, decoder = net.net.encoder, net.net.decoder
    read = enc_X if unread else encoder(enc_X, *args[to_encoder])
    return decoder(dec_X, decoder.init_state(read, *args[to_state]))


NOTHING, FIRST = slice(0), slice(1)


def to_translate(draw, n=3, d=4, more=1):
    return (d,), (draw.normal(n, d), draw.normal(n, d + 1), *(draw.uniform(n, low=0.5, high=2) for _ in range(more)))


architecture = layer(
    REFERENCES.Assembled, to_translate,
    sizes=[(2, 3, 1), (1, 5, 1), (4, 2, 1)], name="EncoderDecoder", wrapped=put_assembled, gives=("the logits", "the state"),
    slips={
        "the decoder's state is made from the input; it is made from what the encoder returns": lambda *given: assembled(*given, unread=True),
        "init_state does not get the further arguments": lambda *given: assembled(*given, to_state=NOTHING),
        "the encoder does not get the further arguments": lambda *given: assembled(*given, to_encoder=NOTHING),
        "neither encoder nor init_state gets the further arguments": lambda *given: assembled(*given, to_encoder=NOTHING, to_state=NOTHING),
        "only the first of the further arguments is handed on": lambda *given: assembled(*given, to_encoder=FIRST, to_state=FIRST),
        "only the first thing that the decoder returns is given back": lambda *given: assembled(*given)[0],
    },
)  # fmt: skip


def put_together(student):
    """Of a network: what its attributes are, and whether calls see the modes."""
    import torch

    encoder, decoder = torch.nn.Linear(2, 3), torch.nn.Linear(3, 2)
    net = student.EncoderDecoder(encoder, decoder)
    net.eval()
    return [getattr(net, "encoder", None) is encoder, getattr(net, "decoder", None) is decoder, encoder.training or decoder.training]


@exercise("EncoderDecoder")
class TestEncoderDecoder:
    test_values = architecture.agrees(
        "the decoder reads from the state that it makes of what the encoder has read",
        3,
        "encoder, then decoder.init_state, then decoder",
        [(2, 3, 0), (1, 5, 0), (4, 2, 0)],
    )
    test_arguments = architecture.agrees(
        "hands all further arguments to the encoder and to init_state", 3, "self.encoder(enc_X, *args), self.decoder.init_state(enc_outputs, *args)",
        [(2, 3, 1), (3, 2, 2), (1, 4, 3)], follows=False,
    )  # fmt: skip
    test_parameters = architecture.registers(
        "knows the parameters of both parts", hint="super().__init__(), then self.encoder = encoder, self.decoder = decoder"
    )

    @criterion("keeps the parts as encoder and decoder", hint="self.encoder = encoder, self.decoder = decoder: the same objects, no copies")
    def test_attributes(self, student):
        encoder, decoder, training = student.run(put_together)
        for name, same in (("encoder", encoder), ("decoder", decoder)):
            expect(same, f"net.{name} is not the {name} that it was made with")
        expect(not training, "net.eval() does not reach its parts: are they kept in a list?")

    test_gradients = architecture.gradients(sizes=[(3, 4, 1)])
    test_dtype = architecture.keeps_dtype()
    test_unchanged = architecture.leaves_inputs()
    test_again = architecture.again(later=(5, 4, 1))


# Encoder and decoder --------------------------------------------------------------------------------------------------


def recurrent_weight(draw, name, shape):
    return draw.normal(*shape, scale=0.5 if len(shape) < 2 else 1.2 if "embedding" in name else 1.5 / shape[1] ** 0.5)


def packed(net, X, lengths=None, *_):
    """The state behind the last valid token."""
    if lengths is None:
        return None
    outputs, _ = net.rnn(net.embedding(X.T))
    states = [net.rnn(net.embedding(one[:length]))[1] for one, length in zip(X, lengths.tolist(), strict=True)]
    return outputs, torch.stack(states, 1)


def tokens_to_read(draw, n=3, T=5, v=7, e=4, h=6, L=2, more=1):
    return (v, e, h, L), (draw.integers(0, v, n, T), *(draw.lengths(T, n) for _ in range(more)))


plain_encoder = layer(
    reference.Seq2SeqEncoder, tokens_to_read, sizes=[(2, 4, 6, 3, 5, 2), (1, 3, 5, 4, 2, 1), (4, 2, 9, 5, 3, 3), (3, 3, 4, 3, 4, 2)],
    gives=("outputs", "the state"), weight=recurrent_weight,
    slips={
        "the batch is taken for time: nn.GRU reads its input time first": lambda net, X, *_: net.rnn(net.embedding(X)),
        "X is reshaped to (T, n); it should be transposed": lambda net, X, *_: net.rnn(net.embedding(X.reshape(X.shape[1], X.shape[0]))),
        "outputs come batch first; they should be (T, n, h)": lambda net, *X: (net(*X)[0].transpose(0, 1), net(*X)[1]),
        "the state is that of the top layer alone; it should be (L, n, h)": (
            lambda net, *X: (net(*X)[0], net(*X)[1][-1]), lambda net, *X: (net(*X)[0], net(*X)[1][-1:]),
        ),
        "state and outputs are exchanged": lambda net, *X: net(*X)[::-1],
        "only outputs are returned": lambda net, *X: net(*X)[0],
        "the sentences are read from right to left": lambda net, X, *_: net(X.flip(1)),
        "the lengths are used; the GRU should run over the padding": packed,
    },
)  # fmt: skip
encoder = plain_encoder.made_with(dropout=0)
DROPOUT = "nn.GRU(…, dropout=dropout), by name: the fourth argument by place is bias"


@exercise("Seq2SeqEncoder")
class TestSeq2SeqEncoder:
    test_sizes = encoder.registers(
        "has an embedding and a GRU of num_layers layers, with biases",
        2,
        "nn.Embedding(vocab_size, embed_size), nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)",
    )
    test_values = encoder.agrees("gives the outputs of all steps and the state of all layers", 4, "return self.rnn(self.embedding(X.T))")
    test_arguments = encoder.agrees(
        "takes further arguments, or none, and ignores them", 1, "def forward(self, X, *args)", [(2, 4, 6, 3, 5, 2, more) for more in (0, 2)], follows=True
    )
    test_default = plain_encoder.agrees("drops nothing unless it is asked to", 1, "def __init__(self, …, dropout=0)", modes=(True,), follows=True)
    test_dropout = encoder.made_with(dropout=1.0).agrees(
        "hands dropout on to the GRU, which drops between its layers", 1, DROPOUT, [(2, 4, 6, 3, 5, 2), (2, 3, 5, 4, 2, 1), (2, 4, 6, 3, 5, 3)],
        modes=(True, False), follows=False,
    )  # fmt: skip

    @criterion("gradients flow back through outputs and through the state", hint="no .detach() and no torch.no_grad()", hint_for=("no gradient",))
    def test_graph(self, student, draw):
        net, _, inputs = encoder.net(student, draw, strict=False)
        for name, result in zip(encoder.gives, net(*inputs), strict=False):
            expect(isinstance(result, torch.Tensor) and result.requires_grad, f"{name} carries no graph: was it detached?", "no gradient")

    test_gradients = encoder.gradients(weight=2)
    test_dtype = encoder.keeps_dtype()
    test_unchanged = encoder.leaves_inputs()
    test_again = encoder.again(later=(4, 7))
    test_saved = encoder.saves()


def put_decoding(student):
    """The student's decoder, which reads a translation in pieces from what an encoder has returned."""
    import torch

    Seq2SeqDecoder = student.Seq2SeqDecoder

    class Decoding(torch.nn.Module):
        def __init__(self, *args, **options):
            super().__init__()
            self.decoder = Seq2SeqDecoder(*args, **options)

        def forward(self, before, enc_state, X, lengths, cuts):
            outputs = torch.cat([before, enc_state[-1:]])  # of which the last are the states of the top layer
            state, logits = self.decoder.init_state((outputs, enc_state), lengths), []
            for piece in X.split(list(cuts), dim=1):
                result = self.decoder(piece, state)
                if not isinstance(result, (tuple, list)) or len(result) != 2:
                    raise TypeError("the decoder should return two things: logits, and the new state")
                one, state = result
                logits.append(one)
            return logits[0] if len(logits) == 1 else torch.cat(logits, dim=1)

    student.Decoding = Decoding
    return "Decoding"


put_decoding(REFERENCES)


def decoded(
    net,
    before,
    enc_state,
    X,
    lengths,
    cuts,
    start=None,
    context=None,
    first_only=False,
    swapped=False,
    moving=False,
    time_first=False,
    show=lambda logits: logits.transpose(0, 1),
):
    """The logits, or with a slip in them."""
    decoder, hidden = net.decoder, enc_state if start is None else start(enc_state)
    fixed, logits = (enc_state[-1] if context is None else context(before, enc_state)), []
    for number, piece in enumerate(X.split(list(cuts), dim=1)):
        contexts = (hidden[-1] if moving else fixed).expand(piece.shape[1], -1, -1).clone()
        if first_only:
            contexts[1 if number == 0 else 0 :] = 0
        parts = [decoder.embedding(piece.T), contexts]
        outputs, hidden = decoder.rnn(torch.cat(parts[::-1] if swapped else parts, 2), hidden)
        logits.append(show(decoder.dense(outputs)))
    whole = torch.cat(logits, 1)
    return whole.transpose(0, 1) if time_first else whole


def to_decode(draw, n=3, T=4, v=9, e=5, h=4, L=2, cuts=None):
    cuts = (T,) if cuts is None else cuts
    return (v, e, h, L), (0.7 * draw.normal(5, n, h), 0.7 * draw.normal(L, n, h), draw.integers(0, v, n, T), draw.lengths(5, n), cuts)


plain_decoder = layer(
    REFERENCES.Decoding, to_decode, sizes=[(2, 3, 6, 3, 4, 2), (1, 4, 5, 2, 6, 1), (4, 2, 8, 5, 3, 3), (3, 3, 7, 6, 4, 2)],
    name="Seq2SeqDecoder", wrapped=put_decoding, weight=recurrent_weight,
    slips={
        "the context is made anew from the decoder's own state at each call; it stays the encoder's": lambda *given: decoded(*given, moving=True),
        "the decoder starts from zeros, or from a state of its own; it starts from the encoder's last state":
            lambda *given: decoded(*given, start=torch.zeros_like),
        "all layers start from the top layer's state; each starts from its own":
            lambda *given: decoded(*given, start=lambda state: state[-1:].expand_as(state).contiguous()),
        "the context is that of the first layer; it is the top layer's": lambda *given: decoded(*given, context=lambda _, state: state[0]),
        "the context is the mean of the encoder's outputs; it is the last state of the top layer":
            lambda *given: decoded(*given, context=lambda before, state: torch.cat([before, state[-1:]]).mean(0)),
        "the context is the encoder's first output; it is the last": lambda *given: decoded(*given, context=lambda before, _: before[0]),
        "the context is there at the first step only; it belongs to every step": lambda *given: decoded(*given, first_only=True),
        "the context stands before the embedding; the embedding comes first": lambda *given: decoded(*given, swapped=True),
        "the logits come time first; they should be (n, T, v)": lambda *given: decoded(*given, time_first=True),
        "the logits are reshaped to (n, T, v); they should be transposed": lambda *given: decoded(
            *given, show=lambda logits: logits.reshape(logits.shape[1], logits.shape[0], -1)
        ),
        "the logarithms of probabilities are returned; the logits were expected": lambda *given: decoded(
            *given, show=lambda logits: torch.log_softmax(logits, 2).transpose(0, 1)
        ),
        "the context is left out": lambda *given: decoded(*given, context=lambda _, state: torch.zeros_like(state[-1])),
    },
)  # fmt: skip
decoder = plain_decoder.made_with(dropout=0)


def states_of(student, net, before, enc_state, X):
    """What a state is made of; whether a call leaves the one that it gets as it was; the logits of two calls with the same state."""
    import torch

    def tensors(value):
        if isinstance(value, torch.Tensor):
            return [value]
        return [one for item in value for one in tensors(item)] if type(value) in (list, tuple) else [None]

    decoder = net.decoder
    first = decoder.init_state((torch.cat([before, enc_state[-1:]]), enc_state))
    _, state = decoder(X[:, :1], first)
    held = [value.detach().clone() for value in tensors(state) if value is not None]
    one, _ = decoder(X[:, 1:2], state)
    after = [value.detach().clone() for value in tensors(state) if value is not None]
    decoder(X[:, 2:3], decoder(X[:, :1], decoder.init_state((torch.cat([before, enc_state[-1:]]), -enc_state)))[1])
    two, _ = decoder(X[:, 1:2], state)
    made = all(value is not None for value in tensors(first) + tensors(state))
    return [made, len(held) == len(after) and all(map(torch.equal, held, after)), one.detach(), two.detach()]


PIECES = [(2, 3, 6, 3, 4, 2, (1, 1, 1)), (1, 4, 5, 2, 6, 1, (1, 1, 1, 1)), (4, 5, 8, 5, 3, 3, (2, 1, 2)), (3, 4, 7, 6, 4, 2, (3, 1))]


@exercise("Seq2SeqDecoder")
class TestSeq2SeqDecoder:
    test_sizes = decoder.registers(
        "has an embedding, a GRU on embedding and context, and an output layer", 2,
        "nn.Embedding(vocab_size, embed_size), nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout), nn.Linear(num_hiddens, vocab_size)",
    )  # fmt: skip
    test_values = decoder.agrees(
        "started from the encoder's state, and shown the context, it gives the right logits at every step", 4,
        "torch.cat([embedded, contexts], dim=2) into the GRU, which starts from the encoder's state; dense(outputs).transpose(0, 1)",
    )  # fmt: skip

    @criterion(
        "starts from what the encoder has read, whatever it has read itself before", hint="init_state hands the encoder's state on; nothing is kept in self"
    )
    def test_start(self, student, draw):
        net, right, inputs = decoder.net(student, draw)
        _, *others = decoder.arguments(draw)
        first, _, again = decoder.run(student, net, [(False, inputs), (False, tuple(others)), (False, inputs)])
        told = "the same sentence gives two results, before and after another one: does the decoder start from its own last state? It starts from the encoder's"
        expect(alike(first, again), told)
        decoder.compare([((right, *inputs), first)], follows=True)

    test_pieces = decoder.agrees(
        "reading token by token equals reading all at once",
        4,
        "keep the context in the state, beside the hidden state, and hand it on unchanged",
        PIECES,
        follows=True,
    )

    @criterion(
        "a state is made of tensors, and stays what it was when it is used", weight=1,
        hint="init_state returns a pair of tensors, forward a new pair; nothing is kept in self and nothing is written into the old one",
    )  # fmt: skip
    def test_state(self, student, draw):
        net, _, (before, enc_state, X, *_) = decoder.net(student, draw, strict=False)
        made, unchanged, one, two = student.run(states_of, net=net, before=before, enc_state=enc_state, X=X)
        expect(made, "a state holds something else than tensors, lists and tuples", "wrong type")
        expect(unchanged, "the state that a call gets is changed by it; it should be left as it was")
        expect(alike(one, two), "two calls with the same state and the same token give two results: is something kept outside the state?")

    test_default = plain_decoder.agrees("drops nothing unless it is asked to", 1, "def __init__(self, …, dropout=0)", modes=(True,), follows=True)
    test_dropout = decoder.made_with(dropout=1.0).agrees(
        "hands dropout on to the GRU, which drops between its layers", 1, DROPOUT, [(2, 3, 6, 3, 4, 2), (2, 4, 5, 2, 6, 1), (2, 3, 6, 3, 4, 3)],
        modes=(True, False), follows=False,
    )  # fmt: skip
    test_gradients = decoder.gradients(weight=2, hint="no .detach(): the gradient runs through the state and the context into the encoder")
    test_dtype = decoder.keeps_dtype()
    test_unchanged = decoder.leaves_inputs()
    test_again = decoder.again(later=(4, 6))
    test_saved = decoder.saves()


# Training -------------------------------------------------------------------------------------------------------------


def column(Y, bos):
    return torch.full_like(Y[:, :1], bos)


def overwritten(Y, bos):
    return torch.cat([column(Y, bos), Y[:, 1:]], 1)


teacher_forcing = case(
    reference.teacher_forcing, lambda draw, n=3, T=5: (draw.integers(0, 900, n, T), int(draw.integers(1, 400))), sizes=[(2, 4), (1, 6), (5, 2), (3, 3)],
    slips={
        "the whole sequence stands behind <bos>; its last token has to go": lambda Y, bos: torch.cat([column(Y, bos), Y], 1),
        "the first token is overwritten, and nothing is shifted": overwritten,
        "the tokens are rolled, and the last one stands where <bos> belongs": lambda Y, bos: Y.roll(1, 1),
        "nothing is shifted": lambda Y, bos: Y,
        "the sequence is shifted the wrong way": lambda Y, bos: torch.cat([Y[:, 1:], column(Y, bos)], 1),
        "<bos> is always 2": lambda Y, bos: torch.cat([column(Y, 2), Y[:, :-1]], 1),
    },
)  # fmt: skip


def forced_twice(student, Y, bos):
    result = student.teacher_forcing(Y, bos)
    kept = Y.clone()
    result.add_(1)
    return [torch.equal(Y, kept), result - 1]


@exercise("teacher_forcing")
class TestTeacherForcing:
    test_values = teacher_forcing.agrees("is <bos>, and the sequence without its last token", 3, "torch.cat([a column of bos, Y[:, :-1]], dim=1)")
    test_one = teacher_forcing.agrees(
        "of a sequence of one token only <bos> is left", 1, "Y[:, :-1] has no columns then; torch.cat does not mind", [(3, 1), (1, 1)], follows=True
    )
    test_dtype = teacher_forcing.keeps_dtype(title="is int64, whatever the memory order of Y is", hint="torch.full_like(Y[:, :1], bos) has the dtype of Y")
    test_unchanged = teacher_forcing.leaves_inputs(weight=2, hint="Y[:, 0] = bos writes into the caller's tensor")

    @criterion("the result has storage of its own", hint="torch.cat makes a new tensor; a slice of Y is a view", hint_for=("wrong value",))
    def test_storage(self, student, draw):
        for size in [(3, 4), (2, 1)]:
            Y, bos = teacher_forcing.arguments(draw, *size)
            apart, result = student.run(forced_twice, Y=Y, bos=bos)
            expect(apart, "Y changes when the result does: it is a view of Y")
            teacher_forcing.compare([((Y, bos), result)], follows=True)

    test_again = teacher_forcing.again(sizes=((3, 5), (3, 5), (2, 7)))


def sentence_losses(net, pred, label, valid_len, share=None, more=0, masked=True, reshaped=False):
    """Losses a sentence, or with a slip in them. share(lengths, T): what the sum is divided by."""
    (n, T, v) = pred.shape
    scores = pred.reshape(n, v, T) if reshaped else pred.transpose(1, 2)
    losses = functional.cross_entropy(scores, label, reduction="none")
    behind = torch.arange(T, device=pred.device) >= (valid_len + more)[:, None]
    total = (losses.masked_fill(behind, 0) if masked else losses).sum(1)
    return total / (T if share is None else share(valid_len, T))


def scored(draw, n=3, T=4, v=6, low=0, scale=2.0, longest=None):
    return (), (draw.normal(n, T, v, scale=scale), draw.integers(0, v, n, T), draw.lengths(longest or T, n, low=low))


masked_loss = layer(
    reference.MaskedSoftmaxCELoss, scored, sizes=[(2, 4, 5), (1, 3, 7), (5, 2, 3), (3, 4, 4), (2, 3, 400), (3, 6, 5, 0, 2.0, 4)],
    slips={
        "pred is reshaped to (n, v, T); it should be transposed": (
            lambda *given: sentence_losses(*given, reshaped=True),
            lambda net, pred, label, valid_len: sentence_losses(net, reference.sequence_mask(pred, valid_len), label, valid_len, reshaped=True),
        ),
        "the sum is divided by the valid length; it should be T": lambda *given: sentence_losses(*given, share=lambda lengths, T: lengths.clamp(min=1)),
        "the sum is divided by the largest valid length; it should be T": lambda *given: sentence_losses(
            *given, share=lambda lengths, T: lengths.max().clamp(min=1)
        ),
        "the softmax is taken twice: cross_entropy takes the scores as they are": lambda net, pred, *rest: sentence_losses(net, torch.softmax(pred, 2), *rest),
        "the losses are added up and not divided by T": lambda *given: sentence_losses(*given, share=lambda *_: 1),
        "padding counts like a token": lambda *given: sentence_losses(*given, masked=False),
        "one step behind the valid length counts as well": lambda *given: sentence_losses(*given, more=1),
        "the last valid step does not count": lambda *given: sentence_losses(*given, more=-1),
        "the losses of all sentences become one number": (lambda *given: sentence_losses(*given).mean(), lambda *given: sentence_losses(*given).sum()),
    },
)  # fmt: skip


def wild(pred, valid_len, kind):
    """With numbers behind the valid length that spoil whatever they touch."""
    behind = (torch.arange(pred.shape[1], device=pred.device) >= valid_len[:, None])[:, :, None]
    row = {"-inf": [-math.inf] * 3, "NaN": [math.nan] * 3, "inf": [math.inf, 1.0, -2.0], "all of these": [math.inf, -math.inf, math.nan]}[kind]
    filling = torch.tensor(row, device=pred.device, dtype=pred.dtype).repeat(pred.shape[2])[: pred.shape[2]]
    return torch.where(behind, filling, pred), behind.expand_as(pred)


FAR = ((300.0, 100.0), (-1e4, 30.0), (0.0, 2000.0))


def far_scores(draw, near, scale):
    module, pred, *others = masked_loss.arguments(draw, 3, 4, 5, 0, scale)
    return module, pred + near, *others


@exercise("MaskedSoftmaxCELoss")
class TestMaskedSoftmaxCELoss:
    test_values = masked_loss.agrees(
        "is the sum of a sentence's losses at its valid steps, divided by T",
        4,
        "cross_entropy(pred.transpose(1, 2), label, reduction='none'), mask, mean(dim=1)",
    )

    @criterion(
        "what stands in pred behind the valid length does not matter, NaN and infinity included",
        weight=2,
        hint="replace it before the softmax; a product with 0 keeps NaN",
    )
    def test_behind(self, student, draw):
        for kind in ("-inf", "NaN", "inf", "all of these"):
            loss, right, (pred, label, valid_len) = masked_loss.net(student, draw, 4, 5, 6)
            spoilt, _ = wild(pred, valid_len, kind)
            result = loss(spoilt, label.clone(), valid_len.clone())
            masked_loss.compare([((right, pred, label, valid_len), result)], [f"the losses with {kind} behind the valid length"], follows=False)

    @criterion(
        "the gradient behind the valid length is exactly 0, whatever stands there",
        weight=2,
        hint="mask pred itself, with masked_fill or torch.where, before cross_entropy",
    )
    def test_gradient_behind(self, student, draw):
        for kind in ("finite numbers", "-inf", "NaN", "all of these"):
            loss, right, (pred, label, valid_len) = masked_loss.net(student, draw, 4, 5, 6)
            spoilt, behind = (pred, wild(pred, valid_len, "NaN")[1]) if kind == "finite numbers" else wild(pred, valid_len, kind)
            leaves, upstream = [spoilt.clone().requires_grad_(), pred.clone().requires_grad_()], draw.normal(4)
            result = loss(leaves[0] * 1, label.clone(), valid_len.clone())
            assert_shape(result, (4,), what="the losses")
            expect(result.requires_grad, "the losses carry no graph", "no gradient")
            mine, wanted = torch.autograd.grad(result, leaves[0], upstream)[0], torch.autograd.grad(right(leaves[1], label, valid_len), leaves[1], upstream)[0]
            expect(
                not bool((mine[behind] != 0).any()),
                f"the gradient of pred behind the valid length is not 0, with {kind} there",
                follows=kind == "finite numbers",
            )
            if not alike(mine, wanted):
                raise Finding(f"the gradient of pred is wrong, with {kind} behind the valid length", follows=True)

    test_stable = masked_loss.stays_finite(
        "stays finite for large scores", lambda draw: {f"scores near {near:g}": far_scores(draw, near, scale) for near, scale in FAR},
        hint="cross_entropy of the library is stable; exp and log of your own are not", rtol=1e-3, atol=1e-2,
    )  # fmt: skip
    test_gradients = masked_loss.gradients(weight=2, hint="no .item() and no .detach()", sizes=[(3, 4, 6), (2, 3, 4, 1)], title="gradients are right")
    test_at_once = masked_loss.at_once("n", hint="one mask for the whole batch; no loop over the sentences")
    test_dtype = masked_loss.keeps_dtype(hint="a mask is no float32 tensor: masked_fill keeps the dtype")
    test_unchanged = masked_loss.leaves_inputs(hint="losses[~mask] = 0 is fine for what is your own; pred and label are not")
    test_again = masked_loss.again(later=(4, 7, 5))


BOS, EOS = 2, 3


def batches_of(draw, sizes=((3, 4), (2, 3)), v=6):
    """(X, X_valid_len, Y, Y_valid_len) of these sizes (n, T), where T is that of Y."""
    return [(draw.integers(0, v, n, T + 1), draw.lengths(T + 1, n), draw.integers(0, v, n, T), draw.lengths(T, n)) for n, T in sizes]


def token_losses(W, U, X, read, Y, steep=1.0):
    return functional.cross_entropy(steep * (W[read] + U[X[:, 0]][:, None]).transpose(1, 2), Y, reduction="none")


def counted(Y, lengths):
    return (torch.arange(Y.shape[1], device=Y.device) < lengths[:, None]).to(torch.float32)


SCALES = {
    "sum": lambda mask, T: 1 / T, "mean": lambda mask, T: 1 / T / len(mask),
    "sum of tokens": lambda mask, T: 1.0, "mean of tokens": lambda mask, T: 1 / mask.sum(),
}  # fmt: skip


def trained_table(
    batches, W, U, lr, num_epochs, reads, scale="sum", clips=True, padding=False, weighed=False, kept=False, anew=False, uphill=False, stepped=True, steep=1.0
):
    """The table after a training with Adam, or with a slip. reads: what the decoder has read in each call."""
    W, U = W.clone().requires_grad_(), U.clone().requires_grad_()
    adam = torch.optim.Adam([W, U], lr=lr)
    for number, (X, _, Y, lengths) in enumerate(list(batches) * num_epochs):
        if anew and number % len(batches) == 0:
            adam = torch.optim.Adam([W, U], lr=lr)
        mask = torch.ones(Y.shape) if padding else counted(Y, lengths)
        loss = (token_losses(W, U, X, reads[number], Y, steep) * mask).sum(1)
        loss = (loss / lengths).sum() if weighed else loss.sum() * SCALES[scale](mask, Y.shape[1])
        if not kept:
            adam.zero_grad()
        (-loss if uphill else loss).backward()
        if clips == "values":
            torch.nn.utils.clip_grad_value_([W, U], 1)
        elif clips:
            torch.nn.utils.clip_grad_norm_([W, U], 1)
        if stepped:
            adam.step()
    return W.detach()


WAYS = [{"scale": scale, "clips": clips} for scale in SCALES for clips in (True, False)]


def slipped(**slip):
    return tuple(lambda *given, way=way: trained_table(*given, **way, **slip) for way in WAYS)


table = case(
    trained_table, lambda draw: (), name="train_seq2seq",
    slips={
        "padding counts like a token": slipped(padding=True),
        "the loss of a sentence is divided by its valid length": slipped(weighed=True),
        "the gradients of earlier batches are still there: backward() adds to what it finds": slipped(kept=True),
        "the optimizer is made anew in every epoch: Adam forgets what it knows": slipped(anew=True),
        "the step goes with the gradient, uphill": slipped(uphill=True),
        "nothing is learned": slipped(stepped=False),
    },
    **{"rtol": 1e-3, "atol": 1e-3},
)  # fmt: skip


def train_a_table(student, batches, W, U, lr, num_epochs, bos, steep=1.0):
    """Trains a network that looks its scores up; what it was called with, and what it had learned by then."""
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    calls, tables = [], []

    class Table(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.W, self.U = torch.nn.Parameter(W.clone()), torch.nn.Parameter(U.clone())

        def forward(self, X, dec_X, *args):
            calls.append([X.clone(), dec_X.clone() if isinstance(dec_X, torch.Tensor) else dec_X, self.training, *args])
            tables.append([self.W.detach().clone(), self.U.detach().clone()])
            return steep * (self.W[dec_X] + self.U[X[:, 0]][:, None]), (X,)

    class Batches:
        passes = 0

        def __len__(self):
            return len(batches)

        def __iter__(self):
            Batches.passes += 1
            yield from batches

    net = Table().eval()
    history = student.train_seq2seq(net, Batches(), lr, num_epochs, bos)
    program = torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32
    return {"history": history, "W": net.W.detach().clone(), "calls": calls, "tables": tables, "program": program, "passes": Batches.passes}


def train_on_numbers(student, ending, enough, batches, unseen, sizes, bos, num_epochs, lr):
    """Trains encoder and decoder of plain PyTorch on numbers in two languages; their parameters."""
    import torch
    from torch import nn

    src_size, tgt_size, e, h = sizes

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.src, self.reads, self.tgt = nn.Embedding(src_size, e), nn.GRU(e, h), nn.Embedding(tgt_size, e)
            self.writes, self.dense = nn.GRU(e + h, h), nn.Linear(h, tgt_size)

        def step(self, tokens, state, context):
            outputs, state = self.writes(torch.cat([self.tgt(tokens.T), context.expand(tokens.shape[1], -1, -1)], 2), state)
            return self.dense(outputs).transpose(0, 1), state

        def forward(self, X, dec_X, *args):
            _, state = self.reads(self.src(X.T))
            return self.step(dec_X, state, state[-1])

    net = Net()

    def share():
        X, _, Y, valid_len = unseen
        _, state = net.reads(net.src(X.T))
        context, token, said = state[-1], torch.full((len(X), 1), bos), []
        for _ in range(Y.shape[1]):
            logits, state = net.step(token, state, context)
            token = logits.argmax(2)
            said.append(token)
        wrong = (torch.cat(said, 1) != Y) & (torch.arange(Y.shape[1]) < valid_len[:, None])
        return 1 - wrong.any(1).float().mean()

    with ending(batches, share, enough) as data:
        student.train_seq2seq(net, data, lr, num_epochs, bos)
    return [parameter.detach() for parameter in net.parameters()]


def numbers():
    batches, src_vocab, tgt_vocab, unseen = reference.load_numbers()
    arrays = [[write(number).split() for number in unseen] for write in (reference.english, reference.chinese)]
    X, Y = (reference.build_array_nmt(lines, vocab, reference.NUM_STEPS) for lines, vocab in zip(arrays, (src_vocab, tgt_vocab), strict=True))
    sizes = [len(src_vocab), len(tgt_vocab), 32, 64]
    return {"batches": batches, "unseen": (*X, *Y), "sizes": sizes, "bos": tgt_vocab["<bos>"], "num_epochs": 12, "lr": 0.01}


def translated(data, learned):
    """The share of unseen numbers that are translated without a mistake, by the reference with these parameters."""
    src_size, tgt_size, e, h = data["sizes"]
    net = reference.EncoderDecoder(reference.Seq2SeqEncoder(src_size, e, h, 1), reference.Seq2SeqDecoder(tgt_size, e, h, 1))
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), learned, strict=True):
            assert_shape(value, parameter.shape, what="a parameter after training")
            parameter.copy_(value)
        X, _, Y, Y_valid_len = data["unseen"]
        state, token, said = net.decoder.init_state(net.encoder(X)), torch.full((len(X), 1), data["bos"]), []
        for _ in range(Y.shape[1]):
            logits, state = net.decoder(token, state)
            token = logits.argmax(2)
            said.append(token)
        wrong = (torch.cat(said, 1) != Y) & (counted(Y, Y_valid_len) > 0)
    return 1 - float(wrong.any(1).float().mean())


translating = goal(
    "the share of unseen numbers that are translated without a mistake", at_least=0.85, margin=0.05, within="12 epochs", share=True,
    data=numbers, recipe=train_on_numbers, reached=translated, wrong={"lets the decoder read what it should say": 0.0},
)  # fmt: skip


@exercise("train_seq2seq", parts=[reference.teacher_forcing, reference.MaskedSoftmaxCELoss])
class TestTrainSeq2seq:
    def trained(self, student, batches, draw, lr, num_epochs, v=6, steep=1.0):
        W, U = draw.normal(v, v) / steep, draw.normal(v, v) / steep
        seen = student.run(train_a_table, batches=batches, W=W, U=U, lr=lr, num_epochs=num_epochs, bos=BOS, steep=steep)
        wanted = len(batches) * num_epochs
        expect(len(seen["calls"]) == wanted, f"the network was called {len(seen['calls'])} times in {num_epochs} epochs of {len(batches)} batches")
        reads = [call[1] for call in seen["calls"]]
        for read, (_, _, Y, _) in zip(reads, batches * num_epochs, strict=True):
            fits = isinstance(read, torch.Tensor) and read.shape == Y.shape and not read.is_floating_point()
            expect(fits, "the decoder's input is no tensor of token numbers with the shape of Y", "wrong shape", follows=False)
        return seen, W, U, reads

    def assert_learned(self, student, batches, draw, num_epochs, what):
        seen, W, U, reads = self.trained(student, batches, draw, 0.07, num_epochs)
        given = (batches, W, U, 0.07, num_epochs, reads)
        if not any(alike(seen["W"], trained_table(*given, **way)) or close(seen["W"], trained_table(*given, **way)) for way in WAYS):
            table.compare([(given, seen["W"])], [what])

    @criterion("the decoder reads <bos>, and the translation without its last token", weight=2, hint="teacher_forcing(Y, bos) is the network's second argument")
    def test_reads(self, student, draw):
        batches = batches_of(draw, ((3, 4), (1, 5), (2, 3)))
        *_, reads = self.trained(student, batches, draw, 0.05, 2)
        for read, (X, _, Y, _) in zip(reads, batches * 2, strict=True):
            slips = {"Y itself: then it only copies": Y, "Y with its first token overwritten": overwritten(Y, BOS), "the source": X[:, 1:]}
            words = next((words for words, slip in slips.items() if torch.equal(read, slip)), "")
            expect(not words, f"the decoder reads {words}")
            assert_close(read, reference.teacher_forcing(Y, BOS), what="the decoder's input")

    @criterion("the network gets the source and its valid lengths", hint="net(X, teacher_forcing(Y, bos), X_valid_len)")
    def test_source(self, student, draw):
        batches = batches_of(draw, ((3, 4), (2, 5)))
        seen, *_ = self.trained(student, batches, draw, 0.05, 1)
        for (source, _, _, *more), (X, X_valid_len, _, Y_valid_len) in zip(seen["calls"], batches, strict=True):
            assert_close(source, X, what="the network's first argument")
            expect(len(more) >= 1, "the network does not get the valid lengths of the source")
            expect(not torch.equal(torch.as_tensor(more[0]), Y_valid_len), "the network gets the valid lengths of Y; it should be those of X")
            assert_close(more[0], X_valid_len, what="the network's third argument", check_dtype=False)

    @criterion(
        "a step goes down the gradient of the masked loss", weight=2, hint="MaskedSoftmaxCELoss()(Y_hat, Y, Y_valid_len).sum().backward(), then the step"
    )
    def test_step(self, student, draw):
        for sizes in ([(3, 4)], [(4, 6)], [(1, 5)]):
            self.assert_learned(student, batches_of(draw, sizes), draw, 1, "the parameters after one step")

    @criterion(
        "clears the old gradients before each step, and keeps one Adam for the whole training", weight=2, hint="optimizer.zero_grad() before each backward()"
    )
    def test_steps(self, student, draw):
        for sizes, num_epochs in (([(3, 4), (2, 4), (1, 4)], 3), ([(4, 3), (2, 5)], 2)):
            self.assert_learned(student, batches_of(draw, sizes), draw, num_epochs, f"the parameters after {num_epochs} epochs of {len(sizes)} batches")

    @criterion(
        "clips the gradient of all parameters together to a norm of 1, between backward and step",
        hint="nn.utils.clip_grad_norm_(net.parameters(), 1) behind backward()",
    )
    def test_clips(self, student, draw):
        steep, lr = 50.0, 0.01  # so steep that the gradient of every legal loss is longer than 1, and each clipped one the same
        for sizes, num_epochs in (([(6, 7), (1, 2), (3, 3)], 2), ([(2, 2), (8, 5)], 3)):
            batches = batches_of(draw, sizes)
            seen, W, U, reads = self.trained(student, batches, draw, lr, num_epochs, steep=steep)
            given = (batches, W, U, lr, num_epochs, reads)
            ways = {clips: [trained_table(*given, scale=scale, clips=clips, steep=steep) for scale in SCALES] for clips in (True, False, "values")}
            if not any(close(steep * seen["W"], steep * right) for right in ways[True]):
                words = {
                    False: "nothing is clipped, or not between backward and step",
                    "values": "each entry is clipped for itself; it is the norm of all of them",
                }
                named = next((words[clips] for clips in words if any(close(steep * seen["W"], steep * table) for table in ways[clips])), "")
                what = "after steps with long gradients the parameters are"
                raise Finding(f"{what} what comes out when {named}" if named else f"{what} not right", follows=not named, named=named)

    @criterion(
        "returns the loss a token of every epoch, measured before each step",
        weight=3,
        hint="sum the losses of valid tokens, divide by their number at the end of the epoch",
    )
    def test_record(self, student, draw):
        for lr, num_epochs, sizes in ((0.0, 1, [(4, 3)]), (0.0, 2, [(3, 4), (1, 4)]), (0.2, 3, [(3, 5), (2, 5), (1, 5)]), (0.0, 2, [(3, 4), (2, 2)])):
            batches = batches_of(draw, sizes)
            seen, *_, reads = self.trained(student, batches, draw, lr, num_epochs)
            losses = [token_losses(*both, X, read, Y) for both, read, (X, _, Y, _) in zip(seen["tables"], reads, batches * num_epochs, strict=True)]
            masks = [counted(Y, lengths) for _, _, Y, lengths in batches * num_epochs]
            assert_record(seen["history"], losses, masks, len(batches), f"the record of {num_epochs} epochs of batches {', '.join(map(str, sizes))}")

    @criterion("the network is in training mode while it is trained", hint="net.train()")
    def test_mode(self, student, draw):
        seen, *_ = self.trained(student, batches_of(draw), draw, 0.05, 1)
        expect(all(call[2] is True for call in seen["calls"]), "the network is called in evaluation mode")

    @criterion("leaves the program as it was, and goes once through the batches in each epoch", hint="with torch.no_grad(): holds for its own lines only")
    def test_program(self, student, draw):
        batches = batches_of(draw)
        seen, W, *_ = self.trained(student, batches, draw, 0.05, 2)
        expect(seen["program"] is True, "after train_seq2seq autograd is off, or the default dtype is another")
        expect(seen["passes"] == 2, f"the batches were walked through {seen['passes']} times in 2 epochs")
        expect(not torch.equal(seen["W"], W), "nothing was learned", follows=True)

    test_goal = translating.is_reached(
        "learns to translate numbers: at least 85 of 100 unseen ones without a mistake",
        3,
        "if the criteria above pass: is every epoch a whole pass?",
        timeout_s=40,
    )


def close(mine, right):
    return isinstance(mine, torch.Tensor) and mine.shape == right.shape and torch.allclose(mine, right, rtol=1e-3, atol=1e-3)


def assert_record(history, losses, masks, per_epoch, what):
    """The losses a token, of epochs of so many batches; else a Finding that names the mistake."""
    epochs = [range(start, start + per_epoch) for start in range(0, len(losses), per_epoch)]
    sums, tokens = [float((loss * mask).sum()) for loss, mask in zip(losses, masks, strict=True)], [float(mask.sum()) for mask in masks]
    sizes, rows, steps = [loss.numel() for loss in losses], [len(loss) for loss in losses], [loss.shape[1] for loss in losses]
    right = [sum(sums[i] for i in epoch) / sum(tokens[i] for i in epoch) for epoch in epochs]
    mistakes = {
        "padding is counted as tokens": [sum(sums[i] for i in epoch) / sum(sizes[i] for i in epoch) for epoch in epochs],
        "the losses of padding are in the sum": [sum(float(losses[i].sum()) for i in epoch) / sum(tokens[i] for i in epoch) for epoch in epochs],
        "padding counts like a token": [sum(float(losses[i].sum()) for i in epoch) / sum(sizes[i] for i in epoch) for epoch in epochs],
        "the means of the batches are averaged: a token of a small batch weighs more": [
            sum(sums[i] / tokens[i] for i in epoch) / per_epoch for epoch in epochs
        ],
        "the losses are those of 3.2, divided by T, and not multiplied by T again": [
            sum(sums[i] / steps[i] for i in epoch) / sum(tokens[i] for i in epoch) for epoch in epochs
        ],
        "it is the loss a sentence": [sum(sums[i] for i in epoch) / sum(rows[i] for i in epoch) for epoch in epochs],
        "it is the loss of 3.2, a sentence": [sum(sums[i] / steps[i] for i in epoch) / sum(rows[i] for i in epoch) for epoch in epochs],
        "it is the loss a batch": [sum(sums[i] for i in epoch) / per_epoch for epoch in epochs],
        "it is the sum, and not divided by the number of tokens": [sum(sums[i] for i in epoch) for epoch in epochs],
        "only the last batch of an epoch counts": [sums[epoch[-1]] / tokens[epoch[-1]] for epoch in epochs],
        "the epochs are not kept apart": [sum(sums[: epoch[-1] + 1]) / sum(tokens[: epoch[-1] + 1]) for epoch in epochs],
    }
    words = next((words for words, values in mistakes.items() if alike(history, values) and not alike(values, right)), "")
    if words:
        finding = Finding(f"{what} is what comes out when {words}")
        finding.named = words
        raise finding
    assert_close(history, right, what=what, rtol=1e-3, atol=1e-4)


# Translating ----------------------------------------------------------------------------------------------------------

PHRASES = ["six hundred and two", "Nine", "TWENTY unheard Two", "nine hundred and ninety two six"]


def conversation(draw, sentence=0, says=3, ends=True, num_steps=6, order=0):
    """A sentence, the number of words that the network says before <eos>, if it `ends`, and what vocabularies are made of. Words are drawn."""
    words = [f"字{i}" for i in range(7)]
    said = [words[i] for i in draw.integers(0, 7, 12).tolist()]
    if ends:
        said[says] = "<eos>"
    return PHRASES[sentence], said, sorted(set(" ".join(PHRASES).lower().split()) - {"unheard"}), words, ORDERS[order], ORDERS[(order + 1) % 3], num_steps


def translation(sentence, said, src_words, tgt_words, src_reserved, tgt_reserved, num_steps, beyond=False, with_end=False, start=False):
    ended = said.index("<eos>") if "<eos>" in said else len(said)
    words = [word for word in said if word != "<eos>"][:num_steps] if beyond else said[: min(ended + (1 if with_end else 0), num_steps)]
    return " ".join(["<bos>"] * start + words)


prediction = case(
    translation, conversation, name="predict_seq2seq", said=("num_steps",),
    slips={
        "<eos> is a part of the result": lambda *given: translation(*given, with_end=True),
        "it goes on behind <eos>": (
            lambda *given: translation(*given, beyond=True), lambda sentence, said, *given: " ".join(said[: given[-1]]),
            lambda sentence, said, *given: " ".join(word for word in said[: given[-1]] if word != "<eos>"),
        ),
        "<bos> is a part of the result": lambda *given: translation(*given, start=True),
        "there are no spaces between the tokens": lambda *given: translation(*given).replace(" ", ""),
    },
)  # fmt: skip


def predicted(student, cases):
    """For each the translation by a network that says what it is told to, and all that the network has seen."""
    import torch

    class Reads(torch.nn.Module):
        def __init__(self, seen):
            super().__init__()
            self.seen = seen

        def forward(self, X, *args):
            self.seen["encoder"].append([X, *args])
            self.seen["training"].append(self.training)
            return X.float() * 2, X.float() + 1

    class Writes(torch.nn.Module):
        def __init__(self, seen, said, size):
            super().__init__()
            self.seen, self.said, self.size, self.weight = seen, said, size, torch.nn.Parameter(torch.ones(1))

        def init_state(self, enc_outputs, *args):
            self.seen["init"].append([enc_outputs[1] - 1, *args])
            return torch.zeros(1), enc_outputs

        def forward(self, X, state):
            call = len(self.seen["tokens"])
            self.seen["tokens"].append(X.tolist() if isinstance(X, torch.Tensor) else X)
            self.seen["states"].append(float(state[0]))
            self.seen["training"].append(self.training)
            if call > 40:
                raise RuntimeError("the decoder was called more than 40 times for one sentence")
            logits = -5 + torch.sin(torch.arange(1.0, self.size + 1) * (call + 2))
            logits[self.said[min(call, len(self.said) - 1)]] = -1.5
            logits = self.weight * logits.expand(*X.shape, -1)
            self.seen["graph"].append(logits.requires_grad)
            return logits, (state[0] + 1, state[1])

    class Net(torch.nn.Module):
        def __init__(self, *told):
            super().__init__()
            self.encoder, self.decoder = Reads(told[0]), Writes(*told)

        def forward(self, X, dec_X, *args):
            return self.decoder(dec_X, self.decoder.init_state(self.encoder(X, *args), *args))

    found = []
    for sentence, said, src_words, tgt_words, src_reserved, tgt_reserved, num_steps in cases:
        src, tgt = student.Vocab(src_words, reserved_tokens=src_reserved), student.Vocab(tgt_words, reserved_tokens=tgt_reserved)
        seen = {"encoder": [], "init": [], "tokens": [], "states": [], "graph": [], "training": []}
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
        net = Net(seen, tgt[said], len(tgt)).train()
        result = student.predict_seq2seq(net, sentence, src, tgt, num_steps)
        seen["after"] = [net.training or net.encoder.training or net.decoder.training, torch.is_grad_enabled(), str(torch.get_default_dtype())]
        found.append([result, seen])
    return found


@exercise("predict_seq2seq", parts=[reference.build_array_nmt, reference.truncate_pad])
class TestPredictSeq2seq:
    def predicted(self, student, draw, sizes):
        drawn = prediction.drawn(draw, sizes)
        return [(arguments, result, seen) for arguments, (result, seen) in zip(drawn, student.run(predicted, cases=drawn), strict=True)]

    @criterion(
        "gives what the network says up to <eos>, as a string", weight=3, hint='tgt_vocab.to_tokens(tokens), " ".join(…); leave the loop before <eos> is kept'
    )
    def test_values(self, student, draw):
        seen = self.predicted(student, draw, [(0, 3), (1, 1), (2, 4, True, 6, 1), (0, 5, True, 8, 2)])
        prediction.compare([(arguments, result) for arguments, result, _ in seen])

    @criterion("stops after num_steps tokens, and asks for nothing behind <eos>", hint="for _ in range(num_steps), and break at <eos>")
    def test_ends(self, student, draw):
        seen = self.predicted(student, draw, [(0, 0, False, 4), (3, 0, False, 1), (1, 0, True, 5, 2), (2, 3, True, 3), (0, 2, True, 7)])
        for arguments, result, one in seen:
            prediction.compare([(arguments, result)], follows=True)
            wanted = min(len(result.split()) + 1, arguments[-1])
            expect(len(one["tokens"]) <= wanted, f"the decoder is called {len(one['tokens'])} times to say {len(result.split())} tokens; {wanted} are enough")

    @criterion(
        "the encoder reads the sentence in lower case, with <eos>, cut or padded to num_steps",
        weight=2,
        hint='build_array_nmt([src_sentence.lower().split(" ")], src_vocab, num_steps)',
    )
    def test_source(self, student, draw):
        for arguments, _, one in self.predicted(student, draw, [(0, 3), (1, 2, True, 4, 1), (2, 3, True, 7, 2), (3, 2, True, 5, 1), (0, 2, True, 4, 2)]):
            sentence, _, words, _, reserved, _, num_steps = arguments
            expect(len(one["encoder"]) == 1, f"the encoder is called {len(one['encoder'])} times for one sentence")
            given = (words, reserved, num_steps)
            right, [X, *_] = rows_of([sentence.lower().split()], *given), one["encoder"][0]
            assert_shape(X, right.shape, what="what the encoder reads")
            slips = {
                "<eos> is missing behind the source": rows_of([sentence.lower().split()], *given, end=False),
                "capital letters stay": rows_of([sentence.split()], *given),
                "the source is padded in front": rows_of([sentence.lower().split()], *given, front=True),
            }  # fmt: skip
            words = next((words for words, slip in slips.items() if alike(X, slip) and not alike(slip, right)), "")
            expect(not words, f"what the encoder reads is what comes out when {words}")
            assert_close(X, right, what="what the encoder reads")

    @criterion("encoder and init_state get the valid length", hint="net.encoder(X, valid_len), net.decoder.init_state(enc_outputs, valid_len)")
    def test_lengths(self, student, draw):
        for arguments, _, one in self.predicted(student, draw, [(0, 3), (1, 2, True, 4, 1), (3, 2, True, 5, 1)]):
            right = torch.tensor([min(len(arguments[0].split()) + 1, arguments[-1])])
            for name, calls in (("the encoder", one["encoder"]), ("init_state", one["init"])):
                expect(len(calls) == 1 and len(calls[0]) == 2, f"{name} should be called once, with one thing beside the first: the valid length")
                assert_close(calls[0][1], right, what=f"the valid length that {name} gets", check_dtype=False)

    @criterion(
        "the decoder reads <bos> and then what it has said, one token a call",
        weight=2,
        hint='begin with tgt_vocab["<bos>"], and read the argmax next: torch.tensor([[token]])',
    )
    def test_reads(self, student, draw):
        for arguments, _, one in self.predicted(student, draw, [(0, 3), (1, 2, True, 4, 1), (2, 5, False, 6, 2)]):
            vocab = reference.Vocab(arguments[3], reserved_tokens=arguments[5])
            said = vocab[arguments[1][: len(one["tokens"]) - 1]]
            expect(len(one["tokens"]) > 0, "the decoder is never called")
            expect(one["tokens"][0] != [[vocab["<pad>"]]], "the decoder starts with <pad>; it starts with <bos>")
            expect(one["tokens"][0] != [[vocab["<eos>"]]], "the decoder starts with <eos>; it starts with <bos>")
            right = [[[token]] for token in [vocab["<bos>"], *said]]
            for number, (mine, wanted) in enumerate(zip(one["tokens"], right, strict=True)):
                expect(
                    mine == wanted, f"in call {number + 1} the decoder reads {mine}, which is not [[one token]], {'the one just said' if number else '<bos>'}"
                )

    @criterion("the state that a call returns goes into the next one", weight=2, hint="logits, state = net.decoder(…, state)")
    def test_state(self, student, draw):
        for _, _, one in self.predicted(student, draw, [(0, 3), (2, 5, False, 6, 2)]):
            expect(one["states"] == [float(i) for i in range(len(one["states"]))], "a call of the decoder gets another state than the call before has returned")
            expect(len(one["states"]) > 1, "the decoder is called once only")

    @criterion("puts the network into evaluation mode, and leaves it there", hint="net.eval(), before anything is called")
    def test_mode(self, student, draw):
        for _, _, one in self.predicted(student, draw, [(0, 3), (1, 2)]):
            expect(not any(one["training"]), "the network is in training mode while it predicts: dropout would be active")
            expect(not one["after"][0], "the network is not in evaluation mode afterwards")

    @criterion("records no graph, and leaves autograd on", hint="with torch.no_grad(): around the loop")
    def test_graph(self, student, draw):
        for _, _, one in self.predicted(student, draw, [(0, 3), (1, 2)]):
            expect(bool(one["graph"]) and not any(one["graph"]), "the decoder records a graph")
            expect(one["after"][1:] == [True, "torch.float32"], "after the call autograd is switched off, or the default dtype is another")


# BLEU -----------------------------------------------------------------------------------------------------------------


def ngrams(tokens, n):
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def bleu_of(pred_seq, label_seq, k, clips=True, brevity=lambda ratio: min(0, 1 - ratio), power=lambda n, k: 0.5**n, of_label=False, first=1, shorter=False):
    """BLEU, or with a slip in it. brevity(label / prediction): the exponent in front."""
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    score = math.exp(brevity(len(label) / len(pred)))
    for n in range(first, min(k, len(pred), len(label) if shorter else k) + 1):
        mine, right = ngrams(pred, n), ngrams(label, n)
        matches = (
            sum((mine & right).values())
            if clips is True
            else sum(count for gram, count in mine.items() if gram in right)
            if clips is None
            else len(set(mine) & set(right))
        )
        if of_label and len(label) < n:
            return None
        score *= (matches / (len(label if of_label else pred) - n + 1)) ** power(n, k)
    return score


def texts(draw, pred=5, label=5, k=2, letters=4):
    """Random sentences of a few letters: some n-grams match, some more than once."""
    words = lambda length: " ".join("ABCDEFGH"[i] for i in draw.integers(0, letters, length).tolist())
    return words(pred), words(label), k


scores = case(
    reference.bleu, texts, rtol=1e-5, atol=1e-8,
    slips={
        "an n-gram of the label is matched again and again; each can be matched once": lambda *given: bleu_of(*given, clips=None),
        "every n-gram counts once, however often it occurs": lambda *given: bleu_of(*given, clips=False),
        "the brevity penalty is the wrong way round: short predictions should lose":
            lambda *given: bleu_of(*given, brevity=lambda ratio: min(0, 1 - 1 / ratio)),
        "there is no brevity penalty": lambda *given: bleu_of(*given, brevity=lambda ratio: 0),
        "long predictions get more than 1 from the brevity penalty: min(0, …) is missing": lambda *given: bleu_of(*given, brevity=lambda ratio: 1 - ratio),
        "the exponents are 1/k; they are 1/2ⁿ": lambda *given: bleu_of(*given, power=lambda n, k: 1 / k),
        "there are no exponents": lambda *given: bleu_of(*given, power=lambda n, k: 1),
        "the exponents are 1/n; they are 1/2ⁿ": lambda *given: bleu_of(*given, power=lambda n, k: 1 / n),
        "the exponents are 1/2ⁿ⁻¹; they are 1/2ⁿ": lambda *given: bleu_of(*given, power=lambda n, k: 0.5 ** (n - 1)),
        "the denominator counts the n-grams of the label; it counts those of the prediction": lambda *given: bleu_of(*given, of_label=True),
        "n ends at the length of the label; it ends at that of the prediction": lambda *given: bleu_of(*given, shorter=True),
        "the last n is left out": lambda pred, label, k: bleu_of(pred, label, k - 1),
        "prediction and label are exchanged": lambda pred, label, k: bleu_of(label, pred, k),
    },
)  # fmt: skip
told = lambda *cases: lambda draw: {f"bleu of “{pred}” for “{label}”, k={k},": (pred, label, k) for pred, label, k in cases}


@exercise("bleu")
class TestBleu:
    test_words = scores.agrees(
        "matches words: the share of the prediction's words that are in the label", 2, "p₁ to the power of 1/2, if both are of the same length",
        arguments=told(("A B C D", "C E A B", 1), ("六 百 零 七", "七 百 零 六", 1), ("X A Y B Z", "B C A D E", 1), ("one two", "two three", 1)),
    )  # fmt: skip
    test_clipped = scores.agrees(
        "each n-gram of the label is matched once", 3, "Counter(…) & Counter(…) keeps the smaller count of each",
        arguments=told(("A A A B", "A C B D", 1), ("A A C C A", "B A C A E", 1),
                       ("A B A B A B", "A B C A B D", 2), ("B A A A", "A A B A", 3), ("C A A", "A B C", 1)),
    )  # fmt: skip
    test_exponents = scores.agrees(
        "n-grams up to k count, with exponents 1/2ⁿ", 3, "p ** (0.5 ** n)",
        arguments=told(("A B C D E", "A B C E D", 2), ("A B C D F E", "A B C D E F", 3),
                       ("D A B C E F G", "D A B C F E G", 4), ("A B C E F H G", "A B C D E F H", 3)),
    )  # fmt: skip
    test_brevity = scores.agrees(
        "a short prediction is punished, a long one is not", 2, "math.exp(min(0, 1 - len(label) / len(pred)))",
        arguments=told(("A B C", "A B C D E", 2), ("A B C D E F G", "A B C", 2), ("B D", "A B C D", 1), ("E A B F", "A B", 2), ("C", "A B C", 1)),
    )  # fmt: skip
    test_many = scores.agrees(
        "is right for sentences in which all of it happens", 2, sizes=[(5, 5, 2, 2), (7, 6, 3, 3), (9, 4, 2, 3), (6, 12, 2, 2), (14, 14, 4, 2)], follows=True
    )
    test_edges = scores.agrees(
        "is 0 where nothing matches, and for an empty prediction; n ends at the length of the prediction", 2,
        "if not pred: return 0.0; range(1, min(k, len(pred)) + 1)",
        arguments=told(("A B", "C D", 1), ("A B", "B A", 2), ("", "A B", 2), ("", "A", 4),
                       ("A B", "A B C", 4), ("A", "A", 3), ("A", "A B", 2), ("A B C", "A B C", 3), ("A B C", "A B", 3), ("B A", "B", 2)),
    )  # fmt: skip
    test_again = scores.again(sizes=((5, 5), (5, 5), (7, 6, 3)))


# Searching ------------------------------------------------------------------------------------------------------------


def language(draw, v=5, scale=1.5, end=0.0, dtype=torch.float32):
    """(log_probs of a language of its own, in which each next token depends on the whole prefix; the list of the prefixes that it was asked about)."""
    seed, asked, known = int(draw.integers(0, 2**31)), [], {}

    def row(prefix):
        if prefix not in known:
            number = seed
            for token in prefix:
                number = (number * 1_000_003 + token + 7) % (2**31 - 1)
            scores = scale * torch.randn(v, generator=torch.Generator().manual_seed(number), dtype=torch.float64)
            scores[0] = -math.inf  # <bos> never comes again
            scores[1] += end
            known[prefix] = torch.log_softmax(scores, 0).to(dtype)
        return known[prefix]

    def log_probs(prefixes):
        fits = isinstance(prefixes, torch.Tensor) and prefixes.ndim == 2 and prefixes.numel() > 0 and not prefixes.is_floating_point()
        expect(fits, "log_probs is called with something else than prefixes (b, t), b and t at least 1, of token numbers", "wrong shape")
        asked.append(prefixes.tolist())
        return torch.stack([row(tuple(prefix)) for prefix in asked[-1]])

    return log_probs, asked


START, END = 0, 1


def found(
    log_probs,
    bos,
    eos,
    beam_size,
    max_len,
    alpha=0.75,
    each=False,
    unfinished=False,
    power=None,
    stops=False,
    more=0,
    extended=False,
    refilled=False,
    narrows=False,
):
    """What beam search finds, or with a slip in it. power(L): what a sum is multiplied by."""
    score = lambda total, length: total * (length + more) ** -alpha if power is None else total * power(length)
    live, answers = [([bos], 0.0)], []
    for length in range(1, max_len + 1):
        rows = log_probs(torch.tensor([tokens for tokens, _ in live])).double().tolist()
        children = [[([*tokens, token], total + row[token]) for token in range(len(row))] for (tokens, total), row in zip(live, rows, strict=True)]
        best = lambda candidates: sorted(candidates, key=itemgetter(1), reverse=True)
        candidates = [one for some in children for one in best(some)[:beam_size]] if each else best([one for some in children for one in some])
        if refilled:
            kept, places = [], beam_size
            for one in candidates:
                if places > 0:
                    kept.append(one)
                    places -= one[0][-1] != eos
        else:
            kept = candidates if each else candidates[: beam_size - len(answers) if narrows else beam_size]
        done = [one for one in kept if one[0][-1] == eos or length == max_len]
        answers += [(score(total, length), tokens) for tokens, total in (kept if unfinished else done)]
        live = [one for one in kept if one[0][-1] != eos or extended]
        if not live or length == max_len or (narrows and len(answers) >= beam_size) or (stops and any(tokens[-1] == eos for tokens, _ in done)):
            break
        if each and len(live) > 400:
            return None
    if not answers:
        return None
    value, tokens = max(answers)
    return [token for token in tokens[1:] if token != eos], value


def everything(log_probs, bos, eos, max_len, alpha=0.75, only_full=False, power=None, more=0, further=0):
    """The best of all complete sentences, or with a slip."""
    live, answers = [([bos], 0.0)], []
    for length in range(1, max_len + 1 + further):
        rows = log_probs(torch.tensor([tokens for tokens, _ in live])).double().tolist()
        children = [([*tokens, token], total + row[token]) for (tokens, total), row in zip(live, rows, strict=True) for token in range(len(row))]
        for tokens, total in children:
            if length == max_len or (tokens[-1] == eos and not only_full):
                answers.append((total * ((length + more) ** -alpha if power is None else power(length)), tokens))
        live = [one for one in children if one[0][-1] != eos]
    value, tokens = max(answers)
    return [token for token in tokens[1:] if token != eos], value


def greedily(log_probs, bos, eos, max_len, with_end=True, shown=lambda prefix: prefix, beyond=False, alpha=0.0, starts=False):
    prefix, total, length = [bos], 0.0, 0
    for length in range(1, max_len + 1):  # noqa: B007 - the last one is used
        row = log_probs(torch.tensor([shown(prefix)]))[0]
        token = int(row.argmax())
        if token == eos and not beyond:
            total += float(row[token]) * with_end
            break
        total += float(row[token])
        prefix.append(token)
    return prefix[0 if starts else 1 :], total / length**alpha


SCORES = {"rtol": 1e-4, "atol": 1e-5}
POWERS = {
    "the sum is not divided by L^alpha": lambda alpha: lambda length: 1.0,
    "the sum is multiplied by L^alpha: log P is negative, and dividing helps long sentences": lambda alpha: lambda length: length**alpha,
    "alpha is always 0.75": lambda alpha: lambda length: length**-0.75,
    "the sum is divided by L, whatever alpha is": lambda alpha: lambda length: 1 / length,
}


def each_of(student, searched, drawn, words, follows=False):
    """Pairs of arguments and result, compared, and for each the prefixes that the model was asked about. drawn: a language, and what else is handed over."""
    pairs, calls = [], []
    for (log_probs, asked), *others in drawn:
        arguments = (log_probs, START, END, *others)
        result = searched.of(student)(*arguments)
        two = isinstance(result, list | tuple) and len(result) == 2
        expect(two, f"{searched.name} should return two things: a list of tokens, and a number", "wrong type")
        pairs.append((arguments, (result[0], as_number(result[1], what=f"{searched.gives[1]} of {searched.name}"))))
        calls.append(list(asked))
    searched.compare(pairs, [words.format(*given[1:]) for given in drawn], follows=follows)
    return pairs, calls


def assert_whole(calls, name):
    for prefixes in (prefixes for call in calls for prefixes in call):
        expect(all(prefix[0] == START for prefix in prefixes), f"{name} asks log_probs about a prefix that does not begin with bos: the model wants all of it")
        expect(all(END not in prefix for prefix in prefixes), f"{name} asks log_probs about a prefix that has eos in it: a finished sentence is not continued")


greedy = case(
    reference.greedy_search, lambda draw: (), gives=("the tokens", "the sum of log P"), **SCORES,
    slips={
        "the log P of eos is left out": lambda *given: greedily(*given, with_end=False),
        "only the last token is handed to the model": lambda *given: greedily(*given, shown=lambda prefix: prefix[-1:]),
        "the model does not see bos": lambda *given: greedily(*given, shown=lambda prefix: prefix[1:] or prefix),
        "it goes on behind eos": lambda *given: greedily(*given, beyond=True),
        "the sum is divided by its length": lambda *given: greedily(*given, alpha=1.0),
        "the sum is divided by L^0.75": lambda *given: greedily(*given, alpha=0.75),
        "bos is a part of the result": lambda *given: greedily(*given, starts=True),
    },
)  # fmt: skip


@exercise("greedy_search")
class TestGreedySearch:
    @criterion("takes the likeliest token at each step, up to eos or max_len", weight=3, hint="argmax of the row for the whole prefix; stop at eos")
    def test_values(self, student, draw):
        drawn = [(language(draw, v, end=end), max_len) for v, end, max_len in ((5, 0.0, 6), (3, 0.5, 4), (7, 1.0, 9), (4, -9.0, 5), (6, 0.0, 1), (9, -9.0, 8))]
        each_of(student, greedy, drawn, "greedy_search with max_len={}")

    @criterion("the sum counts every token, eos too", weight=2, hint="add row[token] before you look whether it is eos")
    def test_sum(self, student, draw):
        drawn = [(language(draw, 4, end=end), 8) for end in (0.5, 1.0, 5.0, 9.0)]
        each_of(student, greedy, drawn, "greedy_search in a language that soon says eos, max_len={},", follows=True)

    @criterion("asks the model about the whole prefix, one a step, and about nothing behind eos", weight=2, hint="torch.tensor([prefix]), with bos in front")
    def test_prefixes(self, student, draw):
        drawn = [(language(draw, v, end=end), max_len) for v, end, max_len in ((5, -9.0, 5), (4, 0.7, 9))]
        pairs, calls = each_of(student, greedy, drawn, "greedy_search with max_len={}", follows=True)
        assert_whole(calls, "greedy_search")
        for (_, (tokens, _)), call, (_, max_len) in zip(pairs, calls, drawn, strict=True):
            expect(all(len(prefixes) == 1 for prefixes in call), "greedy_search asks about several prefixes in one call")
            wanted = min(len(tokens) + 1, max_len)
            expect(len(call) == wanted, f"greedy_search asks the model {len(call)} times for {len(tokens)} tokens, max_len={max_len}")

    @criterion("leaves autograd and the default dtype as they were", hint="with torch.no_grad(): holds for its own lines only")
    def test_program(self, student, draw):
        log_probs, _ = language(draw)
        each_of(student, greedy, [(language(draw), 4)], "greedy_search with max_len={}", follows=True)
        assert_program_left(student, "greedy_search", log_probs, START, END, 4)


def without_last(log_probs, bos, eos, max_len, alpha=0.75):
    return everything(log_probs, bos, eos, max_len, alpha, power=lambda length: max(length - 1, 1) ** -alpha)


exhaustive = case(
    reference.exhaustive_search, lambda draw: (), gives=("the tokens", "the score"), **SCORES,
    slips={
        "it is greedy": lambda p, b, e, m, a=0.75: found(p, b, e, 1, m, a),
        "sentences of more than max_len tokens are looked at": lambda *given: everything(*given, further=1),
        "only sentences of full length are looked at; those that end earlier are complete, too": lambda *given: everything(*given, only_full=True),
        "L does not count eos, or counts bos": (lambda *given: everything(*given, more=1), without_last),
        **{words: lambda p, b, e, m, a=0.75, power=power: everything(p, b, e, m, a, power=power(a)) for words, power in POWERS.items()},
    },
)  # fmt: skip


@exercise("exhaustive_search")
class TestExhaustiveSearch:
    @criterion(
        "finds the best of all complete sentences",
        weight=3,
        hint="grow all prefixes step by step; those that end with eos are answers, at the last step all are",
    )
    def test_values(self, student, draw):
        drawn = [(language(draw, v, end=end), max_len, 0) for v, end, max_len in ((4, 0.0, 3), (3, 0.5, 5), (5, -1.0, 3), (4, -9.0, 4), (5, 0.0, 1))]
        each_of(student, exhaustive, drawn, "exhaustive_search with max_len={}, alpha={}")

    @criterion("divides the sum by L^alpha, 0.75 by default", weight=3, hint="total / length**alpha, with length the number of tokens behind bos, eos included")
    def test_alpha(self, student, draw):
        drawn = [(language(draw, v, end=end), max_len, alpha) for alpha in (0.5, 1, 2) for v, end, max_len in ((4, 0.3, 4), (3, 0.5, 5))]
        drawn += [(language(draw, v, scale=0.3), max_len, 3) for v, max_len in ((4, 3), (5, 2))]  # in which the longest win
        each_of(student, exhaustive, drawn, "exhaustive_search with max_len={}, alpha={}")
        each_of(student, exhaustive, [(language(draw, 4), 4), (language(draw, 3, end=1.0), 5)], "exhaustive_search with max_len={} and the default alpha")

    @criterion("does not continue a sentence that has ended", weight=2, hint="only prefixes whose last token is not eos live on")
    def test_prefixes(self, student, draw):
        _, calls = each_of(
            student, exhaustive, [(language(draw, 4, end=0.5), 3, 0.75), (language(draw, 3), 4, 0)], "exhaustive_search with max_len={}, alpha={}", follows=True
        )
        assert_whole(calls, "exhaustive_search")

    @criterion("leaves autograd and the default dtype as they were, and keeps nothing", hint="with torch.no_grad(): holds for its own lines only")
    def test_program(self, student, draw):
        each_of(
            student,
            exhaustive,
            [(language(draw, 4), 3, 1), (language(draw, 4), 3, 1)],
            "exhaustive_search with max_len={}, alpha={}, at a later call",
            follows=True,
        )
        assert_program_left(student, "exhaustive_search", language(draw, 4)[0], START, END, 3, 0.75)


beam = case(
    reference.beam_search, lambda draw: (), gives=("the tokens", "the score"), **SCORES,
    slips={
        "the best of each prefix are kept; the beam_size best of all together should be": lambda *given: found(*given, each=True),
        "prefixes that are not finished are answers, too": lambda *given: found(*given, unfinished=True),
        **{words: lambda p, b, e, k, m, a=0.75, power=power: found(p, b, e, k, m, a, power=power(a)) for words, power in list(POWERS.items())[1:]},
        "the sum is not divided by L^alpha": lambda p, b, e, k, m, a=0.75: found(p, b, e, k, m, a, power=lambda L: 1.0),
        "the search ends with the first finished sentence": lambda *given: found(*given, stops=True),
        "L counts bos": lambda *given: found(*given, more=1),
        "finished sentences are continued": lambda *given: found(*given, extended=True),
        "the places of finished sentences are filled by others": lambda *given: found(*given, refilled=True),
        "the beam gets narrower with every finished sentence; each step keeps beam_size": lambda *given: found(*given, narrows=True),
        "it is greedy": lambda p, b, e, k, m, a=0.75: found(p, b, e, 1, m, a),
        "it goes on for one step more than max_len": lambda p, b, e, k, m, a=0.75: found(p, b, e, k, m + 1, a),
        "beam_size is always 2": lambda p, b, e, k, m, a=0.75: found(p, b, e, 2, m, a),
    },
)  # fmt: skip


def beams(draw, alphas, sizes=((5, 2, 5), (4, 3, 4), (6, 4, 6), (7, 3, 3)), ends=(0.0, 0.8, -0.5)):
    return [(language(draw, v, end=end), k, max_len, alpha) for alpha in alphas for (v, k, max_len) in sizes for end in ends]


@exercise("beam_search")
class TestBeamSearch:
    words = "beam_search with beam_size={}, max_len={}, alpha={}"

    @criterion(
        "keeps the beam_size likeliest prefixes of all, and gives the likeliest complete sentence",
        weight=4,
        hint="topk of the flattened table of all candidates",
    )
    def test_values(self, student, draw):
        each_of(student, beam, beams(draw, [0]), self.words)

    @criterion(
        "the score is the sum divided by L^alpha, 0.75 by default, and chooses among the answers",
        weight=3,
        hint="total / length**alpha; length counts eos, and not bos",
    )
    def test_alpha(self, student, draw):
        drawn = beams(draw, [0.6, 1, 1.6], sizes=((5, 3, 6), (4, 4, 5)), ends=(0.3, 1.0))
        drawn += [(language(draw, v, scale=0.3), k, max_len, 3) for v, k, max_len in ((5, 3, 4), (4, 2, 3))]  # in which the longest win
        each_of(student, beam, drawn, self.words)
        each_of(
            student, beam, [given[:3] for given in beams(draw, [0.75], sizes=((5, 3, 6),))], "beam_search with beam_size={}, max_len={} and the default alpha"
        )

    @criterion(
        "asks the model once a step, about the live prefixes only", weight=2, hint="log_probs(prefixes) with all of them in one tensor; finished ones have left"
    )
    def test_calls(self, student, draw):
        drawn = beams(draw, [0.75], sizes=((5, 3, 5), (6, 2, 4)))
        _, calls = each_of(student, beam, drawn, self.words, follows=True)
        assert_whole(calls, "beam_search")
        for call, (_, beam_size, max_len, _) in zip(calls, drawn, strict=True):
            lengths = [len(prefixes[0]) for prefixes in call]
            expect(
                lengths == list(range(1, len(lengths) + 1)) and len(lengths) <= max_len,
                "beam_search asks the model more than once a step, or about prefixes of other lengths",
            )
            many = max(map(len, call))
            expect(many <= beam_size, f"beam_search asks about {many} prefixes in one call, with beam_size={beam_size}")

    @criterion("a beam of 1 is greedy", hint="nothing but the size of topk depends on beam_size")
    def test_greedy(self, student, draw):
        each_of(student, beam, beams(draw, [0, 1], sizes=((5, 1, 5), (3, 1, 6)), ends=(0.0, 0.8)), self.words, follows=True)

    @criterion("a beam that is wide enough finds the best of all", weight=2, hint="topk(min(beam_size, number of candidates)); go on until nothing lives")
    def test_exhaustive(self, student, draw):
        drawn = beams(draw, [0, 1.3], sizes=((4, 4**4, 4), (3, 3**5 + 9, 5), (5, 200, 3)), ends=(0.5,))
        pairs, _ = each_of(student, beam, drawn, self.words, follows=True)
        for ((log_probs, bos, eos, _, max_len, alpha), result), (_, size, *_) in zip(pairs, drawn, strict=True):
            assert_close(list(result), list(everything(log_probs, bos, eos, max_len, alpha)), what=f"what a beam of {size} finds", **SCORES)

    @criterion("works with float64, and with one step only", hint="torch.zeros(1) + float64 is float64; max_len may be 1")
    def test_edges(self, student, draw):
        drawn = [
            (language(draw, v, dtype=torch.float64), k, max_len, alpha)
            for v, k, max_len, alpha in ((5, 3, 1, 0.75), (2, 2, 3, 1), (5, 9, 2, 0.5), (6, 2, 5, 0))
        ]
        each_of(student, beam, drawn, self.words, follows=True)

    @criterion("leaves autograd and the default dtype as they were, and keeps nothing", hint="with torch.no_grad(): holds for its own lines only")
    def test_program(self, student, draw):
        each_of(student, beam, beams(draw, [1], sizes=((5, 2, 4), (5, 2, 4))), self.words, follows=True)
        assert_program_left(student, "beam_search", language(draw)[0], START, END, 2, 4, 0.75)
