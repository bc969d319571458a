"""The forms of comparing questions: "Which is bigger, A or B?", "Is A bigger than B?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.combining.comparisons.comparatives import DEGREES, SLOT
from api.answering.words import AUXILIARY

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = r"(?:the\s)?[A-Z0-9][\w'’&.-]*(?:\s(?:of\s)?[A-Z0-9][\w'’&.-]*)*"
# A name where letter case is ignored: any words, so "the" and "of" are words like the others.
_WORDS: Final = r"[A-Z0-9][\w'’&.-]*(?:\s[A-Z0-9][\w'’&.-]*)*"
_PLACED: Final = r"(?:in|at|from|for|to|on|of|by|with|under|near|through)"
_SIDES_FIRST: Final = re.compile(
    r"\A(?:(?:between|of|out\sof|from)\s(?P<both>[^,?]+?\sand\s[^,?]+?),|"
    rf"(?P<either>{_WORDS}(?:,\s{_WORDS})*,?\sor\s{_WORDS})\s?[:,–—-])\s(?P<asked>(?:{_PLACED}\s)?"
    r"(?:which|who|whose|what|where)\b.+)\Z",
    re.IGNORECASE,
)
_ASKED_OF: Final = re.compile(
    rf"\A(?:(?P<placed>{_PLACED})\s)?(?P<who>which|who|whose|what|where)\b(?P<asked>[^,:?]+?)"
    r"(?:[,:]|\s[–—-])\s+(?P<sides>[^?]+)\Z",
    re.IGNORECASE,
)
_ASKED_WITHOUT_COMMA: Final = re.compile(
    rf"\A(?:(?P<placed>(?i:{_PLACED}))\s)?(?P<who>(?i:which|who|whose|what|where))\b"
    rf"(?P<asked>[^,:?]+?)\s(?P<sides>(?:{_PLACED}\s)?{_NAME}(?:,\s{_NAME})*,?\sor\s"
    rf"(?:{_PLACED}\s)?{_NAME}[^?]*)\Z"
)
_ONE_OF: Final = re.compile(
    rf"\A(?:[Ww]hich|[Ww]ho)\s(?:one\s)?of\s(?P<sides>[^?]+?)\s(?P<asked>{AUXILIARY}\b[^?]+|"
    r"[a-z]+(?:s|ed|t|ent|ade|ew|old)\s[^?]+)\Z"
)
_EITHER: Final = re.compile(
    rf"\A(?P<auxiliary>(?i:{AUXILIARY}))\s(?P<before>[^?]*?)(?P<left>{_NAME}(?:,\s{_NAME})*),?\sor\s"
    rf"(?:{_PLACED}\s)?(?P<right>{_NAME})(?P<after>[^?]*)\Z"
)
_THAN: Final = re.compile(
    rf"\A(?P<auxiliary>{AUXILIARY})\s(?P<left>[^?]+?)\sthan\s(?P<right>[^?]+)\Z", re.IGNORECASE
)
# "the Elba fire or the Rona fire"
_SHORT_NAME: Final = r"(?:the\s)?[A-Z0-9][\w'’&.-]*(?:\s[A-Z0-9][\w'’&.-]*){0,3}"
_NOUN_TWICE: Final = re.compile(
    rf"(?<![\w'’&.-])(?P<left>{_SHORT_NAME})\s(?P<noun>[a-z][\w-]*)(?P<right>,?\sor\s(?:{_PLACED}\s)?{_SHORT_NAME})\s(?P=noun)\b"
)
# "that on Acme or that on Beta"
_THAT_PLACED: Final = re.compile(rf"\b(?:that|those|the\sones?)\s(?={_PLACED}\s)")
_OTHER_SIDE: Final = re.compile(
    rf"\A(?:(?P<that>that|those|the\sones?)\s)?(?:(?P<placed>{_PLACED})\s)?"
    rf"(?P<name>{_NAME})(?:\s{AUXILIARY}\b)?(?P<rest>(?:\s[^?]*)?)\Z"
)
_DEFINITE: Final = re.compile(r"\Athe\s[a-z]")
# "the crane at Hune"
_PLACED_THING: Final = re.compile(
    rf"\A(?P<thing>the\s[a-z][\w-]*(?:\s[a-z][\w-]*)?\s{_PLACED})\s(?P<name>{_NAME})"
)
_TAIL: Final = re.compile(
    r"(?<!\bor),?\s(?P<when>(?:in|at|by|on|as of|during|for|after|before|last|this)\b[^,]*)\Z",
    re.IGNORECASE,
)
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")
_SHARED: Final = re.compile(r"[^'’]+['’]s?\s(?P<owned>.+)\Z")
_FIRST_AUXILIARY: Final = re.compile(rf"\s(?P<auxiliary>{AUXILIARY})\s", re.IGNORECASE)
_OF_OTHERS: Final = frozenset({"do", "does", "did"})
_PARTICLES: Final = frozenset(
    "out up off down back over away through for on in to from at of by with".split()
)
_COMPARE: Final = re.compile(r"\A(?:please\s)?compare\s(?P<what>.+)\Z", re.IGNORECASE)
_HOW_COMPARE: Final = re.compile(
    r"\Ahow\s(?:do|does|did)\s(?P<what>.+?)\scompare(?:d)?"
    r"(?:\s(?:with|to|against)\s(?P<other>.+)|\s(?:in|on|by|in\sterms\sof)\s(?P<thing>.+))\Z",
    re.IGNORECASE,
)
_AND: Final = r"(?:and|with|to|against|versus|vs\.?)"
_BOTH_PLACED: Final = re.compile(
    rf"\A(?:the\s)?(?P<thing>.+?)\s(?P<placed>{_PLACED}|between)\s(?P<left>{_NAME})\s{_AND}\s"
    rf"(?:(?:that|those)\s)?(?:{_PLACED}\s)?(?P<right>{_NAME})(?P<rest>(?:\s[^?]*)?)\Z"
)
_BOTH_OWN: Final = re.compile(
    rf"\A(?P<left>{_NAME}(?<=['’s]))\s(?:(?P<thing>[a-z].+?)\s)?{_AND}\s(?:(?:that|those)\sof\s)?"
    rf"(?P<right>{_NAME})(?:\s(?P<owned>[a-z].*?))?\Z"
)
_BOTH_BY: Final = re.compile(
    rf"\A(?P<left>{_NAME})\s{_AND}\s(?P<right>{_NAME})\s(?:by|on|in|in\sterms\sof|for)\s"
    r"(?:the(?:ir)?\s)?(?P<thing>.+)\Z"
)
_PLURAL_THING: Final = re.compile(r"\A[a-z\s-]*?[a-z]{2}(?<![su])s(?=\s(?:of|for|in|at|to)\b|\Z)")
_SPACED_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class ComparisonForm:
    """A comparison as its question words it.

    Attributes:
        subjects: The sides, as they stand in the clause.
        clause: What is asked of each, with a slot for it.
    """

    subjects: list[str]
    clause: str


def comparison_forms(question: str) -> Iterator[ComparisonForm]:
    """Read a question in each form that it has, the plainest first.

    Args:
        question: The question without its mark at the end.
    """
    plain = _sides_last(question)
    for read in (_asked_of, _asked_one_of, _asked_either, _asked_than, _asked_to_compare):
        form = read(plain)
        if form is not None:
            yield form


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
    subjects, placed, tail = _listed(sides)
    auxiliary = _FIRST_AUXILIARY.search(match["asked"], 0, degree.start())
    who = match["who"].lower()
    start = _verb_start(match["asked"], degree) if auxiliary is None else auxiliary.start()
    noun, asked = match["asked"][:start].split(), match["asked"][start:].strip()
    owner = next((at for at, word in enumerate(noun) if _POSSESSIVE.search(word)), len(noun))
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
        subjects = [f"{_POSSESSIVE.sub('', name)}'s" for name in subjects]
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
    return ComparisonForm(_listed(match["sides"])[0], f"{SLOT} {match['asked']}")


def _asked_either(question: str) -> ComparisonForm | None:
    """Read "Is A or B bigger?", "Did more people vote in A or in B?"."""
    twice = _NOUN_TWICE.search(question)
    noun = "" if twice is None else f" {twice['noun']}"
    match = _EITHER.match(_NOUN_TWICE.sub(r"\g<left>\g<right>", question))
    if match is None:
        return None
    clause = f"{match['auxiliary'].lower()} {match['before']}{SLOT}{match['after']}"
    names = [*re.split(r",\s", match["left"]), match["right"]]
    return ComparisonForm([f"{name}{noun}" for name in names], clause)


def _asked_than(question: str) -> ComparisonForm | None:
    """Read "Is A bigger than B?", "Was the price in A higher than that in B?"."""
    match = _THAN.match(question)
    degree = None if match is None else DEGREES.search(match["left"])
    if match is None or degree is None:
        return None
    auxiliary, left = match["auxiliary"].lower(), match["left"]
    other = _OTHER_SIDE.match(match["right"])
    if other is None:
        return _asked_than_definite(auxiliary, left, degree, match["right"])
    begins = re.match(_NAME, left)
    if begins is not None and not (other["placed"] or other["that"]):
        return _asked_than_name(auxiliary, left, begins, degree, other)
    name, rest = other["name"], other["rest"]
    placed = _placed_name(left, other["placed"], degree)
    if placed is not None:
        slotted = f"{left[: placed.start('name')]}{SLOT}{left[placed.end('name') :]}"
        names = [placed["name"], _POSSESSIVE.sub("", name)]
        return ComparisonForm(names, f"{auxiliary} {slotted}{rest}")
    if begins is not None and _POSSESSIVE.search(begins[0]):  # "Acme's fare ... than that of Beta"
        clause = f"{auxiliary} {SLOT}{left[begins.end() :]}{rest}"
        return ComparisonForm([begins[0], f"{name}'s"], clause)
    return None


def _asked_than_definite(
    auxiliary: str, left: str, degree: re.Match[str], right: str
) -> ComparisonForm | None:
    """Read "Is the northern line longer than the southern line?"."""
    one, other = _PLACED_THING.match(left), _PLACED_THING.match(right)
    if one is not None and other is not None and one["thing"] == other["thing"]:
        rest = f"{left[one.end() :]}{right[other.end() :]}"
        return ComparisonForm(
            [one["name"], other["name"]], f"{auxiliary} {one['thing']} {SLOT}{rest}"
        )
    if not (_DEFINITE.match(left) and _DEFINITE.match(right)):
        return None
    subjects, _, tail = _listed(right)
    clause = f"{auxiliary} {SLOT} {left[degree.start() :]} {tail}".strip()
    return ComparisonForm([left[: degree.start()].strip(), *subjects], clause)


def _asked_than_name(
    auxiliary: str,
    left: str,
    begins: re.Match[str],
    degree: re.Match[str],
    other: re.Match[str],
) -> ComparisonForm:
    """Read what begins with the name of a side: "Is the Acme fare lower than the Beta fare?"."""
    name, rest = other["name"], other["rest"]
    thing = left[begins.end() : degree.start()].strip()
    if thing and rest.strip().startswith(thing):
        rest = rest.strip().removeprefix(thing)
        if not _POSSESSIVE.search(name):
            clause = f"{auxiliary} {SLOT} {left[degree.start() :]}{rest}"
            return ComparisonForm([f"{begins[0]} {thing}", f"{name} {thing}"], clause)
    return ComparisonForm([begins[0], name], f"{auxiliary} {SLOT}{left[begins.end() :]}{rest}")


def _placed_name(left: str, placed: str | None, degree: re.Match[str]) -> re.Match[str] | None:
    """The name with a preposition that another side takes the place of: "higher in Wexcombe".

    That is the last one with the other side's preposition; without one, the one at the end, or
    the last before the comparative.
    """
    if placed is not None:
        same = list(re.finditer(rf"\b{placed}\s(?P<name>{_NAME})", left))
        if same:
            return same[-1]
    names = list(re.finditer(rf"\b{_PLACED}\s(?P<name>{_NAME})", left))
    at_end = [match for match in names if match.end() == len(left)]
    before = [match for match in names if match.end() <= degree.start()]
    return next(iter([*at_end, *reversed(before)]), None)


def _asked_to_compare(question: str) -> ComparisonForm | None:
    """Read "Compare the fees in A and B", "How does A's profit compare with B's?"."""
    how = _HOW_COMPARE.match(question)
    if how is not None:
        ending = f"with {how['other']}" if how["thing"] is None else f"by {how['thing']}"
        what = f"{how['what']} {ending}"
    else:
        match = _COMPARE.match(question)
        if match is None:
            return None
        what = match["what"]
    own = _BOTH_OWN.match(what)
    if own is not None and (own["thing"] or own["owned"]):
        names = [f"{_POSSESSIVE.sub('', name)}'s" for name in (own["left"], own["right"])]
        thing = own["owned"] if own["thing"] is None else own["thing"]
        return ComparisonForm(names, f"what {_is(thing)} {SLOT} {thing}")
    by = _BOTH_BY.match(what)
    if by is not None:
        return ComparisonForm(
            [by["left"], by["right"]], f"what {_is(by['thing'])} the {by['thing']} of {SLOT}"
        )
    both = _BOTH_PLACED.match(what)
    if both is None:
        return None
    place = "of" if both["placed"] == "between" else both["placed"]
    clause = f"what {_is(both['thing'])} the {both['thing']} {place} {SLOT}{both['rest']}"
    return ComparisonForm([both["left"], both["right"]], clause)


def _is(thing: str) -> str:
    return "are" if _PLURAL_THING.match(thing) else "is"


def _listed(sides: str) -> tuple[list[str], str, str]:
    """Split "in A, B or C in 2024" into its names, their preposition, and what follows them."""
    tail = _TAIL.search(sides)
    names = sides if tail is None else sides[: tail.start()]
    parts = re.split(r",\s(?:or\s|and\s)?|\sor\s|\sand\s(?=(?:the\s)?[A-Z])", names.strip())
    named = [part.strip() for part in parts]
    placed = re.match(rf"({_PLACED})\s", named[0], re.IGNORECASE)
    place = "" if placed is None else placed[1].lower()
    if place:
        named = [re.sub(rf"\A{place}\s", "", name, flags=re.IGNORECASE) for name in named]
    shared = _SHARED.match(named[-1])
    if shared is not None:  # "Acme's or Bolt's profit"
        named = [
            f"{name} {shared['owned']}" if _POSSESSIVE.search(name) else name for name in named
        ]
    return named, place, "" if tail is None else tail["when"]
