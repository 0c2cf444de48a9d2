"""What every kind of fact is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; the class name is its type in the history."""
