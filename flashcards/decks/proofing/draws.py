"""Numeric notes whose answer hardly differs: what is remembered then is the number, not how to get it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from flashcards.decks.kinds.number_lines import read_numbers
from flashcards.decks.kinds.number_words import as_text
from flashcards.decks.kinds.numbers import Numbers
from flashcards.decks.proofing.findings import Finding
from flashcards.decks.proofing.sheets import Sheet
from flashcards.lib.expressions import ExpressionError

CHECK = "draws"
DRAWS = 200
MOST_ATTEMPTS = 100 * DRAWS
FEWEST_ANSWERS = 4


def findings(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Yield numeric notes with one answer only (an error), with fewer than four, or with one in most draws."""
    for sheet in sheets:
        if sheet.record.kind != "numeric" or not sheet.faces:
            continue
        numbers = read_numbers(sheet.record.answer, "answer")
        answers = _answers(numbers)
        if not answers:
            continue
        usual, count = answers.most_common(1)[0]
        line = numbers.answer.line
        if len(answers) == 1:
            message = f"The answer is {usual} in every draw. Draw more numbers, or make it a basic note."
            yield sheet.error(CHECK, "answer", message, line)
        elif len(answers) < FEWEST_ANSWERS:
            message = f"There are only {len(answers)} answers: {', '.join(answers)}. Draw from more numbers."
            yield sheet.warning(CHECK, "answer", message, line)
        elif count > answers.total() / 2:
            message = f"The answer is {usual} in {count} of {answers.total()} draws. Draw from other numbers."
            yield sheet.warning(CHECK, "answer", message, line)


def _answers(numbers: Numbers) -> Counter[str]:
    """Return the answers, as they are shown, to draws that meet what is required."""
    answers: Counter[str] = Counter()
    for seed in range(MOST_ATTEMPTS):
        if answers.total() == DRAWS:
            break
        try:
            values = numbers.draw(seed)
            if values is not None:
                answers[as_text(numbers.outcome(values).answer, numbers.format)] += 1
        except ExpressionError:
            continue
    return answers
