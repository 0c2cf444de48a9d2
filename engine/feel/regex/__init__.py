"""Regular expressions of XPath (XQuery and XPath Functions 3.1, section 5.6), as FEEL's text functions use them.

Our own machine, because Python's can be made to run for ever, cannot be stopped, and knows another dialect.
"""

from engine.feel.regex.compiling import Pattern, compile_pattern
from engine.feel.regex.machine import Match, find, find_all
from engine.feel.regex.syntax import BadPattern

__all__ = ["BadPattern", "Match", "Pattern", "compile_pattern", "find", "find_all"]
