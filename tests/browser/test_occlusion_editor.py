"""Boxes on a figure, in the note form of the admin: by mouse, by touch and by keyboard, never outside the image."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import FloatRect, Locator, Page, expect

from .conftest import NewPage
from .test_note_editors import FIGURE, OpenForm, RunCommand, form_opener, save, stored, text, write

pytestmark = pytest.mark.browser

DO = """async ([box, steps]) => {
    const does = await import("/static/js/occlusion-boxes.js");
    return steps.reduce((now, [what, ...parts]) => does[what](now, ...parts), box);
}"""


@pytest.fixture
def open_form(new_page: NewPage, run_command: RunCommand) -> OpenForm:
    """Return a function that opens the form of a new note of a kind, for an editor."""
    return form_opener(new_page, run_command)


def boxes(page: Page) -> list[list[float]]:
    """Left, top, width and height of every box in the text."""
    found = re.findall(r"^\d+: ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) =", text(page), re.MULTILINE)
    return [[float(part) for part in box] for box in found]


def occlusion_form(open_form: OpenForm, key: str, **options: object) -> tuple[Page, FloatRect]:
    """Return the form of an occlusion note with its figure, and where the image stands."""
    page = open_form("occlusion", key, **options)
    page.get_by_label("Path of the image").fill(FIGURE)
    page.get_by_label("What is seen").fill("A residual [block].")
    image = page.locator(".occlusion-stage img")
    expect(image).to_be_visible()
    page.wait_for_function("() => document.querySelector('.occlusion-stage img').complete")
    image.evaluate("image => image.scrollIntoView({block: 'center', behavior: 'instant'})")
    rect = image.bounding_box()
    assert rect
    assert rect["height"] > 100
    return page, rect


def drag(page: Page, rect: FloatRect, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse from one place of the image to another, both in percent of it."""
    for index, (left, top) in enumerate((start, end)):
        x, y = rect["x"] + rect["width"] * left / 100, rect["y"] + rect["height"] * top / 100
        page.mouse.move(x, y, steps=4)
        (page.mouse.up if index else page.mouse.down)()


def box(page: Page, number: int) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Box {number}"))


def test_boxes_by_mouse_and_by_keyboard(open_form: OpenForm, run_command: RunCommand) -> None:
    page, rect = occlusion_form(open_form, "boxes")
    drag(page, rect, (20, 30), (50, 40))
    page.keyboard.type("the layer")
    assert boxes(page) == [pytest.approx([20, 30, 30, 10], abs=1)]
    before = boxes(page)[0]

    add = page.get_by_role("button", name="Add box")
    add.focus()
    page.keyboard.press("Enter")
    expect(box(page, 2)).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Alt+ArrowLeft", "Shift+ArrowRight", "Shift+Alt+ArrowUp"):
        page.keyboard.press(key)
    assert boxes(page) == [before, [41.9, 39, 21, 19.9]]
    page.keyboard.press("Enter")
    page.keyboard.type("the sum")
    page.get_by_label("Hide").select_option("one")

    save(page)
    lines = stored(run_command, "boxes").split("\n")
    assert lines[:2] == [f"![A residual (block).]({FIGURE})", "hide: one"]
    assert lines[2].startswith("1: ")
    assert lines[2].endswith(" = the layer")
    assert lines[3:] == ["2: 41.9 39 21 19.9 = the sum"]


def test_a_box_is_moved_and_resized_by_dragging(open_form: OpenForm) -> None:
    page, rect = occlusion_form(open_form, "dragging")
    write(page, f"{text(page)}\n1: 20 20 20 20 = a")
    drag(page, rect, (30, 30), (50, 40))
    assert boxes(page) == [pytest.approx([40, 30, 20, 20], abs=1)]
    drag(page, rect, (60, 50), (70, 80))
    assert boxes(page) == [pytest.approx([40, 30, 30, 50], abs=1)]
    drag(page, rect, (40, 30), (90, 90))  # the corner past its opposite
    assert boxes(page) == [pytest.approx([70, 80, 20, 10], abs=1)]


def test_a_box_can_not_leave_the_image(open_form: OpenForm) -> None:
    page, rect = occlusion_form(open_form, "inside")
    drag(page, rect, (80, 80), (140, 110))
    page.keyboard.type("a")
    assert boxes(page) == [pytest.approx([80, 80, 20, 20], abs=1)]
    drag(page, rect, (90, 90), (-30, -30))
    left, top, width, height = boxes(page)[0]
    assert (left, top) == (0, 0)
    assert [width, height] == pytest.approx([20, 20], abs=1)

    box(page, 1).focus()
    for key in ("ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert boxes(page)[0] == [left, top, width, height]
    for _ in range(90):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    assert boxes(page)[0] == [100 - width, 0, width, 100]

    page.get_by_label("Left %").fill("250")
    page.get_by_label("Width %").fill("70")
    page.get_by_label("Height %").fill("-5")
    page.keyboard.press("Tab")
    assert boxes(page)[0] == [100 - width, 0, width, 0.5]
    expect(page.get_by_label("Width %")).to_have_value(f"{width:g}")
    expect(page.locator(".live-problems")).to_be_hidden()


def test_boxes_share_a_number_and_its_label(open_form: OpenForm) -> None:
    page, _ = occlusion_form(open_form, "shared")
    write(page, f"{text(page)}\n1: 10 10 10 10 = a\n2: 30 30 10 10 = b")
    page.get_by_label("Number").nth(1).fill("1")
    page.keyboard.press("Tab")
    assert text(page).split("\n")[-2:] == ["1: 10 10 10 10 = a", "1: 30 30 10 10 = a"]
    page.get_by_label("Label").nth(1).fill("both")
    assert text(page).split("\n")[-2:] == ["1: 10 10 10 10 = both", "1: 30 30 10 10 = both"]
    box(page, 1).first.focus()
    page.keyboard.press("Delete")
    assert boxes(page) == [[30, 30, 10, 10]]
    expect(box(page, 1)).to_be_focused()


def test_a_box_by_touch(open_form: OpenForm) -> None:
    page, rect = occlusion_form(
        open_form, "touch", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    touch = page.context.new_cdp_session(page)

    def point(left: float, top: float) -> list[dict[str, float]]:
        return [{"x": rect["x"] + rect["width"] * left / 100, "y": rect["y"] + rect["height"] * top / 100}]

    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": point(20, 20)})
    for step in (30, 40, 60):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": point(step, step)})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert boxes(page) == [pytest.approx([20, 20, 40, 40], abs=1)]


anywhere = st.floats(-300, 300)
shares = st.floats(0, 100)
inside = st.fixed_dictionaries({"x": shares, "y": shares})
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["moved", "sized"]), anywhere, anywhere),
        st.tuples(st.just("spanning"), inside, inside),
    ),
    min_size=1,
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(steps=steps)
def test_whatever_is_done_to_a_box_it_stays_inside(page: Page, steps: list[object]) -> None:
    if page.url == "about:blank":
        page.goto("/account/login/")
    start = {"number": 1, "label": "", "left": 40, "top": 40, "width": 20, "height": 20}
    now = page.evaluate(DO, [start, steps])
    assert min(now["left"], now["top"]) >= 0
    assert min(now["width"], now["height"]) >= 0.5
    assert max(now["left"] + now["width"], now["top"] + now["height"]) <= 100
    for edge in ("left", "top", "width", "height"):
        assert now[edge] == round(now[edge], 1)
