"""The built-in functions of FEEL (DMN 1.5, 10.3.4), by name."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.feel.builtins import contexts, lists, numeric, patterns, range_texts, ranges, statistics, strings, temporal
from engine.feel.signature import Builtin

BUILTINS: Mapping[str, Builtin] = MappingProxyType(
    {
        name: Builtin(name, *(found if isinstance(found, tuple) else (found,)))
        for module in (contexts, lists, numeric, patterns, range_texts, ranges, statistics, strings, temporal)
        for name, found in module.TABLE.items()
    }
)

__all__ = ["BUILTINS"]
