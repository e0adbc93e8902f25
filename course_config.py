"""The course: assignments in their order, due dates, limits and policy. Also nbgrader's configuration (nbgrader_config.py loads this file)."""

from autograder.grading.course import Assignment, Course
from autograder.nbgrader_plugin.configuration import configure

COURSE = Course(
    id="deep-learning",
    title="Deep Learning",
    assignments=(
        Assignment("ps00_start", "Hello", due="2027-03-01T23:59:00+08:00"),
        Assignment("ps01_tensors", "Tensor operations", due="2027-03-08T23:59:00+08:00"),
        Assignment("ps02_data_and_linear_algebra", "Tables and linear algebra", due="2027-03-15T23:59:00+08:00"),
        Assignment("ps03_autograd", "Derivatives by hand and by machine", due="2027-03-22T23:59:00+08:00"),
        Assignment("ps04_linear_regression", "Linear regression, from scratch and with nn", due="2027-03-29T23:59:00+08:00"),
        Assignment("ps05_softmax_regression", "Softmax regression from scratch", due="2027-04-05T23:59:00+08:00"),
        Assignment("ps06_mlp", "Perceptron and multilayer perceptron", due="2027-04-12T23:59:00+08:00"),
        Assignment("ps07_generalization", "Generalization: overfitting and what helps against it", due="2027-04-19T23:59:00+08:00"),
        Assignment("ps08_initialization", "Numerical stability and initialization", due="2027-04-26T23:59:00+08:00"),
        Assignment("ps09_modules", "Modules, parameters, files", due="2027-05-03T23:59:00+08:00"),
        Assignment("ps10_convolution", "Convolution and pooling", due="2027-05-10T23:59:00+08:00"),
        Assignment("ps11_modern_cnn", "Modern convolutional networks", due="2027-05-17T23:59:00+08:00"),
        Assignment("ps12_batch_norm", "Batch and layer normalisation", due="2027-05-24T23:59:00+08:00"),
        Assignment("ps13_resnet", "Residual and dense networks", due="2027-05-31T23:59:00+08:00"),
        Assignment("ps14_optimizers", "Optimizers: from one step downhill to Adam", due="2027-06-07T23:59:00+08:00"),
        Assignment("ps15_rnn", "Sequences, text and recurrent networks", due="2027-06-14T23:59:00+08:00"),
        Assignment("ps16_gru_lstm", "Gated recurrent networks", due="2027-06-21T23:59:00+08:00"),
        Assignment("ps17_seq2seq", "Translation with encoder and decoder", due="2027-06-28T23:59:00+08:00"),
        Assignment("ps18_attention", "Attention", due="2027-07-05T23:59:00+08:00"),
        Assignment("ps19_transformer", "The Transformer and a small language model", due="2027-07-12T23:59:00+08:00"),
        Assignment("ps20_multi_gpu", "Data parallel training on several devices", due="2027-07-19T23:59:00+08:00"),
        Assignment("ps21_finetuning", "Augmentation and fine-tuning", due="2027-07-26T23:59:00+08:00"),
        Assignment("ps22_object_detection", "Object detection", due="2027-08-02T23:59:00+08:00"),
    ),
    # Anything of autograder.sandbox.limits.SubmissionLimits; an assignment may have limits of its own.
    limits={"criterion_seconds": 10, "cell_seconds": 30, "memory_bytes": 4 << 30},
    # "none": late submissions lose nothing; "zero": they score 0; "percent_per_day": docs/course.md, as all of this.
    late_policy="none",
    sandbox="bwrap",
    device="cpu",
)

c = get_config()  # noqa: F821 - given by nbgrader
configure(COURSE, c)
