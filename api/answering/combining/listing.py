"""Lists: questions that ask for several things, and how complete their items are likely to be."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.answer_kind import AnswerKind, kind_fit, wanted_kind
from api.answering.answers import BelowTheBar, Listing
from api.answering.combining.choosing import meets
from api.answering.combining.claims import claims_of
from api.answering.combining.enumerations import list_heads, taken_apart
from api.answering.reading.reader import best_first
from api.answering.words import STOP_WORDS, text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.answers import FrameUse
    from api.answering.question import Question
    from api.answering.ranking import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import QuestionTime
    from index.records import Passage

MOST_ITEMS: Final = 10
TIMES_READ: Final = 3  # the passages of an ordinary question: the most that a list may cost
_OF_ONE_ARTICLE: Final = 3  # passages, before those of other articles
_LONGEST_ITEM: Final = 9  # words
_SHOWN_BELOW: Final = 5
_BELOW: Final = 0.5  # of the bar: less likely candidates say nothing of what a list lacks

# Plurals that questions ask for. Other words in s may be verbs: "Which analyst recommends ...".
_PLURALS: Final = (
    "actors|agencies|airlines|airports|analysts|areas|artists|associations|authorities|authors|"
    "banks|bidders|bodies|branches|brands|broadcasters|buildings|businesses|buyers|campuses|"
    "candidates|carmakers|charities|chipmakers|cities|clubs|coaches|colleges|committees|communities|"
    "companies|competitors|councillors|councils|counties|countries|courts|customers|data centres|"
    "departments|directors|diseases|districts|drugs|employers|executives|experiments|factories|"
    "films|firms|foundations|founders|funds|governments|groups|hospitals|industries|institutes|"
    "institutions|investors|islands|judges|laboratories|labs|lakes|languages|lawmakers|leaders|"
    "lenders|libraries|magazines|makers|managers|manufacturers|materials|members|men|ministers|"
    "models|museums|nations|neighbourhoods|newspapers|offices|officials|operators|organi[sz]ations|"
    "owners|parks|parties|partners|people|places|planets|plants|players|politicians|ports|products|"
    "projects|provinces|publishers|regions|regulators|researchers|retailers|rivals|rivers|"
    "roads|schools|scientists|sectors|services|shareholders|shops|sites|species|sponsors|"
    "stadiums|stations|start-?ups|states|stores|streets|studios|substances|suppliers|teams|towns|"
    "tribes|unions|universities|villages|wards|women|workers|writers"
)
_NO_LIST: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|both|did|do|does|is|are|was|were|has|have|had|"
    "will|would|can|could|of|the|an?|its|his|her|their|share|number|percentage|proportion|part|kind|type|sort"
)
_VERB_OR_PLURAL: Final = re.compile(
    r"(?<![su'’])s\Z(?<!\bsports)(?<!\barts)(?<!\bnews)(?<!\bbusiness)", re.IGNORECASE
)
_IRREGULAR: Final = {"men": "man", "women": "woman", "people": "person"}
_OPENING: Final = r"\A(?:(?:as of|in|by|at|during|since|after|before|on)\b[^,?]{2,60},\s)?"
_LISTS: Final = re.compile(
    # A number asks for one answer, which names them together: "Which two towns ...".
    rf"{_OPENING}(?:(?:in|from|to|for|with|by|at|on|of)\s)?(?:which|what)"
    rf"(?P<before>(?:\s(?!(?:{_NO_LIST})\b)[\w’'-]+){{0,3}}?)\s(?P<plural>{_PLURALS})\b"
    # "Which company sponsors the shirts": what a determiner follows is a verb.
    r"(?!['’]|\s(?:of|the|an?|its|his|her|their|that)\b)|"
    rf"{_OPENING}(?:who|what|which)\s(?:are|were)\sthe\s(?:(?!(?:{_NO_LIST})\b)[\w’'-]+\s){{0,3}}?"
    rf"(?:{_PLURALS})\b|"
    rf"{_OPENING}where\b(?:\s[\w’'-]+){{0,4}}?\s(?:are|were|will|have|do|did)\s[^?]*?\b"
    r"(?:branches|campuses|data centres|factories|offices|plants|projects|schools|shops|sites|"
    r"stations|stores)\b(?!['’])|"
    rf"{_OPENING}who(?:\sall\b|\selse\b|\s(?:has\s|have\s|had\s)?(?:invest(?:s|ed)?\s(?:money\s)?in|"
    r"put\smoney\sinto|back(?:s|ed)|financ(?:es|ed)|funded|took\spart\sin|attended|"
    r"participated\sin|competed|belongs?\sto|sits?\son|voted\s(?:for|against))\b)|"
    rf"\A(?:please\s)?(?:list|name|give(?:\sme)?)\s(?:all\s|every\s|the\s|some\s)*"
    rf"(?:(?!(?:{_NO_LIST})\b)[\w’'-]+\s){{0,3}}?(?:{_PLURALS})\b",
    re.IGNORECASE,
)


def asks_for_list(question: str) -> bool:
    """Whether a question asks for several things, which may stand in several articles.

    "Which company ..." does not, nor does "Which two towns ...", whose answer names both.
    """
    return _asked_list(question) is not None


def _asked_list(question: str) -> re.Match[str] | None:
    match = _LISTS.search(question)
    if match is None or not match["before"]:
        return match
    # The plural is not what "Which company runs hospitals ..." asks for.
    words = match["before"].split()
    singular = any(wanted_kind(f"which {word}") is not AnswerKind.OTHER for word in words[:-1])
    verb = any(_VERB_OR_PLURAL.search(word) for word in words)
    return None if singular or verb else match


def listed_kind(question: Question) -> AnswerKind:
    """The kind of answer that each item of a list is: an organisation for "Which companies ..."."""
    match = _asked_list(question.text)
    plural = None if match is None else match["plural"]
    if plural is None:
        return question.kind
    singular = _IRREGULAR.get(plural.lower(), re.sub(r"ies\Z", "y", plural))
    if singular.endswith("s"):
        singular = re.sub(r"(?<=ch|sh|ss)es\Z|s\Z", "", singular)
    return wanted_kind(f"which {singular}")


def spread(passages: Sequence[Passage], most: int) -> list[Passage]:
    """Choose the best passages, those of one article up to a few before all others.

    Args:
        passages: Best first.
        most: The most to choose.
    """
    of_article: Counter[str] = Counter()
    first: list[Passage] = []
    more: list[Passage] = []
    for passage in passages:
        of_article[passage.article.id] += 1
        few = of_article[passage.article.id] <= _OF_ONE_ARTICLE
        (first if few else more).append(passage)
    return [*first, *more][:most]


def item_spans(
    question: Question, spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> list[ScoredSpan]:
    """Take what was read apart into single items: enumerations, and the heads of lists."""
    parted = taken_apart(spans, passages)
    places = {(scored.passage, scored.span) for scored in parted}
    for scored in list(parted):
        for head in list_heads(scored, passages[scored.passage], question.words):
            if (scored.passage, head) not in places:
                places.add((scored.passage, head))
                parted.append(replace(scored, span=head))
    return best_first(parted)


def fit_items(
    question: Question,
    time: QuestionTime,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[Passage],
) -> tuple[list[RankedCandidate], FrameUse | None]:
    """Keep the candidates that can be items: names where names are asked for, of the asked time.

    Returns:
        The items, best first, and what the question's time frame did; None without one.
    """
    kept = [item for item in ranked if _is_item(question, item.candidate.text)]
    frame = time.frame
    if frame is None or not frame.firm or frame.contradictory:
        use: FrameUse = "evidence" if frame is None or not frame.contradictory else "contradictory"
        return kept, None if frame is None else use
    met = [
        item
        for place, item in enumerate(kept)
        if any(meets(claim, frame) for claim in claims_of(place, item, passages))
    ]
    return (met, "filter") if met else (kept, "not met")


def _is_item(question: Question, text: str) -> bool:
    own = text_words(text) - STOP_WORDS
    repeats = own <= question.words
    return not repeats and len(text.split()) <= _LONGEST_ITEM and kind_fit(question.kind, text) >= 0


def list_state(
    ranked: Sequence[RankedCandidate], threshold: float, most: int, articles_searched: int
) -> Listing:
    """Say how complete the items above the bar are likely to be.

    Args:
        ranked: All that can be items, best first.
        threshold: The bar.
        most: The most items that are given.
        articles_searched: How many articles pass the filters.
    """
    above = sum(item.confidence >= threshold for item in ranked)
    left = [*ranked[:above][most:], *ranked[above:]]
    below = tuple(
        BelowTheBar(item.candidate.text, item.confidence)
        for item in left
        if item.confidence >= _BELOW * threshold
    )
    complete = above > 0 and not below
    return Listing("likely" if complete else "unknown", articles_searched, below[:_SHOWN_BELOW])
