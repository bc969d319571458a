"""Question sets -> bundles of pairs: what trains together in one batch."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.reader_training.asked import Source, with_right_year
from scripts.reader_training.data import Question
from scripts.reader_training.near_misses import NearMissMaker
from scripts.reader_training.negatives import Negatives
from scripts.reader_training.templates import MadeUp, make_pair
from scripts.reader_training.vocabulary import SimilarWords, names_in
from scripts.reader_training.windows import Pair, draw_limit, window_around, window_near


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of each part goes into a plan; rates are per answerable question."""

    negatives: float = 0.25
    retrieved: float = 0.5
    near_misses: float = 0.42
    dated: float = 0.15
    made_up: float = 0.035
    again: float = 0.3
    max_length: int = 152
    seed: int = 13


@dataclass(frozen=True, slots=True)
class Sources:
    """The question sets: `spans` are answerable; `human` holds human-written unanswerable ones."""

    spans: Sequence[Question]
    human: Sequence[Question]
    negatives_of: Sequence[Question]


@dataclass(slots=True)
class BundleMaker:
    """Turns question sets into bundles of pairs that train in the same batch."""

    recipe: Recipe
    words: SimilarWords
    kinds: Counter[str] = field(default_factory=Counter)
    _group: int = 0

    def bundles(self, sources: Sources) -> list[list[Pair]]:
        """Every bundle of the run, in the order of training.

        One pass over everything, then `recipe.again` of a second with new windows, negatives and
        near-misses. A run that is cut short loses only the second.
        """
        rng = random.Random(self.recipe.seed)  # noqa: S311
        once = self._pass(sources, rng)
        again = Sources(
            spans=rng.sample(sources.spans, round(len(sources.spans) * self.recipe.again)),
            human=rng.sample(sources.human, round(len(sources.human) * self.recipe.again)),
            negatives_of=sources.negatives_of,
        )
        return once + self._pass(again, rng) if again.spans else once

    def _pass(self, sources: Sources, rng: random.Random) -> list[list[Pair]]:
        made = self._span_bundles(sources, rng)
        made.extend(self._human_bundle(question, rng) for question in sources.human)
        for _ in range(round(self.recipe.made_up * len(sources.spans))):
            made.append([self._made_up(one) for one in make_pair(rng)])
        rng.shuffle(made)
        return made

    def _span_bundles(self, sources: Sources, rng: random.Random) -> list[list[Pair]]:
        names: dict[str, Counter[str]] = defaultdict(Counter)
        for context, title in dict.fromkeys((q.context, q.title) for q in sources.negatives_of):
            names[title].update(names_in(context))
        everywhere = sum(names.values(), Counter[str]())
        self.words.fit([q.question for q in sources.negatives_of], everywhere)
        maker = NearMissMaker(self.words, rng)
        article_names = {title: list(count) for title, count in names.items()}
        negatives = Negatives(sources.negatives_of, rng)
        retrieved = negatives.retrieve(sources.spans, 12)
        made = []
        for question, rows in zip(sources.spans, retrieved, strict=True):
            text, at = question.answers[0]
            a, b = window_around(question.context, at, at + len(text), draw_limit(rng), rng)
            context = _context(question, rng)
            group = self._next()
            passage, span = question.context[a:b], (at - a, at - a + len(text))
            pool = article_names.get(question.title, [])
            source = Source(question.question, passage, *span, pool)
            dated = with_right_year(source) if rng.random() < self.recipe.dated else None
            asked = question.question if dated is None else dated
            bundle = [Pair(asked, context, passage, span, group)]
            if rng.random() < self.recipe.negatives:
                row = negatives.choose(question, rows, same_article=1 - self.recipe.retrieved)
                if row is not None:
                    other, title = negatives.paragraphs[row]
                    c, d = window_near(other, question.question, max(200, b - a), rng)
                    shown = title.replace("_", " ") if context else ""
                    bundle.append(Pair(asked, shown, other[c:d], None, group))
                    self.kinds["negative"] += 1
            if rng.random() < self.recipe.near_misses:
                miss = maker.make(source)
                if miss is not None:
                    self.kinds[miss.kind] += 1
                    bundle.append(Pair(miss.question, context, miss.passage, None, self._next()))
            made.append(bundle)
        return made

    def _human_bundle(self, question: Question, rng: random.Random) -> list[Pair]:
        self.kinds["human"] += 1
        a, b = window_near(question.context, question.question, draw_limit(rng), rng)
        context = _context(question, rng)
        return [Pair(question.question, context, question.context[a:b], None, self._next())]

    def _made_up(self, one: MadeUp) -> Pair:
        self.kinds["made_up"] += 1
        span = None if one.start is None or one.end is None else (one.start, one.end)
        return Pair(one.question, "", one.passage, span, self._next())

    def _next(self) -> int:
        self._group += 1
        return self._group


def _context(question: Question, rng: random.Random) -> str:
    return question.title.replace("_", " ") if rng.random() < 0.5 else ""
