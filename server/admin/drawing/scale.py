"""From values to places in a picture: pure functions."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to places."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value, to a tenth."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.0
        return round(self.begin + share * (self.end - self.begin), 1)


def ticks(high: float, count: int = 4) -> list[float]:
    """Round numbers from 0 to ``high`` or just above, about so many steps apart."""
    if high <= 0:
        return [0.0, 1.0]
    rough = high / count
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough * 0.999)
    return [step * number for number in range(math.ceil(high / step - 1e-9) + 1)]
