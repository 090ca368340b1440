"""What a check of data against shapes finds, and reports of it: text, JSON and SHACL's own in Turtle."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from eventkg.model.naming import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MILD = {"Warning": 1, "Info": 2}  # all others make data fail, and come first
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of SHACL.

    `severity` is Violation, Warning or Info, or the IRI of a severity that the shapes define themselves.
    The other fields but `message` hold a bare IRI, or, where the term is no IRI, what Turtle writes for it:
    `"5"^^<…#integer>`, `_:b0`, `[ sh:inversePath <…> ]`.
    `constraint` is the SPARQL constraint at work, if any. `messages` are all messages, with their languages,
    in Turtle; `message` is the English one, else the first.
    """

    shape: str
    component: str
    focus: str
    path: str | None
    value: str | None
    message: str
    severity: str
    constraint: str | None = None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One constraint that was looked at: its shape, the shape whose target led to it, how many results.

    `label` is what the shape is called, `message` what it says; `nodes` is how many targets `root`
    has, if that was asked; `constraint` is the SPARQL constraint, if it is one.
    """

    shape: str
    root: str
    component: str
    results: int
    seconds: float
    severity: str = "Violation"
    label: str = ""
    message: str = ""
    nodes: int | None = None
    constraint: str | None = None


def _key(finding: Finding) -> tuple[int, str, str, str, str, str, str]:
    return (
        _MILD.get(finding.severity, 0),
        finding.shape,
        finding.message,
        finding.focus,
        finding.path or "",
        finding.value or "",
        finding.component,
    )


@dataclass(frozen=True, slots=True)
class Report:
    """Findings in a fixed order.

    `conforms` says that there is no Violation: warnings and infos are for a person to read and do not make
    data fail (what pySHACL calls allow_warnings). SHACL itself calls data with any result non-conforming, and
    `turtle`, which follows the standard to the letter, does so too.
    `notes` say what a reader has to know of the check itself: that nothing was a target, what ran otherwise
    than compiled. `checked` lists the constraints that were looked at, those without results as well. `rows`
    has the file and the row of those nodes that stand in the text as examples, where an import made them.
    """

    conforms: bool
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    checked: tuple[Checked, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)

    def fails(self, severity: str = "Violation") -> bool:
        """Whether there is a result of this severity or a graver one: Violation, Warning, Info or `never`."""
        limit = {"never": -1, "Violation": 0, **_MILD}[severity]
        return any(_MILD.get(finding.severity, 0) <= limit for finding in self.findings)

    def to_text(self) -> str:
        """For a person: each rule that was broken, how often, the first places; the last line sums up."""
        blocks = [_block(*group, nodes, self.rows) for group, nodes in self._groups()]
        notes = [f"note: {note}" for note in self.notes]
        return "\n".join([*blocks, *notes, self._sum()]) + "\n"

    def examples(self) -> set[str]:
        """The nodes that stand in the text."""
        return {node for _, nodes in self._groups() for node in list(dict.fromkeys(nodes))[:_EXAMPLES]}

    def _groups(self) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
        """Severity, shape and message, with the nodes that they were found at."""
        groups = groupby(self.findings, key=lambda one: (one.severity, one.shape, one.message))
        return ((group, [finding.focus for finding in found]) for group, found in groups)

    def _sum(self) -> str:
        if not self.findings:
            return "conforms"
        mild = Counter(finding.severity in _MILD for finding in self.findings)
        nodes = len({finding.focus for finding in self.findings})
        verdict = "conforms" if self.conforms else "does not conform"
        counts = [_counted(mild[False], "violation"), _counted(mild[True], "warning")]
        return f"{verdict}: {', '.join(counts)} in {_counted(nodes, 'node')}"

    @property
    def turtle(self) -> str:
        """SHACL's own report; any result makes it one that does not conform."""
        return _turtle(self.findings)

    def to_json(self) -> str:
        """For a program: the same findings, one object each."""
        content = {
            "conforms": self.conforms,
            "findings": [asdict(finding) for finding in self.findings],
            "notes": self.notes,
            "rows": dict(self.rows),
        }
        return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def report(findings: list[Finding], notes: Sequence[str] = (), checked: Sequence[Checked] = ()) -> Report:
    """Put findings in order, whatever order an engine made them in, and number blank nodes of the data."""
    ordered = tuple(sorted(findings, key=_key))
    if any(term.startswith("_:") for finding in ordered for term in (finding.focus, finding.value or "")):
        ordered = tuple(sorted(_renamed(findings), key=_key))
    conforms = all(finding.severity in _MILD for finding in ordered)
    return Report(conforms, ordered, tuple(notes), tuple(checked))


def _renamed(findings: list[Finding]) -> list[Finding]:
    """Blank nodes by names without a parser's labels, as far as the findings tell nodes apart."""
    uses: dict[str, list[str]] = {}
    for one in findings:
        for place, term in (("focus", one.focus), ("value", one.value or "")):
            if term.startswith("_:"):
                other = one.value if place == "focus" else one.focus
                seen = "" if (other or "_:").startswith("_:") else other
                uses.setdefault(term, []).append(
                    f"{place} {one.shape} {one.component} {one.path} {one.message} {seen}"
                )
    ordered = sorted(uses, key=lambda term: sorted(uses[term]))
    names = {term: f"_:b{number}" for number, term in enumerate(ordered)}
    return [
        replace(
            one, focus=names.get(one.focus, one.focus), value=one.value and names.get(one.value, one.value)
        )
        for one in findings
    ]


def _block(severity: str, shape: str, message: str, nodes: list[str], rows: Mapping[str, str]) -> str:
    distinct = list(dict.fromkeys(nodes))
    lines = [f"{shorten(severity)} ({len(nodes)}) {shorten(shape)}: {message}"]
    shown = distinct[:_EXAMPLES]
    lines += [f"    {shorten(node)}" + (f" ({rows[node]})" if node in rows else "") for node in shown]
    if len(distinct) > _EXAMPLES:
        lines.append(f"    … and {len(distinct) - _EXAMPLES} more")
    return "\n".join(lines)


def _turtle(findings: tuple[Finding, ...]) -> str:
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n[] a sh:ValidationReport ;\n    sh:conforms "
    if not findings:
        return f"{head}true .\n"
    results = " ,\n    ".join(map(_result, findings))
    return f"{head}false ;\n    sh:result {results} .\n"


def _result(finding: Finding) -> str:
    severity = (
        finding.severity if ":" in finding.severity else f"http://www.w3.org/ns/shacl#{finding.severity}"
    )
    terms = {
        "focusNode": finding.focus,
        "resultPath": finding.path,
        "value": finding.value,
        "resultSeverity": severity,
        "sourceShape": finding.shape,
        "sourceConstraint": finding.constraint,
        "sourceConstraintComponent": finding.component,
    }
    lines = [f"        sh:{name} {_term(text)} ;\n" for name, text in terms.items() if text is not None]
    messages = finding.messages or (json.dumps(finding.message, ensure_ascii=False),)
    said = " , ".join(messages)
    return f"[\n        a sh:ValidationResult ;\n{''.join(lines)}        sh:resultMessage {said}\n    ]"


def _term(text: str) -> str:
    """Bracket a bare IRI; anything else is Turtle already."""
    return text if text.startswith(('"', "_:", "[", "(")) else f"<{text}>"
