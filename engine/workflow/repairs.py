"""What SpiffWorkflow 3.2.0 gets wrong, put right once at import; any other version is refused."""

import logging
from typing import Final

from SpiffWorkflow.version import __version__

VERIFIED: Final = "3.2.0"

if __version__ != VERIFIED:
    message = f"The repairs are verified for SpiffWorkflow {VERIFIED}, not {__version__}."
    raise ImportError(message)

# The library copies case data into log records at every change of state, whatever the level of the root logger.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)
