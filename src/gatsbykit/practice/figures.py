"""Reading the figures of a survey as they were published: counts, what is left over, and who moved.

A count follows from a percentage only if its base is known. That an item has the base of its survey is an
assumption, for nobody publishes who left out which item; it is marked wherever it is used.

Examples:
    >>> from gatsbykit.model.evaluation import Figure, Survey
    >>> survey = Survey(
    ...     id="S2", title="Skills audit", design="matched", base=185,
    ...     items=[Figure(id="F18", asks="know how to carry out a plan", before="71", percent="98")],
    ... )
    >>> for words in str(read_figure(survey.items[0], survey)).split("; "):
    ...     print(words)
    98 % of 185 (base assumed), 181 to 182
    before 71 %, 131 to 132
    better 49 to 54, worse 0 to 4
    +19.4 to +34.7 points
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs

from gatsbykit.errors import FigureError
from gatsbykit.intervals import newcombe_paired, wilson
from gatsbykit.model.evaluation import Design, Figure, PairedAnswers, Survey
from gatsbykit.model.fields import checked
from gatsbykit.paired import Bounds, PairedTable, bounds
from gatsbykit.rounded_figures import Reading, can_be_complements, counts, pairs, residual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["FigureReading", "margin_tables", "read_figure"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class FigureReading:
    """What a published figure can have been counted from.

    Args:
        figure: The figure.
        base: Of how many people it is a share; ``None`` if nobody says.
        base_assumed: Whether the base is that of the survey and not the item's own.
        counts: The counts that print so; for a change, those after. Empty where there is no base, where the
            source gives it as about so much, and where the base cannot print it.
        rest: For each other part of the same answers, the counts that print so.
        residual: How many may be in none of the parts; ``None`` where there are no other parts.
        fits: Whether this part and the rest can be the whole; ``None`` where there is no rest.
        change: For a change, the counts before and after that fit each other; ``None`` otherwise.
        bounds: What every pairing of these has in common; ``None`` where nothing fits.
        share: Where the share itself may be (Wilson, 95 per cent), from the lower end at the least count to
            the upper end at the greatest; ``None`` where there is no count.
        interval: From the lowest to the highest end of the 95 per cent intervals of the difference that fit
            (Newcombe, paired), as shares; ``None`` where there is none.
    """

    figure: Figure
    base: int | None
    base_assumed: bool
    counts: range
    rest: tuple[range, ...] = ()
    residual: range | None = None
    fits: bool | None = None
    change: Reading | None = None
    bounds: Bounds | None = None
    share: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None

    @property
    def is_possible(self) -> bool | None:
        """Whether the base can print the figure at all; ``None`` where that cannot be asked."""
        if self.base is None or self.figure.approximate:
            return None
        return bool(self.counts if self.change is None else self.change.spans)

    def __str__(self) -> str:
        return "".join(self._words())

    def _words(self) -> Iterator[str]:
        figure = self.figure
        whole = "an unknown base" if self.base is None else f"{self.base:,}"
        assumed = " (base assumed)" if self.base_assumed else ""
        if figure.percent is None:
            yield f"{_span_words(self.counts) or figure.count} of {whole}{assumed}"
        else:
            about, comma = ("about ", "") if figure.approximate else ("", "," * (self.base is None))
            found = f", {_span_words(self.counts)}" if self.counts else ""
            yield f"{about}{figure.percent} %{comma} of {whole}{assumed}{found}"
        if self.change is not None:
            yield f"; before {self._before_words(self.change.before)}"
        if self.bounds is not None and self.interval is not None:
            yield f"; better {_to(self.bounds.better)}, worse {_to(self.bounds.worse)}"
            low, high = (100 * end for end in self.interval)
            yield f"; {low:+.1f} to {high:+.1f} points"

    def _before_words(self, found: range) -> str:
        figure = self.figure
        said = None if figure.before is None else f"{figure.before} %"
        if figure.rise is not None:
            said = f"+{figure.rise} points"
        return ", ".join(filter(None, (said, _span_words(found))))


def _span_words(span: range) -> str:
    return _to((span[0], span[-1])) if span else ""


def _to(ends: tuple[int, int]) -> str:
    least, most = ends
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def read_figure(figure: Figure, survey: Survey) -> FigureReading:
    """Return what a figure of a survey can have been counted from.

    Args:
        figure: The figure.
        survey: The survey, whose base is taken where the figure has none of its own.

    Examples:
        >>> survey = Survey(id="S1", title="Audit", base=443)
        >>> found = read_figure(Figure(id="F2", asks="met", percent="78", rest=["21"]), survey)
        >>> found.counts, found.rest, found.residual, found.fits
        (range(344, 348), (range(91, 96),), range(1, 9), False)
        >>> read_figure(Figure(id="x", asks="recommend", percent="94"), Survey(id="S", title="S")).counts
        range(0, 0)
    """
    base = figure.base if figure.base is not None else survey.base
    if figure.pairs is not None:
        return _of_pairs(figure, figure.pairs)
    if figure.percent is not None:
        return _of_percent(figure, figure.percent, base, survey.design)
    found = range(figure.count or 0, (figure.count or 0) + 1)
    if base is not None and found[0] > base:
        found = range(0)
    return FigureReading(
        figure=figure,
        base=base,
        base_assumed=figure.base is None and base is not None,
        counts=found,
        share=None if base is None else _widest_share(found, base),
    )


@functools.lru_cache(maxsize=1024)
def _of_percent(figure: Figure, percent: str, base: int | None, design: Design) -> FigureReading:
    parts = (percent, *figure.rest)
    if base is None or figure.approximate:
        asked = figure.rest and not figure.approximate
        return FigureReading(
            figure=figure,
            base=base,
            base_assumed=figure.base is None and base is not None,
            counts=range(0),
            fits=can_be_complements(parts) if asked else None,
        )
    found = counts(percent, base)
    reading = FigureReading(
        figure=figure,
        base=base,
        base_assumed=figure.base is None,
        counts=found,
        rest=tuple(counts(part, base) for part in figure.rest),
        residual=residual(parts, base) if figure.rest else None,
        fits=can_be_complements(parts, base) if figure.rest else None,
        share=_widest_share(found, base),
    )
    if design is not Design.MATCHED or not figure.is_change:
        return reading
    change = pairs(base, percent, before=figure.before, rise=figure.rise)
    if not change.spans:
        return attrs.evolve(reading, change=change)
    return attrs.evolve(
        reading, change=change, bounds=bounds(change.corners, base), interval=_widest_change(change)
    )


def _of_pairs(figure: Figure, found: PairedAnswers) -> FigureReading:
    """Read a figure of which nothing is open: the pairs were counted."""
    table = PairedTable(both=found.both, worse=found.worse, better=found.better, neither=found.neither)
    before, after = found.both + found.worse, found.both + found.better
    interval = newcombe_paired(found.both, found.worse, found.better, found.neither)
    return FigureReading(
        figure=figure,
        base=found.base,
        base_assumed=False,
        counts=range(after, after + 1),
        share=_widest_share(range(after, after + 1), found.base),
        change=Reading(base=found.base, spans=((after, range(before, before + 1)),)),
        bounds=Bounds(
            base=found.base,
            better=(table.better, table.better),
            worse=(table.worse, table.worse),
            change=(table.change, table.change),
            chi2=None if table.chi2 is None else (table.chi2, table.chi2),
            weakest=(table,),
        ),
        interval=(interval.low, interval.high),
    )


def _widest_change(reading: Reading) -> tuple[float, float]:
    """Return the lowest and the highest end over all tables: with given margins, most moving is widest."""
    found = [newcombe_paired(*_most_moved(*pair, reading.base)) for pair in reading.corners]
    return min(one.low for one in found), max(one.high for one in found)


def _most_moved(before: int, after: int, base: int) -> tuple[int, int, int, int]:
    worse = min(before, base - after)
    return before - worse, worse, after - before + worse, base - after - worse


def _widest_share(found: range, base: int) -> tuple[float, float] | None:
    """Return the lower end at the least count and the upper end at the greatest one."""
    return (wilson(found[0], base).low, wilson(found[-1], base).high) if found else None


def margin_tables(
    rows: Mapping[str, int], columns: Mapping[str, int], never: frozenset[tuple[str, str]] = frozenset()
) -> Iterator[Mapping[tuple[str, str], int]]:
    """Yield every table of counts with given margins, where some cells are known to be empty.

    Args:
        rows: The sum of each row, by name.
        columns: The sum of each column, by name.
        never: The cells in which there is nobody.

    Raises:
        ValueError: The rows and the columns do not add up to the same number.

    Examples:
        >>> [*margin_tables({"a": 1, "b": 1}, {"x": 1, "y": 1}, frozenset({("a", "y")}))]
        [{('a', 'x'): 1, ('a', 'y'): 0, ('b', 'x'): 0, ('b', 'y'): 1}]
    """
    if sum(rows.values()) != sum(columns.values()):
        raise FigureError("columns: expected the same sum as that of the rows")
    return _tables_of([*rows], rows, dict(columns), never)


def _tables_of(
    names: Sequence[str],
    rows: Mapping[str, int],
    left: Mapping[str, int],
    never: frozenset[tuple[str, str]],
) -> Iterator[Mapping[tuple[str, str], int]]:
    if not names:
        yield {}
        return
    name, *others = names
    for cells in _fillings(
        [*left], rows[name], {key: 0 if (name, key) in never else n for key, n in left.items()}
    ):
        rest = {key: n - cells[key] for key, n in left.items()}
        for table in _tables_of(others, rows, rest, never):
            yield {**{(name, key): n for key, n in cells.items()}, **table}


def _fillings(keys: Sequence[str], total: int, most: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Yield every way to share out a number among cells with a limit each."""
    if not keys:  # whatever was to be shared out has been
        yield {}
        return
    key, *others = keys
    room = sum(most[other] for other in others)
    for count in range(max(total - room, 0), min(total, most[key]) + 1):
        for filling in _fillings(others, total - count, most):
            yield {key: count, **filling}
