"""What a card with numbers drawn anew costs beside a basic one: when it is shown, and when its answer is judged."""

from contextlib import ExitStack
from statistics import median

from bench.form import Form, NoCardLeft, Question, ratings
from bench.grading import Size, in_turn
from bench.server import SQLITE, serving, site
from bench.wire import Browser, grade_many

KINDS = ("basic", "numeric")


def beside_basic(size: Size) -> dict[str, float]:
    """Return the grade that shows a numeric card, and its answer, beside a grade among basic cards. Raises Trouble."""
    with ExitStack() as stack:
        sites = {kind: stack.enter_context(site(SQLITE, kind)) for kind in KINDS}
        sizes = f"--cards={size.cards}", f"--reviews={size.reviews}", f"--learners={size.rounds + 1}"
        fillings = {kind: sites[kind].ask("bench_fill", *sizes, f"--kinds={kind}") for kind in KINDS}
        ports = {kind: stack.enter_context(serving(sites[kind], workers=1)) for kind in KINDS}
        taken: dict[str, list[float]] = {kind: [] for kind in (*KINDS, "answer")}
        for turn in range(size.rounds + 1):
            for kind in in_turn(sites, turn):
                learner = ports[kind], fillings[kind]["sessions"][turn], fillings[kind]["page"]
                if kind == "basic":
                    seconds = {kind: grade_many(*learner, size.block)}
                else:
                    seconds = answer_many(*learner, size.block)
                for name, each in seconds.items():
                    taken[name] += each if turn else []  # the first turn warms up
    basic = median(taken["basic"])
    return {
        "numeric_vs_basic_median": median(taken["numeric"]) / basic,
        "answer_vs_basic_median": median(taken["answer"]) / basic,
        "numeric_ms_median": 1000 * median(taken["numeric"]),
        "basic_ms_median": 1000 * basic,
        "answer_ms_median": 1000 * median(taken["answer"]),
    }


def answer_many(port: int, session: str, page: str, count: int) -> dict[str, list[float]]:
    """Let one learner answer and grade `count` numeric cards; return the seconds of grades and of answers.

    Each answer is “I don't know” and then said to be right, so that grades are the same as among basic cards.
    """
    taken: dict[str, list[float]] = {"numeric": [], "answer": []}
    with Browser(port, session) as browser:
        html = browser.enter(page).text
        for rating, _ in zip(ratings(), range(count), strict=False):
            question = Question.of(html)
            if question is None:
                raise NoCardLeft
            told = browser.post(question.url, question.token, question.fields(skip="1"))
            taken["answer"].append(told.seconds)
            overruled = browser.post(question.url, question.token, question.fields(overrule="1"))
            shown = browser.grade(Form.of(overruled.text), rating)
            taken["numeric"].append(shown.seconds)
            html = shown.text
    return taken
