"""The functions that the figures show, each with where it is from."""

import math


def sigmoid(z: float) -> float:
    """Return σ(z) = 1 / (1 + e^−z), the logistic function."""
    return 1 / (1 + math.exp(-z))


def sigmoid_slope(z: float) -> float:
    """Return σ′(z) = σ(z)(1 − σ(z))."""
    return sigmoid(z) * (1 - sigmoid(z))


def tanh_slope(z: float) -> float:
    """Return tanh′(z) = 1 − tanh²(z)."""
    return 1 - math.tanh(z) ** 2


def relu(z: float) -> float:
    """Return max(0, z) (Glorot, Bordes & Bengio 2011)."""
    return max(0.0, z)


def leaky_relu(z: float) -> float:
    """Return max(0.01 z, z) (Maas, Hannun & Ng 2013)."""
    return max(0.01 * z, z)


def prelu(z: float, slope: float) -> float:
    """Return max(0, z) + c min(0, z) with the learned slope c (He, Zhang, Ren & Sun 2015)."""
    return max(0.0, z) + slope * min(0.0, z)


def gelu(z: float) -> float:
    """Return z Φ(z), with the standard normal's distribution function Φ (Hendrycks & Gimpel 2016)."""
    return z * (1 + math.erf(z / math.sqrt(2))) / 2


def silu(z: float) -> float:
    """Return z σ(z), also called Swish (Hendrycks & Gimpel 2016; Ramachandran, Zoph & Le 2017)."""
    return z * sigmoid(z)


def softplus(z: float) -> float:
    """Return log(1 + e^z) (Dugas et al. 2001)."""
    return math.log1p(math.exp(z))


def softmax(logits: tuple[float, ...], temperature: float = 1) -> list[float]:
    """Return e^(z_i/τ) / Σ e^(z_j/τ) for logits z and a temperature τ."""
    powers = [math.exp(logit / temperature) for logit in logits]
    return [power / sum(powers) for power in powers]


def running_average(values: list[float], keep: float) -> list[float]:
    """Return v_1, v_2, … with v_t = β v_{t−1} + (1 − β) x_t from v_0 = 0, where β is `keep`."""
    averages: list[float] = []
    average = 0.0
    for value in values:
        average = keep * average + (1 - keep) * value
        averages.append(average)
    return averages


def inverse_time_decay(epoch: float, rate: float = 1) -> float:
    """Return α/α₀ = 1 / (1 + k e) after e epochs, with the decay rate k."""
    return 1 / (1 + rate * epoch)


def exponential_decay(epoch: float, base: float = 0.95) -> float:
    """Return α/α₀ = 0.95^e after e epochs (or with another base)."""
    return float(base**epoch)


def warm_up_cosine(epoch: float, warm_up: float = 4, end: float = 40) -> float:
    """Return α/α_max: linear from 0 over the warm-up (Goyal et al. 2017), then half a cosine to 0 at the end.

    The cosine is (1 + cos(π t/T)) / 2 with t counted from the warm-up's end (Loshchilov & Hutter 2017).
    """
    if epoch < warm_up:
        return epoch / warm_up
    return (1 + math.cos(math.pi * (epoch - warm_up) / (end - warm_up))) / 2


def brevity_penalty(ratio: float) -> float:
    """Return BLEU's BP for a candidate `ratio` = c/r times as long as the reference (Papineni et al. 2002)."""
    return 1.0 if ratio > 1 else math.exp(1 - 1 / ratio)


def scaling_loss(parameters: float) -> float:
    """Return L(N) = 1.69 + 406.4 / N^0.34: the fit of Hoffmann et al. (2022, eq. 10) with unlimited data."""
    return 1.69 + reducible_loss(parameters)


def reducible_loss(parameters: float) -> float:
    """Return 406.4 / N^0.34, the part of that loss that a larger model takes away."""
    return float(406.4 / parameters**0.34)


def position_wave(position: float, pair: int, width: int, *, cosine: bool = False) -> float:
    """Return sin(p ω_i), or the cosine, with ω_i = 10000^(−2i/d): Vaswani et al. (2017), section 3.5."""
    angle = position * 10000 ** (-2 * pair / width)
    return math.cos(angle) if cosine else math.sin(angle)


def linear_signal(step: int, steps: int = 1000) -> float:
    """Return ᾱ_t, the product of 1 − β_1 to 1 − β_t, with β from 10⁻⁴ to 0.02 in equal steps (Ho et al. 2020)."""
    return math.prod(1 - (1e-4 + (0.02 - 1e-4) * earlier / (steps - 1)) for earlier in range(step))


def cosine_signal(share: float, offset: float = 0.008) -> float:
    """Return ᾱ = f(t)/f(0), f(t) = cos²((t/T + s)/(1 + s) · π/2) with s = 0.008 (Nichol & Dhariwal 2021)."""

    def squared(at: float) -> float:
        return math.cos((at + offset) / (1 + offset) * math.pi / 2) ** 2

    return squared(share) / squared(0)


def quantised(value: float, scale: float, limit: int) -> float:
    """Return s q with q = round(x/s), held within ±`limit`: symmetric quantisation to whole numbers."""
    return scale * max(-limit, min(limit, round(value / scale)))


def clipped(gradient: tuple[float, float], limit: float) -> tuple[float, float]:
    """Return c g/‖g‖ if the norm of g is greater than c, else g (Pascanu, Mikolov & Bengio 2013)."""
    norm = math.hypot(*gradient)
    return gradient if norm <= limit else (limit * gradient[0] / norm, limit * gradient[1] / norm)
