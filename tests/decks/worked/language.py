"""Sequences, Transformers, language models and metrics: arrays laid out, texts built and scored by known packages."""

from collections.abc import Callable, Iterable
from itertools import count, islice
from statistics import harmonic_mean
from typing import Any

import numpy as np
from rouge_score.rouge_scorer import RougeScorer  # type: ignore[import-untyped]
from sacrebleu.metrics.bleu import BLEU, BLEUScore

from tests.decks.worked import Draw, Value

type Array = np.ndarray[Any, np.dtype[Any]]

GIGA = 1_000_000_000
ROUGE = RougeScorer(["rouge1", "rougeL"])


# Tools ---------------------------------------------------------------------------------------------------------------


def entries(*shapes: tuple[int, ...]) -> int:
    """Count the numbers in arrays of these shapes, without taking memory for them."""
    return sum(np.broadcast_to(np.float16(0), shape).size for shape in shapes)


def cross_entropy(scores: Iterable[float], right: int) -> float:
    """Return minus the logarithm of what softmax gives the right class."""
    powers = np.exp(np.array(list(scores), dtype=float))
    return float(-np.log(powers[right] / powers.sum()))


def affine(inputs: int, units: int) -> tuple[tuple[int, ...], ...]:
    """Return the shapes of a recurrent layer's affine map: weights on state and input, and biases."""
    return (units, units + inputs), (units,)


def fresh(kind: str) -> Iterable[str]:
    """Yield words that nothing else has."""
    return (f"{kind}{number}" for number in count())


def filled_up(words: list[str], length: int, kind: str) -> str:
    """Return a text of `length` words: these, then fresh ones."""
    return " ".join([*words, *islice(fresh(kind), length - len(words))])


def bleu(candidate: str, reference: str) -> BLEUScore:
    """Return sacreBLEU's score of one text, split at spaces."""
    scorer = BLEU(tokenize="none", smooth_method="none", force=True)
    score: BLEUScore = scorer.corpus_score([candidate], [[reference]])
    return score


def rouge(kind: str, summary: str, reference: str) -> float:
    """Return the F1 that rouge-score gives."""
    return float(ROUGE.score(reference, summary)[kind].fmeasure)


# Recurrent networks --------------------------------------------------------------------------------------------------


def rnn_parameters_number(draw: Draw) -> Value:
    """Count the weights of a simple recurrent layer and of its output layer."""
    return entries(*affine(draw["nx"], draw["na"]), (draw["ny"], draw["na"]), (draw["ny"],))


def gru_number(draw: Draw) -> Value:
    """Average candidate and old state with the gate's weights."""
    return float(np.average([draw["k"], draw["c"]], weights=[draw["g"], 1 - draw["g"]]))


def gru_parameters_number(draw: Draw) -> Value:
    """Count the weights of two gates and a candidate."""
    return sum(entries(*affine(draw["nx"], draw["na"])) for _ in ("update", "reset", "candidate"))


def lstm_step_number(draw: Draw) -> Value:
    """Gate what is kept and what is new, then what shows; tanh by its exponentials."""
    cell = float(np.dot([draw["f"], draw["u"]], [draw["c"], draw["k"]]))
    up, down = np.exp(cell), np.exp(-cell)
    return float(draw["o"] * (up - down) / (up + down))


def lstm_parameters_number(draw: Draw) -> Value:
    """Count the weights of three gates and a candidate."""
    return sum(entries(*affine(draw["nx"], draw["na"])) for _ in ("forget", "update", "output", "candidate"))


# Language models -----------------------------------------------------------------------------------------------------


def perplexity_number(draw: Draw) -> Value:
    """Return one over the geometric mean of the probabilities."""
    probabilities = np.array([1 / 2 ** draw[name] for name in "abcd"])
    return float(np.prod(probabilities) ** (-1 / len(probabilities)))


def perplexity_nats_number(draw: Draw) -> Value:
    """Write out a text whose tokens all have this loss; take the root of its probability."""
    text = np.full(20, np.exp(-draw["l"]))
    return float(1 / np.prod(text) ** (1 / text.size))


def perplexity_bits_number(draw: Draw) -> Value:
    """Turn the text's bits into nats, spread them over the tokens and exponentiate."""
    nats = round(draw["b"] * draw["T"]) * np.log(2)
    return float(np.exp(np.full(draw["T"], nats / draw["T"]).mean()))


def bits_per_byte_number(draw: Draw) -> Value:
    """Take the binary logarithm of the probabilities of 100 tokens and count their bytes."""
    probabilities = np.full(100, np.exp(-draw["l"]))
    return float(-np.log2(probabilities).sum() / (100 * draw["w"]))


def temperature_number(draw: Draw) -> Value:
    """Raise the probabilities at temperature 1 to the power 1/τ and renormalise."""
    usual = np.exp(draw["z"]) / np.exp(draw["z"]).sum()
    powers = usual ** (1 / draw["t"])
    return float(powers[0] / powers.sum())


def top_p_number(draw: Draw) -> Value:
    """Add tokens, the likeliest first, until there are enough."""
    kept: list[int] = []
    for per_cent in sorted(draw["v"], reverse=True):
        if sum(kept) >= draw["q"]:
            break
        kept.append(per_cent)
    return len(kept)


# Sequence to sequence and decoding -----------------------------------------------------------------------------------


def beam_count(draw: Draw) -> Value:
    """Lay out a score for each prefix and token."""
    return entries((draw["w"], draw["v"]))


def beam_step_number(draw: Draw) -> Value:
    """Score all extensions and sort them."""
    prefixes = -np.array([[draw["a"]], [draw["b"]]]) / 10
    tokens = -np.array([[draw["a1"], draw["a2"]], [draw["b1"], draw["b2"]]]) / 10
    return float(np.sort((prefixes + tokens).ravel())[-2])


def length_normalisation_number(draw: Draw) -> Value:
    """Correct the mean log-probability of a token by the power of the length that it is short of."""
    tokens = np.full(draw["T"], -draw["s"] / 10 / draw["T"])
    return float(tokens.mean() * np.exp((1 - draw["al"]) * np.log(draw["T"])))


# Attention and Transformers ------------------------------------------------------------------------------------------


def attention_number(draw: Draw) -> Value:
    """Weigh the states by the softmax of the scores."""
    powers = np.exp(np.log([*draw["w"], 1]))
    return float(powers / powers.sum() @ np.array([draw["x"], draw["y"], draw["z"]]))


def attention_weight_number(draw: Draw) -> Value:
    """Compute softmax(QKᵀ/√d) with matrices."""
    query, keys = np.array([draw["q"]]), np.array([draw["k"], draw["m"]])
    powers = np.exp(query @ keys.T / np.sqrt(keys.shape[1]))
    return float((powers / powers.sum(axis=1, keepdims=True))[0, 0])


def multi_head_number(draw: Draw) -> Value:
    """Cut the columns of the whole matrix among the heads."""
    rows, columns = np.split(np.broadcast_to(np.float16(0), (draw["d"], draw["d"])), draw["h"], axis=1)[0].shape
    return rows, columns


def attention_parameters_number(draw: Draw) -> Value:
    """Count the three matrices of each head, and the one that mixes the heads."""
    width, heads = draw["d"], draw["h"]
    head = [(width, width // heads)] * 3
    return sum(entries(*head) for _ in range(heads)) + entries((width, width))


def sinusoidal_number(draw: Draw) -> Value:
    """Look the value up in the whole table of encodings, made as usual by an exponential."""
    width = 8
    table = np.zeros((draw["p"] + 1, width))
    frequencies = np.exp(np.arange(0, width, 2) * (-np.log(10_000) / width))
    angles = np.arange(draw["p"] + 1)[:, None] * frequencies
    table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles)
    return float(table[draw["p"], 2 * draw["i"]])


def rope_number(draw: Draw) -> Value:
    """Rotate both pairs by their positions, with matrices, and take the dot product."""

    def rotated(length: int, position: int) -> Array:
        angle = draw["w"] * position
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return np.asarray(turn @ np.array([length, 0]))

    return float(rotated(draw["a"], draw["m"]) @ rotated(draw["b"], draw["n"]))


def transformer_block_number(draw: Draw) -> Value:
    """Count the matrices of all blocks one by one."""
    width = draw["d"]
    block = [(width, width)] * 4 + [(width, 4 * width), (4 * width, width)]
    return sum(entries(*block) for _ in range(draw["l"])) / 1_000_000


# Pretraining and scale -----------------------------------------------------------------------------------------------


def training_compute_number(draw: Draw) -> Value:
    """Count the operations of a layer's three matrix products on a few tokens, and scale up."""
    inputs, outputs, tokens = 6, 4, 5
    products = [
        (tokens, inputs, outputs),  # Y = X W
        (tokens, outputs, inputs),  # the gradient of X
        (inputs, tokens, outputs),  # the gradient of W
    ]
    operations = sum(2 * rows * inner * columns for rows, inner, columns in products)
    return float(operations / (inputs * outputs * tokens) * draw["n"] * draw["t"] / 1000)


def chinchilla_number(draw: Draw) -> Value:
    """Try models, in steps of ten million parameters, for one that spends just the budget."""
    budget = 120 * draw["n"] ** 2 * 1e18
    models = np.arange(1, 10_000) * 1e7
    return float(models[np.abs(6 * models * (20 * models) - budget).argmin()] / 1e9)


def infonce_number(draw: Draw) -> Value:
    """Take the cross-entropy of the right caption."""
    return cross_entropy([draw[name] / draw["t"] for name in "sab"], 0)


# Fine-tuning ---------------------------------------------------------------------------------------------------------


def full_ft_memory_number(draw: Draw) -> Value:
    """Lay out what is kept for one parameter."""
    kept = np.dtype([("weight", "f2"), ("gradient", "f2"), ("master", "f4"), ("v", "f4"), ("s", "f4")])
    return float(kept.itemsize * draw["n"])


def lora_number(draw: Draw) -> Value:
    """Lay out both factors and count their entries."""
    return np.zeros((draw["n"], draw["r"])).size + np.zeros((draw["r"], draw["k"])).size


def lora_share_number(draw: Draw) -> Value:
    """Count the factors beside two matrices of each block."""
    billions, blocks, width = draw["m"]
    adapter = entries((width, draw["r"]), (draw["r"], width))
    trained = sum(adapter for _ in range(blocks) for _ in ("query", "value"))
    return float(100 * trained / (billions * GIGA))


def reward_model_number(draw: Draw) -> Value:
    """See the choice as a softmax over both rewards."""
    return cross_entropy([draw["w"], draw["l"]], 0)


def dpo_number(draw: Draw) -> Value:
    """See the choice as a softmax over both answers' implicit rewards."""
    policy = np.array([draw["rw"] + draw["dw"], draw["rl"] + draw["dl"]])
    reference = np.array([draw["rw"], draw["rl"]])
    return cross_entropy(draw["b"] * np.log(np.exp(policy - reference)), 0)


# Cheaper inference ---------------------------------------------------------------------------------------------------


def quantisation_number(draw: Draw) -> Value:
    """Find the nearest of the 255 levels."""
    largest = 127 * draw["s"]
    x = draw["g"] * draw["s"] * (draw["k"] + draw["f"])
    levels = np.linspace(-largest, largest, 255)
    return int(np.abs(levels - x).argmin()) - 127


def quantisation_memory(draw: Draw) -> Value:
    """Add up the bits of one group and its scale."""
    group = sum(draw["b"] for _ in range(draw["g"])) + np.dtype("f2").itemsize * 8
    return float(group / 8 * draw["n"] / draw["g"])


def kv_cache_number(draw: Draw) -> Value:
    """Lay out keys and values as 16-bit arrays."""
    cache = [np.broadcast_to(np.float16(0), (draw["l"], draw["h"], draw["t"], draw["w"])) for _ in ("key", "value")]
    return sum(part.nbytes for part in cache) / GIGA


# Retrieval -----------------------------------------------------------------------------------------------------------


def cosine_number(draw: Draw) -> Value:
    """Scale both vectors to length 1; their distance tells the cosine."""
    u, v = (np.array(vector) / np.linalg.norm(vector) for vector in (draw["u"], draw["v"]))
    return float(1 - np.linalg.norm(u - v) ** 2 / 2)


# Metrics -------------------------------------------------------------------------------------------------------------


def bleu_bigram_number(draw: Draw) -> Value:
    """Build a candidate and a reference with these bigrams and let sacreBLEU count."""
    candidate = ["the", "red"] * draw["a"] + ["in", "town"] * draw["b"]
    phrases = [["the", "red"]] * draw["d"] + [["in", "town"]] * draw["e"]
    # Between phrases stand words that only the reference has, as long as there is room; then an order of its own.
    room = draw["r"] - 2 * len(phrases)
    reference: list[str] = []
    for phrase, between in zip(phrases, fresh("between"), strict=False):
        reference += phrase
        if room > 0:
            reference.append(between)
            room -= 1
    score = bleu(filled_up(candidate, draw["c"], "candidate"), filled_up(reference, draw["r"], "reference"))
    return score.precisions[1] / 100


def bleu_number(draw: Draw) -> Value:
    """Let sacreBLEU join the precisions, each as matches in a hundred n-grams."""
    matches = [round(100 * draw[name]) for name in "pquv"]
    score = BLEU.compute_bleu(matches, [100] * 4, draw["c"], draw["r"], smooth_method="none")
    return score.score / 100


def brevity_penalty_number(draw: Draw) -> Value:
    """Let sacreBLEU compare texts of these lengths."""
    text = filled_up([], max(draw["c"], draw["r"]), "word").split()
    return bleu(" ".join(text[: draw["c"]]), " ".join(text[: draw["r"]])).bp


def rouge_1_number(draw: Draw) -> Value:
    """Build both texts and let rouge-score count."""
    shared = list(islice(fresh("shared"), draw["k"]))
    summary = filled_up(shared + ["the"] * draw["b"], draw["s"], "summary")
    return rouge("rouge1", summary, filled_up(["the"] * draw["a"] + shared, draw["r"], "reference"))


SUMMARIES = (
    (1, 2, 0, 5, 4, 7),
    (3, 4, 1, 2, 0, 6, 8),
    (0, 2, 5, 6, 3, 4, 7, 8),
    (6, 7, 1, 3, 5),
    (2, 1, 4, 3, 6, 0),
    (1, 4, 0, 2, 3, 7, 6, 8),
    (5, 1, 2, 6, 0, 3, 7),
    (8, 1, 3, 4, 7),
)
"""As the note tells them, in the order of its index."""


def rouge_l_number(draw: Draw) -> Value:
    """Write words for the numbers and let rouge-score find the longest common subsequence."""
    reference = " ".join(f"word{number}" for number in range(1, draw["r"] + 1))
    return rouge("rougeL", " ".join(f"word{number}" for number in SUMMARIES[draw["i"]]), reference)


def f1_number(draw: Draw) -> Value:
    """Lay out every e-mail with its label and the filter's word; take the harmonic mean of precision and recall."""
    counts = [draw["tp"], draw["fp"], draw["fn"], draw["tn"]]
    is_spam, is_stopped = np.repeat([1, 0, 1, 0], counts), np.repeat([1, 1, 0, 0], counts)
    return float(harmonic_mean([is_spam[is_stopped == 1].mean(), is_stopped[is_spam == 1].mean()]))


def score_standard_error(draw: Draw) -> Value:
    """Take the spread of the answers themselves, 1 or 0, and divide it by the root of their number."""
    right = draw["n"] * draw["q"] // 100
    answers = np.repeat([1.0, 0.0], [right, draw["n"] - right])
    return float(100 * answers.std() / np.sqrt(answers.size))


INDEPENDENT: dict[str, Callable[[Draw], Value]] = {
    "rnn-parameters-number": rnn_parameters_number,
    "gru-number": gru_number,
    "gru-parameters-number": gru_parameters_number,
    "lstm-step-number": lstm_step_number,
    "lstm-parameters-number": lstm_parameters_number,
    "perplexity-number": perplexity_number,
    "perplexity-nats-number": perplexity_nats_number,
    "perplexity-bits-number": perplexity_bits_number,
    "bits-per-byte-number": bits_per_byte_number,
    "temperature-number": temperature_number,
    "top-p-number": top_p_number,
    "beam-count": beam_count,
    "beam-step-number": beam_step_number,
    "length-normalisation-number": length_normalisation_number,
    "attention-number": attention_number,
    "attention-weight-number": attention_weight_number,
    "multi-head-number": multi_head_number,
    "attention-parameters-number": attention_parameters_number,
    "sinusoidal-number": sinusoidal_number,
    "rope-number": rope_number,
    "transformer-block-number": transformer_block_number,
    "training-compute-number": training_compute_number,
    "chinchilla-number": chinchilla_number,
    "infonce-number": infonce_number,
    "full-ft-memory-number": full_ft_memory_number,
    "lora-number": lora_number,
    "lora-share-number": lora_share_number,
    "reward-model-number": reward_model_number,
    "dpo-number": dpo_number,
    "quantisation-number": quantisation_number,
    "quantisation-memory": quantisation_memory,
    "kv-cache-number": kv_cache_number,
    "cosine-number": cosine_number,
    "bleu-bigram-number": bleu_bigram_number,
    "bleu-number": bleu_number,
    "brevity-penalty-number": brevity_penalty_number,
    "rouge-1-number": rouge_1_number,
    "rouge-l-number": rouge_l_number,
    "f1-number": f1_number,
    "score-standard-error": score_standard_error,
}
