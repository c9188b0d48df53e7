"""From 'Networks and activations' to 'Tuning hyperparameters': what each numeric note's answer should be."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import batched, pairwise, product

import numpy as np
from numpy.typing import NDArray

from tests.decks.worked import Draw, Value

type Array = NDArray[np.float64]


def array(values: Iterable[float]) -> Array:
    """Return the values as an array of floats."""
    return np.array(list(values), dtype=np.float64)


def floats(values: Array) -> tuple[float, ...]:
    """Return an array as a plain tuple."""
    return tuple(float(value) for value in values)


def slope(function: Callable[[float], float], at: float) -> float:
    """Return the derivative by a two-sided difference."""
    return (function(at + 1e-5) - function(at - 1e-5)) / 2e-5


def logistic(z: float) -> float:
    """Return the sigmoid by way of tanh."""
    return float((1 + np.tanh(z / 2)) / 2)


def log_softmax(z: Array) -> Array:
    """Return the logarithms of softmax."""
    return np.subtract(z, np.logaddexp.reduce(z))


def whitened(values: Array) -> Array:
    """Return the values with mean 0 and standard deviation 1."""
    return (values - values.mean()) / values.std()


def adam(theta: float, gradients: Iterable[float], alpha: float, beta_1: float = 0.9, decay: float = 0.0) -> Array:
    """Run AdamW without ε and return the last parameter, first and second corrected average."""
    first = second = first_hat = second_hat = 0.0
    for step, gradient in enumerate(gradients, start=1):
        first += (1 - beta_1) * (gradient - first)
        second += 0.001 * (gradient**2 - second)
        first_hat, second_hat = first / (1 - beta_1**step), second / (1 - 0.999**step)
        theta -= alpha * decay * theta + alpha * first_hat / second_hat**0.5
    return array([theta, first_hat, second_hat])


# Activations, output layers, losses, calibration ---------------------------------------------------------------------


def layer_computation_number(draw: Draw) -> Value:
    """The matrix product, clipped from below."""
    weights = array([draw["w11"], draw["w12"], draw["w21"], draw["w22"]]).reshape(2, 2)
    z = weights @ array([draw["x1"], draw["x2"]]) + array([draw["b1"], draw["b2"]])
    return tuple(int(value) for value in np.clip(z, 0, None))


def sigmoid_value(draw: Draw) -> Value:
    """Softmax of the logits z and 0, first entry."""
    return float(np.exp(log_softmax(array([draw["z"], 0])))[0])


def cross_entropy_value(draw: Draw) -> Value:
    """Both terms of the sum, with the probability and the label."""
    stated, label = array([1 - draw["p"], draw["p"]]), np.eye(2)[draw["y"]]
    return float(-(label * np.log(stated)).sum())


def softmax_number(draw: Draw) -> Value:
    """By logarithms of sums of exponentials."""
    return floats(np.exp(log_softmax(array([draw["a"], draw["b"], draw["c"]]))))


def softmax_gradient_number(draw: Draw) -> Value:
    """Differences of the loss at logits that give these probabilities."""
    logits = np.log(array([draw["p1"], draw["p2"], 1 - draw["p1"] - draw["p2"]]))

    def loss(j: int, z: float) -> float:
        moved = logits.copy()
        moved[j] = z
        return float(-log_softmax(moved)[draw["c"] - 1])

    return tuple(slope(lambda z, j=j: loss(j, z), float(logits[j])) for j in range(3))  # type: ignore[misc]


def calibration_error_number(draw: Draw) -> Value:
    """The gap of its bin for each of the 100 cases, averaged over the cases."""
    gaps = [abs(draw["c1"] - draw["a1"])] * draw["n1"]
    gaps += [abs(draw["c2"] - draw["a2"])] * (100 - draw["n1"])
    return float(np.mean(gaps))


def temperature_sigmoid_number(draw: Draw) -> Value:
    """The stated odds, brought to the power of one over the temperature."""
    stated = logistic(draw["q"] * draw["tau"])
    odds = (stated / (1 - stated)) ** (1 / draw["tau"])
    return float(odds / (1 + odds))


# Gradient descent and backpropagation --------------------------------------------------------------------------------


def gd_step_value(draw: Draw) -> Value:
    """A step along a numerical derivative."""
    start: float = draw["start"]
    return start - float(draw["alpha"]) * slope(lambda theta: float(draw["a"] * (theta - draw["c"]) ** 2), start)


def linear_regression_gradient_number(draw: Draw) -> Value:
    """A difference of the cost, the labels made from the errors."""
    x, errors = array([draw["x1"], draw["x2"]]), array([draw["e1"], draw["e2"]])
    y = draw["w"] * x + draw["b"] - errors
    return slope(lambda w: float(((w * x + draw["b"] - y) ** 2).mean() / 2), draw["w"])


def sigmoid_unit_backward_number(draw: Draw) -> Value:
    """A difference of the loss, for a weight and a bias that give this activation."""
    weight, z = 0.3, float(np.log(draw["a"] / (1 - draw["a"])))
    bias = z - weight * draw["x"]
    return slope(lambda w: (logistic(w * draw["x"] + bias) - draw["y"]) ** 2 / 2, weight)


def vanishing_number(draw: Draw) -> Value:
    """One over the product of the steepest slopes that are found on the curve."""
    steepest = max(slope(logistic, float(z)) for z in np.linspace(-5, 5, 101))
    return round(1 / float(np.prod([steepest] * draw["n"])))


# Building a network and preparing data -------------------------------------------------------------------------------


def weight_shape_number(draw: Draw) -> Value:
    """The only shape that takes one layer's activations to the next one's."""
    layers = [np.zeros((draw[name], 1)) for name in ("n0", "n1", "n2", "n3")]
    before, after = layers[draw["l"] - 1], layers[draw["l"]]
    weights = np.outer(after, before)
    assert (weights @ before).shape == after.shape
    return tuple(weights.shape)


def parameter_count(draw: Draw) -> Value:
    """The sizes of the arrays, added up."""
    sizes = [draw["n0"], draw["n1"], draw["n2"]]
    arrays = [np.zeros(shape) for n, m in pairwise(sizes) for shape in ((m, n), (m, 1))]
    return sum(each.size for each in arrays)


def xavier_init_number(draw: Draw) -> Value:
    """The spread of the uniform form of Glorot's rule, from its limit."""
    limit = np.sqrt(6 / sum(draw["pair"]))
    return float(2 * limit / np.sqrt(12))


def he_init_number(draw: Draw) -> Value:
    """The spread at which a ReLU layer keeps the mean square, half of its sums being positive."""
    mean_square_with_spread_one = draw["n"] / 2
    return float(mean_square_with_spread_one**-0.5)


def flatten_shape(draw: Draw) -> Value:
    """The shape of the reshaped array."""
    images = np.zeros((draw["m"], draw["s"], draw["s"], 3), dtype=np.uint8)
    return images.reshape(images.shape[0], -1).T.shape


def standardise_number(draw: Draw) -> Value:
    """A training set with this mean and deviation, and the value scaled by them."""
    training = array([draw["mu"] - draw["sd"], draw["mu"] + draw["sd"]])
    value = draw["mu"] + draw["k"] * draw["sd"]
    return float((value - training.mean()) / training.std())


# Regularisation and normalisation ------------------------------------------------------------------------------------


def weight_decay_number(draw: Draw) -> Value:
    """A plain step on the cost with its penalty, by a numerical derivative."""
    weight: float = draw["w"]
    gradient = slope(lambda w: draw["g"] * w + draw["lam"] / (2 * draw["m"]) * w**2, weight)
    return weight - float(draw["alpha"]) * gradient


def dropout_number(draw: Draw) -> Value:
    """The one value that leaves the mean over 100 units as it was, when a share of them survives."""
    kept = Fraction(str(draw["p"]))
    activation = Fraction(draw["k"]) * kept
    return float(100 * activation / (100 * kept))


def batch_norm_number(draw: Draw) -> Value:
    """NumPy's mean and deviation over the batch."""
    z = array(draw["pattern"]) + draw["mu"]
    return float((whitened(z) * draw["gamma"] + draw["beta"])[0])


def layer_norm_number(draw: Draw) -> Value:
    """Both tokens as rows, normalised along the features."""
    tokens = np.stack([array(draw["pattern"]) + draw["mu"], array(draw["other"])])
    centred = tokens - tokens.mean(axis=1, keepdims=True)
    return float((centred / tokens.std(axis=1, keepdims=True))[0, 0])


def rmsnorm_number(draw: Draw) -> Value:
    """The vector brought to the length of the root of its number of elements."""
    x = array(draw["x"]) * draw["scale"]
    return float((x / np.linalg.norm(x) * np.sqrt(x.size))[0])


# Mini-batches and optimisers -----------------------------------------------------------------------------------------


def iterations_number(draw: Draw) -> Value:
    """The mini-batches of every epoch, counted."""
    return sum(1 for _ in range(draw["epochs"]) for _ in batched(range(draw["m"]), draw["batch"]))


def momentum_number(draw: Draw) -> Value:
    """The loop, moving the average towards each gradient."""
    average = 0.0
    for gradient in (draw["g1"], draw["g2"]):
        average += (1 - draw["beta"]) * (gradient - average)
    return average


def rmsprop_number(draw: Draw) -> Value:
    """The step, from a mean of squares weighted by NumPy."""
    square, size = draw["state"]
    gradient = draw["sign"] * size
    usual = np.sqrt(np.average([square, gradient**2], weights=[9, 1]))
    return float(np.negative(draw["alpha"]) * gradient / usual)


def adam_bias_number(draw: Draw) -> Value:
    """Adam, run for two steps."""
    return float(adam(0.0, [draw["g1"], draw["g2"]], alpha=0.1, beta_1=draw["beta"])[1])


def adam_first_step(draw: Draw) -> Value:
    """Adam, run for one step from 0."""
    return float(adam(0.0, [draw["g"]], alpha=draw["alpha"])[0])


def adam_memory(draw: Draw) -> Value:
    """The bytes of both averages of a thousand parameters, scaled up."""
    averages = np.zeros((2, 1000), dtype=np.float32)
    return averages.nbytes * int(draw["n"]) // 1000


def adamw_step_number(draw: Draw) -> Value:
    """AdamW, run for one step."""
    return float(adam(draw["theta"], [draw["g"]], alpha=draw["alpha"], decay=draw["lam"])[0])


def gradient_clipping_number(draw: Draw) -> Value:
    """The vector of the gradient's angle and the length c."""
    direction = np.exp(1j * np.angle(complex(*draw["g"])))
    return float(draw["c"] * direction.real), float(draw["c"] * direction.imag)


# Schedules and tuning ------------------------------------------------------------------------------------------------


def inverse_time_number(draw: Draw) -> Value:
    """One over the rate grows by the same amount in every epoch."""
    inverse = 1 / draw["a"]
    for _ in range(draw["e"]):
        inverse += draw["k"] / draw["a"]
    return float(1 / inverse)


def cosine_number(draw: Draw) -> Value:
    """The height of a point on a half circle between the two rates."""
    angle = np.linspace(0, np.pi, draw["total"] + 1)[draw["total"] * draw["part"] // 12]
    point = (draw["high"] + draw["low"]) / 2 + (draw["high"] - draw["low"]) / 2 * np.exp(1j * angle)
    return float(point.real)


def warm_up_number(draw: Draw) -> Value:
    """The rate interpolated between the ends of the warm-up."""
    return float(np.interp(draw["warm"] * draw["part"] / 10, [0, draw["warm"]], [0, draw["high"]]))


def random_search_number(draw: Draw) -> Value:
    """The chances of all outcomes with a good trial among them, added up."""
    chances = {True: draw["q"], False: 1 - draw["q"]}
    outcomes = product(chances, repeat=draw["n"])
    return float(sum(np.prod([chances[good] for good in outcome]) for outcome in outcomes if any(outcome)))


def log_scale_number(draw: Draw) -> Value:
    """The share of evenly spaced exponents whose power lies between the limits."""
    exponents = draw["low"] + (np.arange(84_000) + 0.5) / 84_000 * (draw["high"] - draw["low"])
    values = 10.0**exponents
    inside = (values >= 10.0 ** draw["left"]) & (values < 10.0 ** (draw["left"] + draw["width"]))
    return float(inside.mean())


INDEPENDENT: dict[str, Callable[[Draw], Value]] = {
    "layer-computation-number": layer_computation_number,
    "sigmoid-value": sigmoid_value,
    "cross-entropy-value": cross_entropy_value,
    "softmax-number": softmax_number,
    "softmax-gradient-number": softmax_gradient_number,
    "calibration-error-number": calibration_error_number,
    "temperature-sigmoid-number": temperature_sigmoid_number,
    "gd-step-value": gd_step_value,
    "linear-regression-gradient-number": linear_regression_gradient_number,
    "sigmoid-unit-backward-number": sigmoid_unit_backward_number,
    "vanishing-number": vanishing_number,
    "weight-shape-number": weight_shape_number,
    "parameter-count": parameter_count,
    "xavier-init-number": xavier_init_number,
    "he-init-number": he_init_number,
    "flatten-shape": flatten_shape,
    "standardise-number": standardise_number,
    "weight-decay-number": weight_decay_number,
    "dropout-number": dropout_number,
    "batch-norm-number": batch_norm_number,
    "layer-norm-number": layer_norm_number,
    "rmsnorm-number": rmsnorm_number,
    "iterations-number": iterations_number,
    "momentum-number": momentum_number,
    "rmsprop-number": rmsprop_number,
    "adam-bias-number": adam_bias_number,
    "adam-first-step": adam_first_step,
    "adam-memory": adam_memory,
    "adamw-step-number": adamw_step_number,
    "gradient-clipping-number": gradient_clipping_number,
    "inverse-time-number": inverse_time_number,
    "cosine-schedule-number": cosine_number,
    "warm-up-number": warm_up_number,
    "random-search-number": random_search_number,
    "log-scale-number": log_scale_number,
}
