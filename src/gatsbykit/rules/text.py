"""The rules as plain text, and what differs between two editions: 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gatsbykit.model.encounters import ActivityKind
from gatsbykit.rules.document import ABOUT, procedure, rules_document, short_fingerprint
from gatsbykit.rules.forms import FORM_KEYS, form
from gatsbykit.rules.loading import EDITION_KEYS, load_edition, load_sources
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from gatsbykit.rules.words import ITEM_WORDS, cohort_words, counted_words, counting_words, requirement_words
from gatsbykit.words import WIDTH, counted, listed, wrapped, years_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatsbykit.rules.differences import AspectChange, CriterionDifference, EditionDifference
    from gatsbykit.rules.forms import Form
    from gatsbykit.rules.vocabulary import Criterion, Edition, Source

__all__ = ["difference_text", "rules_text"]

_KIND_WORDS: Final = {
    "added": "new",
    "dropped": "no longer asked for",
    "changed": "changed",
    "same": "as before",
}


def rules_text(keys: Iterable[str] = EDITION_KEYS) -> str:
    """Return the rules of some editions, and all that they rest on, for people.

    Args:
        keys: The keys of the editions, by default all.

    Examples:
        >>> print(rules_text(["2025-itp"]).splitlines()[4])
        Gatsby Benchmarks for independent training providers (2025)
    """
    chosen = list(keys)
    blocks = [
        _wrapped(ABOUT),
        *(_edition(load_edition(key)) for key in chosen),
        _procedure(),
        _provider_access(),
        _work_experience(),
        *(_form(form(key)) for key in FORM_KEYS),
        _source_list(rules_document(chosen)["sources"]),
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


def difference_text(difference: EditionDifference) -> str:
    """Return what differs between two editions, for people.

    Args:
        difference: The difference.

    Examples:
        >>> from gatsbykit.rules import edition
        >>> from gatsbykit.rules.differences import edition_difference
        >>> print(difference_text(edition_difference(edition("2025-college"), edition("2025-itp"))))
        From  2025-college  Gatsby Benchmarks for colleges, updated edition (2025)
        To    2025-itp      Gatsby Benchmarks for independent training providers (2025)
        <BLANKLINE>
        The edition as a whole
          institutions
            - college and sixth_form_college
            + training_provider
        <BLANKLINE>
        20 criteria are as before.
    """
    before, after = difference.before, difference.after
    size = max(len(before.key), len(after.key))
    blocks = [
        [f"From  {before.key:<{size}}  {before.title}", f"To    {after.key:<{size}}  {after.title}"],
    ]
    if difference.changes:
        blocks.append(["The edition as a whole", *_changes(difference.changes, "  ")])
    for benchmark in after.benchmarks:
        differing = [one for one in difference.of_benchmark(benchmark.number) if one.kind != "same"]
        if differing:
            heading = f"{benchmark.number}  {benchmark.title}"
            changed = difference.transition.changed.get(benchmark.number, "")
            lines = [line for one in differing for line in _criterion_difference(one)]
            blocks.append([heading, *_wrapped(changed, "   "), *lines])
    same = sum(one.kind == "same" for one in difference.criteria)
    blocks.append([f"{counted(same, 'criterion is', 'criteria are')} as before."])
    if difference.transition.sources:
        blocks.append(_wrapped(f"Sources: {_keys(difference.transition.sources)}"))
    return "\n\n".join("\n".join(block) for block in blocks)


def _wrapped(text: str, indent: str = "", label: str = "") -> list[str]:
    """Wrap a text; a label hangs out to its left."""
    return wrapped(text, indent + " " * len(label), indent + label)


def _titled(title: str) -> list[str]:
    return [*_wrapped(title), "=" * min(len(title), WIDTH)]


def _keys(sources: Iterable[Source]) -> str:
    return ", ".join(source.key for source in sources)


def _edition(edition: Edition) -> list[str]:
    kinds = listed(sorted(kind.value.replace("_", " ") for kind in edition.kinds))
    lines = [
        *_titled(edition.title),
        *_wrapped(edition.summary),
        "",
        *_wrapped(edition.key, "", "Key           "),
        *_wrapped(short_fingerprint(edition), "", "Fingerprint   "),
        *_wrapped(kinds, "", "For           "),
        *_wrapped(f"from {edition.in_force}", "", "In force      "),
        *_wrapped(counted_words(edition), "", "Who counts    "),
        *_wrapped(_keys(edition.sources), "", "Sources       "),
    ]
    for benchmark in edition.benchmarks:
        lines += [
            "",
            *_wrapped(benchmark.title, "", f"{benchmark.number}  "),
            *_wrapped(benchmark.summary, "   "),
        ]
        for criterion in benchmark.criteria:
            lines += _criterion(criterion, edition)
    lines += ["", "What makes an activity count"]
    for kind in ActivityKind:
        lines += _wrapped(counting_words(kind, edition), "  ", f"{kind.value.replace('_', ' ')}: ")
    lines += ["", "Interpretations of the edition as a whole"]
    for topic, note in edition.notes.items():
        lines += _wrapped(note, "  ", f"{topic.replace('_', ' ')}: ")
    if edition.left_out:
        lines += ["", "Left out"]
        for row, reason in edition.left_out.items():
            lines += _wrapped(reason, "  ", f"{row}: ")
    return lines


def _criterion(criterion: Criterion, edition: Edition) -> Iterator[str]:
    indent = " " * 7
    yield from _wrapped(criterion.text, "   ", f"{criterion.id}  ")
    if criterion.cohort is not None:
        yield from _wrapped(cohort_words(criterion.cohort, edition), indent, "Who: ")
    yield from _wrapped(requirement_words(criterion, edition), indent, "Met if: ")
    if criterion.interpretation is not None:
        yield from _wrapped(criterion.interpretation, indent, "Interpretation: ")
    yield from _wrapped(_keys(criterion.sources), indent, "Sources: ")


def _procedure() -> list[str]:
    common = procedure()
    lines = _titled("From records to results, in every edition")
    for title, numbers in (("Presets", common["presets"]), ("Bands, from", common["bands"])):
        words = ", ".join(f"{name} {number}" for name, number in numbers.items())
        lines += _wrapped(words, "", f"{title}: ")
    for topic, step in common["steps"].items():
        lines += _wrapped(step, "  ", f"{topic.replace('_', ' ')}: ")
    return lines


def _provider_access() -> list[str]:
    rules = provider_access_rules()
    lines = [*_titled("Provider access (the law, not a benchmark)"), *_wrapped(rules.text)]
    for phase in rules.phases:
        lines += _wrapped(phase.text, "  ", f"{phase.name}: ")
    lines += ["An occasion counts only if all of this is so:"]
    lines += [line for item in rules.checklist.items for line in _wrapped(ITEM_WORDS[item], "  ", "- ")]
    return [
        *lines,
        *_wrapped(rules.interpretation, "", "Interpretation: "),
        f"Sources: {_keys(rules.sources)}",
    ]


def _work_experience() -> list[str]:
    rules = work_experience_rules()
    lines = [*_titled("Work experience guarantee (for information, not scored)"), *_wrapped(rules.text)]
    for part in rules.parts:
        lines += [f"  {part.hours} hours in {years_words(part.years)}, due in {years_words([part.due_year])}"]
    return [
        *lines,
        *_wrapped(rules.interpretation, "", "Interpretation: "),
        f"Sources: {_keys(rules.sources)}",
    ]


def _form(chosen: Form) -> list[str]:
    credits_ = ", ".join(f"{band} {credit}" for band, credit in chosen.credits.items())
    lines = [*_titled(chosen.title), *_wrapped(chosen.summary), *_wrapped(credits_, "", "Credits: ")]
    lines += _wrapped(chosen.interpretation, "", "Interpretation: ")
    for benchmark in chosen.benchmarks:
        lines += ["", f"{benchmark.number}  {benchmark.title}", *_wrapped(benchmark.note, "   ")]
        for item in benchmark.items:
            conditions = listed([one.value.replace("_", " ") for one in item.applies_if] or ["always"])
            lines += _wrapped(f"{item.text} ({item.answer.value}, {conditions})", "   ", f"{item.id}  ")
    return lines


def _source_list(keys: Iterable[str]) -> list[str]:
    lines = _titled("Sources")
    for key in keys:
        source = load_sources()[key]
        lines += _wrapped(f"{source.title}: {source.where} ({source.checked})", "", f"{key}  ")
    return lines


def _criterion_difference(one: CriterionDifference) -> Iterator[str]:
    ids = listed(one.before_ids) if one.before else ""
    name = one.after_id or ids
    origin = f", from {ids}" if one.kind in {"changed", "same"} and one.before_ids != (name,) else ""
    criterion = one.after or one.before[0]
    yield from _wrapped(f"{_KIND_WORDS[one.kind]}{origin}: {criterion.text}", "   ", f"{name}  ")
    # What makes an activity count belongs to the edition, and is written out there once.
    yield from _changes([change for change in one.changes if change.aspect != "counts"], " " * 7)
    if any(change.aspect == "counts" for change in one.changes):
        yield "       counts: as changed for the edition as a whole"


def _changes(changes: Iterable[AspectChange], indent: str) -> Iterator[str]:
    for change in changes:
        yield f"{indent}{change.aspect}"
        if change.before:
            yield from _wrapped(change.before, indent, "  - ")
        if change.after:
            yield from _wrapped(change.after, indent, "  + ")
