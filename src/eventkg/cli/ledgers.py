"""Ledgers, reasons, disputes and comparisons as tables and text, or as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from eventkg.cli.printing import printable
from eventkg.cli.tables import print_stamp, print_table
from eventkg.kg.disputes import Comparison
from eventkg.kg.ledger import Ledger
from eventkg.kg.why import Why, rival_words
from eventkg.model.naming import VIEW, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventkg.kg.disputes import Dispute, Standing
    from eventkg.kg.dossier import Name
    from eventkg.kg.ledger import Agreement, Row, Span
    from eventkg.kg.points import Judgement
    from eventkg.kg.voices import Said, Voice

_SHORT = 40  # characters of a quotation on a terminal


def show(found: Ledger | Comparison | Sequence[Why] | Sequence[Dispute], *, as_json: bool) -> None:
    """What the library found, for a person or for a program."""
    if as_json:
        click.echo(json.dumps(_data(found), indent=2))
    elif isinstance(found, Ledger):
        _show_ledger(found)
    elif isinstance(found, Comparison):
        _show_comparison(found)
    elif found and isinstance(found[0], Why):
        _show_reasons([why for why in found if isinstance(why, Why)])
    else:
        _show_disputes([dispute for dispute in found if not isinstance(dispute, Why)])


def _data(found: Ledger | Comparison | Sequence[Why] | Sequence[Dispute]) -> object:
    return asdict(found) if isinstance(found, Ledger | Comparison) else [asdict(each) for each in found]


def _show_ledger(ledger: Ledger) -> None:
    _say(f"{ledger.subject.label} ({shorten(ledger.subject.iri)}), view {_view(ledger.view)}")
    if not ledger.rows:
        _say("nobody says anything about it")
        return
    documents = {d: n for n, d in enumerate(_documents(ledger.rows), 1)}
    columns = ["attribute", "value", "status", "fact", "claimant", "stance", "quotation", "where"]
    print_table(columns, (line for row in ledger.rows for line in _lines(row, documents)))
    if ledger.agreement:
        columns = ["attribute", "values", "independent speakers", "range"]
        print_table(columns, map(_agreement, ledger.agreement))
    for document, number in documents.items():
        _say(f"[{number}] {document.label} ({shorten(document.iri)})")


def _lines(row: Row, documents: dict[Name, int]) -> Iterable[list[str]]:
    """A line for each claim; what several share is written once."""
    shared = [row.point.predicate.label, row.point.words, row.judgement.status, _fact(row.judgement)]
    for voice in row.claims:
        where = " ".join(f"[{documents[document]}]" for document in voice.documents)
        yield [
            *shared,
            voice.claimant.label,
            stance(voice),
            _quotation(voice),
            f"{where} {_place(voice)}".strip(),
        ]
        shared = [""] * len(shared)


def stance(voice: Voice) -> str:
    """What a claim does to a point: `asserts`, `relays Turkey`, `relays: Pentagon denies`."""
    done = voice.stance.lower()
    if voice.circular:
        done = "relays in a circle, source unknown"
    elif voice.roots and voice.stance == "Relays":
        plain = all(root.stance == "Asserts" for root in voice.roots)
        done = (
            f"relays {_names(r.speaker for r in voice.roots)}" if plain else f"relays: {_said(voice.roots)}"
        )
    elif voice.roots:
        done = f"{done}, after {_names(root.speaker for root in voice.roots)}"
    elif voice.stance == "Relays" or not voice.root_stated:
        done = f"{done}, source unstated"
    if voice.answers:
        done = f"{done} (what {_said(voice.answers)})"
    if voice.modality in {"intended", "feared"}:
        done = f"{done}, as {voice.modality}"
    if not voice.heard:
        done = f"{done}, not heard"
    return f"{done}, withdrawn" if voice.withdrawn else done


def _agreement(found: Agreement) -> list[str]:
    speakers = _speakers(found.speakers, found.speakers_max)
    return [found.predicate.label, str(found.values), speakers, "; ".join(map(_span, found.spans))]


def _span(span: Span) -> str:
    numbers = span.low if span.low == span.high else f"{span.low} to {span.high}"
    return f"{span.of.label}: {numbers}" if span.of else numbers


def _show_reasons(reasons: list[Why]) -> None:
    for why in reasons:
        _say(f"{why.rows[0].point.about.label}: {why.reason}")
        for row in why.rows:
            judged = row.judgement
            speakers = _speakers(judged.independent, judged.independent_max)
            positions = [f"{done} {_names(names)}" for done, names in _positions(judged)]
            _say(f"  {row.point.predicate.label} {row.point.words}")
            _say(f"    {'; '.join([judged.status, *positions, f'independent speakers: {speakers}'])}")
            for voice in row.claims:
                _show_voice(voice)


def _speakers(certain: int, possible: int) -> str:
    return str(certain) if certain == possible else f"{certain} to {possible}"


def _show_voice(voice: Voice) -> None:
    _say(f"    - {voice.claimant.label} {stance(voice)} ({shorten(voice.claim)})")
    if voice.quotation:
        _say(f"        “{' '.join(voice.quotation.split())}”")
    for document in voice.documents:
        _say(f"        {' '.join(filter(None, (shorten(document.iri), _place(voice))))}")
    if not voice.documents and voice.record:
        _say(f"        {_place(voice)}")


def _show_disputes(disputes: list[Dispute]) -> None:
    columns = ["event", "attribute", "value", "asserted by", "denied by", "doubted by", "contradicted by"]
    print_table(columns, map(_dispute, disputes))
    for view in dict.fromkeys(dispute.view for dispute in disputes):
        print_stamp(view, len(disputes))


def _dispute(dispute: Dispute) -> list[str]:
    said, judged = dispute.point, dispute.judgement
    voices = (judged.asserted_by, judged.denied_by, judged.doubted_by)
    return [
        shorten(said.about.iri),
        said.predicate.label,
        said.words,
        *map(_names, voices),
        "; ".join(rival_words(judged)),
    ]


def _show_comparison(found: Comparison) -> None:
    a, b = _view(found.a), _view(found.b)
    if not found.differences and not found.left_out:
        _say(f"{a} and {b} do not differ")
        return
    kinds = {"only-in-a": f"only in {a}", "only-in-b": f"only in {b}", "changed": "other status"}
    columns = ["fact", "event", "attribute", "value", a, b]
    lines = (
        [
            kinds[difference.kind],
            shorten(difference.point.about.iri),
            difference.point.predicate.label,
            difference.point.words,
            _standing(difference.a),
            _standing(difference.b),
        ]
        for difference in found.differences
    )
    print_table(columns, lines)
    if found.left_out:
        events = "event differs" if found.left_out == 1 else "events differ"
        _say(
            f"{found.left_out:,} more {events} in facts that data sets alone give; "
            "to see one of them, name the EVENT"
        )


def _positions(judged: Judgement) -> list[tuple[str, Iterable[Name]]]:
    voices = {
        "asserted by": judged.asserted_by,
        "denied by": judged.denied_by,
        "doubted by": judged.doubted_by,
    }
    return [(done, names) for done, names in voices.items() if names]


def _documents(rows: Iterable[Row]) -> dict[Name, None]:
    return {document: None for row in rows for voice in row.claims for document in voice.documents}


def _place(voice: Voice) -> str:
    """The source's own key of the row, and the code points that the quotation takes up."""
    row = f"row {voice.record}" if voice.record else ""
    span = f"{voice.start}–{voice.end}" if voice.start is not None else ""  # noqa: RUF001  (a range of numbers)
    return ", ".join(filter(None, (row, span)))


def _quotation(voice: Voice) -> str:
    text = " ".join(voice.quotation.split())  # it may run over the end of a line
    return f"{text[: _SHORT - 1]}…" if sys.stdout.isatty() and len(text) > _SHORT else text


def _fact(judged: Judgement | Standing) -> str:
    if judged.fact:
        return "yes" if judged.whole else "without details"
    return "no"


def _standing(standing: Standing) -> str:
    return f"{standing.status}, fact: {_fact(standing)}"


def _said(said: Iterable[Said]) -> str:
    return ", ".join(f"{each.speaker.label} {each.stance.lower()}" for each in said)


def _names(names: Iterable[Name]) -> str:
    return ", ".join(name.label for name in names)


def _view(iri: str) -> str:
    return iri.removeprefix(VIEW)


def _say(line: str) -> None:
    click.echo(printable(line))
