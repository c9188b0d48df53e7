"""Arithmetic that people write, worked out within bounds of size and time: an expression is computed, never run.

`simpleeval` walks the tree; what may stand in it, how large it and its numbers may be and what the functions take is
decided here, before the first step.
"""

import ast
import math
import operator
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import simpleeval

MAX_CHARACTERS = 500
MAX_NODES = 200
MAX_BITS = 200
"""Of a whole number, about 1.6 · 10⁶⁰."""

type Number = int | float
type Value = Number | tuple[Number, ...]
"""What an expression may come to; truth values are whole numbers, 0 or 1."""

_NEARLY_WHOLE = 1e-9


class ExpressionError(Exception):
    """An expression can't be read or has no value; `str()` says why, for people. `line` is where, if it is known."""

    line: int | None = None


# Numbers -------------------------------------------------------------------------------------------------------------


def _number(value: object) -> Number:
    if not isinstance(value, int | float):
        raise ExpressionError("A tuple stands where a number is needed.")
    return int(value) if isinstance(value, bool) else value


def _bounded(value: object) -> Number:
    if isinstance(value, complex):
        raise ExpressionError("The root of a negative number is taken.")
    number = _number(value)
    if isinstance(number, int):
        if number.bit_length() > MAX_BITS:
            raise ExpressionError("A number grows too large.")
    elif not math.isfinite(number):
        raise ExpressionError("A number grows too large.")
    return number


def _power(base: Number, exponent: Number) -> Number:
    bits = base.bit_length() if isinstance(base, int) else 1
    if abs(exponent) > 1_000 or (isinstance(exponent, int) and bits * abs(exponent) > 2 * MAX_BITS):
        raise ExpressionError("A power grows too large.")
    return _bounded(base**exponent)


def _on_numbers(function: Callable[..., Any]) -> Callable[..., Number]:
    """Return `function` for numbers alone, its result bounded."""

    def work(*arguments: object) -> Number:
        return _bounded(function(*map(_number, arguments)))

    return work


# Functions -----------------------------------------------------------------------------------------------------------


def _tuple(value: object) -> tuple[Number, ...]:
    if not isinstance(value, tuple) or not value:
        raise ExpressionError("A number, or nothing, stands where a tuple is needed.")
    return value


def _of_many(function: Callable[[tuple[Number, ...]], Any]) -> Callable[..., Number]:
    """Return `function` for one tuple or for several numbers."""

    def work(*arguments: object) -> Number:
        numbers = _tuple(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], tuple) else arguments
        return _bounded(function(tuple(map(_number, _tuple(numbers)))))

    return work


def _floor(number: Number) -> int:
    """Round down; what binary fractions leave a hair below a whole number counts as that number."""
    nearest = math.floor(number + 0.5)
    return nearest if abs(number - nearest) < _NEARLY_WHOLE else math.floor(number)


def _round(number: Number, digits: Number = 0) -> Number:
    """Round to so many decimals, halves upwards, as taught at school."""
    if not isinstance(digits, int) or not 0 <= digits <= 15:
        raise ExpressionError("round takes 0 to 15 decimals.")
    if isinstance(number, int):
        return number
    scaled = _floor(abs(number) * 10**digits + 0.5)
    whole = math.copysign(scaled, number) / 10**digits
    return int(whole) if digits == 0 else whole


def _dot(left: object, right: object) -> Number:
    first, second = _tuple(left), _tuple(right)
    if len(first) != len(second):
        raise ExpressionError("dot takes two tuples of one length.")
    return _bounded(sum(a * b for a, b in zip(first, second, strict=True)))


def _softmax(*arguments: object) -> tuple[float, ...]:
    """e^z / Σ e^z, the largest subtracted first so that nothing overflows."""
    scores = tuple(map(_number, _tuple(arguments[0]) if len(arguments) == 1 else arguments))
    powers = [math.exp(score - max(scores)) for score in scores]
    return tuple(power / sum(powers) for power in powers)


def _log(number: Number) -> float:
    """Return the natural logarithm; there is no second argument for another base."""
    return math.log(number)


def _sigmoid(number: Number) -> float:
    return 1 / (1 + math.exp(-number)) if number >= 0 else math.exp(number) / (1 + math.exp(number))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": _on_numbers(abs),
    "ceil": _on_numbers(lambda number: -_floor(-number)),
    "cos": _on_numbers(math.cos),
    "dot": _dot,
    "exp": _on_numbers(math.exp),
    "floor": _on_numbers(_floor),
    "len": lambda values: len(_tuple(values)),
    "log": _on_numbers(_log),
    "log10": _on_numbers(math.log10),
    "log2": _on_numbers(math.log2),
    "max": _of_many(max),
    "mean": _of_many(lambda numbers: sum(numbers) / len(numbers)),
    "min": _of_many(min),
    "norm": _of_many(lambda numbers: math.hypot(*numbers)),
    "product": _of_many(math.prod),
    "round": _on_numbers(_round),
    "sigmoid": _on_numbers(_sigmoid),
    "sin": _on_numbers(math.sin),
    "softmax": _softmax,
    "sqrt": _on_numbers(math.sqrt),
    "sum": _of_many(sum),
    "tanh": _on_numbers(math.tanh),
}
CONSTANTS: dict[str, Value] = {"pi": math.pi}

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _on_numbers(operator.add),
    ast.Sub: _on_numbers(operator.sub),
    ast.Mult: _on_numbers(operator.mul),
    ast.Div: _on_numbers(operator.truediv),
    ast.FloorDiv: _on_numbers(operator.floordiv),
    ast.Mod: _on_numbers(operator.mod),
    ast.Pow: _on_numbers(_power),
    ast.USub: _on_numbers(operator.neg),
    ast.UAdd: _on_numbers(operator.pos),
    ast.Not: lambda value: int(not value),
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _on_numbers(operator.lt),
    ast.LtE: _on_numbers(operator.le),
    ast.Gt: _on_numbers(operator.gt),
    ast.GtE: _on_numbers(operator.ge),
}
_ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.And, ast.Or, ast.Compare, ast.IfExp, ast.Call,
    ast.Subscript, ast.Tuple, ast.Name, ast.Load, ast.Constant, *_OPERATORS,
)  # fmt: skip


# Expressions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that may be worked out: its source, the names that need a value, its tree and the tree's size."""

    source: str
    names: frozenset[str]
    tree: ast.expr
    parts: int

    def value(self, values: Mapping[str, Value]) -> Value:
        """Return what the expression comes to with these values; raises ExpressionError."""
        evaluator = _evaluator()
        evaluator.names = {**CONSTANTS, **values}
        try:
            result = evaluator.eval(self.source, previously_parsed=self.tree)
        except ZeroDivisionError:
            raise ExpressionError("It divides by zero.") from None
        except OverflowError:
            raise ExpressionError("A number grows too large.") from None
        except IndexError:
            raise ExpressionError("An index points behind the end of a tuple.") from None
        except ValueError:
            raise ExpressionError("A root or a logarithm is taken of a number that has none.") from None
        except TypeError:
            raise ExpressionError("A function is given too few or too many values.") from None
        except simpleeval.NameNotDefined as error:
            raise ExpressionError(f"“{error.name}” is not defined.") from None
        except simpleeval.InvalidExpression as error:
            raise ExpressionError(str(error)) from None
        return int(result) if isinstance(result, bool) else result


@lru_cache(maxsize=8_192)
def parse(source: str) -> Expression:
    """Return `source` as an expression; raises ExpressionError if anything in it is not allowed."""
    if len(source) > MAX_CHARACTERS:
        raise ExpressionError(f"It is {len(source):,} characters long; at most {MAX_CHARACTERS} are allowed.")
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):  # of people's slips, such as 1if
            tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(_unreadable(source)) from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError("It has too many parts. Give a part of it a name of its own.")
    for node in nodes:
        _check(node)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}
    if alone := sorted(names & FUNCTIONS.keys()):
        raise ExpressionError(f"{alone[0]} is a function. Write {alone[0]}(…).")
    return Expression(source, frozenset(names - CONSTANTS.keys()), tree.body, len(nodes))


def _unreadable(source: str) -> str:
    shown = source.strip()[:60]
    return f"“{shown}” can't be read as an expression." if shown else "The expression is missing."


def _check(node: ast.AST) -> None:
    if isinstance(node, ast.BitXor):
        raise ExpressionError("Write a power as **, not ^.")
    if not isinstance(node, _ALLOWED):
        if not isinstance(node, ast.expr):
            raise ExpressionError("The signs are + - * / // % **, comparisons, and, or, not, if and else.")
        shown = ast.unparse(node)[:40]
        raise ExpressionError(f"“{shown}” is not allowed here: only numbers, names, tuples and functions.")
    if isinstance(node, ast.Constant):
        if type(node.value) not in {int, float}:
            raise ExpressionError(f"{str(node.value)[:20]!r} is no number.")
        _bounded(node.value)
    if isinstance(node, ast.Call):
        _check_call(node)
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        raise ExpressionError("A name begins with a letter.")


def _check_call(node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else "this"
    if name not in FUNCTIONS:
        raise ExpressionError(f"There is no function {name[:40]}. There are: {', '.join(FUNCTIONS)}.")
    if node.keywords:
        raise ExpressionError(f"{name} takes no named values.")
    if not node.args:
        raise ExpressionError(f"{name} is given nothing.")


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc]  # it has no types
    """simpleeval with tuples, and nothing that reaches into objects."""

    def __init__(self) -> None:
        super().__init__(operators=_OPERATORS, functions=FUNCTIONS, names={})
        for gone in (ast.Assign, ast.AugAssign, ast.Import, ast.Attribute, ast.JoinedStr, ast.FormattedValue):
            self.nodes.pop(gone, None)
        self.nodes[ast.Tuple] = self._eval_tuple
        self.nodes[ast.Subscript] = self._eval_item

    def _eval_tuple(self, node: ast.Tuple) -> tuple[Number, ...]:
        return tuple(_number(self._eval(item)) for item in node.elts)

    def _eval_item(self, node: ast.Subscript) -> Number:
        index = self._eval(node.slice)
        if not isinstance(index, int):
            raise ExpressionError("An index must be a whole number.")
        return _tuple(self._eval(node.value))[index]


class _PerThread(threading.local):
    evaluator: _Evaluator | None = None


_per_thread = _PerThread()


def _evaluator() -> _Evaluator:
    # Kept: making one takes longer than most expressions.
    if _per_thread.evaluator is None:
        _per_thread.evaluator = _Evaluator()
    return _per_thread.evaluator
