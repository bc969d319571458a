"""Questions that ask for lists: what they list, and how they ask for one item of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from api.answering.combining.lists.list_forms import (
    ANY_PLURAL,
    COUNT,
    HOLDERS,
    OF_SEVERAL,
    OWNER,
    PHRASES,
    QUESTIONS,
    SEVERAL_DO,
)
from api.answering.questions.answer_kind import AnswerKind, wanted_kind
from api.answering.time.offices import office_asked_for

# "What brought airlines into trouble" asks for no airlines.
_DOES: Final = re.compile(
    r"\A(?:left|lost|won|made|gave|went|came|brought|bought|caught|sold|hit|drove|led|sent|kept|"
    r"held|put|cut|cost|took|told|got|forced|caused|helped|stopped|moved|prompted|persuaded)\Z",
    re.IGNORECASE,
)
_COMPOUND: Final = frozenset({AnswerKind.PERSON, AnswerKind.ORGANISATION})
_COUNT: Final = re.compile(rf"\b(which|what|the|all)\s{COUNT}\s", re.IGNORECASE)
_RUN: Final = re.compile(r"(?:\s(?:has|have))?\srun(?=\s)", re.IGNORECASE)
_WHICH_OF: Final = re.compile(r"\bwhich\sof\s", re.IGNORECASE)
_VERB_OR_PLURAL: Final = re.compile(
    r"(?<![su'’])s\Z(?<!\bsports)(?<!\barts)(?<!\bnews)(?<!\bbusiness)", re.IGNORECASE
)
_IRREGULAR: Final = {
    "chairmen": "chairman", "children": "child", "men": "man", "people": "person",
    "species": "species", "women": "woman",
}  # fmt: skip
_PEOPLE: Final = re.compile(
    r"activist|analyst|astronaut|boss|candidate|chef|councillor|dancer|economist|journalist|"
    r"lawmaker|musician|nominee|official|protester|researcher|rider|scientist|suspect|victim",
    re.IGNORECASE,
)
# What a question says of a list that it does not say of one item of it.
_ASIDE: Final = re.compile(
    r",\s(?:(?:including|counting|not\scounting|excluding|apart\sfrom)\b[^?]*|"
    r"[^,?]{2,60}\s(?:included|excluded))(?=\W*\Z)"
)
_VERB_OR_CLAUSE: Final = (
    "that|which|who|where|did|does|is|was|has|had|will|would|can|could|should|may|might|must"
)
_CLAUSE: Final = re.compile(r"\s(?P<relative>that|which|who|where)\s")
_PLACED: Final = re.compile(r"\s(?:in|at|near|from|involved|behind|against)\s")
_SINGULAR_VERBS: Final = {"are": "is", "were": "was", "have": "has", "do": "does"}


@dataclass(frozen=True, slots=True)
class AskedList:
    """What a question lists.

    Attributes:
        kind: The kind of answer that each item is: an organisation for "Which companies ...".
        of_one: The question about a single item, "Which company ..."; None where the question's
            words do not tell it from the whole list.
        noun: What each item is called: "fire"; None where the question does not say.
    """

    kind: AnswerKind
    of_one: str | None
    noun: str | None = None


def asks_for_list(question: str) -> bool:
    """Whether a question asks for several things, which may stand in several articles.

    "Which company ..." does not, nor does "Which two towns ...", whose answer names both.
    """
    return _match(question) is not None


def asked_list(question: str) -> AskedList | None:
    """Read what a question lists; None where it asks for one thing."""
    match = _match(question)
    if match is None:
        return None
    parts = match.groupdict()
    if "who" in parts:
        did = "was" if parts["been"] or parts["post"] else ""
        of_one = f"{question[: match.end('who')]} {did}{question[match.end() :]}"
        of_one = _RUN.sub(" ran", of_one.replace("  ", " "))
        return AskedList(AnswerKind.PERSON, _ASIDE.sub("", of_one))
    plural = parts.get("plural")
    if plural is None:
        return AskedList(wanted_kind(match[0]), None)
    singular = _singular(plural)
    before, after = question[: match.start("plural")], question[match.end("plural") :]
    before = _COUNT.sub(r"\1 ", before)
    before = re.sub(rf"\b(are|were)(?=\s(?:all\s)?{OWNER}\s)", _of_one, before, count=1)
    after = re.sub(rf"\A\s(?:and|or)\s({ANY_PLURAL})\b", _or_of_one, after)
    after = re.sub(
        rf"\A(?:\s(?!(?:{_VERB_OR_CLAUSE})\b)[\w’'-]+){{0,8}}?\s({OF_SEVERAL})\b(?!\s(?:they|we|you)\b)",
        _of_one,
        after,
    )
    after = re.sub(rf"\A\s({SEVERAL_DO})(?=\s)", lambda verb: f" {_verb_of_one(verb[1])}", after)
    before = re.sub(r"\bnames\sof\s(?:all\s)?(?:the\s)?", "", before)
    kind = wanted_kind(f"which {singular}")
    if kind is AnswerKind.OTHER and _PEOPLE.fullmatch(singular):
        kind = AnswerKind.PERSON
    if kind is AnswerKind.REASON:  # one of several may be two words: "high prices"
        kind = AnswerKind.OTHER
    asked = plural if _WHICH_OF.search(before) else singular  # "Which of the firms was fined?"
    if "phrase" in parts:
        phrase = f"{match['phrase'].removesuffix(plural)}{singular}"
        after = f" of {parts['whom'].strip()}" if parts.get("whom") else after
        return AskedList(kind, _asking_for(phrase, after, kind), singular.lower())
    return AskedList(kind, _ASIDE.sub("", f"{before}{asked}{after}"), singular.lower())


def _asking_for(phrase: str, after: str, kind: AnswerKind) -> str:
    """A question for what a phrase names: "Which firm closed?" for "firm that closed"."""
    after = after.rstrip(" .?!")
    clause = _CLAUSE.match(after)
    if clause is not None:
        said = re.sub(rf"\A({OF_SEVERAL})\b", _of_one, after[clause.end() :])
        said = re.sub(rf"\A({SEVERAL_DO})(?=\s)", lambda verb: _verb_of_one(verb[1]), said)
        asking = "in which" if clause["relative"] == "where" else "which"
        return f"{asking} {phrase} {said}?"
    if kind is AnswerKind.PERSON:
        return f"who was the {phrase}{after}?"
    if _PLACED.match(after):
        return f"which {phrase} is{after}?"
    return f"what is the {phrase}{after}?"


def _of_one(match: re.Match[str]) -> str:
    """A verb of several, as it is of one."""
    start, end = (place - match.start() for place in match.span(1))
    return f"{match[0][:start]}{_SINGULAR_VERBS[match[1].lower()]}{match[0][end:]}"


def _verb_of_one(verb: str) -> str:
    """A verb of several in the present, as it is of one: "closes" for "close"."""
    if re.search(r"(?:[sxzo]|ch|sh)\Z", verb):
        return f"{verb}es"
    return re.sub(r"(?<![aeiou])y\Z", "ie", verb) + "s"


def _or_of_one(match: re.Match[str]) -> str:
    """A second plural, "actors and actresses", as it is of one: "actor or actress"."""
    return f" or {_singular(match[1])}"


def _match(question: str) -> re.Match[str] | None:
    holders = HOLDERS.search(question)
    if holders is not None:
        asked = _RUN.sub(" ran", question[holders.start("who") :])
        if holders["post"] or office_asked_for(asked) is not None:
            return holders
    for pattern in (*QUESTIONS, *PHRASES):
        match = pattern.search(question)
        if match is not None and _is_plural(match):
            return match
    return None


def _is_plural(match: re.Match[str]) -> bool:
    """Whether the plural is what is asked for, not so in "Which company runs hospitals ..."."""
    words = (match.groupdict().get("before") or "").split()
    singular = any(wanted_kind(f"which {word}") is not AnswerKind.OTHER for word in words[:-1])
    # "Which drugs firm" and "which United States senator" ask for one.
    after = (
        re.match(r"\s([a-z]+)\b", match.string[match.end("plural") :])
        if "plural" in match.groupdict()
        else None
    )
    if after is not None and not singular:
        singular = wanted_kind(f"which {after[1]}") in _COMPOUND
    verb = any(_VERB_OR_PLURAL.search(word) for word in words)
    if words and match.string[: match.start("before")].lower().endswith("what"):
        verb = verb or _DOES.match(words[0]) is not None
    return not singular and not verb


def _singular(plural: str) -> str:
    word = plural.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    singular = re.sub(r"ies\Z", "y", plural)
    if singular.endswith("s"):
        singular = re.sub(r"(?<=ch|sh|ss)es\Z|s\Z", "", singular)
    return singular
