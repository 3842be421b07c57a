"""Quantities, prices and proof of the goods in made-up mail."""

import math
from collections.abc import Mapping
from random import Random

from triage.demo.wording import Numbers, Product, say

WHOLE = 100  # dearer things are priced without hundredths


def describe(
    product: Product, name: str, *, numbers: Numbers, rates: Mapping[str, float], wrong_proof: bool, random: Random
) -> dict[str, str]:
    """What texts may say of `product`, by name, with numbers written as `numbers` says."""
    box = random.choice(product.box)
    pieces = _quantity(product, box, random)
    nok = random.uniform(*product.price)
    values = {currency: _amount(nok * rate, numbers.decimal) for currency, rate in rates.items()}
    values |= {
        "product": name,
        "quantity": _grouped(pieces, numbers.thousands),
        "moq": _grouped(max(box, round(pieces / 20 / box) * box), numbers.thousands),
        "box": str(box),
        "proof": random.choice(product.wrong if wrong_proof else product.proof),
    }
    return values | {"price": say(numbers.prices, values, random)}


def _quantity(product: Product, box: int, random: Random) -> int:
    low, high = product.quantity
    pieces = math.exp(random.uniform(math.log(low), math.log(high)))
    digits = max(0, int(math.log10(pieces)) - random.choice((0, 1, 1, 2)))
    rounded = round(pieces, -digits) if random.random() < 0.7 else round(pieces / box) * box
    return max(int(rounded), 1)


def _grouped(number: int, thousands: str) -> str:
    return f"{number:,}".replace(",", thousands)


def _amount(price: float, decimal: str) -> str:
    return f"{price:.2f}".replace(".", decimal) if price < WHOLE else str(round(price))
