"""Frozen types that pass between stages: paths, ids and counts; never answers, never data frames."""

from flows.foundation.contracts.computed import Computed, Standing, Typology, WeakScale
from flows.foundation.contracts.delivered import Delivered, DeliveryOutcome, Letter, ReminderText, exit_code_of
from flows.foundation.contracts.ingested import Export, Ingested, Unread
from flows.foundation.contracts.released import Audit, AuditFinding, Release, RunOutcome
from flows.foundation.contracts.rendered import Attachment, FailedReport, MadeReport, Report, ReportStatus
from flows.foundation.contracts.validated import (
    ChangedQuestion,
    DecisionKind,
    FadingItem,
    FailedCheck,
    FileQuality,
    FileVerdict,
    HeldCollective,
    Severity,
    TwinColumn,
    UnknownAnswers,
    Validated,
    Waiting,
)

__all__ = [
    "Attachment",
    "Audit",
    "AuditFinding",
    "ChangedQuestion",
    "Computed",
    "DecisionKind",
    "Delivered",
    "DeliveryOutcome",
    "Export",
    "FadingItem",
    "FailedCheck",
    "FailedReport",
    "FileQuality",
    "FileVerdict",
    "HeldCollective",
    "Ingested",
    "Letter",
    "MadeReport",
    "Release",
    "ReminderText",
    "Report",
    "ReportStatus",
    "RunOutcome",
    "Severity",
    "Standing",
    "TwinColumn",
    "Typology",
    "UnknownAnswers",
    "Unread",
    "Validated",
    "Waiting",
    "WeakScale",
    "exit_code_of",
]
