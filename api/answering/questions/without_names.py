"""A question without its names: "How much will it cost?" of "How much will the Ostrey Line cost?".

An article gives a name once, and its figures sentences later, of "the line" or of nothing. A reader
that is asked of the name takes such a sentence for no answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.questions.mentions import mentions
from api.answering.questions.question import Question
from api.answering.words import AUXILIARY

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOINED: Final = re.compile(r"(?:,|,?\s(?:and|or|&))\s(?:the\s)?", re.IGNORECASE)
_ARTICLE: Final = re.compile(r"\b(?:the|an?)\s\Z", re.IGNORECASE)
_OWNED: Final = re.compile(r"['’]s?(?=\s)")
# "The takeover of Alpina by Rochelet", "the line to Oranta": what it is of, not what it does.
_QUALIFYING: Final = re.compile(
    r"\s(?:of|by|with|to|from|against|on|between)\s(?:the\s|an?\s)?\Z", re.IGNORECASE
)
_PLACED: Final = re.compile(r"\s(?:at|in|near)\s(?:the\s)?\Z", re.IGNORECASE)
# What follows a name that is what something else is called after: "the Aldermouth bridge".
_GOES_ON: Final = re.compile(r"\s(?P<word>[a-z][\w-]*)")
_AFTER_NAME: Final = re.compile(
    rf"(?:{AUXILIARY}|according|and|or|a|an|the|its|as|at|after|against|before|by|each|every|for|"
    r"from|in|of|on|per|since|than|to|until|when|with|worth|due|right|now|so|this|last|next|"
    r"[\w-]+(?:ed|ing)|build|built|buy|buys|bought|carry|carries|change[sd]?|charge[sd]?|costs?|earns?|"
    r"employs?|expects?|fall|fell|forecasts?|gets?|gives?|gave|grows?|grew|have|has|"
    r"invests?|lends?|loses?|lost|makes?|made|needs?|opens?|overspend|owe[sd]?|"
    r"owns?|pays?|paid|plans?|produce[sd]?|raise[sd]?|receive[sd]?|rise|rose|runs?|"
    r"sells?|sold|serve[sd]?|spends?|spent|takes?|took|use[sd]?|wants?|weighs?|wins?)\Z"
)
_QUOTES: Final = "\"“‘'"
_QUOTES_AFTER: Final = '"”'  # a name may be followed by an apostrophe of its own
_SPACE: Final = re.compile(r"\s+")


def without_names(question: Question) -> Question | None:
    """Ask a question of "it": names that it opens, ends or qualifies with are left out.

    Returns:
        None where the question names nothing.
    """
    text = question.text
    places = list(_names_in(text))
    if not places:
        return None
    starts = [*(start for start, _ in places), len(text)]
    ends = [0, *(end for _, end in places)]
    parts = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    for place in range(len(places)):
        before, after = parts[place].rstrip(_QUOTES), parts[place + 1].lstrip(_QUOTES_AFTER)
        parts[place], parts[place + 1] = _without_name(before, after)
    text = _SPACE.sub(" ", "".join(parts)).strip()
    return Question.parse(text[:1].upper() + text[1:])


def _names_in(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand, those of an enumeration as one."""
    place: tuple[int, int] | None = None
    for mention in mentions(text):
        if place is not None and _JOINED.fullmatch(text, place[1], mention.start):
            place = place[0], mention.end
            continue
        if place is not None:
            yield place
        place = mention.start, mention.end
    if place is not None:
        yield place


def _without_name(before: str, after: str) -> tuple[str, str]:
    """What stands before and after a name, as it reads without the name."""
    owned = _OWNED.match(after)
    if owned is not None:
        return f"{_ARTICLE.sub('', before)}the", after[owned.end() :]
    goes_on = _GOES_ON.match(after)
    if goes_on is not None and _AFTER_NAME.match(goes_on["word"]) is None:
        return (before if _ARTICLE.search(before) else f"{before}the"), after
    qualifying = _QUALIFYING.search(before)
    if qualifying is not None:
        return before[: qualifying.start()], after
    placed = _PLACED.search(before)
    if placed is not None:
        return f"{before[: placed.start()]} there", after
    return f"{_ARTICLE.sub('', before)}it", after
