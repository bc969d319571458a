"""Of whom a text says an answer: of the actor that the question asks about, or of another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.actors.asked_actors import NAMES_ANOTHER, asked_actors, is_place
from api.answering.actors.asked_names import AskedNames
from api.answering.actors.named_text import NamedText, Sentence, headings_of
from api.answering.actors.office_owners import office_owner
from api.answering.actors.offices import STANDS_FOR
from api.answering.actors.other_things import OtherThings
from api.answering.actors.takeovers import TAKES
from api.answering.questions.answer_kind import NAMED, AnswerKind
from api.answering.sentences import sentence_around
from api.answering.time.offices import office_asked_for
from api.answering.words import share_present, text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.mentions import Mention
    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage, Span

_FOUNDER: Final = re.compile(r"\bfound(?:er|ed)", re.IGNORECASE)
# A subject of these is hardly a firm or a person: others are the subjects of what tells it.
_OF_THINGS: Final = re.compile(
    r"\b(?:costs?|costing|opens?|opened|begins?|starts?|ends?|lasts?|take\splace|held|happen|worth|"
    r"named|called|renamed|built|finished|completed|ready|located)\b",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(r"\d")
_CONTRAST: Final = re.compile(r";\s|,?\s(?:while|whereas|but|although|though)\s|,\sand\s(?=[A-Z])")
_COLON: Final = re.compile(r":\s")
_PREPOSITION: Final = re.compile(
    r"\b(?:in|at|by|from|with|to|on|against|after|before|for|near|under|over|of|than|between|into|"
    r"through|like|unlike|despite|and|or|as|about|across|outside|behind)\s(?:the\s|its\s|rival\s)?\Z",
    re.IGNORECASE,
)
# What is said of "shares in Acme" or "workers at Acme" is said of Acme.
_PART_OF: Final = re.compile(
    r"\b(?:shares?|stock|sales|profits?|revenues?|losses|deliveries|employees|workers|staff|board|"
    r"holders|shareholders|customers|members|output|debts?|spending)\s(?:of|in|at)\s(?:the\s)?\Z",
    re.IGNORECASE,
)
# What others reckon is not said of them: "Acme expects that Beta will lose".
_REPORTS: Final = re.compile(
    r"\b(?:say|said|says|sees|told|thinks?|puts?|reckons?|believes?|wrote|according\sto)\s"
    r"(?!(?:[\w-]+\s){0,3}?(?:it|its|they|their)\b)"
    r"|\b(?:estimates?d?|predicts?|predicted|forecasts?|expects?|expected|reports?|reported|"
    r"announced)\s(?:that\s)(?!(?:[\w-]+\s){0,3}?(?:it|its|they|their)\b)",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(
    rf"\b(?:it|its|they|their|he|she|his|her|the\s(?:[\w’'-]+\s){{0,3}}?{STANDS_FOR})\b",
    re.IGNORECASE,
)
_OBJECT: Final = re.compile(
    rf"\b(?:(?:it|him|her|them)\b(?!\s(?:will|would|has|had|is|was|does|did|can|could|may|might))|"
    rf"the\s(?:[\w’'-]+\s){{0,3}}?{STANDS_FOR}\b)",
    re.IGNORECASE,
)
_DESCRIBES: Final = re.compile(rf"\A\s(?:[a-z-]+\s){{0,2}}?{STANDS_FOR}\b")
_THE: Final = re.compile(r"\b(?:the|an?)\s\Z", re.IGNORECASE)
_TOLD: Final = 0.5  # share of a question's other words
_SAID_OF: Final = re.compile(r"\A\s(?P<how>for|in|on|of|at|from|to|by)\s(?:the\s)?\Z")


class Governing:
    """Tells which spans are said of another actor than the question asks about.

    Args:
        question: The question; of one that asks about no actor nothing is told.
        passages: What was read.
    """

    def __init__(self, question: Question, passages: Sequence[Passage]) -> None:
        self._question = question
        self._actors = asked_actors(question.text)
        self._of_places = bool(self._actors) and all(actor.is_place for actor in self._actors)
        self._passages = passages
        self._text = NamedText(passages, question.names)
        self._asked = AskedNames(question, self._actors, self._text)
        self._other_things = OtherThings(question, passages, self._text, self._asked)
        self._office = office_asked_for(question.text)
        if self._office is None and question.kind is AnswerKind.PERSON:
            self._office = _FOUNDER if _FOUNDER.search(question.text) else None
        # Firms say what people do, and what things cost.
        self._of_firm = _OF_THINGS.search(question.text) is None and not self._text.are_people(
            word for actor in self._actors for word in actor.words
        )

    def of_another(self, scored: ScoredSpan) -> bool:
        """Whether another actor governs a span, and the asked one stands nowhere that counts.

        Another governs it that owns the office that the span is named with, is the subject of its
        clause, or is what a pronoun there stands for. Where nothing governs it, it is another's if
        the text is about that: the title or what stands before names that, and never the asked one.
        """
        passage = self._passages[scored.passage]
        around = sentence_around(passage, scored.span)
        sentence = passage.chunk.words(around)
        at = (scored.span.start - around.start, scored.span.end - around.start)
        if self._other_things.is_one(passage, around, scored.span):
            return True
        if not self._actors:
            return False
        if self._said_of_other_thing(sentence, at):
            return True
        if self._office is not None:
            return self._office_of_another(self._office, passage, around, sentence, at)
        if self._of_firm and self._may_be_of_subject(passage.chunk.words(scored.span)):
            return self._clause_of_another(passage, around, sentence, at)
        return not self._asked.any_name_in(sentence) and self._about_another(passage, around)

    def lacks_names(self, passage: Passage) -> bool:
        """Whether an article has none of the question's names, and another one has some.

        One that never names what it tells of, as later ones of a story, is told by other words.
        """
        if not self._asked.lacking_in(passage.article.id):
            return False
        words = self._question.words - self._question.names - self._question.years
        own = text_words(passage.chunk.indexed_text)
        return len(words) > 1 and share_present(words, own) < _TOLD

    def _may_be_of_subject(self, words: str) -> bool:
        """Whether an answer is said of the subject of its clause: a figure, a day or a place."""
        kind = self._question.kind
        if kind is AnswerKind.OTHER:
            return _FIGURE.search(words) is not None
        return kind is AnswerKind.PLACE or kind not in {*NAMED, AnswerKind.REASON}

    def _office_of_another(
        self,
        office: re.Pattern[str],
        passage: Passage,
        around: Span,
        sentence: str,
        at: tuple[int, int],
    ) -> bool:
        start, end = at
        names = self._text.names(sentence)
        named = [mention for mention in names if mention.end <= start or mention.start >= end]
        owner = office_owner(office, sentence, start, end, named)
        if owner is not None:
            return not (self._asked.named_by(owner) or self._describes(owner, sentence))
        before = [mention for mention in named if mention.end <= start]
        if any(self._asked.named_by(mention) for mention in before):
            return False
        if _PRONOUN.search(sentence, 0, start) is None:
            return self._about_another(passage, around)
        rivals = [
            mention
            for mention in before
            if self._is_rival(mention, sentence) and not self._text.is_person(mention)
        ]
        # "Acme said that its chief executive, Bo Ek"
        if rivals and _PRONOUN.search(sentence, rivals[-1].end, start):
            return True
        # "On the company's call, Bo Ek said that it was Acme's first aim"
        owners = (mention for mention in named if mention.words[-1].possessive)
        if not self._asked.stand_in(sentence) and any(
            self._is_rival(owner, sentence) and not self._text.is_person(owner) for owner in owners
        ):
            return True
        return self._told_of_another_before(passage, around)

    def _clause_of_another(
        self, passage: Passage, around: Span, sentence: str, at: tuple[int, int]
    ) -> bool:
        low, high = _clause(sentence, *at)
        subject = self._subject(sentence, low, at[0])
        has_asked = self._asked.stand_in(sentence)
        if subject is None:
            pronoun = _PRONOUN.search(sentence, low, at[0])
            told = self._told_of_another_before if pronoun else self._about_another
            return not has_asked and told(passage, around)
        if not self._is_rival(subject, sentence):
            return self._takes_it_over(subject, sentence[:high])
        # Of "Acme sells two plants: Skar in Norway and Hune in Finland" the places are the plants'.
        if self._question.kind is AnswerKind.PLACE and self._asked.any_name_in(sentence[low:high]):
            return False
        if has_asked:
            return not self._asked.stand_in(sentence[low:high])
        # "Acme paid the firm $4 billion"
        to_asked = _OBJECT.search(sentence, subject.end) is not None
        return not to_asked or self._about_another(passage, around)

    def _takes_it_over(self, subject: Mention, clause: str) -> bool:
        """Whether a clause says the opposite of the question: who takes is there what is taken."""
        if self._asked.named_by(subject) or not TAKES.search(self._question.text):
            return False
        asked = next(
            (
                mention.start
                for mention in self._text.names(clause)
                if mention.start > subject.start and self._asked.named_by(mention)
            ),
            None,
        )
        return asked is not None and TAKES.search(clause, subject.end, asked) is not None

    def _subject(
        self, sentence: str, low: int, high: int, *, skip_sources: bool = True
    ) -> Mention | None:
        """The first name in a stretch of a sentence that something is said of there.

        "Acme says that" is a source for what is said of others.
        """
        for mention in self._text.names(sentence):
            if mention.start < low or mention.end > high:
                continue
            before = sentence[low : mention.start]
            if _PREPOSITION.search(before) and not _PART_OF.search(before):
                continue
            if self._describes(mention, sentence) or self._text.is_person(mention):
                continue
            if not skip_sources or not _REPORTS.search(sentence, mention.end, high):
                return mention
        return None

    def _told_of_another_before(self, passage: Passage, around: Span) -> bool:
        """Whether the subject of the nearest sentence before, in the paragraph, is another."""
        known = self._text.sentences(passage.article.id)
        here = next((each for each in known if each.start == around.start), None)
        if here is None or here.opens:
            return self._about_another(passage, around)
        paragraph: list[Sentence] = []
        for earlier in reversed([each for each in known if each.start < around.start]):
            paragraph.append(earlier)
            if earlier.opens:
                break
        has_name = self._asked.any_name_in if self._office is None else self._asked.stand_in
        if any(has_name(earlier.text) for earlier in paragraph):
            return False
        if any(self._rivals(earlier.text) for earlier in paragraph):
            return True
        return self._about_another(passage, around)

    def _about_another(self, passage: Passage, around: Span) -> bool:
        """Whether the text up to a sentence names others, and nowhere the asked actor."""
        chunk = passage.chunk
        before = [
            each for each in self._text.sentences(passage.article.id) if each.start < around.start
        ]
        # An office is of the asked actor alone; of anything else the text may name another part.
        has_name = self._asked.any_name_in if self._office is None else self._asked.stand_in
        if has_name(chunk.context) or any(has_name(each.text) for each in before):
            return False
        headings = headings_of(chunk.context)
        if any(self._rivals(heading) for heading in headings):
            return True
        complete = bool(before) and before[-1].known
        return complete and any(self._rivals(each.text) for each in before)

    def _rivals(self, sentence: str) -> bool:
        subject = self._subject(sentence, 0, len(sentence), skip_sources=False)
        return subject is not None and self._is_rival(subject, sentence)

    def _said_of_other_thing(self, sentence: str, at: tuple[int, int]) -> bool:
        """Whether a figure is for another thing, and the sentence has one for the asked thing.

        "Acme paid $1 billion for Beta and $19 billion for Gamma"
        """
        following = next((m for m in self._text.names(sentence) if m.start >= at[1]), None)
        if following is None or self._asked.spells(following):
            return False
        match = _SAID_OF.match(sentence[at[1] : following.start])
        if match is None:
            return False
        how = re.compile(rf"\d[^,;]*\s{match['how']}\s(?:the\s)?\Z")
        return any(
            self._asked.spells(mention) and how.search(sentence[: mention.start])
            for mention in self._text.names(sentence)
        )

    def _is_rival(self, mention: Mention, sentence: str) -> bool:
        """Whether a name is that of an actor that the question does not name.

        What is asked about a country, firms and parties there may be the subjects of.
        """
        if self._of_places and not is_place(mention):
            return False
        return not (self._asked.in_question(mention) or self._describes(mention, sentence))

    def _describes(self, mention: Mention, sentence: str) -> bool:
        """Whether a name only describes: "the Basel firm"."""
        after = sentence[mention.end :]
        if mention.words[-1].possessive:
            return NAMES_ANOTHER.match(after) is not None
        the = _THE.search(sentence[: mention.start])
        return the is not None and _DESCRIBES.match(after) is not None


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The part of a sentence around a span that is not set against another part with a figure."""
    contrasts = (
        match
        for match in _CONTRAST.finditer(sentence)
        if _FIGURE.search(sentence, 0, match.start())
    )
    cuts = [*_COLON.finditer(sentence), *contrasts]
    return (
        max([0, *(cut.end() for cut in cuts if cut.end() <= start)]),
        min([len(sentence), *(cut.start() for cut in cuts if cut.start() >= end)]),
    )
