"""What visitors type and send, checked: numbers, seeds, choices.

Browsers check as well, but a request can hold anything.
"""

LARGEST_SEED = 2**32 - 1
MOST_SEEDS = 12  # of a walk


class Mistake(ValueError):
    """What a visitor is told, in a sentence or two."""


def number(value, name, low, high):
    """A float from `low` to `high`.

    Args:
        value: Whatever came.
        name: Of the control, for the message.
        low: The least.
        high: The most.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:  # as NaN is not
        raise Mistake(
            f"{name} must be a number from {low:,} to {high:,}. "
            f"Received: {_short(value)}"
        )
    return float(value)


def whole(value, name, low, high):
    """As `number`, an int."""
    found = number(value, name, low, high)
    if found != round(found):
        raise Mistake(f"{name} must be a whole number. Received: {value}")
    return int(found)


def seed(value, name="Seed"):
    """An int that NumPy's `RandomState` takes."""
    return whole(value, name, 0, LARGEST_SEED)


def seeds(text):
    """The seeds of `1, 5, 9`, from two to twelve."""
    parts = str(text or "").replace(",", " ").split()
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise Mistake(
            f"Seeds are whole numbers such as 1, 5, 9. Received: {_short(text)}"
        )
    if not 2 <= len(parts) <= MOST_SEEDS:
        raise Mistake(
            f"A walk takes 2 to {MOST_SEEDS} seeds, such as 1, 5, 9. "
            f"Received: {len(parts)}"
        )
    return [seed(int(part[:20])) for part in parts]


def choice(value, name, known):
    """One of `known`."""
    if not isinstance(value, str) or value not in known:
        raise Mistake(
            f"{name} must be one of {', '.join(known)}. "
            f"Received: {_short(value)}"
        )
    return value


def choices(values, name, known):
    """Some of `known`, a list."""
    if not isinstance(values, list):
        values = [values]
    return [choice(each, name, known) for each in values]


def _short(value):
    text = "nothing" if value in (None, "") else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
