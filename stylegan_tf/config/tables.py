"""Tables of a config: texts such as "8:256 16:128", numbers by resolution.

They may depend on the replicas: "1= 8:128; 8= 8:256" has a table for up to
seven of them and one from eight on.
"""

import functools


@functools.cache
def table(text, replicas=1):
    """The table that so many replicas take, as a dict.

    Raises:
        ValueError: If the text holds no tables.
    """
    tables = parse(text)
    fits = [fewest for fewest in tables if fewest <= replicas]
    return tables[max(fits or [min(tables)])]


@functools.cache
def parse(text):
    """Every table of a text, by the fewest replicas that it is for.

    Raises:
        ValueError: If the text holds no tables.
    """
    if "=" not in text:
        return {1: _parse_one(text)}
    parts = [part.split("=") for part in text.split(";")]
    return {int(fewest): _parse_one(each) for fewest, each in parts}


def _parse_one(text):
    pairs = [pair.split(":") for pair in text.split()]
    return {int(size): _number(value) for size, value in pairs}


def _number(text):
    number = float(text)
    return int(number) if number.is_integer() else number
