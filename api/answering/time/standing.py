"""How a statement stands: reported, planned, forecast, denied or attributed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Standing = Literal["reported", "planned", "forecast", "denied", "attributed"]

# The words that tell a standing, each row with an example.
_CUES: Final[dict[Standing, tuple[str, ...]]] = {
    "denied": (
        r"den(?:y|ies|ied|ying)\b",  # denied that it had paid $5 million
        (r"(?:rejected|dismissed|disputed|refuted)\s(?:\w+\s){0,2}"
        r"(?:claims?|reports?|suggestions?|speculation|allegations?|figures?|idea)"),
        r"ruled\sout",
        r"(?:has|have|had)\sno\s(?:plans?|intention)\s(?:to|of)",
        r"(?:untrue|not\strue|no\struth)",
    ),
    "forecast": (
        r"expect(?:s|ed|ing|ations?)?\b",  # expects revenue of
        r"(?:forecast(?:s|ed|ing)?|outlook|guidance|guided)\b",
        r"(?:projects|projected|projecting|projections?)\b",
        r"(?:predict(?:s|ed|ing|ions?)?|anticipat(?:es?|ed|ing)|foresees?|envisag(?:es?|ed))\b",
        (r"(?:sees|(?:[Aa]nalysts|[Ee]conomists)\ssee)\s(?:[\w’'-]+\s){0,4}?"  # sees sales of
        r"(?:dividends?|earnings|growth|income|inflation|loss(?:es)?|margins?|profits?|revenues?|sales|turnover)\b"),
        # looks for a wheat harvest of
        (r"looks?\sfor\s(?:an?\s)?(?!(?:buyers?|ways?)\b)(?:[a-z-]+\s)?"
        r"(?:crop|deficit|earnings|growth|harvest|loss|output|profit|revenue|sales|surplus|yield)\sof\b"),
        r"(?:is|are|was|were|looks?|more|most|less)\s(?:not\s)?(?:un)?likely\b",
        r"(?:could|might|may)\s(?!have\b|not\b)[a-z]+",  # could reach
        r"should\s(?!have\b|not\b)[a-z]+",  # should restart
        r"on\s(?:track|course)\s(?:to|for)\b",
        r"(?:poised|bound)\sto\b",
    ),
    "planned": (
        r"(?<!\ba\s)(?<!\bthe\s)(?<!\bhis\s)(?<!\bher\s)(?<!\bfree\s)(?<!\bgood\s)will\s(?!be\sremembered)",
        r"(?<=\w)['’]ll\b",
        r"won['’]t\b",
        r"would\s(?!have\b|not\ssay\b|not\scomment\b|like\b)",  # said it would build
        r"(?:plan(?:s|ned|ning)?\s(?:to|for|on)|(?:the|its|his|her|their|a)\splans?\b)",
        (r"(?:intend|intends|intended|intending|aims?|aimed|aiming|hopes?|hoped|wants?|wanted|seeks?|"
        r"mean|means|meant)\sto\b"),
        r"(?:pledg(?:es?|ed|ing)|promis(?:es?|ed|ing)|vow(?:s|ed)?|commit(?:s|ted)?\s(?:to|itself|themselves))\b",
        r"(?:propos(?:es?|ed|ing|als?))\b",
        r"(?:agreed|decided|undertook|offered)\sto\b",
        r"(?:scheduled|slated|earmarked|budgeted)\b",
        r"set\s(?:to|for)\b",
        r"(?:is|are|was|were|be|been|fall|falls)\s(?:also\s|now\s)?due\b(?!\sto\s(?:the|a|an|its|his|her|their)\b)",
        r"(?:is|are|was|were)\s(?:now\s|also\s)?to\s(?!blame|date)[a-z]+",  # is to testify
        r"(?:is|are|was|were)\sgoing\sto\b",
        r"(?<=,\s)to\sbe\s[a-z]+",  # a challenge, to be heard in September
        (r"to\sbe\s(?:added|axed|bought|built|closed|cut|delivered|demolished|hired|laid|lost|opened|"
        r"paid|raised|replaced|shed|shut|sold|spent)\b"),  # the number of branches to be shut
        r"(?:put|pushed|moved|brought)\s(?:back|forward)\b",
        r"(?:postponed|delayed)\s(?:\w+\s){0,4}(?:to|until)\b",
        (r"(?:completion|date|deadline|launch|opening|start)\s(?:(?:has|had|was|been|now|again)\s){0,3}"
        r"(?:moved|shifted|slipped)\b"),
        r"target(?:s|ing)?\s(?:of|for|is|was)\b",
    ),
    "attributed": (
        (r"(?:said|says|saying|told|tells|added|argu(?:es|ed)|claim(?:s|ed)?|insist(?:s|ed)|"
        r"wrote|writes|stated|recalled|explained|maintain(?:s|ed)|alleg(?:es|ed)|testified|"
        r"estimat(?:es|ed)|reckons?|believes?|conceded|admitted|acknowledged)\b"),
        r"[Aa]ccording\sto\b",
        r"(?:[Rr]eportedly|allegedly|supposedly|apparently)\b",
        r"(?:is|are|was|were)\s(?:believed|thought|understood|said|rumoured|alleged|reported)\sto\b",
        r"(?:survey|poll|estimate|study)\b.{0,60}\bputs\b",
        r"(?:gave|put|puts|gives)\s(?:the|its|his|her|their)\s[a-z]+\b.{0,80}\b(?:at|as)\b",
        r"(?:people|sources?|persons?)\s(?:familiar|close|with\sknowledge)\b",
    ),
}  # fmt: skip
_PATTERNS: Final = {
    standing: re.compile("|".join(row if row.startswith("(?<") else rf"\b{row}" for row in rows))
    for standing, rows in _CUES.items()
}
UNREALISED: Final[frozenset[Standing]] = frozenset({"planned", "forecast"})
_NO_REPORTS: Final[tuple[Standing, ...]] = ("denied", "forecast", "planned")
_FAR: Final = 1 << 20  # any cue before the words is nearer than one after them
_BREAK: Final = re.compile(r",|;|\band\b")


def standing_of(sentence: str, start: int, end: int, clause: Sequence[tuple[int, int]]) -> Standing:
    """Tell how the words at ``[start, end)`` of a sentence stand.

    A denial, forecast or plan is told by its nearest cue in the clause, one before the words
    before one after them. After a figure a cue counts in the same stretch only; a name may be the
    subject of all that follows. What is neither is attributed where the sentence names who says it.
    """
    figure = any(mark.isdigit() for mark in sentence[start:end])
    nearest: tuple[int, Standing] | None = None
    for standing in _NO_REPORTS:
        for low, high in clause:
            for match in _PATTERNS[standing].finditer(sentence, low, high):
                if match.start() < end:
                    distance = max(start - match.end(), 0)
                elif not figure or _BREAK.search(sentence, end, match.start()) is None:
                    distance = _FAR + match.start() - end
                else:
                    break
                if nearest is None or distance < nearest[0]:
                    nearest = distance, standing
    if nearest is not None:
        return nearest[1]
    low = sentence.rfind("; ", 0, start) + 1
    high = sentence.find("; ", end)
    said = _PATTERNS["attributed"].search(sentence, low, len(sentence) if high < 0 else high)
    return "reported" if said is None else "attributed"
