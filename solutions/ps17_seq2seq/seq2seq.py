# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A machine that translates (机器翻译)
#
# At the end of this notebook you have a machine that reads *three hundred and seven* and writes 三 百 零 七. Nobody tells it
# what 零 is for, or that 十 needs no 一 in front of it when it comes first: it sees 700 numbers in both languages, and then
# translates numbers that it has never seen. You will be able to
#
# * turn sentences of any length into one array, and back;
# * build an *encoder* (编码器) that reads and a *decoder* (解码器) that writes, and train them together;
# * translate word by word, and say with one number how good a translation is;
# * find better sentences than the greedy ones, with *beam search* (束搜索).
#
# From earlier notebooks come the recurrent network and its state (**ps16**) and the cross-entropy (**ps05**). The mask for padding is
# given here; you write it yourself in **ps18**.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as you like.
# A check is an example: it says in words what is wrong with one result. The hidden grader asks more of the same (other
# sizes, other numbers, other vocabularies), and it marks each property on its own, so an answer that is wrong only in
# some cases keeps the points of the others. The points add up to 100; the two written questions are extra credit.
#
# **Exercises that build on others.** Where an exercise uses an earlier one that is not right yet, the grader lends a right one:
# one mistake costs its own points only. Helpers of your own may stand in cells of your own, above the exercise that uses them.
#
# **Letters used throughout.** Token numbers are int64 and lie **batch first**, $(n, T)$. Recurrent layers of PyTorch work **time first**,
# $(T, n, \dots)$. Where one becomes the other is a question that you will meet more than once.
#
# | letter | is |
# |---|---|
# | $n$ | sentences in a batch |
# | $T$ | steps of a sentence, `num_steps` |
# | $v$ | tokens of a vocabulary, `vocab_size` |
# | $e$ | the size of an embedding, `embed_size` |
# | $h$ | hidden units, `num_hiddens` |
# | $L$ | layers, `num_layers`; in section 5 the length of a sentence |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
from collections import Counter

import torch
from course_tools import check, check_equal, check_promises, plot_curves
from torch import nn

# %% [markdown]
# ## 1 · From sentences to numbers
#
# Two languages that everybody can check: the numbers from 0 to 999. `english(n)` and `chinese(n)` write them as words with spaces
# between. `Vocab` is the vocabulary (词表) of **ps15**: it gives each word a number. Words that occur less than `min_freq` times
# all become `<unk>`, number 0. Three more tokens are *reserved*, which are no words: `<pad>` fills up short sentences, `<bos>`
# (begin of sequence) is what the decoder reads first, and `<eos>` (end of sequence) ends every sentence.

# %% nbgrader={"grade": false, "grade_id": "given_languages", "locked": true, "schema_version": 3, "solution": false, "task": false}
SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
DIGITS = "零一二三四五六七八九"
RESERVED = ["<pad>", "<bos>", "<eos>"]


def english(n):
    """A number from 0 to 999 in English words: "three hundred and seven"."""
    if n < 20:
        return SMALL[n]
    if n < 100:
        return TENS[n // 10 - 2] + (f" {SMALL[n % 10]}" if n % 10 else "")
    return f"{SMALL[n // 100]} hundred" + (f" and {english(n % 100)}" if n % 100 else "")


def chinese(n):
    """The same in Chinese, a space between the characters: "三 百 零 七"."""
    if n < 10:
        return DIGITS[n]
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    words = [DIGITS[hundreds], "百"] if hundreds else []
    if tens:
        words += ["十"] if n < 20 else [DIGITS[tens], "十"]
    elif hundreds and ones:
        words.append("零")
    return " ".join(words + ([DIGITS[ones]] if ones else []))


class Vocab:
    """Numbers for tokens: 0 is `<unk>`, then the reserved tokens, then every token that occurs at least min_freq times, most frequent first.

    tokens: a list of tokens, or of sentences, each a list of tokens.
    """

    def __init__(self, tokens=None, min_freq=0, reserved_tokens=None):
        tokens = tokens or []
        if tokens and isinstance(tokens[0], list):
            tokens = [token for line in tokens for token in line]
        self.token_freqs = Counter(tokens).most_common()
        frequent = [token for token, count in self.token_freqs if count >= min_freq]
        self.idx_to_token = list(dict.fromkeys(["<unk>", *(reserved_tokens or []), *frequent]))
        self.token_to_idx = {token: number for number, token in enumerate(self.idx_to_token)}

    def __len__(self):
        return len(self.idx_to_token)

    def __getitem__(self, tokens):
        """The number of a token, 0 if it is unknown; for a list of tokens the list of their numbers."""
        if isinstance(tokens, list | tuple):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens, 0)

    def to_tokens(self, indices):
        """The token with a number; for a list of numbers the list of their tokens."""
        if isinstance(indices, list | tuple):
            return [self.to_tokens(number) for number in indices]
        return self.idx_to_token[indices]


# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_languages", "locked": true, "schema_version": 3, "solution": false, "task": false}
# for number in (0, 7, 10, 17, 40, 42, 100, 110, 307, 777):
#     print(f"{number:3d}   {english(number):34s}{chinese(number)}")

# %% [markdown]
# ### 1.1 `truncate_pad`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 3 points*
#
# Notes: 004 机器翻译
#
# Sentences of a batch must have one length, `num_steps`. A longer one is *truncated* (截断): its **first** tokens stay. A shorter one
# is *padded* (填充) at its end.
#
# **Conventions.** `line` is a list; what its entries are does not matter. The result is a **new** list of exactly `num_steps` entries, and
# `line` itself stays as it is. `num_steps` may be 0: then nothing is left.
#
# **By hand.** `truncate_pad([7, 8], 4, 1)` is `[7, 8, 1, 1]`, and `truncate_pad([7, 8, 9], 2, 1)` is `[7, 8]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# A slice `line[:num_steps]` is never an error, even if the line is shorter. A list times a negative number is the empty list.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `line[:num_steps]` and, behind it, `num_steps - len(line)` times the padding token.
# </details>
#
# <details><summary>Help: I see "the line after the call" in the check</summary>
#
# `line.append`, `line += …` and `line.extend` write into the caller's list. `a + b` makes a new one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "truncate_pad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def truncate_pad(line, num_steps, padding_token):
    """A line cut, or filled up at its end, to num_steps entries.

    line: list of any length, left unchanged. num_steps: int, at least 0. padding_token: what is filled in.
    Returns: a new list of num_steps entries.
    """
    ### BEGIN SOLUTION
    return line[:num_steps] + [padding_token] * (num_steps - len(line))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_truncate_pad", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
_line = ["forty", "two"]
check_equal(truncate_pad(_line, 5, "<pad>"), ["forty", "two", "<pad>", "<pad>", "<pad>"], 'truncate_pad(["forty", "two"], 5, "<pad>")')
check_equal(_line, ["forty", "two"], "the line after the call")
check_equal(truncate_pad([4, 7, 9, 5], 3, 1), [4, 7, 9], "truncate_pad([4, 7, 9, 5], 3, 1)")
_same = truncate_pad(_line, 2, "<pad>")
check_equal(_same, ["forty", "two"], 'truncate_pad(["forty", "two"], 2, "<pad>")')
check(_same is not _line, "truncate_pad gives the caller's own list back; it should be a new one.")

# %% [markdown]
# ### 1.2 `build_array_nmt`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 7 points*
#
# Notes: 004 机器翻译
#
# Now a whole batch. To each sentence `<eos>` is appended, the words become numbers, and each line is cut or padded to `num_steps`.
# So that nobody mistakes padding for words later, the *valid length* (有效长度) of each line comes along: how many of its tokens are
# no padding.
#
# **Conventions.** `<eos>` counts as a token. A sentence of `num_steps` or more tokens is simply cut: it loses its `<eos>`, and nothing is
# squeezed in for it. Unknown words are tokens like others. A sentence may be empty: then `<eos>` stands alone. The number of `<pad>` is whatever
# the vocabulary says. The sentences themselves stay as they are.
#
# **By hand.** With the numbers `<unk>` 0, `<pad>` 1, `<bos>` 2, `<eos>` 3, *one* 4, *two* 5, the sentences *two* and *one two two one* become for
# `num_steps=3`
#
# $$\begin{pmatrix} 5 & 3 & 1 \\ 4 & 5 & 5 \end{pmatrix}, \qquad \text{valid lengths } (2, 3).$$
#
# <details><summary>Hint 1: a nudge</summary>
#
# `vocab[line]` gives the numbers of a whole line. Append `vocab["<eos>"]` to *them*, then use your `truncate_pad`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# A list of rows, `truncate_pad(vocab[line] + [vocab["<eos>"]], num_steps, vocab["<pad>"])`, becomes a tensor by `torch.tensor`. The valid length of a
# line is `min(len(line) + 1, num_steps)`.
# </details>
#
# <details><summary>Help: I see a valid length that is wrong where a word is unknown</summary>
#
# Do you count the entries that are not 0? 0 is `<unk>`, which is a token; padding has another number.
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_array_nmt", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_array_nmt(lines, vocab, num_steps):
    """Sentences of any length as one array, each ended by <eos>.

    lines: list of n sentences, each a list of tokens; left unchanged. vocab: a Vocab. num_steps: int, at least 1.
    Returns: (array (n, num_steps) int64, valid_len (n,) of whole numbers).
    """
    ### BEGIN SOLUTION
    rows = [truncate_pad(vocab[line] + [vocab["<eos>"]], num_steps, vocab["<pad>"]) for line in lines]
    return torch.tensor(rows), torch.tensor([min(len(line) + 1, num_steps) for line in lines])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_build_array_nmt", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_vocab = Vocab(["six", "six", "six", "ten", "ten", "and"], min_freq=2, reserved_tokens=["<eos>", "<bos>", "<pad>"])  # six is 4, ten 5, and is unknown
_lines = [["ten", "and", "six"], ["six"], [], ["six", "ten", "six", "ten"], ["ten", "six", "six", "ten", "six"]]
_array, _lens = build_array_nmt(_lines, _vocab, 4)
check_equal(_lines, [["ten", "and", "six"], ["six"], [], ["six", "ten", "six", "ten"], ["ten", "six", "six", "ten", "six"]], "the sentences after the call")
_expected = torch.tensor([[5, 0, 4, 1], [4, 1, 3, 3], [1, 3, 3, 3], [4, 5, 4, 5], [5, 4, 4, 5]])
check_equal(_array, _expected, "the array of five sentences, with <eos> = 1 and <pad> = 3")
check_equal(_lens.long(), torch.tensor([4, 2, 1, 4, 4]), "the valid lengths of the five sentences")


# %% [markdown]
# The data for everything below: 700 numbers to learn from, 100 others to be judged by, shuffled with a fixed seed. The longest, like
# *seven hundred and seventy seven*, have five words, so six steps are enough for all. (*zero* is met once at most, so it is `<unk>` to our machine.
# Will it know what to say?)

# %% nbgrader={"grade": false, "grade_id": "given_numbers", "locked": true, "schema_version": 3, "solution": false, "task": false}
NUM_STEPS = 6


def load_numbers(batch_size=64):
    """(batches of (X, X_valid_len, Y, Y_valid_len), English vocabulary, Chinese vocabulary, 100 numbers that are in no batch)."""
    numbers = torch.randperm(1000, generator=torch.Generator().manual_seed(17)).tolist()
    learned, unseen = numbers[:700], numbers[700:800]
    source, target = ([write(number).split() for number in learned] for write in (english, chinese))
    src_vocab, tgt_vocab = (Vocab(lines, min_freq=2, reserved_tokens=RESERVED) for lines in (source, target))
    arrays = [*build_array_nmt(source, src_vocab, NUM_STEPS), *build_array_nmt(target, tgt_vocab, NUM_STEPS)]
    return list(zip(*(array.split(batch_size) for array in arrays), strict=True)), src_vocab, tgt_vocab, unseen


# %% [markdown]
# ## 2 · One reads, one writes
#
# A sentence and its translation differ in length, and the third word of one need not be the third of the other. So the *encoder-decoder
# architecture* (编码器-解码器架构) goes through a bottleneck: the encoder reads the whole sentence into a state of fixed size, and the decoder
# writes from that state. What the two are is open. Their interfaces:

# %% nbgrader={"grade": false, "grade_id": "given_interfaces", "locked": true, "schema_version": 3, "solution": false, "task": false}


class Encoder(nn.Module):
    """Reads. forward(X, *args) → what it has read, in whatever form the decoder understands."""

    def forward(self, X, *args):
        raise NotImplementedError


class Decoder(nn.Module):
    """Writes. init_state makes of what the encoder returns the state to begin with; forward(X, state) → (logits, the new state)."""

    def init_state(self, enc_outputs, *args):
        raise NotImplementedError

    def forward(self, X, state):
        raise NotImplementedError


# %% [markdown]
# ### 2.1 `EncoderDecoder`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 4 points*
#
# Notes: 004 编码器-解码器架构
#
# Put the two together:
#
# $$\text{enc\_outputs} = \text{encoder}(\text{enc\_X}, *\text{args}), \qquad
# \text{state} = \text{decoder.init\_state}(\text{enc\_outputs}, *\text{args}), \qquad
# \text{result} = \text{decoder}(\text{dec\_X}, \text{state})$$
#
# The *args* are whatever else there is to know about the source, its valid lengths for example. Both, `encoder` and `init_state`, get all of them. Return what
# the decoder returns. Keep the two parts as the attributes `encoder` and `decoder`.
#
# **By hand.** If `encoder(X)` doubles, `init_state` adds 1 and `decoder(X, state)` multiplies, then `net(3, 10)` is $10 \cdot (2 \cdot 3 + 1) = 70$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Three lines, the three formulas above. Call the modules themselves, `self.encoder(…)`, not their `forward`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `state = self.decoder.init_state(self.encoder(enc_X, *args), *args)`.
# </details>
#
# <details><summary>Help: I see that the network has no parameters</summary>
#
# A plain list hides modules from PyTorch, and so does forgetting `super().__init__()`. `self.encoder = encoder` is enough.
# </details>


# %% nbgrader={"grade": false, "grade_id": "EncoderDecoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
class EncoderDecoder(nn.Module):
    """An encoder and a decoder as one network, with the attributes encoder and decoder.

    forward(enc_X, dec_X, *args): all args go to the encoder and to the decoder's init_state. Returns what the decoder returns.
    """

    def __init__(self, encoder, decoder):
        ### BEGIN SOLUTION
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        ### END SOLUTION

    def forward(self, enc_X, dec_X, *args):
        ### BEGIN SOLUTION
        enc_outputs = self.encoder(enc_X, *args)
        state = self.decoder.init_state(enc_outputs, *args)
        return self.decoder(dec_X, state)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_EncoderDecoder", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
class _Doubles(Encoder):
    def __init__(self):
        super().__init__()
        self.two = nn.Parameter(torch.tensor(2.0))

    def forward(self, X, *args):
        return self.two * X + sum(args)


class _Multiplies(Decoder):
    def __init__(self):
        super().__init__()
        self.one = nn.Parameter(torch.tensor(1.0))

    def init_state(self, enc_outputs, *args):
        return enc_outputs + self.one + 100 * sum(args)

    def forward(self, X, state):
        return X * state, state


_net = EncoderDecoder(_Doubles(), _Multiplies())
_Y, _state = _net(torch.tensor(3.0), torch.tensor(10.0))
check_equal(_Y, torch.tensor(70.0), "the result of the example")
check_equal(_state, torch.tensor(7.0), "the state of the example, the second thing that its decoder returns")
check_equal(_net(torch.tensor(3.0), torch.tensor(10.0), 1, 4)[0], torch.tensor(5120.0), "the result when 1 and 4 are handed over as well, to both parts,")
check(isinstance(_net.encoder, _Doubles) and isinstance(_net.decoder, _Multiplies), "encoder and decoder should be attributes of the network.")
check(len(list(_net.parameters())) == 2, "the network does not know the parameters of its parts: keep both as attributes.")

# %% [markdown]
# ### 2.2 `Seq2SeqEncoder`
#
# *difficulty 2/5 · importance 4/5 · about 15 minutes · 8 points*
#
# Notes: 004 序列到序列学习(seq2seq)
#
# Each token number looks up its vector in an *embedding* (嵌入层), and a GRU (**ps16**) reads the vectors one after the other. You have built a GRU by
# hand; here `nn.GRU` is meant to be used, and `nn.Embedding` too.
#
# The GRU returns two things: the hidden states of its **top** layer at all $T$ steps, the `outputs`, and the hidden states of **all** $L$ layers behind
# the last step, the `state`. The encoder returns both.
#
# | | shape |
# |---|---|
# | `X` | $(n, T)$ |
# | outputs | $(T, n, h)$, time first, as `nn.GRU` makes them |
# | state | $(L, n, h)$ |
#
# **Conventions.** Make the parts in this order: embedding, GRU. Dropout acts between the layers of the GRU and nowhere else; `nn.GRU` does it by itself if you
# hand it on (and warns if there is one layer only, where there is nothing between). Whatever else `forward` is given, lengths for instance, it ignores:
# the GRU runs over the padding too.
#
# **By hand.** With $n = 2$ sentences of $T = 3$ tokens, $h = 4$ and $L = 1$, outputs has shape $(3, 2, 4)$, state $(1, 2, 4)$, and `outputs[-1]` equals `state[0]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `X` is batch first, and `nn.GRU` reads its input time first: transpose once, before or behind the embedding.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)`, the dropout **by name**: the fourth argument by place is another one (`bias`). Then
# `self.rnn(self.embedding(X.T))` is already the pair.
# </details>
#
# <details><summary>Help: I see the right shapes with n = T, and wrong ones else</summary>
#
# The batch is taken for time. `X.T`, or `batch_first=True` and then the outputs transposed.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Seq2SeqEncoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Seq2SeqEncoder(Encoder):
    """An embedding and a GRU.

    forward(X, *args): X (n, T) int64; args are ignored. Returns: (outputs (T, n, h), state (L, n, h)).
    """

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        ### BEGIN SOLUTION
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)
        ### END SOLUTION

    def forward(self, X, *args):
        ### BEGIN SOLUTION
        return self.rnn(self.embedding(X.T))
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Seq2SeqEncoder", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def _fill(net):
    """Fixed numbers for all parameters, in the order in which the parts were made."""
    with torch.no_grad():
        for place, parameter in enumerate(net.parameters()):
            parameter.copy_(torch.sin(torch.arange(1.0, parameter.numel() + 1) * 0.7 + place).reshape(parameter.shape))
    return net.eval()


_shapes = [tuple(p.shape) for p in Seq2SeqEncoder(7, 4, 5, 2).parameters()]
_expected = [(7, 4), (15, 4), (15, 5), (15,), (15,), (15, 5), (15, 5), (15,), (15,)]
check(_shapes == _expected, f"the parameters of Seq2SeqEncoder(7, 4, 5, 2) have the shapes {_shapes}, expected {_expected}.")
_X = torch.tensor([[4, 6, 1], [2, 5, 3]])
_result = _fill(Seq2SeqEncoder(7, 4, 5, 2))(_X, torch.tensor([2, 3]))
check(isinstance(_result, tuple) and len(_result) == 2, "an encoder returns a pair, (outputs, state).")
_outputs, _state = _result
check_equal(tuple(_outputs.shape), (3, 2, 5), "the shape of outputs for n = 2, T = 3, h = 5")
check_equal(tuple(_state.shape), (2, 2, 5), "the shape of state for n = 2, h = 5, L = 2")
check_equal(_outputs[-1], _state[-1], "the last step of outputs, which is the top layer's state,")
check_equal(_state[0, 0], torch.tensor([0.098766, -0.380997, 0.498364, -0.15147, 0.9819]), "the state of the first sentence in the first layer", atol=1e-5)
_expected = torch.tensor([[0.530464, -0.330461, -0.050617, -0.179182, -0.067465], [0.548411, -0.424203, -0.009591, -0.1729, -0.060334]])
check_equal(_outputs[0], _expected, "outputs behind the first step", atol=1e-5)
check(_outputs.requires_grad and _state.requires_grad, "no gradient flows back from the encoder: was something detached?")
_net = _fill(Seq2SeqEncoder(7, 4, 5, 2)).train()
check(
    torch.equal(_net(_X)[0], _net(_X)[0]),
    "without dropout two calls in training mode give two results: the default is 0, and nothing is kept from call to call.",
)
_dropped = _fill(Seq2SeqEncoder(7, 4, 5, 2, dropout=0.5)).train()
check_equal(_dropped(_X)[1][0], _state[0], "the state of the first layer with dropout=0.5, which acts behind that layer,", atol=1e-5)
check(not torch.equal(_dropped(_X)[0], _dropped(_X)[0]), "with dropout=0.5 two calls in training mode give the same: is the dropout handed on?")

# %% [markdown]
# ### 2.3 `Seq2SeqDecoder`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 13 points*
#
# Notes: 004 序列到序列学习(seq2seq)
#
# The decoder reads the translation as far as it goes, and says at every step what might come next. It knows about the source in two ways:
#
# * it **starts** from the encoder's state: layer by layer, each of its $L$ layers from the same layer of the encoder;
# * at **every** step it is shown the *context* (上下文变量) $c$ as well, the encoder's last state of the top layer.
#
# $$s_t = \mathrm{GRU}\big([\,\mathrm{embedding}(y_t),\ c\,],\ s_{t-1}\big), \qquad s_0 = \text{the encoder's state}, \qquad
# \text{logits}_t = W s_t^{\text{top}} + b$$
#
# **The context never moves.** In training the decoder gets all $T$ tokens in one call. In prediction it gets them one by one, each call with the state that the call
# before has returned. Both must give the same logits. By the second call the hidden state is the decoder's own, so the context can't be taken from it: it has to travel
# along, unchanged, as a part of the state. (Two traps to know. A popular textbook takes the context from the state that it is handed: right in training, wrong in prediction, and
# nothing in the training loss shows it. And lecture notes that say the *decoder's* last state starts the decoder mean the *encoder's*.)
#
# **Conventions.** Make the parts in this order: `nn.Embedding(v, e)`, `nn.GRU(e + h, h, L)`, `nn.Linear(h, v)`. The embedding comes first, the context behind it. Dropout as in 2.2.
# What a state looks like inside is up to you (a pair is natural), but it is made of tensors, lists and tuples only.
#
# **By hand.** For $n = 2$, $T = 3$, $e = 4$, $h = 5$: the embeddings, time first, are $(3, 2, 4)$, the context $(2, 5)$ is repeated to $(3, 2, 5)$, side by side they are
# $(3, 2, 9)$. The logits leave **batch first**, $(2, 3, v)$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `init_state` gets the pair that the encoder returns. It can return a pair itself: where the GRU starts, and the context. `forward` unpacks it, and returns a pair with a new
# first and the old second entry.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `context.expand(T, -1, -1)` repeats $(n, h)$ to $(T, n, h)$, and `torch.cat([embedded, contexts], dim=2)` puts it behind the embedding. At the end
# `self.dense(outputs).transpose(0, 1)`, together with `(hidden, context)`.
# </details>
#
# <details><summary>Help: I see right logits in one call, and wrong ones token by token</summary>
#
# Where does the context of the second call come from? If from the hidden state of the first call, it has moved. And does the GRU start from the state that was handed in?
# </details>


# %% nbgrader={"grade": false, "grade_id": "Seq2SeqDecoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Seq2SeqDecoder(Decoder):
    """An embedding, a GRU that sees the context at every step, and a linear layer.

    init_state(enc_outputs, *args): enc_outputs is the pair (outputs (T, n, h), state (L, n, h)) of the encoder. Returns the state to start from.
    forward(X, state): X (n, T) int64. Returns: (logits (n, T, v), the new state); the state handed in is left unchanged.
    """

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        ### BEGIN SOLUTION
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        ### END SOLUTION

    def init_state(self, enc_outputs, *args):
        ### BEGIN SOLUTION
        _, state = enc_outputs
        return state, state[-1]
        ### END SOLUTION

    def forward(self, X, state):
        ### BEGIN SOLUTION
        hidden, context = state
        embedded = self.embedding(X.T)  # (T, n, e)
        contexts = context.expand(len(embedded), -1, -1)  # (T, n, h)
        outputs, hidden = self.rnn(torch.cat([embedded, contexts], dim=2), hidden)
        return self.dense(outputs).transpose(0, 1), (hidden, context)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Seq2SeqDecoder", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false}
_shapes = [tuple(p.shape) for p in Seq2SeqDecoder(6, 3, 4, 2).parameters()]
_expected = [(6, 3), (12, 7), (12, 4), (12,), (12,), (12, 4), (12, 4), (12,), (12,), (6, 4), (6,)]
check(_shapes == _expected, f"the parameters of Seq2SeqDecoder(6, 3, 4, 2) have the shapes {_shapes}, expected {_expected}.")
_decoder = _fill(Seq2SeqDecoder(6, 3, 4, 2))
_read = torch.cos(torch.arange(24.0)).reshape(3, 2, 4), torch.cos(torch.arange(16.0) + 0.5).reshape(2, 2, 4)  # what an encoder may return
_X = torch.tensor([[2, 5, 1], [2, 3, 4]])
_logits, _state = _decoder(_X, _decoder.init_state(_read, torch.tensor([3, 2])))
check_equal(tuple(_logits.shape), (2, 3, 6), "the shape of the logits for n = 2, T = 3, v = 6")
_expected = torch.tensor([[0.573346, -2.596664, 1.181218, -1.164429, 1.803488, 0.510078], [-0.354447, -1.700537, 0.42031, -0.626667, 1.551015, 0.44809]])
check_equal(_logits[:, 0], _expected, "the logits of the first step", atol=1e-5)
_expected = torch.tensor([[-0.38376, -1.830477, 0.694487, -1.013399, 2.005611, -0.021841], [-1.397295, -0.860832, -0.119221, -0.449656, 1.756979, -0.117048]])
check_equal(_logits[:, 2], _expected, "the logits of the third step", atol=1e-5)
_state, _steps = _decoder.init_state(_read, torch.tensor([3, 2])), []
for _column in _X.T:
    _step, _state = _decoder(_column[:, None], _state)
    _steps.append(_step)
check_equal(torch.cat(_steps, dim=1), _logits, "what comes out token by token, compared with one call for all tokens,", atol=1e-5)
check(_logits.requires_grad, "no gradient flows back from the decoder: was something detached?")

# %% [markdown]
# ## 3 · Learning to translate
#
# ### 3.1 `teacher_forcing`
#
# *difficulty 1/5 · importance 4/5 · about 10 minutes · 4 points*
#
# Notes: 004 序列到序列学习(seq2seq)
#
# While it learns, the decoder is not left alone with its own mistakes: whatever it would have said, the teacher dictates the right token as the next input. That is *teacher
# forcing* (强制教学). So the decoder's input is the translation shifted by one: `<bos>` first, then all tokens **but the last**. At step $t$ it has read the tokens before $t$, and should say
# token $t$.
#
# | step | 0 | 1 | 2 | 3 |
# |---|---|---|---|---|
# | the decoder reads | `<bos>` | 四 | 十 | 二 |
# | and should say, `Y` | 四 | 十 | 二 | `<eos>` |
#
# **Conventions.** The result has the shape and the dtype of `Y` and storage of its own; `Y` stays as it is. If $T = 1$, only the column of `<bos>` is left.
#
# **By hand.** $Y = \begin{pmatrix} 7 & 8 & 3 \\ 9 & 3 & 1 \end{pmatrix}$ and `bos` $= 2$ give $\begin{pmatrix} 2 & 7 & 8 \\ 2 & 9 & 3 \end{pmatrix}$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `Y[:, :-1]` is all but the last column. A column of `bos` in front of it has the same number of rows.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.full_like(Y[:, :1], bos)` is that column, with dtype and device of Y. `torch.cat` along dimension 1 joins them.
# </details>
#
# <details><summary>Help: I see dtype float32</summary>
#
# `torch.ones`, `torch.zeros` and `torch.full` with a float make floats. `full_like` takes the dtype of what it is like.
# </details>


# %% nbgrader={"grade": false, "grade_id": "teacher_forcing", "locked": false, "schema_version": 3, "solution": true, "task": false}
def teacher_forcing(Y, bos):
    """What the decoder reads while it should say Y: <bos>, then Y without its last token.

    Y: (n, T) int64, left unchanged. bos: int.
    Returns: a new tensor, (n, T) int64, device of Y.
    """
    ### BEGIN SOLUTION
    return torch.cat([torch.full_like(Y[:, :1], bos), Y[:, :-1]], dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_teacher_forcing", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_Y = torch.tensor([[5, 900, 6, 3], [8, 3, 1, 1]])
check_equal(teacher_forcing(_Y, 2), torch.tensor([[2, 5, 900, 6], [2, 8, 3, 1]]), "teacher_forcing of two sentences with bos = 2")
check_equal(_Y, torch.tensor([[5, 900, 6, 3], [8, 3, 1, 1]]), "Y after the call")
_Y = torch.tensor([[4], [6], [3]])
check_equal(teacher_forcing(_Y, 7), torch.tensor([[7], [7], [7]]), "teacher_forcing of three sentences of one token with bos = 7")
check_equal(_Y, torch.tensor([[4], [6], [3]]), "Y, of one token, after the call")

# %% [markdown]
# ### 3.2 `MaskedSoftmaxCELoss`
#
# *difficulty 4/5 · importance 4/5 · about 25 minutes · 10 points*
#
# Notes: 004 序列到序列学习(seq2seq)
#
# Cross-entropy (交叉熵) at every step, but nobody should be praised for guessing padding. So the steps behind the valid length do not count:
#
# $$\ell_i = \frac{1}{T} \sum_{t=0}^{\text{len}_i - 1} -\log \mathrm{softmax}(\text{pred}_{i,t})_{\text{label}_{i,t}}$$
#
# **Conventions.** One loss a sentence, shape $(n,)$. The sum is divided by $T$, the same for all, **not** by the valid length: so every *token* of a batch weighs the same, whether
# its sentence is long or short. All sentences are done at once, with no loop over them. A length of 0 gives 0. What stands in `pred` behind the valid length does not matter at all, be it $-\infty$ or NaN, and the gradient there is exactly 0. (The labels behind
# are ordinary token numbers.) The cross-entropy of the library may be used.
#
# **By hand.** $T = 2$, three tokens, all scores 0: each step costs $\ln 3 = 1.0986$. With the valid length 1 the loss is $\tfrac12 \ln 3 = 0.5493$.
#
# Given, as you will write it in **ps18**: `sequence_mask(X, valid_len, value)` replaces what lies behind the valid length.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `nn.functional.cross_entropy(…, reduction="none")` wants the classes in dimension 1: from $(n, T, v)$ to $(n, v, T)$. Is that a transpose or a reshape?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Mask twice. Before: `sequence_mask(pred, valid_len)` puts harmless zeros behind the valid length (it works for $(n, T, v)$ too). After: the losses there are replaced by 0, and `mean(dim=1)` divides by $T$.
# </details>
#
# <details><summary>Help: I see NaN, in the loss or in the gradient</summary>
#
# A mask that *multiplies* leaves $0 \cdot \infty$ = NaN. Replace (`masked_fill`, `torch.where`, `sequence_mask`), and do it before the softmax: the gradient runs through it as well.
# </details>


# %% nbgrader={"grade": false, "grade_id": "given_sequence_mask", "locked": true, "schema_version": 3, "solution": false, "task": false}
def sequence_mask(X, valid_len, value=0):
    """A copy of X (n, T, ...) in which the steps behind the valid length of each sequence are replaced by value."""
    mask = torch.arange(X.shape[1], device=X.device) < valid_len[:, None]
    return X.masked_fill(~mask.reshape(*mask.shape, *[1] * (X.ndim - 2)), value)


# %% nbgrader={"grade": false, "grade_id": "MaskedSoftmaxCELoss", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MaskedSoftmaxCELoss(nn.Module):
    """Cross-entropy in which padding does not count. Made without arguments.

    forward(pred, label, valid_len): pred (n, T, v) float, label (n, T) int64, valid_len (n,) int; all left unchanged.
    Returns: (n,), one loss a sentence: the sum over its valid steps, divided by T; dtype and device of pred.
    """

    def forward(self, pred, label, valid_len):
        ### BEGIN SOLUTION
        pred = sequence_mask(pred, valid_len)
        losses = nn.functional.cross_entropy(pred.transpose(1, 2), label, reduction="none")
        return sequence_mask(losses, valid_len).mean(dim=1)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_MaskedSoftmaxCELoss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_loss = MaskedSoftmaxCELoss()
_losses = _loss(torch.ones(3, 4, 10), torch.ones(3, 4, dtype=torch.int64), torch.tensor([4, 2, 0]))
check_equal(_losses, torch.tensor([2.302585, 1.151293, 0.0]), "the losses of three sentences of lengths 4, 2 and 0")
_pred = torch.tensor(
    [[[1.0, -1.0, 0.5, 0.0], [2.0, 0.0, 1.0, -2.0], [0.5, 3.0, 0.0, 1.0]], [[0.0, 1.0, 0.5, -1.5], [4.0, 1.0, 0.0, 0.5], [1.0, 2.0, 0.0, -3.0]]]
)
_pred[1, 2] = torch.tensor([-float("inf"), float("nan"), float("inf"), 0.0])
_pred.requires_grad_()
_losses = _loss(_pred, torch.tensor([[2, 1, 0], [3, 1, 0]]), torch.tensor([3, 2]))
check_equal(_losses, torch.tensor([2.134367, 2.104922]), "the losses of two sentences, with NaN and infinity behind the second")
_losses.sum().backward()
check(bool(_pred.grad.isfinite().all()), "the gradient of pred is not finite when there is NaN or infinity behind the valid length.")
check_equal(_pred.grad[1, 2], torch.zeros(4), "the gradient of pred behind the valid length")
_far = _loss(torch.tensor([[[900.0, -900.0]]]), torch.tensor([[1]]), torch.tensor([1]))
check_equal(_far, torch.tensor([1800.0]), "the loss for scores 900 and -900")


def _masked_loss(pred, label, valid_len):
    return _loss(pred, label, valid_len)


check_promises(_masked_loss, torch.sin(torch.arange(24.0)).reshape(2, 3, 4), torch.tensor([[2, 1, 0], [3, 1, 0]]), torch.tensor([3, 2]))

# %% [markdown]
# ### 3.3 `train_seq2seq`
#
# *difficulty 3/5 · importance 5/5 · about 30 minutes · 10 points*
#
# Notes: 004 序列到序列学习(seq2seq)
#
# All pieces are there. For every batch `(X, X_valid_len, Y, Y_valid_len)`: the network reads `X`, its valid lengths, and the translation shifted by one, and says `Y_hat`; the loss leaves out the padding
# of `Y`; Adam makes a step.
#
# **Conventions.**
#
# * `net(X, dec_X, X_valid_len)`, with the decoder's input from your `teacher_forcing`, returns `(Y_hat, state)`; the state is not needed.
# * The gradient is that of the sum of the batch's losses. (Their mean will do as well: Adam does not mind a factor.) It is clipped to a norm of 1, by `nn.utils.clip_grad_norm_` for instance.
# * One `torch.optim.Adam` with learning rate `lr` for the whole training, gradients cleared before each `backward`, the network in training mode.
# * Returned is a list with one float an epoch: the loss **a token**, that is the sum of the losses of all valid tokens of the epoch, each taken before its step, divided by their number. Padding is no token.
#   Since the loss of 3.2 is divided by $T$, it has to be multiplied by $T$ again here.
# * `data_iter` can be walked over again and again, by a `for` in every epoch.
#
# **By hand.** Two batches, the first with 5 valid tokens whose losses add up to 10, the second with 1 whose loss is 8. The loss a token is $18/6 = 3$, not the mean of 2 and 8.
#
# <details><summary>Hint 1: a nudge</summary>
#
# It is the training loop of ps05, with four things from the loader in the place of two. Sum losses and tokens over the epoch, and divide once, at its end.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `Y_hat, _ = net(X, teacher_forcing(Y, bos), X_valid_len)` and `losses = loss(Y_hat, Y, Y_valid_len)`; then `losses.sum().backward()`. For the record: `total += losses.sum().item() * Y.shape[1]` and
# `tokens += int(Y_valid_len.sum())`.
# </details>
#
# <details><summary>Help: I see a loss that falls to 0, and translations that are nonsense</summary>
#
# Does the decoder read `Y` itself? Then it only copies what it is shown, and in prediction there is nothing to copy.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_seq2seq", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    """Trains net by teacher forcing, with Adam and gradients clipped to norm 1.

    net: an EncoderDecoder, net(X, dec_X, X_valid_len) → (Y_hat (n, T, v), state). data_iter: gives (X, X_valid_len, Y, Y_valid_len).
    Returns: list of num_epochs floats, the loss a token of each epoch.
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    loss = MaskedSoftmaxCELoss()
    history = []
    net.train()
    for _ in range(num_epochs):
        total, tokens = 0.0, 0
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            Y_hat, _ = net(X, teacher_forcing(Y, bos), X_valid_len)
            losses = loss(Y_hat, Y, Y_valid_len)
            optimizer.zero_grad()
            losses.sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimizer.step()
            total += losses.sum().item() * Y.shape[1]
            tokens += int(Y_valid_len.sum())
        history.append(total / tokens)
    return history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_seq2seq", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
class _Table(nn.Module):
    """Scores from the token that was read; it remembers what it was called with."""

    def __init__(self):
        super().__init__()
        self.W = nn.Parameter(torch.sin(torch.arange(25.0)).reshape(5, 5))
        self.calls = []

    def forward(self, X, dec_X, *args):
        self.calls.append((dec_X, args, self.training, None if self.W.grad is None else self.W.grad.clone()))
        return self.W[dec_X], None


_X, _lens = torch.tensor([[4, 3, 1], [3, 1, 1]]), torch.tensor([2, 1])
_data = [(_X, _lens, torch.tensor([[4, 0, 3], [0, 3, 1]]), torch.tensor([3, 2])), (_X, _lens, torch.tensor([[3, 1, 1], [0, 4, 3]]), torch.tensor([1, 3]))]
_net = _Table().eval()
_history = train_seq2seq(_net, _data, 0.0, 2, 2)
check(len(_net.calls) == 4, f"the network was called {len(_net.calls)} times in 2 epochs of 2 batches.")
_read, _args, _training, _ = _net.calls[0]
check_equal(_read, torch.tensor([[2, 4, 0], [2, 0, 3]]), "the decoder's input for the first batch")
check(len(_args) == 1 and torch.equal(_args[0], _lens), "the network should get the valid lengths of X as its third argument.")
check(_training, "the network is not in training mode while it is trained.")
check_equal(_history, [1.875114, 1.875114], "the loss a token of two epochs with lr = 0")
_net = _Table()
train_seq2seq(_net, _data, 0.05, 3, 2)
check_equal(_net.W[0].detach(), torch.tensor([-0.284783, 0.556688, 0.624514, 0.353171, -0.665767]), "the first row of scores after three epochs", atol=0.02)
check_equal(_net.W[2].detach(), torch.tensor([-0.244756, -1.298319, -0.834902, 0.344931, 0.880791]), "the third row of scores after three epochs", atol=0.02)

# %% [markdown]
# ## 4 · Translating
#
# ### 4.1 `predict_seq2seq`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 10 points*
#
# Notes: 004 序列到序列学习(seq2seq)
#
# No teacher now. The decoder reads `<bos>`, says a token, reads what it has said, and so on, until it says `<eos>` or has said `num_steps` tokens. Each time the likeliest token is taken: that is *greedy*.
#
# **Conventions.** The source is a string of words with single spaces between. It is made lower case, split, and turned into an array as in 1.2, **with** `<eos>`, cut or padded to `num_steps`. The encoder **and** `init_state`
# get its valid length too, of shape $(1,)$. Then `net.decoder` gets one token a call, shape $(1, 1)$, with the state that the call before has returned. The result is a string: the tokens with single spaces
# between, without `<eos>`; it is empty if `<eos>` comes first. The network is put into evaluation mode and stays in it, and no graph is recorded.
#
# **By hand.** If the decoder says 四, then 十, then `<eos>`, it has been called three times, with `<bos>`, 四 and 十, and the result is `"四 十"`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `build_array_nmt` with a list of one sentence does the first half. Then `state = net.decoder.init_state(net.encoder(X, valid_len), valid_len)`, and a loop.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# In the loop: `logits, state = net.decoder(torch.tensor([[token]]), state)`, then `token = int(logits[0, 0].argmax())`. Leave the loop if that is `tgt_vocab["<eos>"]`, else keep it. All of it under `torch.no_grad()`.
# </details>
#
# <details><summary>Help: I see the same word again and again</summary>
#
# Does the new state go into the next call? And is the token that was just said the next input?
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict_seq2seq", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps):
    """Translates a sentence, token by token, always the likeliest one.

    net: an EncoderDecoder; it is put into evaluation mode. src_sentence: str. src_vocab, tgt_vocab: Vocabs. num_steps: int, for both languages.
    Returns: str, the tokens of the translation with single spaces between.
    """
    ### BEGIN SOLUTION
    net.eval()
    X, valid_len = build_array_nmt([src_sentence.lower().split(" ")], src_vocab, num_steps)
    token, tokens = tgt_vocab["<bos>"], []
    with torch.no_grad():
        state = net.decoder.init_state(net.encoder(X, valid_len), valid_len)
        for _ in range(num_steps):
            logits, state = net.decoder(torch.tensor([[token]]), state)
            token = int(logits[0, 0].argmax())
            if token == tgt_vocab["<eos>"]:
                break
            tokens.append(token)
    return " ".join(tgt_vocab.to_tokens(tokens))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_seq2seq", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
class _Reads(Encoder):
    def forward(self, X, *args):
        self.seen = [X, *args]
        return X


class _Recites(Decoder):
    """Says what it was told to say, one token a call; it knows where it is by the state."""

    def __init__(self, says, size):
        super().__init__()
        self.says, self.size, self.read, self.w = says, size, [], nn.Parameter(torch.ones(1))

    def init_state(self, enc_outputs, *args):
        self.seen = list(args)
        return 0

    def forward(self, X, state):
        self.read.append(X.tolist())
        logits = self.w * nn.functional.one_hot(torch.tensor([[self.says[state]]]), self.size)
        self.graph, self.trains = logits.requires_grad, self.training
        return logits, state + 1


_src = Vocab(["two", "two", "forty", "hundred"], reserved_tokens=RESERVED)
_tgt = Vocab(["十", "十", "十", "四", "四", "二"], reserved_tokens=["<eos>", "<pad>", "<bos>"])  # <eos> 1, <pad> 2, <bos> 3, 十 4, 四 5, 二 6
_net = EncoderDecoder(_Reads(), _Recites([5, 4, 6, 1, 5, 5, 5], len(_tgt)))
check_equal(predict_seq2seq(_net, "Forty two", _src, _tgt, 6), "四 十 二", "the translation of Forty two by a network that says 四, 十, 二, <eos>")
check_equal([[int(t) for t in row] for row in _net.encoder.seen[0]], [_src[["forty", "two", "<eos>", "<pad>", "<pad>", "<pad>"]]], "what the encoder reads")
check(len(_net.encoder.seen) == 2 and len(_net.decoder.seen) == 1, "encoder and init_state should get the valid length as well.")
check_equal(_net.encoder.seen[1].tolist(), [3], "the valid length that the encoder gets")
check_equal(_net.decoder.read, [[[3]], [[5]], [[4]], [[6]]], "what the decoder reads, call by call,")
check(not _net.decoder.graph, "the decoder records a graph: predict under torch.no_grad().")
check(not _net.decoder.trains, "the network is in training mode while it predicts.")
_net = EncoderDecoder(_Reads(), _Recites([5, 4, 6, 1, 5, 5, 5], len(_tgt)))
check_equal(predict_seq2seq(_net, "two", _src, _tgt, 2), "四 十", "the translation by the same network with num_steps=2")

# %% [markdown]
# ### 4.2 `bleu`
#
# *difficulty 3/5 · importance 4/5 · about 25 minutes · 10 points*
#
# Notes: 004 序列到序列学习(seq2seq)
#
# How good is a translation that is not exactly the expected one? BLEU counts how many of its words, pairs of words, triples … also occur in the label:
#
# $$\exp\Big(\min\Big(0,\ 1 - \frac{\text{len}_{\text{label}}}{\text{len}_{\text{pred}}}\Big)\Big) \prod_{n=1}^{k} p_n^{1/2^n}$$
#
# The precision $p_n$ is the share of the prediction's $n$-grams ($n$ tokens in a row, $n$ 元语法) that match. The factor in front punishes predictions that are too short: a single safe word would be
# precise, too.
#
# **Conventions.**
#
# * Each $n$-gram of the label can be matched **once**. Without that, *the the the the* would be a perfect answer to *the cat*. So an $n$-gram counts as often as it occurs in the prediction, but at most as often as in the label.
# * The denominator is the number of $n$-grams of the **prediction**, $\text{len}_{\text{pred}} - n + 1$.
# * $n$ runs from 1 to $k$, or to $\text{len}_{\text{pred}}$ if that is smaller. One $p_n = 0$ makes the whole 0. An empty prediction gives `0.0`; the label is never empty.
#
# **By hand.** Label *A B C D E F*, prediction *A B B C D*, $k = 2$. Of the five words four match (the second B finds no partner): $p_1 = \tfrac45$. Of the pairs AB, BB, BC, CD three match: $p_2 = \tfrac34$. The
# factor is $\exp(1 - \tfrac65) = 0.819$, together $0.819 \cdot 0.8^{1/2} \cdot 0.75^{1/4} = 0.681$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Count the $n$-grams of both with a `Counter`, as tuples: `tuple(tokens[i : i + n])`. Counters can be intersected: `a & b` keeps the smaller count of each.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `matches = sum((ngrams(pred, n) & ngrams(label, n)).values())`, then `score *= (matches / (len(pred) - n + 1)) ** (0.5**n)`.
# </details>
#
# <details><summary>Help: I see a ZeroDivisionError</summary>
#
# Either the prediction is empty, or $n$ has become larger than its length. `"".split()` is the empty list; `"".split(" ")` is not.
# </details>


# %% nbgrader={"grade": false, "grade_id": "bleu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bleu(pred_seq, label_seq, k):
    """The BLEU of a prediction, with n-grams of up to k tokens.

    pred_seq, label_seq: str, tokens with single spaces between; the prediction may be empty. k: int, at least 1.
    Returns: a float from 0 to 1.
    """
    ### BEGIN SOLUTION
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, min(k, len(pred)) + 1):
        mine, right = (Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)) for tokens in (pred, label))
        matches = sum((mine & right).values())
        score *= (matches / (len(pred) - n + 1)) ** (1 / 2**n)
    return score
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_bleu", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check_equal(bleu("三 百 零 七", "三 百 零 七", 2), 1.0, "bleu of a perfect translation")
check_equal(bleu("A B B C D", "A B C D E F", 2), 0.681487, "bleu of the example")
check_equal(bleu("the the the the", "the cat on the mat", 1), 0.550695, "bleu of “the the the the” for “the cat on the mat”, k = 1,")
check_equal(bleu("a b c a b d e", "a b c", 3), 0.40678, "bleu of “a b c a b d e” for “a b c”, k = 3,")
check_equal(bleu("六 十", "六 十 二", 4), 0.606531, "bleu of “六 十” for “六 十 二”, k = 4,")
check_equal(bleu("二 六", "六 二", 2), 0.0, "bleu of “二 六” for “六 二”, k = 2,")
check_equal(bleu("", "六 二", 2), 0.0, "bleu of an empty prediction")

# %% [markdown]
# **The machine at work.** Twelve epochs over 700 numbers, about two seconds. Between them we look over its shoulder: ten numbers that it has never seen, what it writes for them after 3, 6 and 12 epochs, and the BLEU of each.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_translation", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from IPython.display import Markdown, display
#
# torch.manual_seed(0)
# numbers_iter, src_vocab, tgt_vocab, unseen = load_numbers()
# translator = EncoderDecoder(Seq2SeqEncoder(len(src_vocab), 32, 64, 1), Seq2SeqDecoder(len(tgt_vocab), 32, 64, 1))
#
#
# def translate(sentence, net=translator):
#     return predict_seq2seq(net, sentence, src_vocab, tgt_vocab, NUM_STEPS)
#
#
# losses, said = [], []
# for epochs in (3, 3, 6):
#     losses += train_seq2seq(translator, numbers_iter, 0.01, epochs, tgt_vocab["<bos>"])
#     said.append([translate(english(number)) for number in unseen])
# rows = []
# for place, number in enumerate(unseen[:10]):
#     cells = [f"{text[place].replace(' ', '') or '(nothing)'} · {bleu(text[place], chinese(number), 2):.2f}" for text in said]
#     rows.append(f"| {number} | {english(number)} | {' | '.join(cells)} | {'✓' if said[-1][place] == chinese(number) else chinese(number).replace(' ', '')} |")
# display(Markdown("\n".join(["| | never seen before | after 3 epochs | after 6 | after 12 | |", "|---|---|---|---|---|---|", *rows])))
# right = sum(text == chinese(number) for text, number in zip(said[-1], unseen, strict=True))
# print(f"\n{right} of 100 unseen numbers without a mistake.")
# print(f'And zero, a word that it does not know? It says "{translate("zero")}".')
# plot_curves({"loss a token": losses}, "epoch", "cross-entropy", "Learning to translate numbers", x=range(1, 13))

# %% [markdown]
# Try your own: in a new cell, `translate("nine hundred and ninety nine")`. Then ask it something rude, like `translate("hundred hundred")`, or your birthday.
#
# **What has it understood?** The context of a number, 64 of them, is all that the decoder knows about the source. Here are the contexts of all thousand numbers. On the left they are seen from where the ten
# hundreds lie furthest apart, on the right from where the ten last digits do: the same points, looked at from two sides. Nobody has told the encoder what a hundred is.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_contexts", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# array, valid_len = build_array_nmt([english(number).split() for number in range(1000)], src_vocab, NUM_STEPS)
# with torch.no_grad():
#     contexts = translator.encoder(array, valid_len)[1][-1]
# torch.manual_seed(0)
# figure, grid = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
# for axes, digits, name in zip(grid, (torch.arange(1000) // 100, torch.arange(1000) % 10), ("hundreds", "last digits"), strict=True):
#     means = torch.stack([contexts[digits == digit].mean(dim=0) for digit in range(10)])
#     _, _, directions = torch.pca_lowrank(means - means.mean(dim=0), q=2, center=False)
#     places = (contexts - means.mean(dim=0)) @ directions
#     axes.scatter(*places.T, c=digits, cmap="tab10", vmin=-0.5, vmax=9.5, s=9)
#     for digit in range(10):
#         axes.annotate(str(digit), places[digits == digit].mean(dim=0).tolist(), weight="bold", size=14, ha="center", va="center")
#     axes.set(xlabel="first direction", ylabel="second direction", title=f"1000 contexts, by their {name}")
# plt.show()

# %% [markdown]
# **The context must not move.** The textbook's decoder, which takes the context from whatever state it is handed, beside yours. In training both see the same, and their losses are alike. Then they have to translate, one token
# a call.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_moving", "locked": true, "schema_version": 3, "solution": false, "task": false}
# class MovingDecoder(Decoder):
#     def __init__(self, v, e, h, num_layers):
#         super().__init__()
#         self.embedding, self.rnn, self.dense = nn.Embedding(v, e), nn.GRU(e + h, h, num_layers), nn.Linear(h, v)
#
#     def init_state(self, enc_outputs, *args):
#         return enc_outputs[1]
#
#     def forward(self, X, state):
#         context = state[-1].expand(X.shape[1], -1, -1)
#         outputs, state = self.rnn(torch.cat([self.embedding(X.T), context], dim=2), state)
#         return self.dense(outputs).transpose(0, 1), state
#
#
# losses, exact = {}, {}
# for name, decoder in (("fixed context", Seq2SeqDecoder), ("moving context", MovingDecoder)):
#     torch.manual_seed(1)
#     net = EncoderDecoder(Seq2SeqEncoder(len(src_vocab), 32, 64, 1), decoder(len(tgt_vocab), 32, 64, 1))
#     losses[name], exact[name] = [], []
#     for _ in range(12):
#         losses[name] += train_seq2seq(net, numbers_iter, 0.01, 1, tgt_vocab["<bos>"])
#         exact[name].append(sum(translate(english(number), net) == chinese(number) for number in unseen) / len(unseen))
# plot_curves(losses, "epoch", "loss a token", "In training both look the same …", x=range(1, 13))
# plot_curves(exact, "epoch", "share of exact translations", "… but only one of them translates", x=range(1, 13))

# %% [markdown]
# ## 5 · Better than greedy
#
# The likeliest token now may lead to a place where nothing is likely. To find the likeliest *sentence* one has to look ahead. This section is about searching alone; the network hides behind one function:
#
# `log_probs(prefixes)` takes an int64 tensor $(b, t)$ of $b$ prefixes, each of which begins with `bos`, and returns a tensor $(b, v)$: the logarithms of the probabilities of every next token. Some may be $-\infty$.
#
# Words for all three exercises:
#
# * A sentence is **complete** when it ends with `eos`, or has `max_len` tokens behind `bos`. Only complete ones are answers.
# * $L$ is the number of its tokens behind `bos`, with `eos` if it has one. So $L$ is the number of log-probabilities that are added up.
# * The **score** of a sentence is $\dfrac{1}{L^\alpha} \sum_{t=1}^{L} \log P(y_t \mid y_1, \dots, y_{t-1})$.
# * Returned is always a pair: the tokens as a list of ints, **without** `bos` and `eos`, and a float.
#
# An example to play with, for 5.1 to 5.3, with `max_len` 2. The tokens are A, B and `eos`:
#
# | after | A | B | eos |
# |---|---|---|---|
# | `bos` | 0.5 | 0.4 | 0.1 |
# | `bos` A | 0.35 | 0.25 | 0.4 |
# | `bos` B | 0.9 | 0.05 | 0.05 |
#
# For the checks there is a toy language, in which the next token depends on everything before it.

# %% nbgrader={"grade": false, "grade_id": "given_toy", "locked": true, "schema_version": 3, "solution": false, "task": false}
BOS, EOS = 0, 1


def toy_language(seed, v=5, rows=None):
    """log_probs of a made-up language with v tokens, of which 0 is bos and never comes again, and 1 is eos. rows: a list in which the shapes of all calls are noted."""

    def log_probs(prefixes):
        if rows is not None:
            rows.append(tuple(prefixes.shape))
        steps = torch.arange(1, prefixes.shape[1] + 1)
        key = ((prefixes + 1.0) * steps.sqrt()).sum(dim=1, keepdim=True) + seed
        scores = 2.5 * torch.sin(key * (torch.arange(v) + 1.7))
        scores[:, BOS] = -math.inf
        return torch.log_softmax(scores, dim=1)

    return log_probs


# %% [markdown]
# ### 5.1 `greedy_search`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 4 points*
#
# Notes: 004 束搜索
#
# One end of the scale: at each step the likeliest token, one prefix a call, until `eos` or `max_len`. Here the second result is the plain sum $\sum \log P$, **not** divided, with the $\log P$ of `eos` in it.
#
# **By hand.** In the table: A (0.5), then `eos` (0.4). The result is `([A], log 0.2)`, $\log 0.2 = -1.609$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# The model always wants the *whole* prefix, from `bos` on, as a tensor with one row.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `row = log_probs(torch.tensor([prefix]))[0]`, `token = int(row.argmax())`, `total += float(row[token])`; then stop if it is `eos`, else append.
# </details>
#
# <details><summary>Help: I see the right tokens and a wrong sum</summary>
#
# Is $\log P$ of `eos` in the sum? It has to be added before the loop ends.
# </details>


# %% nbgrader={"grade": false, "grade_id": "greedy_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def greedy_search(log_probs, bos, eos, max_len):
    """The likeliest token at each step.

    log_probs: function of prefixes (b, t) int64, gives (b, v) float. bos, eos: ints. max_len: int, at least 1.
    Returns: (list of tokens without bos and eos, the sum of their log-probabilities and that of eos).
    """
    ### BEGIN SOLUTION
    prefix, total = [bos], 0.0
    for _ in range(max_len):
        row = log_probs(torch.tensor([prefix]))[0]
        token = int(row.argmax())
        total += float(row[token])
        if token == eos:
            break
        prefix.append(token)
    return prefix[1:], total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_greedy_search", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
_tokens, _total = greedy_search(toy_language(36), BOS, EOS, 4)
check_equal(_tokens, [4, 4, 3], "the tokens that greedy search finds in toy language 36, max_len 4,")
check_equal(_total, -3.565861, "their sum of log P, with that of eos,")
_tokens, _total = greedy_search(toy_language(1), BOS, EOS, 5)
check_equal(_tokens, [2, 4, 3, 3, 4], "the tokens in toy language 1, max_len 5, which never says eos,")
check_equal(_total, -3.036838, "their sum of log P")
_shapes = []
greedy_search(toy_language(36, rows=_shapes), BOS, EOS, 9)
check_equal(_shapes, [(1, 1), (1, 2), (1, 3), (1, 4)], "the shapes of the prefixes that the model is asked about, the last time when it says eos,")

# %% [markdown]
# ### 5.2 `exhaustive_search`
#
# *difficulty 3/5 · importance 2/5 · about 20 minutes · 5 points*
#
# Notes: 004 束搜索
#
# The other end: look at **all** complete sentences (穷举搜索), and return the one with the best score, and that score, divided by $L^\alpha$. There are about $v^{\text{max\_len}}$ of them, so this is for small toys only; but it is always
# right. A prefix that ends with `eos` is an answer, and is not continued.
#
# **By hand.** With $\alpha = 0$ the best of the table is B A: $0.4 \cdot 0.9 = 0.36$. The empty sentence, `eos` at once, has 0.1; A with `eos` 0.2; A A 0.175, and so on. So the result is `([B, A], log 0.36)`. With $\alpha = 1$ its score
# would be $\tfrac12 \log 0.36$.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Grow a list of all prefixes that live, step by step. At each step some of their extensions are complete (all of them at the last step), the others live on.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Keep pairs (tokens, sum). In step number `length`, `rows = log_probs(torch.tensor([[bos, *tokens] for tokens, _ in live]))`; each pair makes $v$ new ones. The score of a complete one is `total / length**alpha`.
# </details>
#
# <details><summary>Help: I see a better score than is possible</summary>
#
# Are prefixes among the answers that are not complete? And is $L$ counted without `bos`, and with `eos`?
# </details>


# %% nbgrader={"grade": false, "grade_id": "exhaustive_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exhaustive_search(log_probs, bos, eos, max_len, alpha=0.75):
    """The complete sentence with the best score of all.

    log_probs: function of prefixes (b, t) int64, gives (b, v) float. bos, eos: ints. max_len: int, at least 1. alpha: float, at least 0.
    Returns: (list of tokens without bos and eos, the score).
    """
    ### BEGIN SOLUTION
    live, best, best_score = [([], 0.0)], [], -math.inf
    for length in range(1, max_len + 1):
        rows = log_probs(torch.tensor([[bos, *tokens] for tokens, _ in live])).tolist()
        extended = [([*tokens, token], total + more) for (tokens, total), row in zip(live, rows, strict=True) for token, more in enumerate(row)]
        for tokens, total in extended:
            complete = tokens[-1] == eos or length == max_len
            if complete and total / length**alpha > best_score:
                best, best_score = tokens, total / length**alpha
        live = [(tokens, total) for tokens, total in extended if tokens[-1] != eos]
    return [token for token in best if token != eos], best_score
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_exhaustive_search", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
for _alpha, _best, _score in ((0, [], -1.238694), (0.75, [4, 2], -1.070837), (1, [2, 2, 2, 3], -0.79687)):
    _tokens, _found = exhaustive_search(toy_language(36), BOS, EOS, 4, _alpha)
    check_equal(_tokens, _best, f"the best sentence of toy language 36, max_len 4, alpha {_alpha},")
    check_equal(_found, _score, f"its score with alpha {_alpha}")
_tokens, _found = exhaustive_search(toy_language(38), BOS, EOS, 5)
check_equal(_tokens, [3, 2, 3, 3, 2], "the best sentence of toy language 38, max_len 5, with the default alpha,")
check_equal(_found, -0.863628, "its score")

# %% [markdown]
# ### 5.3 `beam_search`
#
# *difficulty 5/5 · importance 5/5 · about 40 minutes · 12 points*
#
# Notes: 004 束搜索
#
# In between: keep not one prefix, and not all, but the `beam_size` best (束宽). At each step
#
# 1. ask the model about the live prefixes, all in **one** call;
# 2. look at **all** their extensions together, at most `beam_size` · $v$, and keep the `beam_size` with the largest $\sum \log P$. These are the best of *all*: the best prefix may leave several children, and another none;
# 3. those of them that end with `eos` are finished: they become answers, and no other prefix takes their places in this step. The others live on. (The next step keeps the `beam_size` best again.)
#
# It ends when no prefix lives, or at `max_len`, and never earlier: a short sentence that is found first need not be the best. What still lives at `max_len` is complete, too. Of all answers the one with the best
# **score** wins. Ranking *within* a step needs no $L^\alpha$, because all candidates are of the same length; the choice at the end does.
#
# **By hand.** The table with `beam_size` 2, $\alpha = 0$. Step 1 keeps A (0.5) and B (0.4). Step 2 has six candidates: A A 0.175, A B 0.125, A `eos` 0.2, B A **0.36**, B B 0.02, B `eos` 0.02. The two best are B A and A `eos`, both
# complete. The result is `([B, A], log 0.36)`: what exhaustive search finds, and greedy search does not.
#
# (Pictures of beam search often show prefixes among the candidates, such as A and C. These are answers only if `eos` follows.)
#
# <details><summary>Hint 1: a nudge</summary>
#
# `totals[:, None] + log_probs(prefixes)` is a table $(b, v)$ of all candidates. `topk` of the *flattened* table, and then: which row and which column was it? Think of `// v` and `% v`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `totals, places = candidates.flatten().topk(min(beam_size, candidates.numel()))`, then `prefixes = torch.cat([prefixes[places // v], (places % v)[:, None]], dim=1)`. With `done = prefixes[:, -1] == eos` the finished
# ones are `prefixes[done]` and the others `prefixes[~done]`; in the last step all are done.
# </details>
#
# <details><summary>Help: I see worse sentences for alpha = 1 than for alpha = 0</summary>
#
# $\log P$ is negative. A sum is *divided* by $L^\alpha$, which makes long sentences look better; multiplied, it would punish them twice.
# </details>


# %% nbgrader={"grade": false, "grade_id": "beam_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    """The best sentence that is found when the beam_size best prefixes are kept at each step.

    log_probs: function of prefixes (b, t) int64, gives (b, v) float; called once a step. bos, eos: ints. beam_size, max_len: ints, at least 1.
    alpha: float, at least 0.
    Returns: (list of tokens without bos and eos, the score).
    """
    ### BEGIN SOLUTION
    prefixes, totals = torch.tensor([[bos]]), torch.zeros(1)
    answers = []
    for length in range(1, max_len + 1):
        candidates = totals[:, None] + log_probs(prefixes)  # (live, v)
        v = candidates.shape[1]
        totals, places = candidates.flatten().topk(min(beam_size, candidates.numel()))
        prefixes = torch.cat([prefixes[places // v], (places % v)[:, None]], dim=1)
        done = (prefixes[:, -1] == eos) | (length == max_len)
        answers += zip((totals[done] / length**alpha).tolist(), prefixes[done].tolist(), strict=True)
        prefixes, totals = prefixes[~done], totals[~done]
        if len(prefixes) == 0:
            break
    score, best = max(answers)
    return [token for token in best[1:] if token != eos], score
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_beam_search", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
for _seed, _size, _len, _alpha, _best, _score in (
    (36, 1, 4, 0, [4, 4, 3], -3.565861),
    (36, 2, 4, 0, [], -1.238694),
    (36, 2, 4, 0.75, [4, 4, 2], -1.177362),
    (36, 3, 4, 0.75, [4, 2], -1.070837),
    (1, 3, 5, 0.75, [2, 2, 4], -0.700704),
    (1, 3, 5, 1.5, [2, 3, 4, 3, 4], -0.224331),
    (43, 3, 5, 0, [4, 3, 3], -3.721614),
    (38, 700, 5, 1, [3, 2, 3, 3, 2], -0.577543),
):
    _name = f"by a beam of {_size} in toy language {_seed}, max_len {_len}, alpha {_alpha},"
    _tokens, _found = beam_search(toy_language(_seed), BOS, EOS, _size, _len, _alpha)
    check_equal(_tokens, _best, f"the sentence that is found {_name}")
    check_equal(_found, _score, f"the score of what is found {_name}")
_shapes = []
beam_search(toy_language(43, rows=_shapes), BOS, EOS, 3, 5)
check_equal(_shapes, [(1, 1), (3, 2), (3, 3), (3, 4), (2, 5)], "the shapes of the prefixes that the model is asked about: one call a step, live prefixes only,")

# %% [markdown]
# **What a wider beam buys.** Thirty toy languages of eight tokens, and for each the score of the sentence that is found, compared with the best there is. The numbers in the legend say how many prefixes the model had to read for it, on average.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_search", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def demo_search(v=8, max_len=4, languages=30):
#     alphas = [i / 4 for i in range(7)]
#     best = {(seed, a): exhaustive_search(toy_language(seed, v), BOS, EOS, max_len, a)[1] for seed in range(languages) for a in alphas}
#     curves = {}
#     for beam_size in (1, 2, 4, 8):
#         rows = []
#         found = [[beam_search(toy_language(s, v, rows), BOS, EOS, beam_size, max_len, a)[1] - best[s, a] for s in range(languages)] for a in alphas]
#         read = sum(b for b, _ in rows) / languages / len(alphas)
#         name = "greedy" if beam_size == 1 else f"beam {beam_size}"
#         curves[f"{name}: {read:.0f} prefixes read"] = [sum(gaps) / languages for gaps in found]
#     rows = []
#     exhaustive_search(toy_language(0, v, rows), BOS, EOS, max_len, 0.75)
#     curves[f"exhaustive: {sum(b for b, _ in rows)} prefixes read"] = [0.0] * len(alphas)
#     plot_curves(curves, "alpha", "score, below the best", "How much a beam misses", x=alphas)
#
#
# demo_search()

# %% [markdown]
# **Your translator and your beam search together.** The decoder becomes a `log_probs`: all prefixes of the beam are read in one call. A translator that knows its numbers has nothing to gain, so here is a beginner, after
# four epochs only: whatever a wider beam changes in its translations of the 100 unseen numbers, with the probability that it gives to both.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_beam_translation", "locked": true, "schema_version": 3, "solution": false, "task": false}
# def as_log_probs(net, sentence):
#     array, valid_len = build_array_nmt([sentence.split()], src_vocab, NUM_STEPS)
#
#     def log_probs(prefixes):
#         with torch.no_grad():
#             logits, _ = net.eval()(array.expand(len(prefixes), -1), prefixes, valid_len.expand(len(prefixes)))
#         return torch.log_softmax(logits[:, -1], dim=1)
#
#     return log_probs
#
#
# bos, eos = tgt_vocab["<bos>"], tgt_vocab["<eos>"]
# torch.manual_seed(1)
# beginner = EncoderDecoder(Seq2SeqEncoder(len(src_vocab), 32, 64, 1), Seq2SeqDecoder(len(tgt_vocab), 32, 64, 1))
# train_seq2seq(beginner, numbers_iter, 0.01, 4, bos)
# rows, right = [], {1: 0, 4: 0}
# for number in unseen:
#     log_probs, texts = as_log_probs(beginner, english(number)), {}
#     for beam_size in right:
#         tokens, total = beam_search(log_probs, bos, eos, beam_size, NUM_STEPS, 0)
#         mark = " ✓" if " ".join(tgt_vocab.to_tokens(tokens)) == chinese(number) else ""
#         texts[beam_size] = f"{''.join(tgt_vocab.to_tokens(tokens))} · {math.exp(total):.2f}{mark}"
#         right[beam_size] += bool(mark)
#     if texts[1] != texts[4]:
#         rows.append(f"| {number} | {english(number)} | {texts[1]} | {texts[4]} |")
# display(Markdown("\n".join(["| | never seen before | greedy | beam of 4 |", "|---|---|---|---|", *rows])))
# print(f"\nWithout a mistake: {right[1]} of 100 by greedy search, {right[4]} by a beam of 4.")

# %% [markdown]
# ### 5.4 Two questions on paper
#
# **Question 1 (up to 4 points): why divide by $L^\alpha$?** (a) Show that $\sum \log P$ alone favours short sentences. (b) What do $\alpha = 0$, $\alpha = 1$ and a very large $\alpha$ do? (c) "The $L^\alpha$ in the denominator is a penalty for
# long sentences": is *penalty* the right word?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_length", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) Each term $\log P(y_t \mid \dots)$ is at most 0, since a probability is at most 1. A longer sentence adds further terms, none of them positive, so the sum of a sentence is never larger than that of
# its beginning: among sentences of equally likely tokens, $\log P = \log p < 0$ each, the sum $L \log p$ is largest for the smallest $L$.
#
# (b) $\alpha = 0$: no division, the plain sum, short sentences win. $\alpha = 1$: the mean of $\log P$ a token; how long a sentence is does not matter, only how likely its tokens are on average. Very large: the score
# $\frac{1}{L^\alpha}\sum \log P$ goes to 0 from below for long sentences, faster than anything else can make up for: the longest sentences win.
#
# (c) No. The sum is negative, and dividing a negative number by something larger brings it nearer to 0, that is, makes it better. It helps long sentences; it makes up for their length instead of punishing it.
#
# **Marking scheme.** 2 points: a sum of terms that are negative or 0, which falls with length. 1 point: the ends, $\alpha = 0$ plain sum and very large the longest, with $\alpha = 1$ as the mean. 1 point: no, it makes up for length.
# ### END SOLUTION

# %% [markdown]
# **Question 2 (up to 4 points): where greed fails.** (a) Write down a table of probabilities for three tokens, one of them `eos`, and two steps, other than the one above, in which greedy search misses the likeliest sentence and a beam of 2 finds it. Show both searches. (b) How many
# candidates are looked at, in powers of ten, by greedy search, a beam of $k = 2$ and exhaustive search, for $v = 10^4$ tokens and $T' = 10$ steps?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_greed", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** (a) For example: first step A 0.45, B 0.35, eos 0.2. After A: A 0.4, B 0.3, eos 0.3. After B: A 0.1, B 0.8, eos 0.1. Greedy search takes A, then A: $0.45 \cdot 0.4 = 0.18$. A beam of 2 keeps A and B; the six
# candidates of step 2 are 0.18, 0.135, 0.135 and 0.035, **0.28**, 0.035, so it finds B B with 0.28, the likeliest of all (eos at once has 0.2).
#
# (b) Greedy: $v\,T' = 10^4 \cdot 10 = 10^5$. Beam: $k\,v\,T' = 2 \cdot 10^5$. Exhaustive: $v^{T'} = (10^4)^{10} = 10^{40}$.
#
# **Marking scheme.** 1 point: a table whose rows add up to 1, in which greedy search misses the best. 1 point: the beam of 2 shown to find it. 2 points: $10^5$, $2 \cdot 10^5$, $10^{40}$; one wrong number costs 1 point.
# ### END SOLUTION

# %% [markdown]
# ## What you have now, and where to go
#
# A translator, the whole of it: from words to numbers, through a bottleneck, and back to words; a loss that knows what padding is, a score that knows what a good translation is, and a search that looks further than the next word.
# The same three parts, with larger boxes, translated the web until 2017.
#
# To try, if you like: turn the machine round, so that it reads Chinese and writes English. Read the source backwards: does it learn faster? Leave all numbers from 600 to 699 out of the training, and ask for them.
#
# The bottleneck is the weak place: 64 numbers must hold the sentence, however long it is. In **ps18** the decoder looks back at *all* states of the encoder and chooses what it needs; in **ps19** nothing but that looking is left.
