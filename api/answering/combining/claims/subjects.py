"""Whom a claim speaks of: the name in its sentence, or the one that "it" stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.namesakes import is_namesake
from api.answering.questions.common_words import COMMON, OPENERS
from api.answering.word_stems import stems
from api.answering.words import split_words, text_words
from index.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

COMPANY: Final = "company|group|firm|bank|club|chipmaker|retailer|carmaker|maker"
"""What a firm is called in place of its name, as alternatives of a pattern."""
_PRONOUN: Final = re.compile(
    r"\W*(?:(?:[Ii]t|[Tt]hey|[Hh]e|[Ss]he|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er)\b"
    rf"|[Tt]he\s(?:{COMPANY})\b)"
)
_OTHER_OF_ITS_OWN: Final = re.compile(
    r"(?:['’]s)?\s(?:[a-z]+\s){0,2}(?:other|second|third|sister)\s"
)
# What a person says need not be about that person; "it" or "they" may be those who speak.
_PERSON_SAYS: Final = re.compile(
    r"\W*[^\W\d_a-z][\w’'.-]*(?:\s[^\W\d_a-z][\w’'.-]*){0,2}"
    r"(?:,\s\d\d,|,\s(?:who|whose|the|its|an?)\s[^,;]{2,60},)(?:\s(?:who|whose)\s[^,;]{2,60},)?\s"
    r"(?:said|says|told|added|announced|estimated)\b(?:\s(?:reporters|journalists|investors))?"
    r"(?:\s(?:on|in)\s[A-Z]\w+)?(?:\sthat)?\s(?!(?:he|she|it|they|his|her|its|their)\b)"
)
# "The by-pass at Stoke Farring": a thing, and the name of where it is or whose.
_PLACED_THING: Final = re.compile(
    r"\W*(?:The|An?)\s(?P<thing>(?:[a-z][\w-]*\s){1,3})(?:at|in|near|of|from|for)\s(?:the\s)?"
    r"(?P<name>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)"
)
# "A new depot beside it", "An earlier flood" where a flood is asked about: another of its kind.
_BESIDE_IT: Final = re.compile(
    r"\W*(?:The|An?)\s(?P<thing>(?:[a-z][\w-]*\s){1,3})"
    r"(?:alongside|behind|beside|near|next\sto|opposite)\s(?:it|them)\b"
)
_ANOTHER: Final = re.compile(
    r"\W*(?:Another|An?\s(?P<which>different|earlier|previous|second|separate|similar|third))\s"
    r"(?P<thing>[a-z][\w-]*)\s"
)
# An earlier one of these is one of the same thing.
_REVISED: Final = stems(
    "agreement bid budget count deal draft estimate figure forecast guidance loan offer plan poll "
    "price proposal report survey target tally toll version"
)
# "Lenimun, made by Hollis, ...": what is told of a name.
_TOLD_OF: Final = re.compile(
    r"\W*[A-Z][\w’'-]*,\s(?:an?|based|built|founded|led|made|owned|published|run|the|which|whose)\s"
)
_LOWER: Final = re.compile(r"\b[a-z]{5,}\b")
_PARAGRAPH: Final = "\n"


def speaks_of_another(claim: Claim, question: Question) -> bool:
    """Whether a claim's subject is another thing, or a name that the question does not have.

    It is a name where its sentence, or the nearest one before it in the paragraph that a pronoun
    may refer to, opens with one and lacks one of the question's.
    """
    sentence = claim.sentence
    if opens_beside(sentence, question) or _opens_with_another(sentence, question):
        return True
    if is_namesake(sentence, question):
        return True
    return bool(question.names - COMMON) and _speaks_of_another_name(claim, question)


def _speaks_of_another_name(claim: Claim, question: Question) -> bool:
    for sentence in _back_from(claim):
        if not question.lacking_names(text_words(sentence)) - COMMON:
            return False
        opening = _PRONOUN.match(sentence)
        if opening is not None and _OTHER_OF_ITS_OWN.match(sentence, opening.end()):
            return True  # "The company's only other project, Hollow Sands, cost €1.6bn"
        if _said_by_a_person(sentence, claim):
            return False
        if opening is None:
            return _opens_with_a_name(sentence, question.names, claim) or _opens_with_another_thing(
                sentence, question
            )
    return False


def opens_beside(sentence: str, question: Question) -> bool:
    """Whether a sentence's subject stands beside what is asked about: "A new depot beside it"."""
    beside = _BESIDE_IT.match(sentence)
    return beside is not None and stems(beside["thing"]).isdisjoint(stems(question.text))


def _opens_with_another(sentence: str, question: Question) -> bool:
    """Whether a sentence's subject is another thing of the kind that is asked about.

    "An earlier flood" is another one where the question asks of a flood, but an earlier estimate
    is one of the same thing.
    """
    another = _ANOTHER.match(sentence)
    if another is None or another["which"] in question.words:
        return False
    thing = stems(another["thing"])
    if not thing or not thing <= stems(question.text) or not thing.isdisjoint(_REVISED):
        return False
    return text_words(sentence).isdisjoint((question.names - COMMON) | question.years)


def _said_by_a_person(sentence: str, claim: Claim) -> bool:
    """Whether a claim's figure is in what a person said: "Ann Lee, 49, said 52 would close"."""
    said = _PERSON_SAYS.match(sentence)
    return said is not None and sentence == claim.sentence and claim.in_sentence.start >= said.end()


def _back_from(claim: Claim) -> Iterator[str]:
    """The claim's sentence and those before it in its paragraph, last first."""
    yield claim.sentence
    chunk, following = claim.passage.chunk, claim.sentence_start
    for bounds in reversed(chunk.sentences):
        if bounds.end > following:
            continue
        if _PARAGRAPH in chunk.text[bounds.end - chunk.start : following - chunk.start]:
            return
        following = bounds.start
        yield chunk.words(bounds)


def _opens_with_another_thing(sentence: str, question: Question) -> bool:
    """Whether the subject is a thing that the question does not have, with another name."""
    opening = _PLACED_THING.match(sentence)
    if opening is None or not text_words(opening["name"]).isdisjoint(question.names | COMMON):
        return False
    return text_words(opening["thing"]).isdisjoint(question.words)


def _opens_with_a_name(sentence: str, names: frozenset[str], claim: Claim) -> bool:
    """Whether the first word is a name, none of those given.

    Then it has a capital within a sentence or heading near it, too.
    """
    words = split_words(sentence)
    if not words or not words[0][:1].isupper() or fold(words[0]) in COMMON | OPENERS | names:
        return False
    if _TOLD_OF.match(sentence):
        return True
    chunk = claim.passage.chunk
    spelled = re.compile(rf"(?<=[\w,;:] ){re.escape(words[0])}\b")
    headings = chunk.context if _LOWER.search(chunk.context) else ""
    return any(spelled.search(text) for text in (headings, chunk.text))
