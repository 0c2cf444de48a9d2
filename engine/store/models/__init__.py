"""The tables, by what they are about; every column that two people may change stands under a revision."""

from engine.store.models.base import Model, UtcDateTime
from engine.store.models.content import Pin, Release, Resource, ResourceVersion
from engine.store.models.notices import Certificate, Delegation, Delivery, SigningKey
from engine.store.models.people import Account, AccountOperator, AccountRole, LoginSession
from engine.store.models.record import Blob, Command, Event, Evidence, Letter, NumberSeries, Outbox, Stream
from engine.store.models.registry import (
    Action,
    Application,
    Authorisation,
    ClockAddition,
    Finding,
    LegalClock,
    Measure,
    Operator,
    Site,
    StatusChange,
)
from engine.store.models.running import Case, Incident, Message, StartKey, StartTimer, Task, Wait, Watch
from engine.store.models.upgrades import Upgrade, UpgradeCase

__all__ = [
    "Account",
    "AccountOperator",
    "AccountRole",
    "Action",
    "Application",
    "Authorisation",
    "Blob",
    "Case",
    "Certificate",
    "ClockAddition",
    "Command",
    "Delegation",
    "Delivery",
    "Event",
    "Evidence",
    "Finding",
    "Incident",
    "LegalClock",
    "Letter",
    "LoginSession",
    "Measure",
    "Message",
    "Model",
    "NumberSeries",
    "Operator",
    "Outbox",
    "Pin",
    "Release",
    "Resource",
    "ResourceVersion",
    "SigningKey",
    "Site",
    "StartKey",
    "StartTimer",
    "StatusChange",
    "Stream",
    "Task",
    "Upgrade",
    "UpgradeCase",
    "UtcDateTime",
    "Wait",
    "Watch",
]
