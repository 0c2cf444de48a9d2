"""GOV.UK's components as functions: `component("button", {"text": …})`.

Their macros ask for fields that are not there, so they live in an environment that does not mind; our pages stay strict.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, PrefixLoader
from jinja2.runtime import Macro
from markupsafe import Markup

_environment: Final = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)


def component(name: str, params: Mapping[str, object]) -> Markup:
    """The component's markup. Texts are escaped; `html` is taken only from what a template of ours rendered."""
    _require_safe(params)
    rendered = _macro(name)(dict(params))
    return Markup(rendered)  # noqa: S704 - the macro's own output, escaped in there


def _require_safe(value: object) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str) and key.lower().endswith("html") and not isinstance(inner, Markup):
                raise TypeError(key)
            _require_safe(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _require_safe(inner)


@cache
def _macro(name: str) -> Macro:
    module = _environment.get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module
    found = getattr(module, "govuk" + "".join(part.capitalize() for part in name.split("-")))
    if not isinstance(found, Macro):
        raise TypeError(found)
    return found
