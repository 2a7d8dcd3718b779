"""Aligns the columns of tables, as text or as Markdown."""


def aligned(rows, *, right=(), indent=""):
    """Rows of cells as lines of aligned columns.

    Args:
        rows: Sequences of strings, all of one length.
        right: Indices of the columns that are flush right, as numbers are.
        indent: The start of every line.
    """
    lines = map("  ".join, _padded(rows, right))
    return "\n".join(f"{indent}{line}".rstrip() for line in lines)


def markdown(rows):
    """A table of GitHub's Markdown.

    Args:
        rows: As of `aligned`, the header first. All columns but the first are
            flush right.
    """
    header, *others = _padded(rows, range(1, len(rows[0])))
    first, *numbers = ("-" * (len(cell) - 1) for cell in header)
    rule = [f":{first}", *(f"{dashes}:" for dashes in numbers)]
    lines = [header, rule, *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _padded(rows, right):
    """The rows with all cells of a column as wide as the widest."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in rows
    ]
