"""Rules in plain English, said from the data alone, so that words and scores cannot part ways.

The text of a criterion is what an author wrote; these are the words of what is *computed*.

Examples:
    >>> from gatsbykit.rules import edition
    >>> school = edition("2025-school")
    >>> criterion = school.criterion("6a")
    >>> cohort_words(criterion.cohort, school)
    'learners in Year 11'
    >>> requirement_words(criterion, school)
    'In Years 7 to 11, each learner has attended at least two meaningful workplace experiences.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gatsbykit.model.calendar import FIRST_YEAR_GROUP, LAST_YEAR_GROUP
from gatsbykit.model.encounters import ActivityKind, ProviderType
from gatsbykit.rules.vocabulary import CohortWho, PartTimeJobs, Timeline, Window
from gatsbykit.words import listed, name_words, years_words

if TYPE_CHECKING:
    from gatsbykit.rules.vocabulary import Cohort, Criterion, Edition, EncounterRequirement

__all__ = [
    "ITEM_WORDS",
    "cohort_words",
    "counted_words",
    "counting_words",
    "requirement_words",
]

ITEM_WORDS: Final = {
    "insight": "learners could learn what the workplace or the place of learning is like",
    "purpose_shared": "a clear purpose was shared with everybody beforehand",
    "learning_outcomes": "there were learning outcomes that suit the learners' needs",
    "two_way": "both sides talked and listened",
    "reflection": "there was time to reflect afterwards",
    "range_of_people": "learners met a range of people from the workplace",
    "task": "learners did a task that the employer set",
    "feedback": "the employer gave feedback on it",
    "meets_staff": "learners met staff of the provider",
    "meets_learners": "learners met learners of the provider",
    "provider_information": (
        "the provider told how it chooses learners and what it offers and which careers that can lead to"
    ),
    "learning_described": "the provider told what learning or training there is like",
    "covers_provider": "it covered the provider and its technical qualifications or apprenticeships",
    "covers_careers": "it covered the careers that this may lead to",
    "covers_learning": "it covered what learning or training there is like",
    "covers_questions": "learners' questions were answered",
}
"""What each item of a checklist asks, in our words."""

_KINDS: Final = {
    ActivityKind.EMPLOYER_ENCOUNTER: ("employer encounter", "employer encounters"),
    ActivityKind.WORKPLACE_EXPERIENCE: ("workplace experience", "workplace experiences"),
    ActivityKind.PROVIDER_ENCOUNTER: ("provider encounter", "provider encounters"),
    ActivityKind.GUIDANCE_MEETING: ("guidance meeting", "guidance meetings"),
    ActivityKind.LABOUR_MARKET_INFORMATION: (
        "activity with labour market information",
        "activities with labour market information",
    ),
    ActivityKind.CURRICULUM_LINK: ("curriculum link", "curriculum links"),
}
_PROVIDERS: Final = {
    ProviderType.SIXTH_FORM: "a sixth form",
    ProviderType.COLLEGE: "a college",
    ProviderType.UNIVERSITY: "a university or another provider of higher education",
    ProviderType.ITP: "an independent training provider",
    ProviderType.APPRENTICESHIP_PROVIDER: "a provider of apprenticeships",
}
_ONLY: Final = {
    "considering_he": "they consider higher education",
    "subjects_known": "their subjects are known",
}
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def counted_words(edition: Edition) -> str:
    """Say which of an institution's learners count at all under an edition.

    Args:
        edition: The edition.

    Returns:
        A noun phrase.

    Examples:
        >>> from gatsbykit.rules import edition
        >>> counted_words(edition("2025-college"))  # doctest: +NORMALIZE_WHITESPACE
        'learners on roll who were 18 or younger on the 31 August before the academic year, or 24 or
        younger with an education, health and care plan'
    """
    words = "learners on roll"
    if any(kind.declares_cohort for kind in edition.kinds):
        words += ", in special schools and alternative provision those whom the benchmarks are meant for"
    if edition.oldest is not None:
        words += f" who were {edition.oldest} or younger on the 31 August before the academic year"
        if edition.oldest_with_ehc_plan is not None:
            words += f", or {edition.oldest_with_ehc_plan} or younger with an education, health and care plan"
    return words


def cohort_words(cohort: Cohort, edition: Edition) -> str:
    """Say whom a share criterion is about: its denominator.

    Args:
        cohort: The population.
        edition: The edition, whose timeline decides what *due* is.

    Returns:
        A noun phrase in the plural, such as ``learners in Year 11``.
    """
    match cohort.who:
        case CohortWho.LEAVERS:
            return (
                f"learners who left in one of the {_number(cohort.left_within)} academic years before the "
                f"current one and were in Year {cohort.left_from_year} or above then"
            )
        case CohortWho.DUE if cohort.years:
            words = f"learners in {years_words(cohort.years)}"
        case CohortWho.DUE:
            words = "learners whose programme ends in the current academic year"
        case CohortWho.EVERYONE if edition.timeline is Timeline.YEAR_GROUPS:
            words = f"learners in Years {FIRST_YEAR_GROUP} to {LAST_YEAR_GROUP}"
        case _:
            words = "all learners"
    return words if cohort.only is None else f"{words}, if {_ONLY[cohort.only]}"


def requirement_words(
    criterion: Criterion, edition: Edition, *, at_least: int | None = None, adviser_level: int | None = None
) -> str:
    """Say when a criterion is met: by a learner, if it is a share criterion.

    Args:
        criterion: The criterion.
        edition: The edition that it belongs to.
        at_least: The number that the settings ask for instead of the edition's.
        adviser_level: The level that the settings ask for instead of the edition's.

    Returns:
        A sentence.

    Examples:
        >>> from gatsbykit.rules import edition
        >>> college = edition("2025-college")
        >>> requirement_words(college.criterion("8a"), college)  # doctest: +NORMALIZE_WHITESPACE
        'Since the start of the programme, each learner has attended at least one guidance meeting with an
        adviser qualified at level 6 or above.'
        >>> requirement_words(college.criterion("3d"), college)
        'The institution answers yes to each of these: destinations and alumni.'
    """
    if criterion.encounters is not None:
        return _encounter_words(criterion.encounters, edition, at_least, adviser_level)
    if criterion.destinations is not None:
        words = "Each leaver has a known destination dated after leaving and up to the date of the assessment"
        if criterion.destinations.every_year:
            words += ", and one in every academic year between the one of leaving and the current one"
        return f"{words}."
    if criterion.parts:
        return f"The institution answers yes to each of these: {listed(map(name_words, criterion.parts))}."
    return "The institution answers yes."


def counting_words(kind: ActivityKind, edition: Edition, *, adviser_level: int | None = None) -> str:
    """Say what makes an activity count for its kind under an edition.

    Args:
        kind: The kind of activity.
        edition: The edition, with its checklists.
        adviser_level: The level that the settings ask for instead of the edition's.

    Returns:
        One or more sentences.

    Examples:
        >>> from gatsbykit.rules import edition
        >>> counting_words(ActivityKind.GUIDANCE_MEETING, edition("2025-school"))
        'It counts with an adviser qualified at level 6 or above, unless it is said not to be meaningful.'
    """
    if kind is ActivityKind.GUIDANCE_MEETING:
        return f"It counts {_adviser_words(edition, adviser_level)}, unless it is said not to be meaningful."
    items = edition.checklist(kind).items
    if not items:
        words = "It counts unless it is said not to be meaningful."
    elif len(items) == 1:
        words = (
            "It is meaningful if the institution says so or, where it does not say, if "
            f"{ITEM_WORDS[items[0]]}."
        )
    else:
        words = (
            "It is meaningful if the institution says so or, where it does not say, if all of this is so: "
            f"{listed(ITEM_WORDS[item] for item in items)}."
        )
    if kind is ActivityKind.WORKPLACE_EXPERIENCE:
        words += {
            PartTimeJobs.NEVER: " A learner's own part-time job never counts.",
            PartTimeJobs.IF_MEANINGFUL: (
                " A learner's own part-time job counts only if it is known to be meaningful."
            ),
        }[edition.part_time_jobs]
    return words


def _encounter_words(
    required: EncounterRequirement, edition: Edition, at_least: int | None, adviser_level: int | None
) -> str:
    """Say what a learner needs to have done, as a sentence."""
    did = "has attended or been offered" if required.offered else "has attended"
    number = required.different_types or required.at_least
    if required.configurable and at_least is not None:
        number = at_least
    adjective = "meaningful " if edition.checklist(required.kind).items else ""
    one, many = _KINDS[required.kind]
    what = f"at least {_number(number)} {adjective}{one if number == 1 else many}"
    if required.different_types:
        types = "one type" if number == 1 else f"{_number(number)} different types"
        what = f"{adjective}{many} with at least {types} of provider (one activity may supply several)"
    elif len(required.each_of) == 1:
        what += f" with {_PROVIDERS[required.each_of[0]]}"
    elif required.each_of:
        asked = (_PROVIDERS[one] for one in ProviderType if one in required.each_of)
        what += f" with each of these: {listed(asked)}"
    if required.kind is ActivityKind.GUIDANCE_MEETING:
        what += f" {_adviser_words(edition, adviser_level)}"
    if required.each_subject:
        what += " in each of the learner's own subjects"
    if required.subjects is not None:
        subjects = sorted(map(name_words, edition.subject_lists[required.subjects]))
        what += f" in one of these subjects at least: {listed(subjects)}"
    if required.site_visit:
        what += ", on the provider's site"
    if required.one_also is not None:
        also = _KINDS[required.one_also][0]
        what += f", at least one of them also as {'an' if also[0] in 'ae' else 'a'} {also}"
    return f"{_when(required, edition)}, each learner {did} {what}."


def _when(required: EncounterRequirement, edition: Edition) -> str:
    """Say in which time activities count."""
    programmes = edition.timeline is Timeline.PROGRAMMES
    match required.window:
        case Window.THIS_YEAR:
            within = f", in {years_words(required.years)}" if required.years else ""
            return f"In the current academic year{' and the current programme' if programmes else within}"
        case Window.OWN_KEY_STAGE:
            return "In the key stage of their present year group"
        case Window.ANY if required.years:
            return f"In {years_words(required.years)}"
        case _:
            return (
                "Since the start of the programme" if programmes else f"In Year {FIRST_YEAR_GROUP} or above"
            )


def _adviser_words(edition: Edition, adviser_level: int | None) -> str:
    level = edition.adviser_level if adviser_level is None else adviser_level
    return f"with an adviser qualified at level {level} or above"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)
