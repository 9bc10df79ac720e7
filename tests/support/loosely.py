"""The nouns of training as they may be made at run time: a choice by its word, a list for a tuple.

To a type checker an attribute is of its own type alone; these names take anything, as input from outside
does.
"""

from __future__ import annotations

from typing import Any

from gatsbykit.model import enrolments, evaluation, statements, training, training_evaluation
from gatsbykit.practice import courses

Block: Any = evaluation.Block
BursaryUse: Any = training.BursaryUse
CountedRecords: Any = evaluation.CountedRecords
Course: Any = training.Course
CourseCohort: Any = training.CourseCohort
CourseWish: Any = courses.CourseWish
Enrolment: Any = enrolments.Enrolment
Factor: Any = evaluation.Factor
Figure: Any = evaluation.Figure
Finding: Any = evaluation.Finding
Interviews: Any = evaluation.Interviews
Outcome: Any = evaluation.Outcome
PairedAnswers: Any = evaluation.PairedAnswers
Provider: Any = training.Provider
ProviderGroup: Any = training.ProviderGroup
QualityCheck: Any = training.QualityCheck
Question: Any = statements.Question
Statement: Any = statements.Statement
Step: Any = enrolments.Step
Survey: Any = evaluation.Survey
TrainingEvaluation: Any = training_evaluation.TrainingEvaluation
TrainingProgramme: Any = training.TrainingProgramme
