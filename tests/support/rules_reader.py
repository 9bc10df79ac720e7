"""A scorer written from the rules document alone, as somebody without Python would write it.

It reads two JSON documents, the rules and an institution's records, and knows nothing else of the
library: every number and name comes from the rules, the steps from their words.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

Json = dict[str, Any]


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def academic_year(when: date) -> int:
    return when.year if when.month >= 9 else when.year - 1


class Scorer:
    """The share criteria of one edition, for one institution at one date."""

    def __init__(self, rules: Json, key: str, records: Json, as_of: date, unknown: str) -> None:
        self.procedure = rules["procedure"]
        self.edition = next(one for one in rules["editions"] if one["key"] == key)
        self.records = records
        self.as_of = as_of
        self.year = academic_year(as_of)
        self.unknown_counts = unknown == "include"
        self.in_schools = self.edition["timeline"] == "year_groups"
        self.kind = records["institution"]["kind"]
        self.took_part = self.participations()

    def results(self) -> dict[str, tuple[list[str], list[str], dict[str, str]] | None]:
        """By share criterion: who meets it, who is missing, and the status by preset."""
        criteria = [one for benchmark in self.edition["benchmarks"] for one in benchmark["criteria"]]
        return {one["id"]: self.share(one) for one in criteria if one["type"] == "share"}

    def share(self, criterion: Json) -> tuple[list[str], list[str], dict[str, str]] | None:
        needed = ["learners", "destinations" if criterion["destinations"] else "participations"]
        if any(table not in self.records for table in needed):
            return None
        cohort = criterion["cohort"]
        everybody = [one for one in self.records["learners"] if self.is_in(one, cohort)]
        belongs = [self.belongs(one, cohort["only"]) for one in everybody]
        people = [one for one, answer in zip(everybody, belongs, strict=True) if answer]
        met = [one["learner_id"] for one in people if self.meets(one, criterion)]
        missing = {one["learner_id"] for one in people}.difference(met)
        if people:
            status = {
                preset: "met" if len(met) >= Fraction(share) * len(people) else "not_met"
                for preset, share in self.procedure["presets"].items()
            }
        else:
            all_unknown = bool(belongs) and all(answer is None for answer in belongs)
            empty = "not_assessed" if all_unknown else "not_applicable"
            status = dict.fromkeys(self.procedure["presets"], empty)
        return sorted(met), sorted(missing), status

    # Who

    def year_group(self, learner: Json) -> int | None:
        return self.read_year(learner.get("year_group"))

    def read_year(self, year: int | None) -> int | None:
        """Year 14 is the last year group."""
        last: int = self.procedure["last_year_group"]
        return last if year == last + 1 else year

    def year_group_at(self, learner: Json, when: date) -> int | None:
        if learner.get("year_group") is None:
            return None
        left = day(learner.get("on_roll_to"))
        reference = self.as_of if left is None else min(left, self.as_of)
        return self.read_year(learner["year_group"] - (academic_year(reference) - academic_year(when)))

    def counts_at_all(self, learner: Json) -> bool:
        joined, left = day(learner.get("on_roll_from")), day(learner.get("on_roll_to"))
        if joined is not None and joined > self.as_of:
            return False
        if left is not None and left < self.as_of:
            summer = academic_year(left) == self.year and left >= date(self.year + 1, 5, 1)
            if not summer:
                return False
        born = day(learner.get("date_of_birth"))
        oldest = self.edition["oldest"]
        if learner.get("sen_provision") == "E":
            oldest = self.edition["oldest_with_ehc_plan"]
        if oldest is not None and born is not None:
            turned = (born.month, born.day) <= (8, 31)
            if self.year - born.year - (not turned) > oldest:
                return False
        return not self.is_outside_declared_cohort(learner)

    def is_outside_declared_cohort(self, learner: Json) -> bool:
        declares = self.kind in {"special_school", "alternative_provision"}
        return declares and learner.get("in_cohort") is False

    def is_in(self, learner: Json, cohort: Json) -> bool:
        if cohort["who"] == "leavers":
            left = day(learner.get("on_roll_to"))
            if left is None or self.is_outside_declared_cohort(learner):
                return False
            recently = 1 <= self.year - academic_year(left) <= cohort["left_within"]
            return recently and (self.year_group(learner) or 0) >= int(cohort["left_from_year"])
        if not self.counts_at_all(learner):
            return False
        if cohort["who"] == "everyone":
            first: int = self.procedure["first_year_group"]
            return not self.in_schools or (self.year_group(learner) or 0) >= first
        if self.in_schools:
            due: list[int] = cohort["years"]
            return self.year_group(learner) in due
        ends = day(learner.get("programme_end"))
        return ends is not None and academic_year(ends) == self.year

    def belongs(self, learner: Json, only: str | None) -> bool | None:
        if only == "considering_he":
            return learner.get("considering_he")
        if only == "subjects_known":
            return True if learner.get("subjects") else None
        return True

    # What they did

    def participations(self) -> dict[str, list[tuple[Json, str, int | None]]]:
        """By learner: each activity once, with the status that wins and the highest override."""
        activities = {one["activity_id"]: one for one in self.records.get("activities", [])}
        rows: dict[tuple[str, str], list[tuple[int, int]]] = {}
        order = self.procedure["status_order"]
        for row in self.records.get("participations", []):
            rank = order.index(row.get("status", "attended"))
            key = (row["learner_id"], row["activity_id"])
            rows.setdefault(key, []).append((rank, row.get("year_group") or 0))
        took_part: dict[str, list[tuple[Json, str, int | None]]] = {}
        for (learner_id, activity_id), given in rows.items():
            if activity_id in activities:
                best = min(rank for rank, _ in given)
                override = max(year for rank, year in given if rank == best) or None
                entry = (activities[activity_id], order[best], self.read_year(override))
                took_part.setdefault(learner_id, []).append(entry)
        return took_part

    def meets(self, learner: Json, criterion: Json) -> bool:
        if criterion["destinations"] is not None:
            return self.is_followed(learner, criterion["destinations"])
        needs = criterion["encounters"]
        done = [
            activity
            for activity, status, override in self.took_part.get(learner["learner_id"], [])
            if self.serves(learner, activity, status, override, needs)
        ]
        number = needs["at_least"]
        if needs["each_subject"]:
            taught = {subject for activity in done for subject in activity.get("subjects", [])}
            return {*learner["subjects"]} <= taught
        if needs["different_types"]:
            types = {one for activity in done for one in activity.get("provider_types", [])}
            return bool(len(types) >= needs["different_types"])
        for provider in needs["each_of"]:
            if sum(provider in activity.get("provider_types", []) for activity in done) < number:
                return False
        also = needs["one_also"]
        return len(done) >= number and (also is None or any(also in one["kinds"] for one in done))

    def serves(self, learner: Json, activity: Json, status: str, override: int | None, needs: Json) -> bool:
        when = date.fromisoformat(activity["date"])
        took_part = status == "attended" or (needs["offered"] and status == "offered")
        if when > self.as_of or not took_part or needs["kind"] not in activity["kinds"]:
            return False
        if not self.in_time(learner, when, override, needs) or not self.fits(activity, needs):
            return False
        verdict = self.verdict(activity, needs["kind"])
        return self.unknown_counts if verdict is None else verdict

    def in_time(self, learner: Json, when: date, override: int | None, needs: Json) -> bool:
        """Whether a day lies in the time of a requirement, for this learner."""
        if needs["window"] == "this_year" and academic_year(when) != self.year:
            return False
        if not self.in_schools:
            start = day(learner.get("programme_start"))
            return start is None or when >= start
        first, last = self.procedure["first_year_group"], self.procedure["last_year_group"]
        allowed: list[int] = needs["years"] or [*range(first, last + 1)]
        if needs["window"] == "own_key_stage":
            stages: list[list[int]] = [*self.procedure["key_stages"].values()]
            own = [stage for stage in stages if self.year_group(learner) in stage]
            allowed = own[0] if own else []
        return (override or self.year_group_at(learner, when)) in allowed

    def fits(self, activity: Json, needs: Json) -> bool:
        """Whether an activity has the subject and the place that a requirement asks for."""
        subjects = {*activity.get("subjects", [])}
        listed = needs["subjects"]
        if listed is not None and subjects.isdisjoint(self.edition["subject_lists"][listed]):
            return False
        return not needs["site_visit"] or activity.get("site_visit") is True

    def verdict(self, activity: Json, kind: str) -> bool | None:
        """Whether an activity counts for its kind; None where that is unknown."""
        said = activity.get("meaningful")
        if said is False:
            return False
        items = [activity.get(item) for item in self.edition["checklists"].get(kind, [])]
        verdict = True if said else (False if False in items else None if None in items else True)
        if kind == "workplace_experience" and activity.get("part_time_job"):
            return self.edition["part_time_jobs"] == "if_meaningful" and verdict is True
        if kind == "guidance_meeting":
            level = activity.get("adviser_level")
            return None if level is None else level >= self.edition["adviser_level"]
        return verdict

    def is_followed(self, learner: Json, needs: Json) -> bool:
        left = date.fromisoformat(learner["on_roll_to"])
        seen = [
            when
            for one in self.records["destinations"]
            if one["learner_id"] == learner["learner_id"] and one["category"] != "unknown"
            for when in [date.fromisoformat(one["date"])]
            if left < when <= self.as_of
        ]
        between = range(academic_year(left) + 1, self.year) if needs["every_year"] else ()
        return bool(seen) and {*between} <= {academic_year(when) for when in seen}
