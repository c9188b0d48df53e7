"""The numbers of notes that are the same at every showing, worked out again and written as the note writes them."""

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import sacrebleu
from rouge_score import rouge_scorer  # type: ignore[import-untyped]

type Array = npt.NDArray[np.float64]

WORDS = {1: "One", 2: "Two", 3: "three", 4: "four", 7: "seven", 9: "nine"}
SHARES = {2: "half", 4: "quarter", 8: "eighth", 10: "tenth", 10**6: "millionth"}


def rng() -> np.random.Generator:
    """A generator that draws the same at every run."""
    return np.random.default_rng(20)


def grouped(number: float) -> str:
    """A whole number as the deck groups it: 12\\,288."""
    return f"{round(number):,}".replace(",", r"\,")


def scientific(number: float, digits: int = 0) -> str:
    """A number as digits times a power of ten: 9.5 \\cdot 10^{-7}."""
    mantissa, exponent = f"{number:.{digits}e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def share(value: float) -> str:
    """One part in n, in words, n rounded to its first digit."""
    parts = 1 / value
    size = 10 ** math.floor(math.log10(parts))
    return SHARES[round(parts / size) * size]


def slope(function: Callable[[float], float], at: float, step: float = 1e-5) -> float:
    """A derivative as a two-sided difference."""
    return (function(at + step) - function(at - step)) / (2 * step)


def sigmoid(z: float) -> float:
    """The sigmoid by way of tanh."""
    return (1 + math.tanh(z / 2)) / 2


def softmax(logits: Sequence[float]) -> Array:
    """Odds against the last logit, made to sum to one."""
    odds = np.array([math.exp(z - logits[-1]) for z in logits])
    shares: Array = odds / odds.sum()
    return shares


def places(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """How many positions a filter has on a line, counted one by one."""
    return len(range(-padding, size + padding - kernel + 1, stride))


def seen(layers: Sequence[tuple[int, int]]) -> int:
    """How many inputs of a line reach one unit after layers of (filter, stride), followed back one by one."""
    units = {0}
    for kernel, stride in reversed(layers):
        units = {unit * stride + offset for unit in units for offset in range(kernel)}
    return len(units)


# Networks and activations


def relu_formula() -> list[str]:
    """ReLU of two numbers apart and together."""
    apart, together = np.maximum(0, [1, -1]).sum(), np.maximum(0, 1 - 1)
    return [
        rf"\operatorname{{ReLU}}(1) + \operatorname{{ReLU}}(-1) = {apart}",
        rf"\operatorname{{ReLU}}(1 - 1) = {together}",
    ]


def saturation() -> list[str]:
    """The sigmoid's slope far out."""
    return [rf"\sigma'(10) \approx {slope(sigmoid, 10):.6f}"]


def tanh_range() -> list[str]:
    """The greatest slopes of tanh and of the sigmoid."""
    grid = np.linspace(-5, 5, 1001)
    steepest = max(slope(math.tanh, z) for z in grid)
    gentler = max(slope(sigmoid, z) for z in grid)
    return [f"greatest slope is ${steepest:.0f}$", f"only ${gentler:.2f}$"]


def gelu() -> list[str]:
    """Where GELU is lowest."""
    grid = np.linspace(-3, 3, 60001)
    values = np.array([z * (1 + math.erf(z / math.sqrt(2))) / 2 for z in grid])
    return [f"${values.min():.2f}$ near $z = {grid[values.argmin()]:.2f}$"]


def architecture_images_why() -> list[str]:
    """Weights of a fully connected and of a convolutional layer."""
    joined = np.empty((64, 64, 3)).size * 100
    filters = np.empty((100, 5, 5, 3)).size
    return [f"= {grouped(joined)}$", f"take ${filters}$"]


# Output layers and losses


def sigmoid_derivative() -> list[str]:
    """The sigmoid's slope at its steepest and where it says 0.99."""
    return [f"value is ${slope(sigmoid, 0):.2f}$", f"only ${slope(sigmoid, math.log(99)):.4f}$"]


def softplus_formula() -> list[str]:
    """Softplus at 0."""
    return [rf"\log 2 \approx {np.logaddexp(0, 0):.2f}$"]


def cross_entropy_not_mse() -> list[str]:
    """The two losses' gradients for a unit that is confidently wrong."""
    z = math.log(0.001 / 0.999)
    squared = slope(lambda at: (sigmoid(at) - 1) ** 2 / 2, z)
    entropy = slope(lambda at: -math.log(sigmoid(at)), z)
    return [f"about ${squared:.3f}$", f"a - y = {entropy:.3f}$"]


# Softmax and calibration


def softmax_shift() -> list[str]:
    """The first whole exponent that overflows a 32-bit float."""
    with np.errstate(over="ignore"):
        first = next(k for k in range(200) if np.isinf(np.exp(np.float32(k))))
    return [f"$e^{{{first}}}$ already overflows"]


def softmax_cross_entropy() -> list[str]:
    """The loss of an even guess among ten."""
    return [f"about ${-np.log(softmax([0] * 10))[0]:.2f}$ for ten"]


# Backpropagation and vanishing gradients


def exploding_gradient() -> list[str]:
    """A factor of 1.5, fifty times."""
    return [rf"1.5^{{50}} \approx {scientific(np.prod(np.full(50, 1.5)))}$"]


# Building a network


def init_too_small() -> list[str]:
    """Signals through ten layers of a hundred units with weights of size 0.01."""
    draw = rng()
    first = signal = draw.standard_normal((100, 200))
    for _ in range(10):
        signal = 0.01 * draw.standard_normal((100, 100)) @ signal
    shrunk = signal.std() / first.std()
    return [rf"\cdot 0.01 = {shrunk ** (1 / 10):.1f}$", f"$10^{{{round(math.log10(shrunk))}}}$"]


def xavier_init() -> list[str]:
    """The standard deviation of the uniform form, drawn."""
    limit = math.sqrt(6 / (300 + 100))
    return [rf"\approx {rng().uniform(-limit, limit, 10**6).std():.3f}$"]


def he_init() -> list[str]:
    """The standard deviation for 512 inputs."""
    return [f"= {2 / math.sqrt(2 * 512)}$"]


def he_init_two() -> list[str]:
    """The mean square that ReLU leaves, over twenty layers."""
    z = rng().standard_normal(10**6)
    return ["after 20 layers a " + share(round(np.mean(np.maximum(z, 0) ** 2), 2) ** 20)]


# Preparing data


def input_scaling_why() -> list[str]:
    """Gradient descent on an elongated and on a round bowl."""

    def after(alpha: float, steps: int, curvature: Array) -> Array:
        point = np.ones(2)
        for _ in range(steps):
            point = point - alpha * curvature * point
        return point

    long, round_ = np.array([100.0, 1.0]), np.ones(2)
    stable = max(a for a in np.arange(0.001, 0.05, 0.001) if abs(after(a, 400, long)[0]) < 1)
    lost = 1 - after(0.019, 1, long)[1]
    one = next(a for a in np.arange(0.1, 2, 0.1) if np.allclose(after(a, 1, round_), 0))
    assert f"{stable:.3f}" == "0.019"
    return [
        rf"\alpha < {100 * (stable + 0.001):.0f}/100$",
        rf"${100 * lost:.1f}\,\%$ a step",
        rf"$\alpha = {one:.0f}$ would reach",
    ]


def dropout_code() -> list[str]:
    """The share of activations that `Dropout(0.2)` keeps."""
    return [f"keeps {100 * (rng().random(10**6) >= 0.2).mean():.0f} %"]


# Mini-batches


def minibatch_large_set() -> list[str]:
    """Steps of an epoch, counted."""
    return [f"{len(range(0, 10**6, 10**6))} step against {len(range(0, 10**6, 500))} steps"]


def gradient_noise() -> list[str]:
    """The spread of means of 10 and of 40 draws."""
    draw = rng()
    few, many = (draw.standard_normal((20_000, size)).mean(axis=1).std() for size in (10, 40))
    return ["It is " + {0.5: "halved"}[round(many / few, 1)]]


# Optimisers


def exponential_average() -> list[str]:
    """What is left of a value's weight, and how many values an average of ones has taken in."""
    weights = 0.1 * np.cumprod(np.full(10, 0.9))
    mean_age = {beta: 1 / (1 - beta) for beta in (0.9, 0.98)}
    return [
        rf"0.9^{{10}} \approx {weights[-1] / 0.1:.2f}$",
        rf"$\beta = 0.9$ means about {mean_age[0.9]:.0f} values",
        rf"$\beta = 0.98$ about {mean_age[0.98]:.0f}",
    ]


def momentum_update() -> list[str]:
    """How much shorter the learning rate must be if the factor is left out."""
    with_factor, without = (sum(factor * 0.9**age for age in range(500)) for factor in (0.1, 1))
    return ["here a " + share(with_factor / without)]


def gradient_clipping() -> list[str]:
    """A gradient cut by its norm and by its elements."""
    gradient = np.array([6.0, 8.0])
    norm = math.hypot(*gradient)
    by_norm = 5 * gradient / norm
    by_element = gradient.clip(-5, 5)
    return [f"norm ${norm:.0f}$"] + [f"$({x:.0f}, {y:.0f})$" for x, y in (by_norm, by_element)]


# Learning-rate schedules


def inverse_time_decay() -> list[str]:
    """Four epochs of inverse-time decay."""
    rates = [float(Fraction("0.2") / (1 + epoch)) for epoch in range(1, 5)]
    return ["$" + r",\ ".join(f"{rate:.3f}".rstrip("0") for rate in rates) + "$"]


def exponential_decay() -> list[str]:
    """How long a rate takes to halve, and where epoch 10 stands."""
    rates = 0.1 * np.cumprod(np.full(2000, 0.95 ** (1 / 100)))
    half = 1 + int((rates > 0.05).sum())
    return [f"every {half / 100:.1f} epochs", rf"\approx {rates[999]:.3f}$"]


def decay_initial_rate() -> list[str]:
    """Epoch 3 of the right and of the faulty schedule."""
    faulty = 0.2
    for epoch in range(1, 4):
        faulty /= 1 + epoch
    return [f"= {0.2 / (1 + 3):.2f}$", rf"\approx {faulty:.4f}$"]


def cosine_schedule() -> list[str]:
    """The bracket at the start, in the middle and at the end."""
    bracket = 1 + np.cos(np.linspace(0, np.pi, 3))
    return [
        f"the bracket is ${bracket[0]:.0f}$",
        f"at $t = T/2$ it is ${bracket[1]:.0f}$",
        f"at $t = T$ it is ${bracket[2]:.0f}$",
    ]


def warm_up() -> list[str]:
    """The rate half-way up."""
    return ["$" + scientific(np.linspace(0, 3e-4, 1001)[500], 1) + "$"]


# Tuning hyperparameters


def random_search_why() -> list[str]:
    """The different values that 25 trials of each kind try."""
    grid = set(itertools.product(range(5), range(5)))
    drawn = rng().random((25, 2))
    tested, random = len({first for first, _ in grid}), len(set(drawn[:, 0]))
    return [f"tests {tested} values of each, random search {random}", f"wasted {len(grid) - tested} trials"]


def log_scale_why() -> list[str]:
    """Where uniform draws fall."""
    drawn = rng().uniform(0.0001, 1, 10**6)
    decades = np.histogram(np.log10(rng().uniform(0.0001, 1, 10**6)), [-4, -3, -2, -1, 0])[0]
    return [
        f"About {100 * (drawn > 0.1).mean():.0f} %",
        rf"\approx {(drawn > 0.1).mean():.2f}$",
        f"three of the {WORDS[len(decades)]} powers of ten",
        f"gets a {share(1 / len(decades))}",
    ]


def log_scale_method() -> list[str]:
    """Ten to the power of -2.5."""
    return [rf"\approx {1 / math.sqrt(10**5):.4f}$"]


def beta_sampling() -> list[str]:
    """What r = -2 gives."""
    beta = 1 - 10**-2
    return [rf"\beta = {beta}$, an average over about {1 / (1 - beta):.0f} steps"]


def beta_sampling_why() -> list[str]:
    """How many steps four values of beta average: the sum of their weights against the newest."""

    def steps(beta: str) -> Fraction:
        return 1 / (1 - Fraction(beta))

    return [
        f"({float(steps('0.9')):.0f} to {float(steps('0.9005')):.2f})",
        f"({steps('0.999')} to {steps('0.9995')})",
    ]


# Convolution and pooling


def filter_shape() -> list[str]:
    """The weights of a filter on an RGB image."""
    return [f"${np.empty((3, 3, 3)).size}$ weights"]


def pooling_parameters() -> list[str]:
    """The side after pooling."""
    side = places(28, 2, 2)
    return [rf"${side} \times {side} \times 192$"]


def same_padding() -> list[str]:
    """The padding that keeps the size."""
    return [f"$p = {next(p for p in range(9) if places(32, 5, padding=p) == 32)}$"]


def padding_edges() -> list[str]:
    """How often each pixel is covered, with and without padding, and the side after ten layers."""

    def covered(padding: int) -> Array:
        count = np.zeros((20 + 2 * padding, 20 + 2 * padding))
        for i, j in itertools.product(range(places(20, 3, padding=padding)), repeat=2):
            count[i : i + 3, j : j + 3] += 1
        return count[padding:, padding:]

    side = 32
    for _ in range(10):
        side = places(side, 3)
    plain = covered(0)
    return [
        f"{WORDS[round(plain[0, 0])]} and {WORDS[round(plain[10, 10])]}.",
        f"covered {WORDS[round(covered(1)[0, 0])]} times",
        rf"${side} \times {side}$",
    ]


def receptive_field_recursion() -> list[str]:
    """What one more layer of 3 at stride 1 adds."""
    return [f"layer adds {seen([(3, 1)] * 4) - seen([(3, 1)] * 3)}."]


# Cheaper convolutions


def products(side: int, kernel: int, inputs: int, outputs: int) -> int:
    """The multiplications of a normal convolution."""
    return len(range(side)) ** 2 * outputs * np.empty((kernel, kernel, inputs)).size


def conv_cost() -> list[str]:
    """The multiplications of a layer."""
    return [rf"\approx {products(28, 3, 64, 128) / 1e6:.0f}$ million"]


def inception_module() -> list[str]:
    """The channels of four branches, side by side."""
    branches = [np.empty((2, 2, channels)) for channels in (64, 128, 32, 32)]
    return [f"give ${np.concatenate(branches, axis=2).shape[2]}$"]


# Learning from other data and tasks


def multi_task_when() -> list[str]:
    """The other tasks' examples."""
    return [f"{sum(1000 for task in range(100) if task):,} examples of the others"]


# Object detection


def localisation_no_object() -> list[str]:
    """The entries that the label leaves open."""
    label = ("p_c", "b_x", "b_y", "b_h", "b_w", "c_1", "c_2", "c_3")
    return [f"other {WORDS[len(label[1:])]} entries"]


def localisation_loss() -> list[str]:
    """The squared error of 0.3 where there is nothing."""
    return [f"the loss is ${np.square(0.3 - 0):.2f}$"]


def sliding_window_convolutional() -> list[str]:
    """The windows of 64 at stride 16 on a side of 128."""
    side = places(128, 64, 16)
    return [rf"${side} \times {side}$ outputs: {side * side} windows"]


def fc_as_convolution() -> list[str]:
    """The weights of both forms, and the filters' one position."""
    assert places(5, 5) == 1
    filters = np.empty((400, 5, 5, 16))
    assert filters.size == np.empty((400, 5 * 5 * 16)).size
    return ["400 filters", f"${grouped(filters.size)}$ weights"]


def anchor_output() -> list[str]:
    """The numbers of an anchor and of a cell."""
    anchor = ("p_c", "b_x", "b_y", "b_h", "b_w", "c_1", "c_2", "c_3")
    return [f"{len(anchor)} numbers an anchor", f"{2 * len(anchor)} a cell"]


# Segmentation


def unet_down_step() -> list[str]:
    """The channels, doubled level by level."""
    channels = [64 << level for level in range(5)]
    return ["$" + ", ".join(map(str, channels[:-1])) + "$", f"${channels[-1]}$"]


def unet_up_step() -> list[str]:
    """The channels on the first level up."""
    below = np.empty((2, 2, 1024))
    up, skip = np.empty((4, 4, below.shape[2] // 2)), np.empty((4, 4, 512))
    joined = np.concatenate([up, skip], axis=2).shape[2]
    return [f"from ${below.shape[2]}$ to ${up.shape[2]}$ channels", f"from the skip make it ${joined}$ again"]


def unet_crop() -> list[str]:
    """The side of the original U-Net's output, layer by layer."""
    side = 572
    for level in range(9):
        side = places(places(side, 3), 3)
        if level < 4:
            side = places(side, 2, 2)
        elif level < 8:
            side *= 2
    return [rf"${side} \times {side}$"]


def unet_layers() -> list[str]:
    """The convolutional layers, listed."""
    down = [f"down{level}.{number}" for level in range(5) for number in range(2)]
    up = [f"up{level}.{number}" for level in range(4) for number in range(3)]
    return [f"= {len([*down, *up, 'head'])}$"]


# Recurrent networks


def rnn_vanishing_cause() -> list[str]:
    """A factor of 0.9, fifty times."""
    return [rf"0.9^{{50}} \approx {np.prod(np.full(50, 0.9)):.3f}$"]


# Language models


def bpe_number() -> list[str]:
    """The pairs of a small corpus, counted before and after the first merge."""
    corpus = {"seen": 4, "see": 3, "been": 5, "bed": 2}

    def pairs(words: dict[tuple[str, ...], int]) -> Counter[tuple[str, ...]]:
        count: Counter[tuple[str, ...]] = Counter()
        for word, times in words.items():
            for pair in itertools.pairwise(word):
                count[pair] += times
        return count

    letters = pairs({tuple(word): times for word, times in corpus.items()})
    merged = pairs({tuple(word.replace("ee", "E")): times for word, times in corpus.items()})
    (best, times), (second, next_times) = letters.most_common(1)[0], merged.most_common(1)[0]
    assert letters["s", "e"] == letters["b", "e"]
    return [
        f"`{best[0]}`+`{best[1]}`",
        f"= {times}$ times",
        f"= {letters['e', 'n']}$",
        f"${letters['s', 'e']}$ each",
        f"({next_times} times)",
        "`" + "".join(second).replace("E", "ee") + "`",
    ]


def subword_why() -> list[str]:
    """The values of a byte."""
    return [f"{len({bytes([value]) for value in range(np.iinfo(np.uint8).max + 1)})} bytes"]


# Sequence to sequence and decoding


def log_probabilities() -> list[str]:
    """The smallest double, the product that is below it, and the sum of logarithms."""
    assert math.prod([0.1] * 400) == 0
    smallest = str(np.nextafter(0.0, 1.0)).split("e")
    assert smallest == ["5", "-324"]
    total = math.fsum([math.log(0.1)] * 400)
    return [rf"${smallest[0]} \cdot 10^{{{smallest[1]}}}$", f"${total:.0f}$"]


def ctc_collapse() -> list[str]:
    """Both strings, merged and stripped of blanks."""

    def merged(labels: str) -> str:
        return "".join(label for label, _ in itertools.groupby(labels))

    path = merged("hh_e_ll_l_oo")
    return [f"`{path}`", f"`{path.replace('_', '')}`", f"`{merged('hheelloo')}`"]


# Attention and Transformers


def attention_scale() -> list[str]:
    """The spread of dot products of random vectors, and what softmax makes of it."""
    queries, keys = rng().standard_normal((2, 20_000, 64))
    spread = (queries * keys).sum(axis=1).std()
    return [f"standard deviation is ${spread:.0f}$", rf"e^8 \approx {math.exp(round(spread)):.0f}$"]


# Pretraining and scale


def scaling_law_form() -> list[str]:
    """What ten times the parameters leave of the first term."""
    return [rf"10^{{-0.3}} \approx {1 / math.pow(10, 0.3):.1f}$"]


# Fine-tuning


def full_ft_memory() -> list[str]:
    """The 16-bit weight's share of all bytes."""
    bytes_each = [np.dtype(kind).itemsize for kind in ("f2", "f2", "f4", "f4", "f4")]
    return ["only an " + share(bytes_each[0] / sum(bytes_each))]


def bfloat16(number: float) -> float:
    """The nearest bfloat16: a 32-bit float without its lower half."""
    bits = np.float32(number).view(np.uint32)
    rounded = (int(bits) + 0x7FFF + (int(bits) >> 16 & 1)) & 0xFFFF0000
    return float(np.uint32(rounded).view(np.float32))


def master_weights() -> list[str]:
    """A small update in bfloat16, once and a thousand times, and the next number above 1."""
    weight = 1.0
    for _ in range(1000):
        weight = bfloat16(weight + 0.001)
    above = float(np.uint32(np.float32(1).view(np.uint32) + 0x10000).view(np.float32))
    return [
        f"$1 + 0.001$ is ${bfloat16(1 + 0.001):.0f}$",
        rf"$1 + 2^{{{round(math.log2(above - 1))}}} \approx {above:.3f}$",
        f"leave it at ${weight:.0f}$",
    ]


def bf16_fp16() -> list[str]:
    """The largest float16, and half of its smallest positive number."""
    half = np.finfo(np.float16)
    lost = float(half.smallest_subnormal) / 2
    assert np.float16(lost) == 0
    return [f"${grouped(float(half.max))}$", f"${scientific(lost)}$"]


def peft_why() -> list[str]:
    """Ten full copies of a model."""
    return [f"{10 * 7e9 * np.dtype('f2').itemsize / 1e9:.0f} GB"]


def soft_prompt() -> list[str]:
    """The entries of twenty vectors."""
    return [f"${grouped(np.empty((20, 4096)).size)}$ parameters"]


def reward_model_loss() -> list[str]:
    """The sigmoid of a lead of 1."""
    return [f"${sigmoid(1):.2f}$"]


# Cheaper inference


def quantisation_formula() -> list[str]:
    """The integers that random tensors become."""
    x = rng().uniform(-1, 1, 10**5)
    x[:2] = -1, 1
    steps = np.rint(x / (1 / 127))
    return [f"from ${steps.min():.0f}$ to ${steps.max():.0f}$"]


# Metrics and honest evaluation


def bleu(candidate: str, reference: str) -> sacrebleu.metrics.bleu.BLEUScore:
    """What sacreBLEU says of words as they are."""
    return sacrebleu.corpus_bleu([candidate], [[reference]], tokenize="none", force=True)


def bleu_clipping() -> list[str]:
    """The words of "the the the" that count, with two in the reference."""
    score = bleu("the the the", "the cat sat on the mat")
    return [f"${score.totals[0]}/{score.totals[0]}$", f"${score.counts[0]}/{score.totals[0]}$"]


def reused_test_set() -> list[str]:
    """The best of twenty equal variants, over many test sets."""
    scores = rng().binomial(400, 0.8, (50_000, 20)) / 4
    return [f"${scores.std():.0f}$ points", rf"${scores.max(axis=1).mean():.0f}\,\%$"]


# Questions with options, and typed answers


def choose_signal_network() -> list[str]:
    """The samples of ten seconds."""
    return [f"{np.empty((12, 500 * 10)).size:,} flattened numbers"]


def choose_double_sigmoid() -> list[str]:
    """The least losses of a sigmoid that is fed numbers between 0 and 1."""
    fed = np.linspace(0, 1, 1001)
    positive, negative = (np.logaddexp(0, sign * fed).min() for sign in (-1, 1))
    return [rf"\approx {positive:.2f}$", rf"\approx {negative:.2f}$", f"a mean of ${(positive + negative) / 2:.2f}$"]


def choose_vanishing_remedy() -> list[str]:
    """The factor a layer, and what nineteen of them leave of 0.5."""
    factor = np.linalg.norm(np.full(100, 0.01))
    size = round(math.log10(0.5 * factor**19) + 0.5)
    return [rf"\cdot 0.01 = {factor:.1f}$", f"A thousand times $10^{{{size}}}$"]


def choose_initialisation() -> list[str]:
    """What a ReLU layer of 512 units makes of its input's size, for three standard deviations."""
    draw = rng()
    inputs = np.maximum(draw.standard_normal((512, 100)), 0)
    layer = draw.standard_normal((20_000, 512))
    tiny, root, one = (
        math.sqrt(np.mean(np.maximum(scale * layer @ inputs, 0) ** 2) / np.mean(inputs**2))
        for scale in (0.01, 1 / math.sqrt(512), 1)
    )
    return [
        rf"${100 * tiny:.0f}\,\%$ of the signal's size",
        f"$2^{{{-30 * round(-2 * math.log2(root), 1):.0f}}}$",
        {16: "about sixteenfold"}[round(one)],
        rf"${1 / math.sqrt(512):.4f}$, that is",
        f"${math.hypot(1, 1) / math.sqrt(512):.4f}$, that is",
    ]


def choose_separable_saving() -> list[str]:
    """The shares of the products that each change saves."""

    def cost(side: int = 56, kernel: int = 3, outputs: int = 256) -> int:
        return side * side * 256 * (kernel * kernel + outputs)

    def saved(**change: int) -> str:
        return f"{100 * (1 - cost(**change) / cost()):.0f}"

    pointwise = cost(kernel=0) / cost()
    return [
        f"${cost() // (56 * 56 * 256)}$ products",
        rf"are ${saved(kernel=2)}\,\%$",
        rf"save ${saved(side=places(56, 3))}\,\%$",
        rf"has ${100 * pointwise:.0f}\,\%$ of the work",
        rf"saves ${saved(outputs=128)}\,\%$",
    ]


def choose_long_memory() -> list[str]:
    """Sixty forget gates."""
    return [rf"0.99^{{60}} \approx {np.prod(np.full(60, 0.99)):.2f}$"]


def choose_beam_or_model() -> list[str]:
    """How many times as likely, to two digits."""
    return [rf"$e^5 \approx {float(f'{math.exp(-14) / math.exp(-19):.1e}'):.0f}$"]


def ctc_min_frames() -> list[str]:
    """The shortest labelling that collapses to the word."""
    word, path = "balloon", ""
    for letter in word:
        path += "_" + letter if path.endswith(letter) else letter
    assert "".join(label for label, _ in itertools.groupby(path)).replace("_", "") == word
    return [f"{len(path)} frames", f"`{path}`"]


def choose_gated_width() -> list[str]:
    """The width at which three matrices weigh what two did, and the weights of other widths."""
    before = 2 * Fraction(4)
    width = before / 3
    return [
        f"${width.numerator}d/{width.denominator}$, about ${float(width):.1f}d$",
        f"${3 * 4}d^2$ weights in place of ${before}d^2$",
        f"= {3 * 2}d^2$ weights",
        f"${3 * 6}d^2$ weights",
    ]


def choose_memory_saver() -> list[str]:
    """Gigabytes with all weights trained and with all frozen."""
    kinds = [np.dtype(kind).itemsize for kind in ("f2", "f2", "f4", "f4", "f4")]
    return [f"take ${7 * sum(kinds)}$ GB", f"${kinds[0]}$ bytes", f"${7 * kinds[0]}$ GB"]


def choose_float16_zeros() -> list[str]:
    """The smallest positive float16, and a gradient that is scaled above it."""
    smallest, scaled = float(np.finfo(np.float16).smallest_subnormal), 4096 * 1e-9
    assert np.float16(1e-9) == 0
    assert np.float16(scaled) > 0
    return [f"about ${scientific(smallest)}$", rf"\approx {scientific(scaled)}$"]


def choose_many_customers() -> list[str]:
    """Sixty models in 16 bits."""
    return [f"= {sum(7 * np.dtype('f2').itemsize for _ in range(60))}$ GB"]


def choose_outlier_row() -> list[str]:
    """How many steps of the large row's scale another row's largest weight is."""
    scale = 100 / 127
    return [f"about {1 / scale:.1f} steps", f"become ${np.rint(-1 / scale):.0f}$, $0$ or ${np.rint(1 / scale):.0f}$"]


def choose_rare_positive_metric() -> list[str]:
    """The scores of the detector on 100,000 payments."""
    fraud = np.arange(100_000) < 100
    flagged = (np.arange(100_000) < 90) | (np.arange(100_000) >= 100_000 - 999)
    assert (flagged & ~fraud).sum() == round(0.01 * (~fraud).sum())
    precision = (flagged & fraud).sum() / flagged.sum()
    return [
        f"accuracy, about ${(fraud == flagged).mean():.2f}$",
        f"would score ${(~fraud).mean():.3f}$",
        f"recall, ${flagged[fraud].mean():.2f}$",
        f"specificity, ${(~flagged[~fraud]).mean():.2f}$",
        f"precision, about ${precision:.2f}$",
        rf"$90/{flagged.sum()} \approx {100 * precision:.0f}\,\%$",
    ]


def choose_copying_summary() -> list[str]:
    """ROUGE-1 of 900 words that hold all 40 of the reference."""
    article = " ".join(f"w{number}" for number in range(900))
    reference = " ".join(f"w{number}" for number in range(100, 140))
    score = rouge_scorer.RougeScorer(["rouge1"]).score(reference, article)["rouge1"]
    return [
        f"is about ${score.precision:.2f}$",
        rf"$P \approx {score.precision:.3f}$ and $R = {score.recall:.0f}$",
        f"about ${score.fmeasure:.3f}$",
    ]


def choose_cost_threshold() -> list[str]:
    """From where on an alarm is the cheaper choice, and the odds there."""
    threshold = next(p for p in (Fraction(step, 1000) for step in range(1001)) if 1 - p <= 9 * p)
    odds = threshold / (1 - threshold)
    return [f"- [x] ${float(threshold):.2f}$", rf"$1/9 \approx {float(odds):.2f}$", f"$p > {float(threshold):.1f}$"]


STATIC: dict[str, Callable[[], list[str]]] = {
    "relu-formula": relu_formula,
    "saturation": saturation,
    "tanh-range": tanh_range,
    "gelu": gelu,
    "architecture-images-why": architecture_images_why,
    "sigmoid-derivative": sigmoid_derivative,
    "softplus-formula": softplus_formula,
    "cross-entropy-not-mse": cross_entropy_not_mse,
    "softmax-shift": softmax_shift,
    "softmax-cross-entropy": softmax_cross_entropy,
    "exploding-gradient": exploding_gradient,
    "init-too-small": init_too_small,
    "xavier-init": xavier_init,
    "he-init": he_init,
    "he-init-two": he_init_two,
    "input-scaling-why": input_scaling_why,
    "dropout-code": dropout_code,
    "minibatch-large-set": minibatch_large_set,
    "gradient-noise": gradient_noise,
    "exponential-average": exponential_average,
    "momentum-update": momentum_update,
    "gradient-clipping": gradient_clipping,
    "inverse-time-decay": inverse_time_decay,
    "exponential-decay": exponential_decay,
    "decay-initial-rate": decay_initial_rate,
    "cosine-schedule": cosine_schedule,
    "warm-up": warm_up,
    "random-search-why": random_search_why,
    "log-scale-why": log_scale_why,
    "log-scale-method": log_scale_method,
    "beta-sampling": beta_sampling,
    "beta-sampling-why": beta_sampling_why,
    "filter-shape": filter_shape,
    "pooling-parameters": pooling_parameters,
    "same-padding": same_padding,
    "padding-edges": padding_edges,
    "receptive-field-recursion": receptive_field_recursion,
    "conv-cost": conv_cost,
    "inception-module": inception_module,
    "multi-task-when": multi_task_when,
    "localisation-no-object": localisation_no_object,
    "localisation-loss": localisation_loss,
    "sliding-window-convolutional": sliding_window_convolutional,
    "fc-as-convolution": fc_as_convolution,
    "anchor-output": anchor_output,
    "unet-down-step": unet_down_step,
    "unet-up-step": unet_up_step,
    "unet-crop": unet_crop,
    "unet-layers": unet_layers,
    "rnn-vanishing-cause": rnn_vanishing_cause,
    "bpe-number": bpe_number,
    "subword-why": subword_why,
    "log-probabilities": log_probabilities,
    "ctc-collapse": ctc_collapse,
    "attention-scale": attention_scale,
    "scaling-law-form": scaling_law_form,
    "full-ft-memory": full_ft_memory,
    "master-weights": master_weights,
    "bf16-fp16": bf16_fp16,
    "peft-why": peft_why,
    "soft-prompt": soft_prompt,
    "reward-model-loss": reward_model_loss,
    "quantisation-formula": quantisation_formula,
    "bleu-clipping": bleu_clipping,
    "test-set-reuse": reused_test_set,
    "choose-signal-network": choose_signal_network,
    "choose-double-sigmoid": choose_double_sigmoid,
    "choose-vanishing-remedy": choose_vanishing_remedy,
    "choose-initialisation": choose_initialisation,
    "choose-separable-saving": choose_separable_saving,
    "choose-long-memory": choose_long_memory,
    "choose-beam-or-model": choose_beam_or_model,
    "ctc-min-frames": ctc_min_frames,
    "choose-gated-width": choose_gated_width,
    "choose-memory-saver": choose_memory_saver,
    "choose-float16-zeros": choose_float16_zeros,
    "choose-many-customers": choose_many_customers,
    "choose-outlier-row": choose_outlier_row,
    "choose-rare-positive-metric": choose_rare_positive_metric,
    "choose-copying-summary": choose_copying_summary,
    "choose-cost-threshold": choose_cost_threshold,
}
