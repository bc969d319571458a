"""The forms of comparing questions: "Which is bigger, A or B?", "Is A bigger than B?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.comparisons.comparatives import DEGREES, SLOT
from api.answering.combining.comparisons.requests_to_compare import asked_to_compare
from api.answering.combining.comparisons.side_words import (
    NAME,
    PLACED,
    POSSESSIVE,
    ComparisonForm,
    listed,
)
from api.answering.combining.comparisons.than_forms import asked_than
from api.answering.combining.comparisons.versus_forms import asked_versus
from api.answering.words import AUXILIARY

if TYPE_CHECKING:
    from collections.abc import Iterator

# A name where letter case is ignored: any words, so "the" and "of" are words like the others.
_WORDS: Final = r"[A-Z0-9][\w'’&.-]*(?:\s[A-Z0-9][\w'’&.-]*)*"
_SIDES_FIRST: Final = re.compile(
    r"\A(?:(?:between|of|out\sof|from)\s(?P<both>[^,?]+?\sand\s[^,?]+?),|"
    rf"(?P<either>{_WORDS}(?:,\s{_WORDS})*,?\sor\s{_WORDS})\s?[:,–—-])\s(?P<asked>(?:{PLACED}\s)?"
    r"(?:which|who|whose|what|where)\b.+)\Z",
    re.IGNORECASE,
)
_ASKED_OF: Final = re.compile(
    rf"\A(?:(?P<placed>{PLACED})\s)?(?P<who>which|who|whose|what|where)\b(?P<asked>[^,:?]+?)"
    r"(?:[,:]|\s[–—-])\s+(?P<sides>[^?]+)\Z",
    re.IGNORECASE,
)
_ASKED_WITHOUT_COMMA: Final = re.compile(
    rf"\A(?:(?P<placed>(?i:{PLACED}))\s)?(?P<who>(?i:which|who|whose|what|where))\b"
    rf"(?P<asked>[^,:?]+?)\s(?P<sides>(?:{PLACED}\s)?{NAME}(?:,\s{NAME})*,?\sor\s"
    rf"(?:{PLACED}\s)?{NAME}[^?]*)\Z"
)
_ONE_OF: Final = re.compile(
    rf"\A(?:[Ww]hich|[Ww]ho)\s(?:one\s)?of\s(?P<sides>[^?]+?)\s(?P<asked>{AUXILIARY}\b[^?]+|"
    r"[a-z]+(?:s|ed|t|ent|ade|ew|old)\s[^?]+)\Z"
)
_EITHER: Final = re.compile(
    rf"\A(?P<auxiliary>(?i:{AUXILIARY}))\s(?P<before>[^?]*?)(?P<left>{NAME}(?:,\s{NAME})*),?\sor\s"
    rf"(?:{PLACED}\s)?(?P<right>{NAME})(?P<after>[^?]*)\Z"
)
# "the Elba fire or the Rona fire"
_SHORT_NAME: Final = r"(?:the\s)?[A-Z0-9][\w'’&.-]*(?:\s[A-Z0-9][\w'’&.-]*){0,3}"
_NOUN_TWICE: Final = re.compile(
    rf"(?<![\w'’&.-])(?P<left>{_SHORT_NAME})\s(?P<noun>[a-z][\w-]*)(?P<right>,?\sor\s(?:{PLACED}\s)?{_SHORT_NAME})\s(?P=noun)\b"
)
# "that on Acme or that on Beta"
_THAT_PLACED: Final = re.compile(rf"\b(?:that|those|the\sones?)\s(?={PLACED}\s)")
# "in 2024 than the year before", "in 2024 higher than a year earlier"
_THAN_YEAR_BEFORE: Final = re.compile(
    r"\A(?P<until>(?:(?!\d{4}).)*\sin\s(?P<year>(?:19|20)\d\d)\b(?:(?!\d{4}).)*\sthan)\s"
    r"(?:in\s)?(?:the\s(?:year\sbefore|previous\syear)|a\syear\searlier)\Z"
)
_FIRST_AUXILIARY: Final = re.compile(rf"\s(?P<auxiliary>{AUXILIARY})\s", re.IGNORECASE)
_OF_OTHERS: Final = frozenset({"do", "does", "did"})
_PARTICLES: Final = frozenset(
    "out up off down back over away through for on in to from at of by with".split()
)
_SPACED_WORD: Final = re.compile(r"\S+")


def comparison_forms(question: str) -> Iterator[ComparisonForm]:
    """Read a question in each form that it has, the plainest first.

    Args:
        question: The question without its mark at the end.
    """
    plain = _with_year_before(_sides_last(question))
    for read in (
        _asked_of,
        _asked_one_of,
        _asked_either,
        asked_than,
        asked_to_compare,
        asked_versus,
    ):
        form = read(plain)
        if form is not None:
            yield form


def _with_year_before(question: str) -> str:
    """Name the year that "in 2024 than the year before" means."""
    match = _THAN_YEAR_BEFORE.match(question)
    return question if match is None else f"{match['until']} in {int(match['year']) - 1}"


def _sides_last(question: str) -> str:
    """Turn "Of A and B, which is bigger" into "which is bigger, A or B"."""
    match = _SIDES_FIRST.match(question)
    if match is None:
        return question
    sides = match["either"] if match["both"] is None else " or ".join(match["both"].split(" and "))
    return f"{match['asked']}, {sides}"


def _asked_of(question: str) -> ComparisonForm | None:
    """Read "Which recycles more, A or B?", "Whose team drew the larger crowd, A's or B's?"."""
    match = _ASKED_OF.match(question)
    if match is None or " or " not in match["sides"] or not DEGREES.search(match["asked"]):
        match = _ASKED_WITHOUT_COMMA.match(question)
    degree = None if match is None else DEGREES.search(match["asked"])
    if match is None or degree is None:
        return None
    sides, told = _THAT_PLACED.subn("", match["sides"])
    subjects, placed, tail = listed(sides)
    auxiliary = _FIRST_AUXILIARY.search(match["asked"], 0, degree.start())
    who = match["who"].lower()
    start = _verb_start(match["asked"], degree) if auxiliary is None else auxiliary.start()
    noun, asked = match["asked"][:start].split(), match["asked"][start:].strip()
    owner = next((at for at, word in enumerate(noun) if POSSESSIVE.search(word)), len(noun))
    owned = noun if who == "whose" else noun[owner + 1 :]
    if told and placed:
        thing = " ".join(owned or noun)
        return ComparisonForm(subjects, f"the {thing} {placed} {SLOT} {asked} {tail}".strip())
    in_places = match["placed"] is not None or placed or who == "where"
    if (in_places and auxiliary is None) or not asked[: degree.start() - start].strip():
        return None
    if in_places:
        place = placed or ("in" if match["placed"] is None else match["placed"].lower())
        return ComparisonForm(subjects, f"{asked} {place} {SLOT} {tail}".strip())
    of_others = auxiliary is not None and auxiliary["auxiliary"].lower() in _OF_OTHERS
    if auxiliary is not None and of_others and auxiliary.end() < degree.start() and who != "whose":
        return ComparisonForm(subjects, f"{asked} {SLOT} {tail}".strip())
    if owned:
        subjects = [f"{POSSESSIVE.sub('', name)}'s" for name in subjects]
    return ComparisonForm(subjects, " ".join([SLOT, *owned, asked, tail]).strip())


def _verb_start(asked: str, degree: re.Match[str]) -> int:
    """Where the verb before a comparative begins, with its particle: "paid out"."""
    words = list(_SPACED_WORD.finditer(asked, 0, degree.start()))
    while len(words) > 1 and words[-1][0].lower() in _PARTICLES:
        words.pop()
    return words[-1].start() if words else 0


def _asked_one_of(question: str) -> ComparisonForm | None:
    """Read "Which of A and B is bigger?"."""
    match = _ONE_OF.match(question)
    if match is None or DEGREES.search(match["asked"]) is None:
        return None
    return ComparisonForm(listed(match["sides"])[0], f"{SLOT} {match['asked']}")


def _asked_either(question: str) -> ComparisonForm | None:
    """Read "Is A or B bigger?", "Did more people vote in A or in B?"."""
    if " or " not in question:  # as in nearly all; the pattern below tries every start of a name
        return None
    twice = _NOUN_TWICE.search(question)
    noun = "" if twice is None else f" {twice['noun']}"
    match = _EITHER.match(_NOUN_TWICE.sub(r"\g<left>\g<right>", question))
    if match is None:
        return None
    clause = f"{match['auxiliary'].lower()} {match['before']}{SLOT}{match['after']}"
    names = [*re.split(r",\s", match["left"]), match["right"]]
    return ComparisonForm([f"{name}{noun}" for name in names], clause)
