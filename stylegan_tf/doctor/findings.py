"""Shows what checks found, as a table and as JSON."""

import dataclasses
import json

from stylegan_tf import columns, terminal

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclasses.dataclass
class Finding:
    """One row; `remedy` says what to do unless the mark is ok."""

    mark: str
    name: str
    value: str
    remedy: str = ""


def check(name, value, remedy="", *, mark=WARN):
    """The `Finding` of a check: ok if it needs no remedy, else of `mark`."""
    return Finding(mark if remedy else OK, name, value, remedy)


def table(findings):
    """The `lines` of all, and a summary."""
    return f"{lines(findings)}\n\n{summary(findings)}"


def lines(findings):
    """Aligned lines, each remedy under its row."""
    rows = []
    for each in findings:
        rows.append((each.mark, each.name, terminal.escaped(each.value)))
        if each.remedy:
            rows.append(("", "", f"-> {terminal.escaped(each.remedy)}"))
    return columns.aligned(rows)


def summary(findings):
    """One line that counts what is not in order."""
    failed = [each.name for each in findings if each.mark == FAIL]
    warned = [each.name for each in findings if each.mark == WARN]
    if failed:
        return f"To mend: {', '.join(failed)}."
    if warned:
        return f"All that is essential works; see {', '.join(warned)}."
    return "All is well."


def is_healthy(findings):
    """Whether nothing essential is broken."""
    return all(finding.mark != FAIL for finding in findings)


def to_json(findings, **more):
    """One JSON object: `ok`, the rows, and more."""
    rows = [dataclasses.asdict(finding) for finding in findings]
    told = {"ok": is_healthy(findings), "checks": rows, **more}
    return json.dumps(told, indent=2)
