"""The drawn figures: safe and legible files, curves that are where their formulas say, and written only if changed."""

import hashlib
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import sync_playwright
from pytest_django.fixtures import Settings

from flashcards.decks.figures import figures
from flashcards.decks.figures.palette import DARK, LIGHT

type Numbers = npt.NDArray[np.float64]
type Formula = Callable[[Numbers], Numbers]

SVG = "{http://www.w3.org/2000/svg}"
NARROWEST = 280  # pixels: a figure on a card on a phone 320 pixels wide
BASELINE = 0.35  # from the middle of a text to its baseline, in sizes
NAMES = sorted(figures())


def parsed(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(figures()[name]())


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def view(svg: ElementTree.Element) -> tuple[float, float]:
    left, top, width, height = numbers(svg.attrib["viewBox"])
    assert (left, top) == (0, 0)
    return width, height


def estimated_width(part: ElementTree.Element, around: float = 0) -> float:
    size = float(part.get("font-size", around))
    return rough_width(part.text or "", size) + sum(
        estimated_width(span, size) + rough_width(span.tail or "", size) for span in part
    )


def rough_width(text: str, size: float) -> float:
    narrow, wide = "iljt.,;:'|()[]⟨⟩ ", "mwMW—"
    return size * sum(0.3 if letter in narrow else 0.85 if letter in wide else 0.54 for letter in text)


# The files -----------------------------------------------------------------------------------------------------------


def test_there_are_at_least_thirty() -> None:
    assert len(NAMES) >= 30
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_says_what_it_shows(name: str) -> None:
    svg = parsed(name)
    assert svg.tag == f"{SVG}svg"
    title, description = svg[0], svg[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert title.text
    assert description.text
    assert description.text.endswith(".")
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_runs_nothing_and_loads_nothing(name: str) -> None:
    text = figures()[name]()
    assert {element.tag.removeprefix(SVG) for element in parsed(name).iter()} <= {
        *("svg", "title", "desc", "style", "g", "line", "polyline", "polygon", "path", "rect", "ellipse", "circle"),
        *("text", "tspan"),
    }
    assert not re.search(r"href|url\(|@import|@font-face|\bon\w+=|<!|<\?", text)
    assert re.findall(r"\w+://[^\"\s]+", text) == ["http://www.w3.org/2000/svg"]
    assert len(text.encode()) < 40_000


@pytest.mark.parametrize("name", NAMES)
def test_texts_lie_in_the_picture_and_can_be_read_on_a_phone(name: str) -> None:
    svg = parsed(name)
    width, height = view(svg)
    assert (width, height) == (float(svg.attrib["width"]), float(svg.attrib["height"]))
    assert height <= 1.15 * width
    shrunk = NARROWEST / width
    texts = list(svg.iter(f"{SVG}text"))
    assert texts
    for text in texts:
        size, x, y = (float(text.attrib[key]) for key in ("font-size", "x", "y"))
        content = "".join(text.itertext())
        assert content.strip()
        assert size * shrunk >= 10, content
        assert all(float(span.get("font-size", size)) * shrunk >= 7.5 for span in text.iter(f"{SVG}tspan")), content
        assert 0 <= x <= width, content
        assert y - 0.75 * size >= 0, content
        assert y <= height, content
        if "transform" not in text.attrib:
            before = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]]
            room = 0.95 * estimated_width(text)  # a twentieth less: faces differ
            assert x - before * room >= 0, content
            assert x + (1 - before) * room <= width, content


@pytest.mark.parametrize("name", NAMES)
def test_lines_and_shapes_lie_in_the_picture(name: str) -> None:
    svg = parsed(name)
    width, height = view(svg)
    for element in svg.iter():
        given = element.attrib
        found: list[tuple[float, float]] = []
        if "points" in given:
            flat = numbers(given["points"])
            found = list(zip(flat[::2], flat[1::2], strict=True))
        elif "x1" in given:
            found = [(float(given[f"x{end}"]), float(given[f"y{end}"])) for end in "12"]
        elif "rx" in given and "cx" in given:
            found = [
                (float(given["cx"]) + sign * float(given["rx"]), float(given["cy"]) + sign * float(given["ry"]))
                for sign in (-1, 1)
            ]
        elif element.tag == f"{SVG}rect":
            x, y, across, down = (float(given[key]) for key in ("x", "y", "width", "height"))
            assert min(across, down) >= 0
            found = [(x, y), (x + across, y + down)]
        for x, y in found:
            assert -1 <= x <= width + 1, (x, y)
            assert -1 <= y <= height + 1, (x, y)


def test_the_same_bytes_come_every_time() -> None:
    assert {name: draw() for name, draw in figures().items()} == {name: draw() for name, draw in figures().items()}
    script = (
        "import hashlib; from flashcards.decks.figures import figures; "
        "print(hashlib.sha256(''.join(draw() for draw in figures().values()).encode()).hexdigest())"
    )
    here = hashlib.sha256("".join(draw() for draw in figures().values()).encode()).hexdigest()
    for seed in ("1", "2"):
        elsewhere = subprocess.run(
            [sys.executable, "-c", script],
            cwd=settings.BASE_DIR,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        )
        assert elsewhere.stdout.strip() == here


# Light and dark ------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_colours_are_those_of_the_site() -> None:
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    site = {
        name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", tokens)
    }
    for name, light in LIGHT.items():
        assert site["card" if name == "paper" else name] == (light, DARK[name])


@pytest.mark.parametrize("name", NAMES)
def test_texts_stand_out_from_the_paper_in_both_schemes(name: str) -> None:
    text = figures()[name]()
    light, _, dark = text.partition("@media (prefers-color-scheme:dark)")
    assert dark
    used = set(re.findall(r'<text [^>]*class="[^"]*\bf-([a-z-]+)', text)) - {"paper"}  # on one of the others
    for scheme in (light, dark[: dark.index("}}")]):
        colours = dict(re.findall(r"--(\w+):(#\w{6})", scheme))
        for colour in used:
            assert contrast(colours[colour], colours["paper"]) >= 4.5, colour


# The curves ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plot:
    """A figure's only pair of axes, read off its tick labels, and back from the canvas to the values."""

    svg: ElementTree.Element
    logarithmic: bool = False

    def curve(self, name: str) -> tuple[Numbers, Numbers]:
        """Return the points of a named curve on the canvas."""
        (line,) = self.svg.findall(f".//{SVG}polyline[@data-curve='{name}']")
        flat = np.array(numbers(line.attrib["points"]))
        return flat[::2], flat[1::2]

    def x(self, across: Numbers) -> Numbers:
        (first, start), (last, end) = self._ends("tick-x")
        return np.asarray(first + (last - first) * (across - start) / (end - start))

    def down(self, y: Numbers) -> Numbers:
        """Return where values of y lie on the canvas."""
        (first, start), (last, end) = self._ends("tick-y")
        if self.logarithmic:
            first, last, y = math.log(first), math.log(last), np.log(y)
        return np.asarray(start + (end - start) * (y - first) / (last - first))

    def _ends(self, role: str) -> tuple[tuple[float, float], tuple[float, float]]:
        found: list[tuple[float, float]] = []
        for text in self.svg.iter(f"{SVG}text"):
            if role in text.attrib["class"].split():
                place = float(text.attrib["x" if role == "tick-x" else "y"])
                if role == "tick-y":
                    place -= BASELINE * float(text.attrib["font-size"])
                found.append((float("".join(text.itertext()).replace("−", "-")), place))
        return min(found), max(found)


def phi(z: Numbers) -> Numbers:
    return np.array([(1 + math.erf(value / math.sqrt(2))) / 2 for value in z])


def warm_up_cosine(epoch: Numbers) -> Numbers:
    return np.where(epoch < 4, epoch / 4, 0.5 + 0.5 * np.cos(np.pi * (epoch - 4) / 36))


def noised(share: Numbers) -> Numbers:
    left = np.concatenate([[1.0], np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))])
    return np.asarray(left[np.rint(1000 * share).astype(int)])


def squashed(share: Numbers) -> Numbers:
    return np.asarray((np.cos((share + 0.008) / 1.008 * np.pi / 2) / np.cos(0.008 / 1.008 * np.pi / 2)) ** 2)


CURVES: list[tuple[str, str, tuple[float, float], Formula]] = [
    ("sigmoid", "sigmoid", (-6, 6), lambda z: 1 / (1 + np.exp(-z))),
    ("sigmoid", "sigmoid-slope", (-6, 6), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    ("tanh", "tanh", (-4, 4), np.tanh),
    ("tanh", "tanh-slope", (-4, 4), lambda z: 1 / np.cosh(z) ** 2),
    ("gelu-swish", "gelu", (-4, 1.7), lambda z: z * phi(z)),
    ("gelu-swish", "silu", (-4, 1.9), lambda z: z / (1 + np.exp(-z))),
    ("softplus-relu", "softplus", (-4, 4), lambda z: np.logaddexp(0, z)),
    ("cross-entropy-curve", "label-1", (math.exp(-4.2), 1), lambda p: -np.log(p)),
    ("cross-entropy-curve", "label-0", (0, 1 - math.exp(-4.2)), lambda p: -np.log1p(-p)),
    ("loss-gradients", "squared-error-gradient", (0, 1), lambda a: a * (1 - a) ** 2),
    ("lr-decay", "exponential", (0, 40), lambda e: 0.95**e),
    ("lr-decay", "inverse-time", (0, 40), lambda e: 1 / (1 + e)),
    ("lr-decay", "cosine", (4, 40), warm_up_cosine),
    ("bias-correction", "uncorrected", (1, 40), lambda t: 1 - 0.9**t),
    ("early-stopping", "validation", (0, 50), lambda t: 0.25 + 0.75 * np.exp(-t / 8) + (t / 60) ** 2),
    ("brevity-penalty", "brevity-penalty", (0.001, 1), lambda ratio: np.exp(1 - 1 / ratio)),
    ("diffusion-noise-schedule", "linear-signal", (0, 1), noised),
    ("diffusion-noise-schedule", "cosine-signal", (0, 1), squashed),
]


def assert_on_curve(plot: Plot, curve: str, ends: tuple[float, float], formula: Formula) -> None:
    across, down = plot.curve(curve)
    x = plot.x(across)
    assert x[[0, -1]] == pytest.approx(ends, abs=0.002 * (ends[1] - ends[0]))
    assert (np.diff(x) > 0).all()
    step = 1e-4 * (ends[1] - ends[0])
    x = np.clip(x, *ends)
    inner = np.clip(x, ends[0] + step, ends[1] - step)
    a_unit = (x[-1] - x[0]) / (across[-1] - across[0])  # in x
    steep = np.abs(plot.down(formula(inner + step)) - plot.down(formula(inner - step))) / (2 * step) * a_unit
    assert (np.abs(down - plot.down(formula(x))) <= 0.02 + 0.01 * steep).all()  # coordinates have two decimals


@pytest.mark.parametrize(("name", "curve", "ends", "formula"), CURVES, ids=[f"{row[0]}:{row[1]}" for row in CURVES])
def test_a_curve_follows_its_formula(name: str, curve: str, ends: tuple[float, float], formula: Formula) -> None:
    if curve == "linear-signal":  # a sum over steps: the formula exists at whole steps only
        plot = Plot(parsed(name))
        across, down = plot.curve(curve)
        assert np.abs(down - plot.down(formula(plot.x(across)))).max() <= 0.02
        return
    assert_on_curve(Plot(parsed(name)), curve, ends, formula)


def test_a_curve_on_a_logarithmic_axis_follows_its_formula() -> None:
    plot = Plot(parsed("averaging-window"), logarithmic=True)
    assert_on_curve(plot, "window", (0.9, 1 - 0.1 / 300), lambda beta: 1 / (1 - beta))


@pytest.mark.parametrize(("name", "curve"), [("sigmoid", "sigmoid"), ("cross-entropy-curve", "label-1")])
def test_a_curve_is_smooth_to_the_eye(name: str, curve: str) -> None:
    across, down = Plot(parsed(name)).curve(curve)
    turns = np.diff(np.unwrap(np.arctan2(np.diff(down), np.diff(across))))
    assert np.abs(np.degrees(turns)).max() < 8


def test_the_lowest_point_of_early_stopping_is_named_on_the_axis() -> None:
    epochs = np.arange(51)
    best = int(np.argmin(0.25 + 0.75 * np.exp(-epochs / 8) + (epochs / 60) ** 2))
    ticks = [text for text in parsed("early-stopping").iter(f"{SVG}text") if "tick-x" in text.attrib["class"]]
    assert str(best) in [text.text for text in ticks]


def test_bars_of_softmax_are_as_high_as_its_probabilities() -> None:
    bars = np.array([float(rect.attrib["height"]) for rect in parsed("softmax-temperature").iter(f"{SVG}rect")])
    for heights, temperature in zip(bars.reshape(3, 3), (0.5, 1, 2), strict=True):
        powers = np.exp(np.array([2, 1, 0]) / temperature)
        assert heights / heights.sum() == pytest.approx(powers / powers.sum(), abs=2e-4)


def test_the_counted_steps_of_momentum_are_those_it_takes() -> None:
    curvature = np.array([1.0, 25.0])

    def steps(rate: float, keep: float) -> int:
        at, average = np.array([-4.2, 0.8]), np.zeros(2)
        costs = [curvature @ at**2]
        for _ in range(200):
            average = keep * average + (1 - keep) * curvature * at
            at = at - rate * average
            costs.append(curvature @ at**2)
        return max(step for step, cost in enumerate(costs) if cost > costs[0] / 100) + 1

    svg = parsed("momentum-path")
    texts = ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]
    counted = [int(text.removesuffix(" steps")) for text in texts if text.endswith(" steps")]
    assert counted == [steps(0.074, 0), steps(0.2, 0.6)]
    for line, count in zip(svg.findall(f".//{SVG}polyline[@data-curve]"), counted, strict=True):
        assert len(line.attrib["points"].split()) == count + 1


# In a browser --------------------------------------------------------------------------------------------------------

MEASURE = """() => {
  const svg = document.querySelector('svg'), all = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect(), margin = 0.18 * box.height;  // between lines, where no letter reaches
    return [text.textContent, box.left - all.left, box.right - all.left,
            box.top - all.top + margin, box.bottom - all.top - margin];
  });
}"""


@pytest.mark.browser
def test_no_text_is_cut_off_or_covers_another(chromium: str) -> None:
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 600, "height": 600})
        for name in NAMES:
            page.set_content(figures()[name]())
            width, height = view(parsed(name))
            texts: list[tuple[str, float, float, float, float]] = page.evaluate(MEASURE)
            for place, (content, left, right, top, bottom) in enumerate(texts):
                if left < 0 or right > width or top < 0 or bottom > height:
                    faults.append(f"{name}: “{content}” is cut off")
                for other, start, end, high, low in texts[:place]:
                    if left < end and start < right and top < low and high < bottom:
                        faults.append(f"{name}: “{content}” covers “{other}”")
        browser.close()
    assert faults == []


# Writing them --------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.GENERATED_DIR = tmp_path
    return tmp_path / "figures" / "deep-learning"


def draw_figures() -> str:
    said = StringIO()
    call_command("draw_figures", stdout=said)
    return said.getvalue()


def test_the_command_writes_every_figure(folder: Path) -> None:
    assert f"{len(NAMES)} drawn" in draw_figures()
    assert sorted(file.name for file in folder.iterdir()) == [f"{name}.svg" for name in NAMES]
    assert (folder / "sigmoid.svg").read_text(encoding="utf-8") == figures()["sigmoid"]()


def test_a_second_run_writes_nothing(folder: Path) -> None:
    draw_figures()
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert draw_figures() == ""
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_a_damaged_figure_is_drawn_again_and_a_foreign_one_removed(folder: Path) -> None:
    draw_figures()
    (folder / "sigmoid.svg").write_text("<svg", encoding="utf-8")
    (folder / "foreign.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "notes.txt").write_text("kept", encoding="utf-8")
    assert "1 drawn" in draw_figures()
    assert (folder / "sigmoid.svg").read_text(encoding="utf-8") == figures()["sigmoid"]()
    assert not (folder / "foreign.svg").exists()
    assert (folder / "notes.txt").exists()
