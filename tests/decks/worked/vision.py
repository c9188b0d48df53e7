"""Convolutional networks, detection, segmentation and style: windows slid, weights laid out, cells counted."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.decks.worked import Draw, Value

type Array = np.ndarray[Any, np.dtype[Any]]


# Tools ---------------------------------------------------------------------------------------------------------------


def starts(side: int, window: int, stride: int = 1) -> list[int]:
    """Return where a window may begin along a side: it is pushed on until it would stick out."""
    places = []
    at = 0
    while at + window <= side:
        places.append(at)
        at += stride
    return places


def slide(image: Array, window: int, stride: int = 1) -> Iterator[tuple[int, int, Array]]:
    """Yield each position of a square window, numbered down and across, and what it covers."""
    for row, top in enumerate(starts(image.shape[0], window, stride)):
        for column, left in enumerate(starts(image.shape[1], window, stride)):
            yield row, column, image[top : top + window, left : left + window]


def map_shape(image: Array, window: int, stride: int = 1) -> tuple[int, int]:
    """Return how many rows and columns of positions a window has."""
    positions = [(row, column) for row, column, _ in slide(image, window, stride)]
    return len({row for row, _ in positions}), len({column for _, column in positions})


def padded(image: Array, padding: int) -> Array:
    """Return the image in a frame of zeros."""
    return np.pad(image, [(padding, padding), (padding, padding)] + [(0, 0)] * (image.ndim - 2))


def bank(filters: int, side: int, depth: int) -> Array:
    """Return the weights of a convolution."""
    return np.ones((filters, side, side, depth))


def products(weights: Array, positions: int) -> int:
    """Count the multiplications of a convolution: each weight is used once at each position."""
    return sum(weights.size for _ in range(positions))


def matrix(rows: list[Any]) -> Array:
    """Return rows of numbers as an array."""
    return np.array(rows, dtype=float)


# Convolution and pooling ---------------------------------------------------------------------------------------------


def convolution_edge_number(draw: Draw) -> Value:
    """Multiply patch and filter entry by entry."""
    patch = matrix([[draw[name] for name in row] for row in ("abc", "def", "ghi")])
    return float((patch * matrix([[1, 0, -1]] * 3)).sum())


def convolution_channels_number(draw: Draw) -> Value:
    """Do so with two channels, and add the bias."""
    patch = matrix([draw["x"], draw["y"]]).reshape(2, 2, 2)
    weights = matrix([draw["u"], draw["v"]]).reshape(2, 2, 2)
    return float(np.einsum("cij,cij->", patch, weights) + draw["bias"])


def conv_parameters_number(draw: Draw) -> Value:
    """Lay out weights and biases and count them."""
    return bank(draw["k"], draw["f"], draw["c"]).size + np.zeros(draw["k"]).size


def max_pooling_number(draw: Draw) -> Value:
    """Slide the window and take each maximum."""
    image = matrix([draw[name] for name in "abcd"])
    return tuple(float(covered.max()) for _, _, covered in slide(image, 2, 2))


def pooling_shape_number(draw: Draw) -> Value:
    """Pool a real array and look at its shape."""
    image = np.zeros((draw["n"], draw["n"], draw["c"]))
    pooled = {(row, column): covered.max(axis=(0, 1)) for row, column, covered in slide(image, draw["f"], draw["s"])}
    return (*np.add(max(pooled), 1).tolist(), pooled[0, 0].size)


def conv_output_number(draw: Draw) -> Value:
    """Count where the filter fits along a side of the padded input."""
    return map_shape(padded(np.zeros((draw["n"], draw["n"])), draw["p"]), draw["f"], draw["s"])[0]


def conv_shape_number(draw: Draw) -> Value:
    """Count positions; the filters' answers at one of them are the channels."""
    image = padded(np.zeros((draw["n"], draw["n"], draw["c"])), draw["p"])
    _, _, patch = next(slide(image, draw["f"], draw["s"]))
    channels = np.tensordot(bank(draw["k"], draw["f"], draw["c"]), patch, axes=3)
    return (*map_shape(image, draw["f"], draw["s"]), channels.size)


def same_padding_number(draw: Draw) -> Value:
    """Try paddings until the size is kept."""
    image = np.zeros((draw["n"], draw["n"]))
    padding = 0
    while map_shape(padded(image, padding), draw["f"]) != image.shape:
        padding += 1
    return padding


def valid_shrinkage_number(draw: Draw) -> Value:
    """Convolve a line of pixels layer after layer."""
    line = np.ones(draw["n"])
    for _ in range(draw["k"]):
        line = np.convolve(line, np.full(draw["f"], 1 / draw["f"]), mode="valid")
    return line.size


def receptive_field_number(draw: Draw) -> Value:
    """Let every pixel leave its own trace and count those that reach the first unit of the last layer."""
    traces = np.eye(128, dtype=bool)
    for window, stride in ((draw["f1"], draw["s1"]), (draw["q"], 2), (draw["f2"], 1)):
        traces = matrix([traces[at : at + window].any(axis=0) for at in starts(len(traces), window, stride)]) > 0
    return int(traces[0].sum())


def small_filters(draw: Draw) -> Value:
    """Trace the stack's field, then lay out both sorts of weights."""
    traces = np.eye(32, dtype=bool)
    weights = 0
    for _ in range(draw["k"]):
        traces = matrix([traces[at : at + 3].any(axis=0) for at in starts(len(traces), 3)]) > 0
        weights += bank(draw["c"], 3, draw["c"]).size
    return weights, bank(draw["c"], int(traces[0].sum()), draw["c"]).size


# Cheaper convolutions ------------------------------------------------------------------------------------------------


def conv_cost_number(draw: Draw) -> Value:
    """Use every weight at every position."""
    return products(bank(draw["k"], draw["f"], draw["c"]), draw["n"] ** 2)


def one_by_one_number(draw: Draw) -> Value:
    """Apply the filters to a pixel as a matrix."""
    weights = np.ones((draw["k"], draw["c"]))
    return (weights @ np.ones(draw["c"])).size, weights.size


def separable_cost_number(draw: Draw) -> Value:
    """Count the depthwise filters' products channel by channel, then the pointwise ones'."""
    positions = draw["n"] ** 2
    depthwise = sum(products(bank(1, draw["f"], 1), positions) for _ in range(draw["c"]))
    return depthwise + products(bank(draw["k"], 1, draw["c"]), positions)


def separable_ratio_number(draw: Draw) -> Value:
    """Count both costs for some number of input channels and positions; the share must not depend on them."""
    channels, side = 7, 3
    separable = separable_cost_number({**draw, "c": channels, "n": side})
    normal = conv_cost_number({**draw, "c": channels, "n": side})
    assert isinstance(separable, int)
    assert isinstance(normal, int)
    return separable / normal


def separable_weights_number(draw: Draw) -> Value:
    """Lay out all filters and count."""
    depthwise = [bank(1, draw["f"], 1) for _ in range(draw["c"])]
    pointwise = bank(draw["k"], 1, draw["c"])
    return bank(draw["k"], draw["f"], draw["c"]).size, sum(one.size for one in depthwise) + pointwise.size


# Architectures -------------------------------------------------------------------------------------------------------


def inception_channels_number(draw: Draw) -> Value:
    """Concatenate the branches' maps."""
    side = draw["n"]
    return np.concatenate([np.empty((side, side, draw[branch])) for branch in "abde"], axis=2).shape


def inception_bottleneck_number(draw: Draw) -> Value:
    """Count the products of both steps over all positions of a padded map."""
    side = len(starts(draw["n"] + draw["f"] - 1, draw["f"]))
    bottleneck = products(bank(draw["b"], 1, draw["c"]), side**2)
    return (bottleneck + products(bank(draw["k"], draw["f"], draw["b"]), side**2)) / 1_000_000


def residual_value_number(draw: Draw) -> Value:
    """Add the shortcut, then clip."""
    before = matrix([draw[f"z{unit}"] for unit in (1, 2, 3)]) + matrix([draw[f"a{unit}"] for unit in (1, 2, 3)])
    return tuple(np.clip(before, 0, None).tolist())


def keras_cnn_shapes(draw: Draw) -> Value:
    """Slide the filter, then the pooling window, over real maps."""
    convolved = np.zeros((*map_shape(np.zeros((draw["n"], draw["n"])), draw["f"]), draw["k"]))
    return (*map_shape(convolved, 2, 2), convolved.shape[2])


def keras_dense_number(draw: Draw) -> Value:
    """Flatten a real volume and lay out the dense layer."""
    flat = np.zeros((draw["m"], draw["m"], draw["k"])).ravel()
    return np.zeros((flat.size, draw["u"])).size + np.zeros(draw["u"]).size


# Detection -----------------------------------------------------------------------------------------------------------


def localisation_loss_number(draw: Draw) -> Value:
    """Mask what the loss doesn't look at, as a vectorised loss does."""
    labels = matrix([[1, draw["x"], draw["y"], draw["h"], draw["w"]], [0, 9, 9, 9, 9]])
    moved = [draw["p"], draw["x"] + draw["dx"], draw["y"], draw["h"] + draw["dh"], draw["w"]]
    predicted = matrix([moved, [draw["q"], draw["u"], draw["v"], 0.2, 0.1]])
    mask = np.column_stack([np.ones(2), np.repeat(labels[:, :1], 4, axis=1)])
    return float((mask * (predicted - labels) ** 2).sum())


def landmark_number(draw: Draw) -> Value:
    """Name every output."""
    outputs = ["face"]
    for landmark in range(draw["k"]):
        outputs += [f"x{landmark}", f"y{landmark}"]
    return len(outputs)


def sliding_window_number(draw: Draw) -> Value:
    """Crop them all."""
    return len(list(slide(np.zeros((draw["h"], draw["w"])), draw["f"], draw["s"])))


def fc_as_convolution_number(draw: Draw) -> Value:
    """Apply the layer's matrix to a crop, and count the crops."""
    volume = np.zeros((draw["n"], draw["n"], draw["c"]))
    _, _, crop = next(slide(volume, draw["f"]))
    units = np.zeros((draw["u"], crop.size)) @ crop.ravel()
    return (*map_shape(volume, draw["f"]), units.size)


def iou_number(draw: Draw) -> Value:
    """Colour the cells of a grid and count them."""
    covered = []
    for box in "ab":
        grid = np.zeros((12, 12), dtype=bool)
        grid[draw[f"{box}y1"] : draw[f"{box}y2"], draw[f"{box}x1"] : draw[f"{box}x2"]] = True
        covered.append(grid)
    return float((covered[0] & covered[1]).sum() / (covered[0] | covered[1]).sum())


def nms_number(draw: Draw) -> Value:
    """Run the loop on a matrix of overlaps."""
    scores = matrix([draw[name] for name in "abcd"])
    overlaps = np.full((4, 4), 0.1)
    for (one, other), overlap in zip(((0, 1), (0, 2), (1, 2)), draw["iou"], strict=True):
        overlaps[one, other] = overlaps[other, one] = overlap
    left = scores > 0.6
    kept = np.zeros(4)
    while left.any():
        best = int(np.argmax(np.where(left, scores, -1)))
        kept[best] = scores[best]
        left &= overlaps[best] < 0.5
        left[best] = False
    return tuple(float(score) for score in kept)


def yolo_cell_number(draw: Draw) -> Value:
    """Look for the cell's edges on either side of the middle."""
    edges = np.linspace(0, 400, draw["cells"] + 1)
    result = []
    for place in (draw["x"], draw["y"]):
        after = int(np.searchsorted(edges, place))
        result.append(float(np.interp(place, edges[after - 1 : after + 1], [0, 1])))
    return tuple(result)


def anchor_output_number(draw: Draw) -> Value:
    """Lay out the output: a cell's anchors, each with presence, box and classes."""
    anchor = np.concatenate([np.zeros(1), np.zeros(4), np.zeros(draw["c"])])
    return np.tile(anchor, (draw["s"], draw["s"], draw["a"], 1)).size


# Segmentation --------------------------------------------------------------------------------------------------------


def unet_level_number(draw: Draw) -> Value:
    """Slide two filters and a pooling window along a side."""
    side = draw["n"]
    for window, stride in ((3, 1), (3, 1), (2, 2)):
        side = len(starts(side, window, stride))
    return side, side, np.concatenate([np.zeros(draw["c"]), np.zeros(draw["c"])]).size


def transposed_conv_values(draw: Draw) -> Value:
    """Multiply by the transpose of the matrix of a convolution with stride 2."""
    gather = np.zeros((2, 5))
    for row in range(2):
        gather[row, 2 * row : 2 * row + 3] = draw["p"], draw["q"], draw["r"]
    return tuple((gather.T @ matrix([draw["a"], draw["b"]])).tolist())


def transposed_conv_number(draw: Draw) -> Value:
    """Lay down every print, see how far they reach, and cut off the padding."""
    canvas = np.zeros(1_000)
    for step in range(draw["n"]):
        canvas[draw["s"] * step :][: draw["f"]] += 1
    return len(np.trim_zeros(canvas)[draw["p"] : -draw["p"]])


# Style transfer ------------------------------------------------------------------------------------------------------


def gram_number(draw: Draw) -> Value:
    """Multiply the matrix of activations by its transpose."""
    activations = matrix([[draw[f"{channel}{place}"] for place in (1, 2, 3)] for channel in "ab"])
    gram = activations @ activations.T
    return float(gram[0, 0]), float(gram[0, 1]), float(gram[1, 1])


def gram_size_number(draw: Draw) -> Value:
    """Count the entries on and above the diagonal."""
    activations = np.zeros((draw["n"] ** 2, draw["c"]))
    return len(np.triu_indices_from(activations.T @ activations)[0])


INDEPENDENT: dict[str, Callable[[Draw], Value]] = {
    "convolution-edge-number": convolution_edge_number,
    "convolution-channels-number": convolution_channels_number,
    "conv-parameters-number": conv_parameters_number,
    "max-pooling-number": max_pooling_number,
    "pooling-shape-number": pooling_shape_number,
    "conv-output-number": conv_output_number,
    "conv-shape-number": conv_shape_number,
    "same-padding-number": same_padding_number,
    "valid-shrinkage-number": valid_shrinkage_number,
    "receptive-field-number": receptive_field_number,
    "small-filters": small_filters,
    "conv-cost-number": conv_cost_number,
    "one-by-one-number": one_by_one_number,
    "separable-cost-number": separable_cost_number,
    "separable-ratio-number": separable_ratio_number,
    "separable-weights-number": separable_weights_number,
    "inception-channels-number": inception_channels_number,
    "inception-bottleneck-number": inception_bottleneck_number,
    "residual-value-number": residual_value_number,
    "keras-cnn-shapes": keras_cnn_shapes,
    "keras-dense-number": keras_dense_number,
    "localisation-loss-number": localisation_loss_number,
    "landmark-number": landmark_number,
    "sliding-window-number": sliding_window_number,
    "fc-as-convolution-number": fc_as_convolution_number,
    "iou-number": iou_number,
    "nms-number": nms_number,
    "yolo-cell-number": yolo_cell_number,
    "anchor-output-number": anchor_output_number,
    "unet-level-number": unet_level_number,
    "transposed-conv-values": transposed_conv_values,
    "transposed-conv-number": transposed_conv_number,
    "gram-number": gram_number,
    "gram-size-number": gram_size_number,
}
