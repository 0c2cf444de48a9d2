"""Small decision files for tests, written as the DMN elements that matter and nothing else."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine import decisions
from engine.decisions import Decided, Explained, Model

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
Inputs = Sequence[tuple[str, str] | tuple[str, str, str]]  # expression, type, allowed values
Outputs = Sequence[tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]]  # and a default value


def a_file(body: str, namespace: str = NAMESPACE) -> bytes:
    """A DMN file with this in it."""
    head = f'<definitions xmlns="{namespace}" id="file" name="Archivo" namespace="urn:test">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{body}</definitions>'.encode()


def a_library(namespace: str, body: str, **imports: str) -> bytes:
    """A file of that namespace; `imports` are namespaces by name."""
    lines = "".join(
        f'<import namespace="{other}" name="{name.strip("_")}" importType="{NAMESPACE}"/>'
        for name, other in imports.items()
    )
    return f'<definitions xmlns="{NAMESPACE}" id="file" name="f" namespace="{namespace}">{lines}{body}</definitions>'.encode()


def a_decision(id_: str, logic: str, *requires: str, type_: str = "") -> str:
    """A decision; `requires` are ids of decisions and functions (a function's begins with `fn`) or inputs (`in`)."""
    kinds = {"in": ("information", "requiredInput"), "fn": ("knowledge", "requiredKnowledge")}
    lines = ""
    for other in requires:
        kind, tag = kinds.get(other[:2], ("information", "requiredDecision"))
        lines += f'<{kind}Requirement><{tag} href="#{other}"/></{kind}Requirement>'
    typed = f' typeRef="{type_}"' if type_ else ""
    return f'<decision id="{id_}" name="{id_}"><variable name="{id_}"{typed}/>{lines}{logic}</decision>'


def a_text(text: str, kind: str = "literalExpression") -> str:
    """An expression or a cell."""
    return f"<{kind}><text>{escape(text)}</text></{kind}>"


def a_table(inputs: Inputs, outputs: Outputs, *rules: Sequence[str], policy: str = "U") -> str:
    """A table; a rule is the texts of its cells, those of the outputs last, a remark behind them if there is one."""
    names = {"U": "UNIQUE", "A": "ANY", "P": "PRIORITY", "F": "FIRST", "R": "RULE ORDER", "O": "OUTPUT ORDER"}
    sums = {"+": "SUM", "<": "MIN", ">": "MAX", "#": "COUNT"}
    hit = names.get(policy, "COLLECT")
    aggregation = f' aggregation="{sums[policy[1]]}"' if len(policy) > 1 else ""
    columns = "".join(_input(*one) for one in inputs) + "".join(_output(*one) for one in outputs)
    lines = "".join(_rule(number, rule, len(inputs), len(outputs)) for number, rule in enumerate(rules, 1))
    return f'<decisionTable hitPolicy="{hit}"{aggregation}>{columns}{lines}</decisionTable>'


def model(body: str) -> Model:
    """The file with this in it, read."""
    return decisions.parse(a_file(body))


def decided(body: str, decision: str = "d", **inputs: object) -> Decided:
    """What a decision of such a file finds."""
    return decisions.decide(model(body), decision, inputs, None)


def explained(body: str, decision: str = "d", **inputs: object) -> Explained:
    """What a decision of such a file finds, and how."""
    return decisions.explain(model(body), decision, inputs, None)


def findings(body: str) -> list[str]:
    """What the check says of such a file: severity and sentence."""
    return [f"{one.severity} {one}" for one in decisions.check(model(body))]


def _input(text: str, type_: str, allowed: str = "") -> str:
    values = a_text(allowed, "inputValues") if allowed else ""
    return f'<input label={quoteattr(text)}><inputExpression typeRef="{type_}"><text>{escape(text)}</text></inputExpression>{values}</input>'


def _output(name: str, type_: str, allowed: str = "", default: str = "") -> str:
    values = a_text(allowed, "outputValues") if allowed else ""
    other = a_text(default, "defaultOutputEntry") if default else ""
    return f'<output name="{name}" typeRef="{type_}">{values}{other}</output>'


def _rule(number: int, cells: Sequence[str], inputs: int, outputs: int) -> str:
    kinds = ["inputEntry"] * inputs + ["outputEntry"] * outputs + ["annotationEntry"]
    return (
        f'<rule id="r{number}">{"".join(a_text(text, kind) for text, kind in zip(cells, kinds, strict=False))}</rule>'
    )
