"""Questions that compare: "Which is bigger, A or B?" -> a question about each side.

Only what names its sides is a comparison. "Which company is the biggest?" asks for a fact that an
article may state, and stays one question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Aim = Literal["most", "least", "change"]

MOST_SIDES: Final = 4
_LONGEST_SUBJECT: Final = 60  # characters

# Comparative and superlative -> what a question about one side asks with. The pattern of each says
# whether the greater or the lesser side is asked for.
_MORE: Final = {
    "more": "much", "most": "much", "bigger": "big", "biggest": "big", "larger": "large",
    "largest": "large", "greater": "great", "greatest": "great", "higher": "high",
    "highest": "high", "longer": "long", "longest": "long", "older": "old", "oldest": "old",
    "taller": "tall", "tallest": "tall", "heavier": "heavy", "heaviest": "heavy",
    "faster": "fast", "fastest": "fast", "deeper": "deep", "wider": "wide", "further": "far",
    "farther": "far", "dearer": "expensive", "richer": "rich",
}  # fmt: skip
_LESS: Final = {
    "less": "much", "least": "much", "fewer": "many", "fewest": "many", "smaller": "large",
    "smallest": "large", "lower": "high", "lowest": "high", "shorter": "long", "shortest": "long",
    "younger": "old", "youngest": "old", "lighter": "heavy", "slower": "fast", "nearer": "far",
    "closer": "far", "cheaper": "expensive", "cheapest": "expensive",
}  # fmt: skip
_DEGREES: Final = re.compile(
    rf"\b(?P<the>the\s|an?\s)?(?P<degree>{'|'.join([*_MORE, *_LESS])})\b(?P<highly>\shighly)?",
    re.IGNORECASE,
)
_AUXILIARY: Final = (
    r"(?:is|are|was|were|has|have|had|will|would|did|does|do|can|could|should|may|might)"
)
_BE: Final = re.compile(r"(?:is|are|was|were)\b", re.IGNORECASE)
_DID: Final = re.compile(r"(did|does|do)\s", re.IGNORECASE)
_INTRODUCTION: Final = re.compile(
    r"\A(?P<when>(?:in|as of|at|by|during|for|since|over|last|this|according to)\b[^,?]{2,60}),\s+"
    r"(?=\w)",
    re.IGNORECASE,
)
_ASKED_OF: Final = re.compile(
    r"\A(?P<who>which|who|whose|what)\b(?P<asked>[^,:?]+)[,:]\s+(?P<sides>[^?]+)\?*\Z",
    re.IGNORECASE,
)
_ONE_OF: Final = re.compile(
    rf"\A(?:[Ww]hich|[Ww]ho)\s(?:one\s)?of\s(?P<sides>[^?]+?)\s(?P<asked>{_AUXILIARY}\b[^?]+|"
    r"[a-z]+(?:s|ed|t|ent|ade|ew|old)\s[^?]+)\?*\Z"
)
_NAME: Final = r"(?:the\s)?[A-Z0-9][\w'’&.-]*(?:\s(?:of\s|and\s)?[A-Z0-9][\w'’&.-]*)*"
_EITHER: Final = re.compile(
    rf"\A(?P<auxiliary>(?i:{_AUXILIARY}))\s(?P<left>{_NAME}(?:,\s{_NAME})*)\sor\s(?P<right>{_NAME})"
    r"\s(?P<rest>[^?]+)\?*\Z"
)
_THAN: Final = re.compile(
    rf"\A(?P<auxiliary>(?i:{_AUXILIARY}))\s(?P<left>{_NAME})\s(?P<asked>[^?]*?)\sthan\s"
    rf"(?P<right>{_NAME})(?:\s{_AUXILIARY})?(?P<rest>\s[^?]+)?\?*\Z"
)
_BY_MEASURE: Final = re.compile(
    r"\A(?:is|are|was|were)\s[\w\s]*?\bby\s(?P<measure>[a-z][\w-]*(?:\s[a-z][\w-]*){0,2}?)"
    r"(?P<rest>\s(?:in|at|on|as\sof|for|during|last|this)\b.*)?\Z"
)
_TAIL: Final = re.compile(
    r",?\s(?P<when>(?:in|at|by|on|as of|during|for|after|before|last|this)\b[^,]*)\Z", re.IGNORECASE
)
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")
_SHARED: Final = re.compile(r"[^'’]+['’]s?\s(?P<owned>.+)\Z")
_CHANGED: Final = re.compile(
    r"\A(?:(?:by\s)?how(?:\smuch)?|what\schange\swas\sthere\sin)\s(?:did|has|have|had)\s"
    r"(?P<thing>[^?]+?)\s"
    r"(?:(?P<open>chang|develop|evolv)(?:e|ed)?|"
    r"(?:rise|risen|fall|fallen|grow|grown|increase|decrease|decline|drop|shrink|shrunk)d?)"
    r"(?P<rest>(?:,?\s(?:from|between|since|until|till|over|in|during|after|by|when|before|last|"
    r"this|within|up\sto)\b[^?]*)?)\s*\?*\Z",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"\A\s(?:from\s(?P<from>[^?]*?\d{4}|[A-Z]\w+)\sto\s(?P<to>[^?]*\d{4}|[A-Z]\w+)|"
    r"between\s(?P<low>[^?]*?\d{4}|[A-Z]\w+)\sand\s(?P<high>[^?]*\d{4}|[A-Z]\w+))\Z"
)
_YEAR_ONLY: Final = re.compile(r"\A(?:fiscal\s|financial\s)?\d{4}\Z")


@dataclass(frozen=True, slots=True)
class AskedSide:
    """One side of a comparison: what it is called, and the question about it alone.

    Attributes:
        subject: As the question spells it; of a change the time, empty where it names none.
        question: What is asked of this side.
    """

    subject: str
    question: str


@dataclass(frozen=True, slots=True)
class AskedComparison:
    """What a question compares.

    Attributes:
        sides: Two to four, in the question's order; of a change whose times are open only one, the
            question about all of its statements.
        aim: Whether the side with the greatest or the least value is asked for, or a change.
    """

    sides: tuple[AskedSide, ...]
    aim: Aim


def asked_comparison(question: str) -> AskedComparison | None:
    """Read what a question compares; None where it compares nothing."""
    changed = _asked_change(question)
    if changed is not None:
        return changed
    introduction = _INTRODUCTION.match(question)
    when = (
        "" if introduction is None else introduction["when"][0].lower() + introduction["when"][1:]
    )
    plain = question if introduction is None else question[introduction.end() :]
    for read in (_asked_of, _asked_one_of, _asked_either, _asked_than):
        found = read(plain)
        if found is not None:
            subjects, owned, asked = found
            return _compared(subjects, owned, asked, when)
    return None


_Read = tuple[list[str], str, str]
"""The subjects, what is theirs ("women's team"), and what is asked of them."""


def _asked_of(question: str) -> _Read | None:
    """Read "Which recycles more, A or B?", "Whose team drew the larger crowd, A's or B's?"."""
    match = _ASKED_OF.match(question)
    if match is None:
        return None
    degree = _DEGREES.search(match["asked"])
    if degree is None:
        return None
    before = match["asked"][: degree.start()].split()
    if not before:
        return None
    first = len(before) - 1
    if first > 0 and re.fullmatch(_AUXILIARY, before[first - 1], re.IGNORECASE):
        first -= 1
    subjects, tail = _listed(match["sides"])
    owned = " ".join(before[:first]) if match["who"].lower() == "whose" else ""
    asked = " ".join([*before[first:], match["asked"][degree.start() :].strip()])
    return subjects, owned, f"{asked} {tail}".strip()


def _asked_one_of(question: str) -> _Read | None:
    """Read "Which of A and B is bigger?"."""
    match = _ONE_OF.match(question)
    if match is None or _DEGREES.search(match["asked"]) is None:
        return None
    return _listed(match["sides"])[0], "", match["asked"]


def _asked_either(question: str) -> _Read | None:
    """Read "Is A or B bigger?", "Did A or B spend more?"."""
    match = _EITHER.match(question)
    if match is None or _DEGREES.search(match["rest"]) is None:
        return None
    subjects = [*match["left"].split(", "), match["right"]]
    return subjects, "", f"{match['auxiliary'].lower()} {match['rest']}"


def _asked_than(question: str) -> _Read | None:
    """Read "Is A bigger than B?", "Was A's price higher than B's?"."""
    match = _THAN.match(question)
    degree = None if match is None else _DEGREES.search(match["asked"])
    if match is None or degree is None:
        return None
    rest = "" if match["rest"] is None else match["rest"]
    auxiliary, subjects = match["auxiliary"].lower(), [match["left"], match["right"]]
    thing, asked = match["asked"][: degree.start()].strip(), match["asked"][degree.start() :]
    if thing and _BE.fullmatch(auxiliary):
        repeated = rest.strip().startswith(thing)
        rest = rest.strip().removeprefix(thing) if repeated else rest
        if _POSSESSIVE.search(subjects[0]):
            return subjects, thing, f"{auxiliary} {asked}{rest}"
        if repeated:  # "the Acme price ... than the Beta price"
            return [f"{name} {thing}" for name in subjects], "", f"{auxiliary} {asked}{rest}"
    return subjects, "", f"{auxiliary} {match['asked']}{rest}"


def _listed(sides: str) -> tuple[list[str], str]:
    """Split "A, B or C in 2024" into its names and what follows them."""
    tail = _TAIL.search(sides)
    names = sides if tail is None else sides[: tail.start()]
    parts = re.split(r",\s(?:or\s|and\s)?|\sor\s|\sand\s(?=(?:the\s)?[A-Z])", names.strip())
    named = [part.strip() for part in parts]
    shared = _SHARED.match(named[-1])
    if shared is not None:  # "Acme's or Bolt's profit"
        named = [
            f"{name} {shared['owned']}" if _POSSESSIVE.search(name) else name for name in named
        ]
    return named, "" if tail is None else tail["when"]


def _compared(subjects: Sequence[str], owned: str, asked: str, when: str) -> AskedComparison | None:
    if not 2 <= len(subjects) <= MOST_SIDES or len(set(subjects)) < len(subjects):
        return None
    if not all(0 < len(subject) <= _LONGEST_SUBJECT for subject in subjects):
        return None
    degree = _DEGREES.search(asked)
    if degree is None:
        return None
    sides = []
    for subject in subjects:
        name = _POSSESSIVE.sub("", subject)
        whose = f"{name}'s {owned}" if owned else subject
        sides.append(AskedSide(name if owned else subject, _side_question(whose, asked, when)))
    aim: Aim = "most" if degree["degree"].lower() in _MORE else "least"
    return AskedComparison(tuple(sides), aim)


def _side_question(subject: str, asked: str, when: str) -> str:
    """Ask one side for its value, with the words of the comparison in their order.

    "earned the larger profit in 2024" of Acme is "Acme earned how large a profit in 2024?".
    """
    ending = f" {when}?" if when else "?"
    measured = _BY_MEASURE.match(asked)
    if measured is not None:
        rest = "" if measured["rest"] is None else measured["rest"]
        verb = asked.split(maxsplit=1)[0]
        return f"What {verb} the {measured['measure']} of {subject}{rest}{ending}"
    degree = _DEGREES.search(asked)
    if degree is None:
        return f"{subject} {asked}{ending}"
    before, after = asked[: degree.start()].strip(), asked[degree.end() :]
    word = degree["degree"].lower()
    much = _MORE[word] if word in _MORE else _LESS[word]
    if degree["highly"] is not None:
        much = "highly"
    noun = re.match(r"\s([a-z][\w-]*)", after)
    if much in {"much", "many"}:
        counted = noun is not None and re.search(r"(?<![su])s\Z|\Apeople\Z", noun[1]) is not None
        much = "many" if counted else "much"
    elif noun is not None and degree["the"] is not None:
        much = f"{much} {'an' if noun[1][0] in 'aeiou' else 'a'}"
    if degree["highly"] is not None and before.endswith("valued"):
        verb = before.removesuffix("valued").strip()
        return f"How much {verb} {subject} worth{after}{ending}"
    did = _DID.match(before)
    if did is not None and degree["the"] is None and degree["highly"] is None:
        counted_noun = noun[0] if much == "many" and noun is not None else ""
        rest = after.removeprefix(counted_noun)
        return f"How {much}{counted_noun} {did[1]} {subject} {before[did.end() :]}{rest}{ending}"
    if _BE.fullmatch(before) and degree["the"] is None and not after.strip().startswith("of "):
        return f"How {much} {before} {subject}{after}{ending}"
    return f"{subject} {before} how {much}{after}{ending}"


def _asked_change(question: str) -> AskedComparison | None:
    """Read "How did X change from 2023 to 2024?"; without times only where it says "change"."""
    match = _CHANGED.match(question)
    if match is None:
        return None
    thing = match["thing"]
    times = _TIMES.match(match["rest"])
    if times is not None:
        named = [times["from"] or times["low"], times["to"] or times["high"]]
        return AskedComparison(
            tuple(AskedSide(time, f"What was {thing} {_at(time)}?") for time in named), "change"
        )
    if match["open"] is None:
        return None
    return AskedComparison((AskedSide("", f"What was {thing}?"),), "change")


def _at(time: str) -> str:
    """The time with its preposition: a year is asked for as a whole, else what held on the day."""
    return f"in {time}" if _YEAR_ONLY.match(time) else f"as of {time}"
