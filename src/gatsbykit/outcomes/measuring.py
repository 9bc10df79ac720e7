"""Every indicator that an institution's records allow, and why the others not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.errors import EditionError
from gatsbykit.intervals import newcombe
from gatsbykit.model.awards import QualityAward
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.encounters import ActivityKind, Mode, ParticipationStatus, ProviderType
from gatsbykit.model.follow_ups import FollowUp
from gatsbykit.model.indicators import Level
from gatsbykit.model.intentions import Intention
from gatsbykit.model.records import Records
from gatsbykit.model.spells import Month, Snapshot
from gatsbykit.outcomes import leavers
from gatsbykit.outcomes.definitions import indicator, indicators
from gatsbykit.outcomes.intentions import intentions_known, needs
from gatsbykit.outcomes.leavers import Stage
from gatsbykit.outcomes.measured import TOO_FEW, Measured, Measures, Status, average, not_possible, share
from gatsbykit.outcomes.providers import selective_provider
from gatsbykit.outcomes.surveys import Agreement
from gatsbykit.outcomes.sustained import CohortOutcomes, Outcome, SustainedSettings, year_months
from gatsbykit.outcomes.tracking import neet_figures
from gatsbykit.published.figures import Bounds
from gatsbykit.rules import Preset
from gatsbykit.scoring import score

if TYPE_CHECKING:
    from gatsbykit.model.encounters import Activity

__all__ = ["measures", "trend_of_records"]

_DEFAULTS: Final = SustainedSettings()
_NEEDS: Final = {
    "attainment": "it is published, and linked to only; careers work does not explain it",
    "parents": "who was invited and took part is not in the records; a survey can be given",
    "skills": "learning outcomes of activities are not in the records; a survey can be given",
    "voice": "it needs a survey",
    "champions": "departments and their champions are not in the records",
    "staff_trained": "training of staff is not in the records",
    "reporting": "reports to governors are not in the records",
    "leader_hours": "the hours of the careers leader are not in the records",
    "score_change": "it needs records of an earlier date as well; see gatsbykit.compare_dates",
}


@attrs.frozen(kw_only=True)
class _Asked:
    """What is asked, and of what."""

    records: Records
    as_of: datetime.date
    edition: str | None
    settings: SustainedSettings
    intentions: tuple[Intention, ...] | None
    follow_ups: tuple[FollowUp, ...] | None
    awards: tuple[QualityAward, ...] | None
    snapshots: tuple[Snapshot, ...]
    surveys: Mapping[str, Agreement]

    @property
    def year(self) -> AcademicYear:
        return AcademicYear.of(self.as_of)

    @property
    def seen(self) -> Iterator[Snapshot]:
        """What is known of former learners up to the date of the assessment."""
        now = Month.of(self.as_of)
        return (one for one in (*leavers.snapshots(self.records), *self.snapshots) if one.month <= now)

    @property
    def on_roll(self) -> tuple[str, ...]:
        return tuple(one.learner_id for one in self.records.learners or () if one.is_on_roll(self.as_of))


def measures(
    records: Records,
    *,
    as_of: datetime.date,
    edition: str | None = None,
    settings: SustainedSettings = _DEFAULTS,
    intentions: Iterable[Intention] | None = None,
    follow_ups: Iterable[FollowUp] | None = None,
    awards: Iterable[QualityAward] | None = None,
    surveys: Mapping[str, Agreement] | None = None,
    snapshots: Iterable[Snapshot] = (),
) -> Measures:
    """Return every indicator that an institution's records allow, and why the others not.

    Args:
        records: The institution's records.
        as_of: The date of the assessment; what is dated later does not count.
        edition: The edition of the benchmarks, by default the one in force.
        settings: How sustained destinations are counted.
        intentions: What learners intend, if that is recorded.
        follow_ups: What guidance led to, if that is recorded.
        awards: Quality awards held now or before.
        surveys: By the id of an indicator, what a survey said.
        snapshots: What former learners were recorded to do, beside the table of destinations; see
            `gatsbykit.outcomes.read_snapshots`.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> found = measures(gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> found.of("voice")[0].why
        'it needs a survey'
    """
    asked = _Asked(
        records=records,
        as_of=as_of,
        edition=edition,
        settings=settings,
        intentions=None if intentions is None else tuple(intentions),
        follow_ups=None if follow_ups is None else tuple(follow_ups),
        awards=None if awards is None else tuple(awards),
        surveys=surveys or {},
        snapshots=tuple(snapshots),
    )
    level = Level.SCHOOL if records.institution.kind.is_school else Level.COLLEGE
    found = {one: list[Measured]() for one in indicators()}
    for part in (_destinations, _benchmarks, _provision, _tracking, _awards, _surveys):
        for one in part(asked):
            found[one.id].append(one)
    made: list[Measured] = []
    for name, entry in indicators().items():
        if level in entry.levels:
            made += found[name] or [not_possible(name, _NEEDS.get(name, "the records do not allow it"))]
    return Measures(subject=records.institution.name, measures=tuple(made))


def _destinations(asked: _Asked) -> Iterator[Measured]:
    """Measure what leavers became, for the newest cohort of each stage whose year is past."""
    for stage, words in ((Stage.KEY_STAGE_4, "after key stage 4"), (Stage.AGES_16_TO_18, "after 16 to 18")):
        if asked.records.destinations is None and not asked.snapshots:
            for name in _OF_STAGE[stage]:
                yield not_possible(name, "there is no table of destinations", subject=words)
            continue
        years = leavers.cohort_years(asked.records, stage=stage, as_of=asked.as_of)
        if not years:
            for name in _OF_STAGE[stage]:
                yield not_possible(name, "no cohort's destination year is past by March", subject=words)
            continue
        yield from _of_cohort(asked, _outcomes(asked, years[-1], stage), stage, words)


_OF_STAGE: Final = {
    Stage.KEY_STAGE_4: ("sustained", "apprenticeship_16", "level3", "neet", "gap"),
    Stage.AGES_16_TO_18: ("sustained", "apprenticeship_18", "university", "selective_he"),
}


def _outcomes(asked: _Asked, year: AcademicYear, stage: Stage) -> CohortOutcomes:
    return leavers.of_records(
        asked.records,
        cohort_year=year,
        stage=stage,
        as_of=asked.as_of,
        settings=asked.settings,
        more=asked.snapshots,
    )


def _of_cohort(asked: _Asked, found: CohortOutcomes, stage: Stage, words: str) -> Iterator[Measured]:
    year = f"leavers of {found.cohort_year}, destinations in {found.destination_year}"
    yield _counted("sustained", found, found.sustained, words, year)
    work = found.count(Outcome.APPRENTICESHIP)
    if stage is Stage.KEY_STAGE_4:
        yield _counted("apprenticeship_16", found, work, words, year)
        yield _level3(asked, found, words, year)
        yield _neet(asked, found, words)
        yield _gap(asked, found, words, year)
    else:
        yield _counted("apprenticeship_18", found, work, words, year)
        in_he = [one for one in found.outcomes if "higher_education" in one.categories]
        yield _counted("university", found, len(in_he), words, year)
        yield from _selective(found, words, year)


def _counted(name: str, found: CohortOutcomes, count: int, words: str, year: str) -> Measured:
    """Return a share of a cohort, unless too few months are recorded to say it of most."""
    open_ = found.undecided
    why = f"of {open_:,} of {found.base:,} too few months are recorded to say" if open_ else ""
    if 2 * open_ > found.base:
        return not_possible(name, f"{why}: it needs monthly snapshots", subject=words, year=year)
    made = share(name, count, found.base, subject=words, year=year, why=why)
    if not open_ or made.value is None:
        return made
    return attrs.evolve(
        made, bounds=Bounds(made.value * 100, (made.value + Fraction(open_, found.base)) * 100)
    )


def _level3(asked: _Asked, found: CohortOutcomes, words: str, year: str) -> Measured:
    ids = {one.learner_id for one in found.outcomes}
    months = {*year_months(found.destination_year)}
    levels: dict[str, set[int]] = {}
    for one in asked.seen:
        if one.month in months and one.learner_id in ids and one.level is not None:
            levels.setdefault(one.learner_id, set()).add(one.level)
    blank = found.base - len(levels)
    why = f"of {blank:,} of {found.base:,} no level is recorded" if blank else ""
    if 2 * blank > found.base:
        return not_possible("level3", why, subject=words, year=year)
    count = sum(3 in found_levels for found_levels in levels.values())
    return share("level3", count, found.base, subject=words, year=year, why=why)


def _neet(asked: _Asked, found: CohortOutcomes, words: str) -> Measured:
    ids = [one.learner_id for one in found.outcomes]
    year = found.destination_year
    seen = list(asked.seen)
    members = {learner.learner_id: learner for learner in asked.records.learners or ()}
    seen += [one for name in ids for one in leavers.stayed_on(members[name], year, as_of=asked.as_of)]
    figures = neet_figures(ids, seen, year=year, disputed_550=asked.settings.disputed_550)
    unknown = figures.not_known_share or Fraction(0)
    return Measured(
        indicator=indicator("neet"),
        subject=f"{words}, NEET or not known",
        year=f"December to February of {year}",
        status=Status.TOO_FEW if figures.base < TOO_FEW else Status.MEASURED,
        value=figures.together,
        denominator=figures.base,
        interval=figures.interval,
        why=f"not known alone {float(unknown * 100):.1f} %",
    )


def _gap(asked: _Asked, found: CohortOutcomes, words: str, year: str) -> Measured:
    said = {one.learner_id: one.disadvantaged for one in asked.records.learners or ()}
    groups = {
        which: [one for one in found.outcomes if said[one.learner_id] is which] for which in (True, False)
    }
    sizes = {which: len(members) for which, members in groups.items()}
    if found.undecided * 10 > found.base:  # more than a gap is likely to be
        why = f"of {found.undecided:,} of {found.base:,} too few months are recorded to say"
        return not_possible("gap", why, subject=words, year=year)
    if min(sizes.values()) < TOO_FEW:
        why = f"{sizes[True]:,} disadvantaged and {sizes[False]:,} others are too few"
        return not_possible("gap", why, subject=words, year=year)
    good = {which: sum(one.outcome.is_sustained for one in members) for which, members in groups.items()}
    return Measured(
        indicator=indicator("gap"),
        subject=words,
        year=year,
        value=Fraction(good[False], sizes[False]) - Fraction(good[True], sizes[True]),
        denominator=sizes[True] + sizes[False],
        interval=newcombe(good[False], sizes[False], good[True], sizes[True]),
    )


def _selective(found: CohortOutcomes, words: str, year: str) -> Iterator[Measured]:
    """Measure Oxford and Cambridge and the Russell Group, where a provider is known."""
    if 2 * found.undecided > found.base:
        why = "of most too few months are recorded to say"
        yield not_possible("selective_he", why, subject=words, year=year)
        return
    in_he = [one for one in found.outcomes if "higher_education" in one.categories]
    named = [one for one in in_he if one.providers]
    if in_he and not named:
        yield not_possible(
            "selective_he", "no destination in higher education names a provider", subject=words
        )
        return
    known = [list(filter(None, map(selective_provider, one.providers))) for one in named]
    year_then = found.destination_year
    counts = {
        "Oxford or Cambridge": sum(any(one.is_oxbridge for one in several) for several in known),
        "Russell Group": sum(any(one.in_russell_group(year_then) for one in several) for several in known),
    }
    why = f"of leavers; a provider is known of {len(named):,} of {len(in_he):,} in higher education"
    for list_name, count in counts.items():
        yield share("selective_he", count, found.base, subject=f"{words}, {list_name}", year=year, why=why)


def _benchmarks(asked: _Asked) -> Iterator[Measured]:
    try:
        card = score(asked.records, as_of=asked.as_of, edition=asked.edition)
    except EditionError as error:
        yield not_possible("benchmarks_met", str(error))
        return
    achieved = card.achieved[Preset.EVERY_PUPIL]
    yield Measured(
        indicator=indicator("benchmarks_met"),
        subject=f"edition {card.edition.key}, every pupil",
        year=f"on {asked.as_of.isoformat()}",
        value=Fraction(achieved),
        numerator=achieved,
        denominator=card.applicable,
    )


def _provision(asked: _Asked) -> Iterator[Measured]:
    """Measure what learners met with this academic year, and with whom."""
    names = ("encounters", "employer_contacts", "partnerships", "mode_mix", "breadth")
    if asked.records.activities is None:
        for name in names:
            yield not_possible(name, "there are no activities and participations")
        return
    year, on_roll = asked.year, {*asked.on_roll}
    held = {
        one.activity_id: one
        for one in asked.records.activities
        if one.date in year and one.date <= asked.as_of
    }
    attended = {
        (one.learner_id, one.activity_id)
        for one in asked.records.participations or ()
        if one.status is ParticipationStatus.ATTENDED
        and one.activity_id in held
        and one.learner_id in on_roll
    }
    contacts = [held[activity] for _, activity in attended if held[activity].kinds & _EMPLOYERS]
    without = len(on_roll - {learner for learner, name in attended if held[name].kinds & _EMPLOYERS})
    label = f"{year} to {asked.as_of.isoformat()}"
    yield average("encounters", len(attended), len(on_roll), year=label)
    why = f"{without:,} have none"
    yield average("employer_contacts", len(contacts), len(on_roll), year=label, why=why)
    yield _partnerships(asked, held)
    yield _modes(attended, held, label)
    met = {kind for _, name in attended for kind in held[name].provider_types}
    yield Measured(
        indicator=indicator("breadth"),
        year=label,
        value=Fraction(len(met)),
        numerator=len(met),
        denominator=len(ProviderType),
    )


_EMPLOYERS: Final = frozenset({ActivityKind.EMPLOYER_ENCOUNTER, ActivityKind.WORKPLACE_EXPERIENCE})
_MET: Final = _EMPLOYERS | {ActivityKind.PROVIDER_ENCOUNTER}


def _partnerships(asked: _Asked, held: Mapping[str, Activity]) -> Measured:
    before = asked.year.plus(-1)
    last_year = {
        _employer(one.employer)
        for one in asked.records.activities or ()
        if one.employer and one.date in before
    }
    this_year = {_employer(one.employer) for one in held.values() if one.employer}
    years = f"{before} and {asked.year}"
    if not last_year or not this_year:
        return not_possible("partnerships", "no employer is named in one of two years running", year=years)
    return share("partnerships", len(last_year & this_year), len(last_year | this_year), year=years)


def _employer(name: str) -> str:
    return " ".join(name.casefold().split())


def _modes(attended: set[tuple[str, str]], held: Mapping[str, Activity], label: str) -> Measured:
    modes = [held[name].mode for _, name in attended if held[name].kinds & _MET]
    known = [mode for mode in modes if mode is not None]
    why = f"of {len(modes) - len(known):,} the mode is not known" if len(known) < len(modes) else ""
    return share("mode_mix", known.count(Mode.VIRTUAL), len(known), year=label, why=why)


def _tracking(asked: _Asked) -> Iterator[Measured]:
    label = str(asked.year)
    if asked.intentions is None:
        yield not_possible("intentions_known", "no intentions were given")
    else:
        found = intentions_known(asked.on_roll, asked.intentions, as_of=asked.as_of)
        yield share("intentions_known", found.count, found.base, year=label)
    if asked.follow_ups is None:
        yield not_possible("guidance_follow_up", "no follow-ups were given")
        yield not_possible("targeted", "no needs were given")
        return
    met = needs(asked.follow_ups, as_of=asked.as_of).met
    yield share("targeted", met.count, met.base, year=label)
    yield _followed_up(asked, asked.follow_ups)


def _followed_up(asked: _Asked, follow_ups: tuple[FollowUp, ...]) -> Measured:
    meetings = {
        one.activity_id
        for one in asked.records.activities or ()
        if ActivityKind.GUIDANCE_MEETING in one.kinds and one.date in asked.year and one.date <= asked.as_of
    }
    held = {
        (one.learner_id, one.activity_id)
        for one in asked.records.participations or ()
        if one.activity_id in meetings and one.status is ParticipationStatus.ATTENDED
    }
    done = {(one.learner_id, one.meeting) for one in follow_ups if one.is_done(asked.as_of)}
    return share("guidance_follow_up", len(held & done), len(held), year=str(asked.year))


def _awards(asked: _Asked) -> Iterator[Measured]:
    if asked.awards is None:
        yield not_possible("award", "no awards were given")
        return
    held = [one for one in asked.awards if one.is_held(asked.as_of)]
    days = max((one.held_for(asked.as_of) for one in held), default=0)
    why = f"held for {days:,} days" if held else "none is held"
    yield Measured(
        indicator=indicator("award"),
        subject=", ".join(one.name for one in held),
        year=f"on {asked.as_of.isoformat()}",
        value=Fraction(len(held)),
        numerator=len(held),
        why=why,
    )


def _surveys(asked: _Asked) -> Iterator[Measured]:
    for name, found in asked.surveys.items():
        counts = found.counts
        yield Measured(
            indicator=indicator(name),
            subject=found.item,
            status=Status.TOO_FEW if found.answered < TOO_FEW else Status.MEASURED,
            value=Fraction(counts[0] + counts[-1], 2 * found.answered) if counts and found.answered else None,
            numerator=counts[0] if len(counts) == 1 else None,
            denominator=found.answered,
            interval=found.interval,
            why="base assumed" if found.base_assumed else "",
            source="survey",
        )


def trend_of_records(
    records: Records,
    *,
    as_of: datetime.date,
    stage: Stage | str = Stage.KEY_STAGE_4,
    outcome: Outcome | None = None,
    settings: SustainedSettings = _DEFAULTS,
    snapshots: Iterable[Snapshot] = (),
) -> tuple[Measured, ...]:
    """Return the share of sustained destinations, or of one outcome, cohort by cohort.

    Args:
        records: The institution's records.
        as_of: The date of the assessment.
        stage: After which stage.
        outcome: One outcome alone; any sustained destination, by default.
        settings: How sustained destinations are counted.
        snapshots: What former learners were recorded to do, beside the table of destinations.
    """
    more = tuple(snapshots)
    chosen = Stage(stage)
    name = {
        Outcome.APPRENTICESHIP: "apprenticeship_16" if chosen is Stage.KEY_STAGE_4 else "apprenticeship_18"
    }.get(outcome or Outcome.EDUCATION, "sustained")
    found: list[Measured] = []
    for year in leavers.cohort_years(records, stage=chosen, as_of=as_of):
        one = leavers.of_records(
            records, cohort_year=year, stage=chosen, as_of=as_of, settings=settings, more=more
        )
        count = one.sustained if outcome is None else one.count(outcome)
        subject = "any sustained destination" if outcome is None else outcome.replace("_", " ")
        found.append(share(name, count, one.base, subject=subject, year=str(year)))
    return tuple(found)
