"""How a suspension ends: one timer, three outcomes, chosen by its ground and by what was proved (domain page §3, §14.6)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.domain.programme_parts import SuspensionGround

REVOKE: Final = "revoke"


class Verified(StrEnum):
    """What is known of the measures that the holder took: verified, found wanting, or not looked at yet."""

    YES = "yes"
    NO = "no"
    PENDING = "pending"


class Outcome(StrEnum):
    """It goes on; it ends by itself; it is lifted because it was cured; it is prolonged because revocation follows."""

    GOES_ON = "goes_on"
    ENDS = "ends"
    LIFT = "lift"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class End:
    """What follows, and why: `cured`, `not_cured`, `expired`, `verifying` or `running`."""

    outcome: Outcome
    why: str


def end(ground: SuspensionGround, verified: Verified, *, over: bool, verifying: bool) -> End:
    """What becomes of a suspension on that ground. `over`: its last day has passed; `verifying`: not so the days to verify.

    Measures that were verified lift it at any time (EU: DA art. 18(1)). A failure to cure leads to revocation where the
    ground says so, and the suspension is then prolonged until that act takes effect (IA art. 15, DA art. 17(3)). Else
    it ends by itself with its last day (DA art. 18); while measures still wait to be verified, with the days for that.
    """
    if verified is Verified.YES:
        return End(Outcome.LIFT, "cured")
    if not over:
        return End(Outcome.GOES_ON, "running")
    if verified is Verified.NO and ground.if_not_cured == REVOKE:
        return End(Outcome.REVOKE, "not_cured")
    if verified is Verified.PENDING and verifying:
        return End(Outcome.GOES_ON, "verifying")
    return End(Outcome.ENDS, "expired")
