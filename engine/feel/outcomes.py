"""What a built-in function answers, by the types of its arguments; whether it can answer anything but null."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.feel.nodes import Type
from engine.feel.signature import Argument, Builtin, Signature
from engine.feel.typed import ANY, context_of, element, joined, list_of, of_kind
from engine.feel.values import BOOLEAN, CONTEXT, DATE, DAYS, LIST, MOMENT, MONTHS, NULL, NUMBER, TEXT, TIME

Outcome = Callable[[Sequence[Type]], Type]
Remark = tuple[str, Mapping[str, object]]


def _always(kind: str) -> Outcome:
    return lambda _types: of_kind(kind)


def _as_list(types: Sequence[Type]) -> Type:
    return list_of(element(types[0])) if types else ANY


def _appended(types: Sequence[Type]) -> Type:
    """Of several items each is one element; a single list of them is as if they stood there one by one."""
    items = types[1:]
    return list_of(
        joined([*map(element, types[:1]), *(element(items[0]) if len(items) == 1 else one for one in items)])
    )


def _joined_up(types: Sequence[Type]) -> Type:
    parts = [element(types[0])] if len(types) == 1 else types
    return list_of(joined(map(element, parts)))


def _least(types: Sequence[Type]) -> Type:
    return element(types[0]) if len(types) == 1 else joined(types)


def _entries(_types: Sequence[Type]) -> Type:
    return list_of(context_of({"key": of_kind(TEXT), "value": ANY}))


def _kept(types: Sequence[Type]) -> Type:
    """The kind that goes in comes out: of numbers a number, of durations a duration."""
    found = _least(types)
    return found if found.name in {NUMBER, DAYS, MONTHS} else ANY


_BY_KIND = {
    NUMBER: "decimal,floor,ceiling,round up,round down,round half up,round half down,modulo,sqrt,log,exp,number,"
    "string length,count,product,median,stddev,day of year,week of year",
    TEXT: "string,substring,upper case,lower case,substring before,substring after,replace,string join,day of week,"
    "month of year",
    BOOLEAN: "not,is,odd,even,contains,starts with,ends with,matches,list contains,any,all,before,after,meets,met by,"
    "overlaps,overlaps before,overlaps after,finishes,finished by,includes,during,starts,started by,coincides",
    DATE: "date,today",
    TIME: "time",
    MOMENT: "date and time,now",
    MONTHS: "years and months duration",
    CONTEXT: "context,context put,context merge",
}
_OUTCOMES: dict[str, Outcome] = {
    **{name: _always(kind) for kind, names in _BY_KIND.items() for name in names.split(",")},
    "split": lambda _types: list_of(of_kind(TEXT)),
    "index of": lambda _types: list_of(of_kind(NUMBER)),
    "mode": lambda _types: list_of(of_kind(NUMBER)),
    "get entries": _entries,
    **dict.fromkeys(("abs", "sum", "mean"), _kept),
    **dict.fromkeys(("sublist", "remove", "reverse", "distinct values", "sort"), _as_list),
    "append": _appended,
    **dict.fromkeys(("concatenate", "union"), _joined_up),
    **dict.fromkeys(("min", "max"), _least),
}


def outcome(name: str, types: Sequence[Type]) -> Type:
    """The type of what a built-in function answers; Any where that depends on values."""
    return _OUTCOMES[name](types) if name in _OUTCOMES else ANY


def remark(function: Builtin, types: Sequence[Type], names: Sequence[str]) -> Remark | None:
    """Why a call can give nothing but null, or None: too many arguments, an unknown name, a type that is not taken."""
    signatures = function.signatures
    taking = [one for one in signatures if (_named(one, names) if names else _counted(one, len(types)))]
    if not taking:
        known = "; ".join(", ".join(_shown(one)) for one in signatures)
        return "%(name)s does not take these arguments; it takes: %(known)s.", {"name": function.name, "known": known}
    if any(_fitting(one, types, names) for one in taking):
        return None
    given = ", ".join(type_.name for type_ in types)
    message = "%(name)s does not take %(given)s, so this is always null; it takes: %(known)s."
    return message, {"name": function.name, "given": given, "known": "; ".join(", ".join(_typed(o)) for o in taking)}


def _counted(signature: Signature, count: int) -> bool:
    arguments = signature.arguments
    least = sum(not one.optional for one in arguments)
    return least <= count and (count <= len(arguments) or bool(arguments and arguments[-1].rest))


def _named(signature: Signature, names: Sequence[str]) -> bool:
    known = {one.name for one in signature.arguments}
    needed = {one.name for one in signature.arguments if not one.optional}
    return needed <= set(names) <= known


def _fitting(signature: Signature, types: Sequence[Type], names: Sequence[str]) -> bool:
    arguments = signature.arguments
    if names:
        by_name = {one.name: one for one in arguments}
        return all(_takes(by_name[name], type_) for name, type_ in zip(names, types, strict=True))
    return all(_takes(one, type_) for one, type_ in zip(arguments, types, strict=False))


def _takes(argument: Argument, type_: Type) -> bool:
    """Whether an argument of this type may be taken: by its kind, or as a list of one, or as the one of a list."""
    kinds = argument.kinds
    if argument.rest or not kinds or LIST in kinds or type_.name in {"Any", NULL} or type_.name in kinds:
        return True
    return type_.name == LIST and (element(type_).name in {"Any", NULL} or element(type_).name in kinds)


def _shown(signature: Signature) -> Iterator[str]:
    for one in signature.arguments:
        yield f"{one.name}…" if one.rest else f"[{one.name}]" if one.optional else one.name


def _typed(signature: Signature) -> Iterator[str]:
    for one in signature.arguments:
        yield f"{one.name}: {' | '.join(sorted(one.kinds)) or 'Any'}"
