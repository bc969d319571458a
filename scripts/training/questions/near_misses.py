"""Near-miss questions: answerable ones changed so that their passage no longer answers them.

The ways are those of SQuAD 2.0's writers (Rajpurkar et al. 2018, table 3): entity swap, number
and year swap, antonym, negation, mutual exclusion; and the same swap made in the passage, so that
the question itself gives nothing away.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.answering.words import STOP_WORDS
from scripts.training.questions.asked import (
    YEAR,
    Source,
    answer_of,
    apart,
    ask_in_year,
    may_answer,
    only_year,
    replace_word,
    same_initials,
)
from scripts.training.questions.vocabulary import SimilarWords, names_in

_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\d,]|\.\d)")
_WORD = re.compile(r"[A-Za-z]{4,}")

_NEGATABLE = re.compile(
    r"\b(did|does|do|was|were|is|are|has|have|had|can|could|will|would|should|may|must)\b"
)
# Words whose exchange for a similar one leaves a question as it was.
_EMPTY_WORDS = STOP_WORDS | frozenset(
    "become being between both called known long made often only other time type kind used "
    "very year years".split()
)
_ANTONYM_PAIRS = (
    "first last|oldest newest|before after|largest smallest|biggest smallest|highest lowest|"
    "most least|more less|more fewer|increase decrease|increased decreased|rise fall|rose fell|"
    "early late|earlier later|north south|east west|northern southern|eastern western|"
    "beginning end|began ended|begin end|start stop|started stopped|major minor|best worst|"
    "above below|inside outside|same different|positive negative|male female|men women|"
    "old new|older younger|longest shortest|long short|high low|higher lower|large small|"
    "larger smaller|greater lesser|maximum minimum|win lose|won lost|accept reject|"
    "accepted rejected|gain lose|gained lost|join leave|joined left|open close|opened closed|"
    "good bad|strong weak|strongest weakest|stronger weaker|rich poor|public private|"
    "internal external|ancient modern|include exclude|included excluded|legal illegal|"
    "common rare|popular unpopular|built destroyed|create destroy|created destroyed|support oppose|"
    "supported opposed|buy sell|bought sold|majority minority|upper lower|summer winter|"
    "father mother|son daughter|brother sister|husband wife|king queen|buying selling|"
    "always never|allowed forbidden|permitted banned|left right|easy difficult|hot cold|"
    "warm cool|fast slow|faster slower|fastest slowest|day night|import export|urban rural|"
    "spring autumn|causes prevents|cause prevent|caused prevented|produce consume|"
    "appointed dismissed|hired fired|defeated defended|attacked defended|civilian military|"
    "enter leave|entered left|arrive depart|arrived departed|success failure|advantage disadvantage"
)
# Words whose exchange turns a question round.
ANTONYMS: dict[str, str] = {}
for _pair in _ANTONYM_PAIRS.split("|"):
    _left, _right = _pair.split()
    ANTONYMS.setdefault(_left, _right)
    ANTONYMS.setdefault(_right, _left)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A pair that is not answered: `passage` equals the source's unless the swap was made there."""

    question: str
    passage: str
    kind: str


class NearMissMaker:
    """Makes near-misses with seeded choices; `words` finds names and words of the same kind."""

    def __init__(self, words: SimilarWords, rng: random.Random) -> None:
        self._words = words
        self._rng = rng
        self._ways = {
            "name": (self._swap_name, 5.0),
            "year": (self._swap_year, 4.0),
            "added_year": (self._add_wrong_year, 2.0),
            "number": (self._swap_number, 2.0),
            "antonym": (self._swap_antonym, 3.0),
            "negation": (self._negate, 0.6),
            "word": (self._swap_word, 2.5),
            "passage_name": (self._swap_name_in_passage, 3.0),
            "passage_year": (self._swap_year_in_passage, 2.0),
        }

    def make(self, source: Source) -> NearMiss | None:
        """One near-miss by a way drawn at random among those that apply, or None."""
        left = dict(self._ways)
        while left:
            kind = self._rng.choices(list(left), [weight for _, weight in left.values()])[0]
            made = left.pop(kind)[0](source)
            if made is not None:
                return NearMiss(made[0], made[1], kind)
        return None

    def _swap_name(self, source: Source) -> tuple[str, str] | None:
        name = self._pick([n for n in names_in(source.question) if n not in answer_of(source)])
        if name is None:
            return None
        other = self._other_name(name, source)
        return None if other is None else (source.question.replace(name, other), source.passage)

    def _other_name(self, name: str, source: Source) -> str | None:
        """A name of the same kind that the passage says nothing of that could be an answer."""
        pool = [n for n in source.article_names if apart(n, name) and apart(n, source.question)]
        near = self._words.nearest(name, pool, 6) if self._rng.random() < 0.75 else []
        if len(near) < 3:
            near = [*near, *(n for n in self._words.like_name(name, 12) if apart(n, name))]
        answer = answer_of(source)
        near = [
            n
            for n in near
            if apart(n, answer) and not same_initials(n, name) and not may_answer(source, n)
        ]
        return self._pick(near)

    def _swap_year(self, source: Source) -> tuple[str, str] | None:
        return self._change(source, YEAR, self._other_year)

    def _add_wrong_year(self, source: Source) -> tuple[str, str] | None:
        year = only_year(source)
        if year is None:
            return None
        other = self._other_year(year, source.passage)
        return ask_in_year(source.question, other), source.passage

    def _swap_number(self, source: Source) -> tuple[str, str] | None:
        return self._change(source, _NUMBER, self._other_number)

    def _change(
        self, source: Source, pattern: re.Pattern[str], other: Callable[[str, str], str]
    ) -> tuple[str, str] | None:
        found = pattern.search(source.question)
        if found is None or (pattern is _NUMBER and YEAR.fullmatch(found[0])):
            return None
        before, after = source.question[: found.start()], source.question[found.end() :]
        return f"{before}{other(found[0], source.passage)}{after}", source.passage

    def _other_year(self, year: str, passage: str) -> str:
        inside = [found[0] for found in YEAR.finditer(passage) if found[0] != year]
        if inside and self._rng.random() < 0.4:
            return self._rng.choice(sorted(set(inside)))
        step = self._rng.choice((1, 1, 2, 3, 5, 7, 10, 20, 50))
        return str(min(2029, max(1000, int(year) + self._rng.choice((-1, 1)) * step)))

    def _other_number(self, number: str, _passage: str) -> str:
        value = float(number.replace(",", ""))
        factor = self._rng.choice((0.5, 2.0, 1.5, 10.0))
        new = value * factor + self._rng.choice((1, 2, 3))
        return f"{new:,.0f}" if "," in number else f"{new:.0f}"

    def _swap_antonym(self, source: Source) -> tuple[str, str] | None:
        words = [w for w in re.findall(r"[A-Za-z]+", source.question)[1:] if w.lower() in ANTONYMS]
        word = self._pick(words)
        if word is None:
            return None
        return replace_word(source.question, word, ANTONYMS[word.lower()]), source.passage

    def _negate(self, source: Source) -> tuple[str, str] | None:
        found = _NEGATABLE.search(source.question)
        if found is None:
            return None
        rest = source.question[found.end() :]
        if found[0] in (
            "did",
            "does",
            "do",
            "can",
            "could",
            "will",
            "would",
            "should",
            "may",
            "must",
        ):
            verb = re.match(r"\s+(?:the\s+)?\S+", rest)
            at = found.end() + (verb.end() if verb is not None else 0)
        else:
            at = found.end()
        never = self._rng.choice((" not", " never")) if found[0] != "is" else " not"
        return source.question[:at] + never + source.question[at:], source.passage

    def _swap_word(self, source: Source) -> tuple[str, str] | None:
        """Mutual exclusion: a content word for another of its kind, often one of the passage's."""
        words = [
            w
            for w in _WORD.findall(source.question)
            if w.islower() and w not in _EMPTY_WORDS and self._words.knows(w)
        ]
        word = self._pick(words)
        if word is None:
            return None
        near = [n for n in self._words.like_word(word, 24)[2:] if n not in source.question]
        inside = [n for n in near if re.search(rf"\b{n}\b", source.passage)]
        other = self._pick(inside) if inside else self._pick(near[:14])
        return (
            None if other is None else (replace_word(source.question, word, other), source.passage)
        )

    def _swap_name_in_passage(self, source: Source) -> tuple[str, str] | None:
        answer = answer_of(source)
        shared = [n for n in names_in(source.question) if n in source.passage and apart(n, answer)]
        name = self._pick(shared)
        if name is None:
            return None
        other = self._other_name(name, source)
        return None if other is None else (source.question, source.passage.replace(name, other))

    def _swap_year_in_passage(self, source: Source) -> tuple[str, str] | None:
        found = YEAR.search(source.question)
        if found is None or found[0] not in source.passage or found[0] in answer_of(source):
            return None
        other = self._other_year(found[0], "")
        return source.question, source.passage.replace(found[0], other)

    def _pick(self, choices: Sequence[str]) -> str | None:
        return self._rng.choice(choices) if choices else None
