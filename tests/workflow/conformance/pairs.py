"""Conformance cases: a BPMN file that shows one construct, and beside it, in TOML, what the standard says must happen."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
EXPECTED: Final = frozenset(
    {"open", "waits", "steps", "data", "absent", "sees", "calls", "finished", "ends", "thrown", "failed"}
)
ACTS: Final[Mapping[str, frozenset[str]]] = {
    "do": frozenset({"answers", "nth"}),
    "deliver": frozenset({"key", "payload", "expect"}),
    "signal": frozenset({"payload"}),
    "after": frozenset(),
    "retry": frozenset(),
    "skip": frozenset({"values"}),
    "move": frozenset({"to"}),
}
STARTS: Final = frozenset({"message", "signal", "timer"})
ANSWERS: Final = frozenset({"returns", "fails"})
PLAYED: Final = frozenset({"data", "start", "called", "services", "decisions", "begin", "act"})
COMMON: Final = frozenset({"construct", "verdict", "note", "process"})
REFUSED: Final = frozenset({"where", "says", "reason", "called"})


@dataclass(frozen=True)
class Act:
    """One thing that happens to the case, with what is told about it, and what must be true afterwards."""

    kind: str
    name: str
    told: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """One conformance case as its two files say it; `note` of a refused one is the reason."""

    name: str
    construct: str
    verdict: str
    note: str = ""
    where: str = ""
    says: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    start: Mapping[str, str] = field(default_factory=dict)
    called: Sequence[str] = ()
    services: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    begin: Mapping[str, Any] = field(default_factory=dict)
    acts: Sequence[Act] = ()
    process: str = ""  # which one, where the file has several executable processes

    @property
    def group(self) -> str:
        return self.name.partition("/")[0]

    def file(self) -> bytes:
        return (FOLDER / f"{self.name}.bpmn").read_bytes()

    def files_called(self) -> list[bytes]:
        return [(FOLDER / self.group / name).read_bytes() for name in self.called]


def names() -> list[str]:
    """All pairs as `group/name`; the file of a process that others call has no TOML of its own."""
    return sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.glob("*/*.toml"))


def diagrams() -> set[str]:
    """The BPMN files as `group/name`."""
    return {str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.glob("*/*.bpmn")}


def read(name: str, folder: Path = FOLDER) -> Pair:
    """The pair of that name; ValueError for a key that nothing here knows."""
    said = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    verdict = said["verdict"]
    if verdict == "refused":
        _known(name, said, COMMON | REFUSED)
        return Pair(
            name,
            said["construct"],
            verdict,
            said["reason"],
            said["where"],
            said["says"],
            called=said.get("called", ()),
            process=said.get("process", ""),
        )
    if verdict != "right":
        raise ValueError(f"{name}: the verdict is right or refused, not {verdict}")
    _known(name, said, COMMON | PLAYED)
    services = said.get("services", {}) | {f"decision:{key}": it for key, it in said.get("decisions", {}).items()}
    return Pair(
        name,
        said["construct"],
        verdict,
        said.get("note", ""),
        data=said.get("data", {}),
        start=_known(name, said.get("start", {}), STARTS),
        called=said.get("called", ()),
        services={service: _answers(name, it) for service, it in services.items()},
        begin=_known(name, said.get("begin", {}), EXPECTED),
        acts=[_act(name, act) for act in said.get("act", ())],
        process=said.get("process", ""),
    )


def _answers(name: str, said: Any) -> Sequence[Mapping[str, Any]]:
    """What a service answers: once and for all, or (an array of tables) one after the other, the last for ever."""
    several = said if isinstance(said, list) else [said]
    for one in several:
        if len(_known(name, one, ANSWERS)) != 1:
            raise ValueError(f"{name}: a service returns or fails")
    return several


def _act(name: str, said: Mapping[str, Any]) -> Act:
    kinds = [kind for kind in ACTS if kind in said]
    if len(kinds) != 1:
        raise ValueError(f"{name}: an act is exactly one of {', '.join(ACTS)}: {dict(said)}")
    kind = kinds[0]
    _known(name, said, {kind} | ACTS[kind] | EXPECTED)
    told = {key: said[key] for key in ACTS[kind] if key in said}
    return Act(kind, said[kind], told, {key: said[key] for key in EXPECTED if key in said})


def _known(name: str, said: Mapping[str, Any], keys: frozenset[str]) -> Mapping[str, Any]:
    if unknown := said.keys() - keys:
        raise ValueError(f"{name}: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(keys))}")
    return said
