"""Comparatives: what "longer" or "more" asks of one side of a comparison, and for which side."""

from __future__ import annotations

import re
from typing import Final, Literal

from api.answering.words import AUXILIARY

Aim = Literal["most", "least", "change"]

SLOT: Final = "{}"
"""Where a clause has the side that it speaks of: "{} has more members"."""

# Comparative and superlative -> what a question about one side asks with. The table of each says
# whether the greater or the lesser side is asked for.
_MORE: Final = {
    "more": "much", "most": "much", "bigger": "big", "biggest": "big", "larger": "large",
    "largest": "large", "greater": "great", "greatest": "great", "higher": "high",
    "highest": "high", "longer": "long", "longest": "long", "older": "old", "oldest": "old",
    "taller": "tall", "tallest": "tall", "heavier": "heavy", "heaviest": "heavy",
    "faster": "fast", "fastest": "fast", "deeper": "deep", "deepest": "deep", "wider": "wide",
    "widest": "wide", "further": "far", "farther": "far", "furthest": "far", "farthest": "far",
    "dearer": "expensive", "dearest": "expensive", "costlier": "expensive",
    "pricier": "expensive", "richer": "rich", "richest": "rich", "steeper": "steep",
    "steepest": "steep", "stronger": "strong", "strongest": "strong", "hotter": "hot",
    "hottest": "hot", "warmer": "warm", "warmest": "warm", "wetter": "wet", "wettest": "wet",
    "thicker": "thick", "thickest": "thick", "later": "when", "latest": "when", "last": "when",
    "newer": "when", "newest": "when", "deadlier": "deadly", "deadliest": "deadly",
}  # fmt: skip
_LESS: Final = {
    "less": "much", "least": "much", "fewer": "many", "fewest": "many", "smaller": "large",
    "smallest": "large", "lower": "high", "lowest": "high", "shorter": "long", "shortest": "long",
    "younger": "old", "youngest": "old", "lighter": "heavy", "lightest": "heavy", "slower": "fast",
    "slowest": "fast", "nearer": "far", "nearest": "far", "closer": "far", "closest": "far",
    "cheaper": "expensive", "cheapest": "expensive", "narrower": "wide", "colder": "warm",
    "coldest": "warm", "cooler": "warm", "thinner": "thick", "weaker": "strong",
    "shallower": "deep", "earlier": "when", "earliest": "when", "sooner": "when",
    "first": "when",
}  # fmt: skip
_GRADED: Final = (
    r"expensive|costly|valuable|populous|profitable|popular|crowded|distant|powerful|often|"
    r"frequently|heavily|highly|quickly|strongly|widely|steeply"
    # Before a noun how many are asked for: "more severe losses".
    r"|(?:accurate|dangerous|deadly|effective|efficient|lucrative|productive|serious|severe|"
    r"successful)(?=\W*\Z|[,:]|\s(?:against|at|by|for|from|in|last|on|than|this|with)\b)"
)
DEGREES: Final = re.compile(
    rf"\b(?P<the>the\s|an?\s)?(?:(?P<grade>more|most|less|least)\s(?P<graded>{_GRADED})|"
    # "first" and "last" compare at the end only: "Who moved first, A or B?".
    rf"(?P<degree>{'|'.join(sorted({*_MORE, *_LESS} - {'first', 'last'}))}|(?:first|last)\Z))\b",
    re.IGNORECASE,
)
_BE: Final = re.compile(r"(?:is|are|was|were)\b", re.IGNORECASE)
_BE_AROUND: Final = re.compile(rf"\A{_BE.pattern}\s|\s{_BE.pattern}(?:\sthe)?\Z", re.IGNORECASE)
_FRONTED: Final = re.compile(rf"(?P<auxiliary>{AUXILIARY})(?P<rest>\s.+|)\Z", re.IGNORECASE)
_SUBJECT_FIRST: Final = re.compile(
    rf"{re.escape(SLOT)}\s(?P<auxiliary>{AUXILIARY})(?P<rest>\s.+|)\Z", re.IGNORECASE
)
_BY_MEASURE: Final = re.compile(
    rf"\A(?:(?:is|are|was|were)\s{re.escape(SLOT)}|{re.escape(SLOT)}\s(?:is|are|was|were))\s"
    r"[\w\s]*?\bby\s(?P<measure>[a-z][\w-]*(?:\s[a-z][\w-]*){0,2}?)"
    r"(?P<rest>\s(?:in|at|on|as\sof|for|during|last|this)\b.*)?\Z"
)
_NO_NOUN: Final = (
    "in|at|on|for|from|of|to|by|with|than|as|during|after|before|since|per|and|or|last|this|when"
)
_A_NOUN: Final = rf"\s(?!(?:{_NO_NOUN})\b)(?:[a-z][\w-]*|[A-Z][\w-]*s\b)"  # "more Emmys"
_NOUN: Final = re.compile(_A_NOUN)
_NOUNS: Final = re.compile(rf"(?:{_A_NOUN})+")
_COUNTED: Final = re.compile(r"(?<![su])s\Z|\b(?:people|children|women|men)\Z")
# "How large a share" reads less well than "what share".
_AMOUNTS: Final = re.compile(
    r"\s(?P<amount>share|proportion|percentage|number|amount|part|sum|fee|fine|price|salary|rating|"
    r"distance|budget)\b"
)
_NEAR_TO: Final = re.compile(r"\A\sto\b")
_SPACES: Final = re.compile(r"\s{2,}")


def aim_of(clause: str) -> Aim | None:
    """Whether a clause asks for the side with the most or the least; None where it compares not."""
    match = DEGREES.search(clause)
    if match is None:
        return None
    word = (match["degree"] or match["grade"]).lower()
    return "most" if word in _MORE else "least"


def side_question(clause: str, subject: str, when: str) -> str:
    """Ask one side for its value, with the words of the comparison in their order.

    "{} earned the larger profit in 2024" of Acme is "Acme earned how large a profit in 2024?".

    Args:
        clause: What is said of each side, as a statement or with its auxiliary in front.
        subject: The side, as it stands in the clause.
        when: What the question begins with: "in 2024"; empty without.
    """
    asked = _SPACES.sub(" ", f"{_asked(clause)} {when}").strip()
    if not asked.startswith(SLOT):
        asked = f"{asked[0].upper()}{asked[1:]}"
    return f"{asked.replace(SLOT, subject)}?"


def _asked(clause: str) -> str:
    degree = DEGREES.search(clause)
    measure = _asked_measure(clause, degree)
    if degree is None or measure is not None:
        return clause if measure is None else measure
    before, after = clause[: degree.start()].strip(), clause[degree.end() :]
    fronted = _FRONTED.match(before)
    if fronted is not None:
        how, after = _how(degree, after, whole=bool(fronted["rest"]))
        return f"{how} {fronted['auxiliary'].lower()}{fronted['rest']}{after}"
    how, after = _how(degree, after, whole=True)
    subject_first = _SUBJECT_FIRST.match(before)
    if subject_first is not None:
        auxiliary, rest = subject_first["auxiliary"].lower(), subject_first["rest"]
        plain = not rest and _BE.match(auxiliary) is not None and degree["the"] is None
        if how == "when" or (plain and not after.startswith(" of ")):
            return f"{how} {auxiliary} {SLOT}{rest}{after}"
    return f"{before} {how}{after}"


def _asked_measure(clause: str, degree: re.Match[str] | None) -> str | None:
    """What asks for a measure that the clause names, or that its comparative is of."""
    measured = _BY_MEASURE.match(clause)
    if measured is not None:
        rest = "" if measured["rest"] is None else measured["rest"]
        return f"what {_be(clause)} the {measured['measure']} of {SLOT}{rest}"
    if degree is None:
        return None
    before, after = clause[: degree.start()].strip(), clause[degree.end() :]
    word = (degree["degree"] or degree["graded"]).lower()
    if _MORE.get(word, word) == "deadly" and SLOT in before and _BE_AROUND.search(before):
        thing = _BE_AROUND.sub("", before)  # "was the storm in {}", "{} was the"
        noun = _NOUNS.match(after)
        return f"how many people did {thing} kill{after[0 if noun is None else noun.end() :]}"
    if (degree["graded"] or "").lower() == "highly" and before.endswith("valued"):
        return f"how much {_be(before)} {SLOT} worth{after}"
    return None


def _be(words: str) -> str:
    match = _BE.search(words)
    return "is" if match is None else match[0].lower()


def _how(degree: re.Match[str], after: str, *, whole: bool) -> tuple[str, str]:
    """What asks for a degree, with the noun that it is of, and what is left behind it.

    Args:
        degree: The comparative.
        after: What stands behind it.
        whole: Whether the verb stands before it, so that all words up to a preposition are its
            noun: "collect less garden waste", but "did less rain fall".
    """
    if degree["graded"] is not None:
        return f"how {degree['graded'].lower()}", after
    word = degree["degree"].lower()
    much = _MORE[word] if word in _MORE else _LESS[word]
    if much == "when":
        return "when", after
    if much == "far":
        after = _NEAR_TO.sub(" from", after)
    match = (_NOUNS if whole else _NOUN).match(after)
    noun = "" if match is None else match[0]
    if not whole and after[len(noun) :].startswith(f" of {SLOT}"):
        noun = f"{noun} of {SLOT}"
    if degree["the"] is not None and _AMOUNTS.match(noun):
        return f"what{noun}", after[len(noun) :]
    if much in {"much", "many"}:
        much = "many" if _COUNTED.search(noun) else "much"
    elif noun and degree["the"] is not None:
        much = f"{much} {'an' if noun[1] in 'aeiou' else 'a'}"
    return f"how {much}{noun}", after[len(noun) :]
