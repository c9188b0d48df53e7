"""`manage.py simulate_exam`: what aiming at an exam day gains, over simulated learners; see docs/exam-day.md."""

import math
from statistics import fmean, stdev
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from flashcards.study.exam_trial import Method, Setting, trial

HORIZONS = (7, 21, 42)
BUDGETS = (5, 10, 20)
HEAD = "days  min/day |  plain  minutes |  ahead  minutes |  aimed  minutes | aimed − plain  | aimed − ahead"


class Command(BaseCommand):
    """Prints a line for each horizon and budget: mean recall on the exam day and minutes, by method."""

    help = "Compare aiming at an exam day with the plain scheduler over simulated learners."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size of the simulation."""
        parser.add_argument("--learners", type=int, default=100, help="simulated learners (100)")
        parser.add_argument("--cards", type=int, default=300, help="cards of the assignment (300)")
        parser.add_argument("--seen", type=float, default=0.5, help="part of them studied before, 0 to 1 (0.5)")
        parser.add_argument("--seed", type=int, default=1, help="where chance begins (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Simulate and print."""
        learners, cards, seen = options["learners"], options["cards"], options["seen"]
        if learners < 2 or cards < 1 or not 0 <= seen <= 1:
            raise CommandError("At least 2 learners and 1 card, and a part from 0 to 1.")
        self.stdout.write(f"{learners} learners, {cards} cards, {seen:.0%} studied before. Recall in per cent.")
        self.stdout.write(HEAD)
        seeds = range(options["seed"], options["seed"] + learners)
        for days in HORIZONS:
            for minutes in BUDGETS:
                self.stdout.write(line(Setting(cards, seen, days, minutes), seeds))


def line(setting: Setting, seeds: range) -> str:
    """Return a line of the table: each method with the same learners, and the differences with standard errors."""
    found = {method: [trial(seed, setting, method) for seed in seeds] for method in Method}
    columns = [f"{setting.days:4}  {setting.minutes:7}"]
    for method in Method:
        recall, minutes = (fmean(values) for values in zip(*found[method], strict=True))
        columns.append(f"{100 * recall:6.1f}  {minutes:7.0f}")
    for method in (Method.PLAIN, Method.AHEAD):
        pairs = zip(found[Method.AIMED], found[method], strict=True)
        gains = [100 * (aimed - other) for (aimed, _), (other, _) in pairs]
        columns.append(f"{fmean(gains):+6.1f} ± {stdev(gains) / math.sqrt(len(gains)):.2f} ")
    return " | ".join(columns)
