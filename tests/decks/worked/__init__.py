"""The numbers of the built-in deck, worked out a second time and differently: NumPy, direct counts, simulation."""

from collections.abc import Mapping
from typing import Any

type Draw = Mapping[str, Any]
type Value = float | tuple[float, ...]
