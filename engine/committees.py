"""The technical committee: it is convened where the programme has one, votes member by member, and its vote is closed."""

import json
from dataclasses import asdict
from typing import Final

from engine import history, programmes
from engine.domain import committees
from engine.domain.chain import Link
from engine.domain.committees import Vote
from engine.domain.errors import Conflict
from engine.domain.events import CommitteeClosed, CommitteeConvened, TaskCompleted
from engine.store import models
from engine.work import Work

Result = dict[str, object]
DUTY: Final = "committee"  # the duty of the task in which a member votes
_KINDS: Final = frozenset({CommitteeConvened.__name__, CommitteeClosed.__name__, TaskCompleted.__name__})


def convene(work: Work, case: models.Case) -> Result:
    """Whether a committee gives an opinion, its seats (one task for each), how many votes decide, whether that binds.

    A programme without a committee has no seats: the diagram goes on without one.
    """
    committee = programmes.of_case(work, case).committee
    seats = max(committee.members, committee.quorum) if committee.exists else 0
    if seats:
        history.record(work, CommitteeConvened(seats, committee.quorum, committee.binding), case=case)
    return {
        "committee_exists": bool(seats),
        "committee_seats": list(range(1, seats + 1)),
        "committee_quorum": committee.quorum if seats else 0,
        "committee_binding": committee.binding and bool(seats),
    }


def close(work: Work, case: models.Case, proposal: str) -> Result:
    """Counts the votes cast since the committee was convened; those of the minority stay on the record with their reasons.

    Conflict while fewer members than the quorum have voted.
    """
    committee = programmes.of_case(work, case).committee
    votes = _votes(work, case)
    if len(votes) < committee.quorum:
        raise Conflict("The committee has no quorum: %(quorum)s members must vote.", quorum=committee.quorum)
    found = committees.count(votes)
    cast = [asdict(one) for one in votes]
    history.record(work, CommitteeClosed(proposal, found.opinion, committee.binding, cast), case=case)
    return {
        "opinion": found.opinion,
        "committee_votes": cast,
        "votes_for": found.votes_for,
        "votes_against": found.votes_against,
        "votes_abstained": found.abstained,
        "minority": [asdict(one) for one in found.minority],
    }


def stance(work: Work, case: models.Case, act: str) -> str:
    """What the last opinion in the case means for an act (`grant`, `refuse`); empty where there is none, or it only advises."""
    closed = [link for link in _told(work, case) if link.type == CommitteeClosed.__name__]
    if not closed:
        return ""
    said = json.loads(closed[-1].data)
    return committees.stance(act, said["proposal"], said["opinion"], binding=said["binding"])


def _votes(work: Work, case: models.Case) -> list[Vote]:
    """The votes as their members gave them, in order; the history is the record of who said what."""
    found: list[Vote] = []
    for link in _told(work, case):
        said = json.loads(link.data)
        if link.type == CommitteeConvened.__name__:
            found = []
        elif link.type == TaskCompleted.__name__ and _is_vote(work, said["task"]):
            answers = said["answers"]
            found.append(Vote(link.actor_name, str(answers.get("vote")), str(answers.get("vote_reasons") or "")))
    return found


def _is_vote(work: Work, task_id: str) -> bool:
    return DUTY in work.session.get_one(models.Task, task_id).duty.split()


def _told(work: Work, case: models.Case) -> list[Link]:
    """What the history of the case says of committees and tasks, this work included."""
    return [link for link in history.events_of(work, f"case:{case.id}") if link.type in _KINDS]
