"""Names of operations: which of those that ran are the forbidden ones, whatever alias called them.

A name that ran looks like "aten._log_softmax", "torch.nn.functional.softmax" or "torch.Tensor.softmax_". Its key is the last part without
leading and trailing underscores; a forbidden word matches the key itself, or is the name of a group of keys. "graph.LogSoftmax" is a step in the graph
of a result; it is compared without underscores.

The record comes from the student's own process. What is known to keep operators out of it is in the record as well ("watch.thread"), and what only a
reader of the source can see is named by `hiding_places`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_CONVOLUTIONS = [
    f"{prefix}{name}"
    for prefix in ("", "mkldnn_", "cudnn_", "thnn_", "slow_", "miopen_", "mps_", "nnpack_spatial_")
    for name in ("convolution", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "conv_tbc")
]
_ATTENTION = (
    "scaled_dot_product_attention", "scaled_dot_product_attention_math", "scaled_dot_product_flash_attention",
    "scaled_dot_product_flash_attention_for_cpu", "scaled_dot_product_efficient_attention", "scaled_dot_product_fused_attention_overrideable",
    "scaled_dot_product_cudnn_attention", "multi_head_attention_forward", "native_multi_head_attention", "transformer_encoder_layer_fwd",
    "fused_sdp_choice", "triton_multi_head_attention", "triton_scaled_dot_attention",
)  # fmt: skip
GROUPS: dict[str, tuple[str, ...]] = {
    "conv": (*_CONVOLUTIONS, "convolution_overrideable", "slow_conv2d_forward", "conv_depthwise2d", "cudnn_convolution_transpose"),
    "norm": (
        "batch_norm", "native_batch_norm", "native_batch_norm_legit", "native_batch_norm_legit_no_training", "cudnn_batch_norm",
        "miopen_batch_norm", "batch_norm_impl_index", "batch_norm_with_update", "batch_norm_no_update", "layer_norm", "native_layer_norm",
        "group_norm", "native_group_norm", "instance_norm", "rms_norm", "fused_rms_norm", "batch_norm_stats", "batch_norm_elemt",
        "batch_norm_with_update_functional", "native_batch_norm_legit_functional",
    ),
    "rnn": (
        "gru", "lstm", "rnn_tanh", "rnn_relu", "gru_cell", "lstm_cell", "rnn_tanh_cell", "rnn_relu_cell", "thnn_fused_lstm_cell",
        "thnn_fused_gru_cell", "cudnn_rnn", "mkldnn_rnn_layer", "miopen_rnn", "lstm_mps",
    ),
    "attention": _ATTENTION,
    "pool": (
        "max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "max_pool2d_with_indices", "max_pool3d_with_indices",
        "max_pool1d_with_indices", "mkldnn_max_pool2d", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d",
        "adaptive_max_pool2d", "adaptive_max_pool3d", "fractional_max_pool2d", "lp_pool2d", "lp_pool1d", "quantized_max_pool2d", "boolean_dispatch",
    ),
    "numpy": ("numpy", "array", "array_wrap", "from_numpy"),
    "softmax": ("softmax", "softmin", "safe_softmax", "masked_softmax", "gumbel_softmax", "sparse_softmax", *_ATTENTION),
    "log_softmax": ("log_softmax", "logsoftmax", "sparse_log_softmax"),
    "cross_entropy": ("cross_entropy", "cross_entropy_loss", "nll_loss", "nll_loss_nd", "nll_loss_forward", "nll_loss2d", "nll_loss2d_forward"),
}  # fmt: skip


def key_of(name: str) -> str:
    """The last part of an operator's name, without underscores around it."""
    return name.rpartition(".")[2].strip("_")


@lru_cache(4096)
def _lower_key(name: str) -> str:
    return key_of(name).lower()


@lru_cache
def _keys(forbid: tuple[str, ...]) -> frozenset[str]:
    """The keys that the words of a `forbid` stand for."""
    return frozenset(key.lower() for word in forbid for key in GROUPS.get(word, (word.strip("_"),)))


def forbidden_name(seen: Iterable[str], forbid: Iterable[str]) -> str | None:
    """The first of the operations seen that is forbidden, as a student would call it; None when there is none."""
    keys = _keys(tuple(forbid))
    seen = list(seen)
    found = sorted((name for name in seen if _lower_key(name) in keys and not name.startswith("graph.")), key=lambda name: (name.startswith("aten."), name))
    if found:
        return f"torch.{key_of(found[0])}" if found[0].startswith("aten.") else found[0]
    steps = {name.removeprefix("graph.").lower() for name in seen if name.startswith("graph.")}
    return next((f"torch.{key}" for key in sorted(keys) if key.replace("_", "") in steps), None)


_ALONE = "while this exercise keeps a record of operations, a function does its work itself"
EVASIONS = {
    "watch.evaded": "switches off the record of operations that this exercise keeps",
    "steps.evaded": "switches off the count of steps that this exercise keeps",
    "watch.thread": f"leaves a thread running when it ends; {_ALONE}",
    "watch.process": f"starts a process; {_ALONE}",
    "watch.memory": "searches the memory of its process, which this exercise does not allow",
    "watch.ctypes": f"calls C functions through ctypes; {_ALONE}, with PyTorch",
}


def evasion(seen: Iterable[str]) -> str | None:
    """What kept operators out of the record, as the rest of a sentence that begins with the function's name; None when nothing did."""
    names = set(seen)
    return next((words for code, words in EVASIONS.items() if code in names), None)


_HIDING_PLACES = re.compile(
    r"\b(_DisableTorchDispatch|_disable_current_modes|_ExcludeDispatchKeyGuard|_ForceDispatchKeyGuard|_python_dispatch|redispatch|__subclasses__|f_locals|"
    r"f_globals|tb_frame|gi_frame|get_referrers|get_objects|ctypes|autograder)\b"
)


def hiding_places(source: str) -> list[str]:
    """Names in a cell that have little use in an answer and could hide operations: not a finding, but a reason for a person to look."""
    return sorted(set(_HIDING_PLACES.findall(source)))
