"""Who says what a claim tells: the police, a union, a mine's owner, the log of an alarm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.questions.common_words import COMMON, OPENERS
from api.answering.sentences import sentence_before
from api.answering.words import STOP_WORDS
from index.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

# Those of one row may be one body, or speak for one; those of two rows are not.
_SIDES: Final = {
    "owner": (
        "airline builder captain chairman chairwoman chief club company contractor "
        "curator dealer developer director factory farm firm founder head landlord maker "
        "manager master museum operator organiser organisers organizer organizers owner "
        "owners promoter promoters seller shop"
    ),
    "examiner": (
        "auditor auditors coroner court detective detectives inquest inquiry inspector "
        "inspectorate inspectors investigator investigators judge judges magistrate "
        "magistrates ombudsman police prosecution prosecutor prosecutors regulator "
        "regulators reviewers sheriff tribunal watchdog"
    ),
    "state": (
        "cabinet council councillor councillors government governor mayor minister "
        "ministers ministry officials"
    ),
    "workers": "guild strikers union unions",
    "scholar": (
        "academics analysts astronomers biologists chemists ecologists economists experts "
        "geologists hydrologists institute researcher researchers scientist scientists "
        "seismologists trackers university"
    ),
    "insurer": "insurer insurers underwriter underwriters",
    "public": (
        "activists campaigners critics farmers fishermen neighbor neighbors neighbour "
        "neighbours protesters residents villagers witness witnesses"
    ),
    "opposition": "opposition",
    "record": (
        "accounts books documents filings log logbook logs radar recorder recording "
        "records telemetry"
    ),
}
_SIDE_OF: Final = {word: side for side, words in _SIDES.items() for word in words.split()}
_SAYING: Final = re.compile(
    r"(?<!\bthe\s)(?<!\bits\s)(?<!\bown\s)(?<!\ba\s)\b(?:said|says?|tells?|told|puts?|gives?|gave|counts?|counted|estimates?|estimated|reckon(?:s|ed)?|"
    r"reports?|reported|publish(?:es|ed)|claim(?:s|ed)?|maintain(?:s|ed)?|insist(?:s|ed)?|"
    r"calculat(?:e|es|ed)|show(?:s|ed)?|f(?:ind|inds|ound)|conclude[sd]?|believe[sd]?|suggest(?:s|ed)?|"
    r"record(?:s|ed)|testified|announced|argue[sd]?)\b"
)
_ACCORDING: Final = re.compile(r"\b[Aa]ccording\sto\s(?P<who>[^,;]+)")
_SAID_AFTER: Final = re.compile(
    r",\s(?!(?:and|as|but|which|while|who)\b)(?:(?P<who>[^;\d]{2,80}?),?\s(?:said|says?|told\s[^,;]{2,80})"
    r"(?!\s(?:an?|he|it|she|that|the|they)\b)|(?:said|says?)\s(?P<whom>[^;\d]{2,80}))"
)
_CUTS: Final = re.compile(r"[;:]\s|\s(?:but|while|whereas|although|though)\s")
_PRONOUN_LAST: Final = re.compile(r"(?:\A|\s)(?:he|it|she|they|these|those)\s*\Z", re.IGNORECASE)
_THEIR_OWN: Final = re.compile(
    r"(?:(?:by|on)\s)?(?:her|his|its|their)\s(?:own\s)?"
    r"(?:account|count|estimate|figure|log|number|organiser|reckoning|records|tally)s?\b",
    re.IGNORECASE,
)
_WHO_DOES: Final = re.compile(r",\s(?:who|which|whose)\b.*", re.DOTALL)
_POSSESSIVE: Final = re.compile(r"\b[\w-]+(?:['’]s|s['’])\s")
_WORD: Final = re.compile(r"[^\W\d_][\w-]*")
_NAME: Final = re.compile(r"\b[A-Z][\w-]+")
_OWNER: Final = "owner"
_PARAGRAPH: Final = "\n"
_OPENING: Final = 12  # words of a sentence that tell of whom it is
_FEW: Final = 6  # words after "according to" that tell of whom


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says something.

    Attributes:
        sides: What they are to the matter: its owner, the state, those who examine it, a record.
        names: The capitalised words that they are called by, and by which their article presents
            them.
    """

    sides: frozenset[str]
    names: frozenset[str]

    def is_other_than(self, voice: Voice) -> bool:
        """Whether both are known, and are not of one body."""
        known = bool(self.sides) and bool(voice.sides)
        return known and self.sides.isdisjoint(voice.sides) and self.names.isdisjoint(voice.names)


def voice_of(claim: Claim, question: Question) -> Voice:
    """Read who says what a claim tells, in its sentence; of nobody where it does not say.

    A person whom the sentence only names is known by how the article presents them, and one whom
    the question names is taken for whose matter it is.
    """
    sides: set[str] = set()
    names: set[str] = set()
    for words in _speakers(claim):
        called = _names_in(words)
        names |= called
        own = _sides_of(words)
        if not own:
            for role in _roles_of(called, claim):
                own |= _sides_of(role)
                names |= _names_in(role)
        if not own and not question.names.isdisjoint(fold(name) for name in called):
            own = {_OWNER}
        sides |= own
    return Voice(frozenset(sides), frozenset(names))


def goes_on(claim: Claim) -> bool:
    """Whether a claim's figure is given by those of whom the sentence before tells: "they say"."""
    sentence = claim.sentence
    said = _SAYING.search(sentence, 0, claim.in_sentence.start)
    spoken = said is not None and _ends_with_pronoun(sentence[: said.start()])
    return spoken or _THEIR_OWN.match(sentence) is not None


def before_in_paragraph(claim: Claim) -> str:
    """The sentence before a claim's in its paragraph; empty where there is none."""
    chunk = claim.passage.chunk
    before = sentence_before(chunk, claim.sentence_start, list)
    if before is None:
        return ""
    between = chunk.text[before.end - chunk.start : claim.sentence_start - chunk.start]
    return "" if _PARAGRAPH in between else chunk.words(before)


def _speakers(claim: Claim) -> Iterator[str]:
    """The words for those who say a claim's figure: before its verb, else after the figure."""
    start, end = claim.in_sentence
    sentence = claim.sentence
    low = max((cut.end() for cut in _CUTS.finditer(sentence, 0, start)), default=0)
    according = _ACCORDING.search(sentence)
    if according is not None:
        yield " ".join(according["who"].split()[:_FEW])
    said = _SAYING.search(sentence, low, start)
    if said is not None and _ends_with_pronoun(sentence[low : said.start()]):
        said = _SAYING.search(sentence, 0, start)  # "Residents counted stumps; they say that ..."
        low = 0
    if said is not None and said.start() > low:
        words = _WHO_DOES.sub("", sentence[low : said.start()])
        yield words
        if _sides_of(words) or not goes_on(claim):
            return
    if goes_on(claim):
        yield " ".join(before_in_paragraph(claim).split()[:_OPENING])
        return
    after = _SAID_AFTER.search(sentence, end)
    if after is not None:
        yield after["who"] or after["whom"]


def _ends_with_pronoun(words: str) -> bool:
    return _PRONOUN_LAST.search(words) is not None


def _sides_of(words: str) -> set[str]:
    """What those are to the matter whom words name: of "the museum's insurer" the insurer."""
    for text in (_POSSESSIVE.sub(" ", words), words):
        sides = {_SIDE_OF[word] for word in _WORD.findall(text.lower()) if word in _SIDE_OF}
        if sides:
            return sides
    return set()


def _names_in(words: str) -> set[str]:
    return {
        name for name in _NAME.findall(words) if name.lower() not in COMMON | OPENERS | STOP_WORDS
    }


def _roles_of(names: set[str], claim: Claim) -> Iterator[str]:
    """How the article presents those of some names: "Lucia Ferrante, the director, said"."""
    if not names:
        return
    called = "|".join(map(re.escape, sorted(names)))
    pattern = re.compile(
        rf"\b(?:{called}),\s(?P<role>(?!(?:who|which|whose|and|but|where)\b)[a-z]+\s[^,.;\n]{{2,60}})[,.]"
    )
    for passage in claim.read:
        for match in pattern.finditer(passage.chunk.text):
            yield match["role"]
