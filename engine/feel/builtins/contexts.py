"""Contexts: reading, building and merging them."""

from engine.feel import limits
from engine.feel.run import Run
from engine.feel.signature import running, signature


def _get_value(context: dict[str, object], key: str) -> object:
    return context.get(key)


def _get_entries(context: dict[str, object]) -> list[object]:
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(entries: list[object]) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in found:
            return None
        found[key] = entry["value"]
    return found


def _put(context: dict[str, object], key: str, value: object) -> dict[str, object]:
    limits.check_items(len(context) + 1)
    return {**context, key: value}


def _put_at(context: dict[str, object], keys: list[object], value: object) -> dict[str, object] | None:
    if not keys or not isinstance(keys[0], str) or len(keys) > limits.LEVELS:
        return None
    if len(keys) == 1:
        return _put(context, keys[0], value)
    inner = context.get(keys[0])
    changed = _put_at(inner, keys[1:], value) if isinstance(inner, dict) else None
    return None if changed is None else _put(context, keys[0], changed)


def _merge(run: Run, contexts: list[object]) -> dict[str, object] | None:
    found: dict[str, object] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        run.spend(len(context) + 1)
        found.update(context)
    limits.check_items(len(found))
    return found


TABLE = {
    "get value": signature("m: context, key: string", _get_value),
    "get entries": signature("m: context", _get_entries),
    "context": signature("entries: list", _context),
    "context put": (
        signature("context: context, key: string, value: any", _put),
        signature("context: context, keys: list, value: any", _put_at),
    ),
    "context merge": running("contexts: list", _merge),
}
