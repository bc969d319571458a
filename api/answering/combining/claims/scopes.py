"""What a claim's figure covers: a whole country, or what is done so far of a plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.time.standing import UNREALISED

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

_WHOLE: Final = re.compile(
    r"\b(?:nationwide|worldwide|globally|across\s(?:the\scountry|the\sworld)|"
    r"(?:whole|entire)\s(?:country|nation|world|continent))\b",
    re.IGNORECASE,
)
_SO_FAR: Final = re.compile(
    r"\b(?:so\sfar|already|to\sdate|up\sto\snow|until\snow|by\snow)\b", re.IGNORECASE
)
_ASKS_AHEAD: Final = re.compile(r"\b(?:will|plans?|planned|expect(?:s|ed)?|going\sto|to\sbe)\b")


def is_of_wider_scope(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether only the other claim is of a whole country or of the world: not of the asked part."""
    told = _WHOLE.search(other.sentence) is not None
    return told and not any(_WHOLE.search(text) for text in (lead.sentence, question.text))


def tells_how_far(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether the other claim tells what has been done so far of what the lead's is planned."""
    done = other.statement.standing not in UNREALISED and _SO_FAR.search(other.sentence) is not None
    return (
        done
        and lead.statement.standing in UNREALISED
        and _SO_FAR.search(question.text) is None
        and _ASKS_AHEAD.search(question.text) is not None
    )
