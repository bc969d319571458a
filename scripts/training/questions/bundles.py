"""Question sets -> bundles of pairs: what trains together in one batch."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from api.answering.reading.pair_encoding import MAX_LENGTH
from scripts.training.questions.asked import Source, with_right_year
from scripts.training.questions.near_misses import NearMissMaker
from scripts.training.questions.negatives import Negatives
from scripts.training.questions.squad import Question
from scripts.training.questions.templates import MadeUp, make_pair
from scripts.training.questions.vocabulary import SimilarWords, names_in
from scripts.training.questions.windows import Pair, draw_limit, window_around, window_near
from scripts.training.questions.written import Brief


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of each part goes into a plan; rates are per answerable question.

    Attributes:
        negatives: Passages without the answer, `retrieved` of them found by BM25.
        near_misses: Questions or passages changed so that they no longer go together.
        dated: Questions with the right year added.
        made_up: Pairs of made-up sentences.
        again: How much of a second pass follows the first.
        questions: How many of the SQuAD train questions; None for all.
        written: Copies of the questions written for this project.
        news: Whether the news families and the stories are learnt from, with the passages
            retrieved for each question, and the other question sets with them.
        left_out: Which of these are not, by name; the others are drawn as if they were.
        unlabelled: Further passages for each question of the news families, without a label.
        max_length: The most tokens of a sequence.
    """

    negatives: float = 0.25
    retrieved: float = 0.5
    near_misses: float = 0.42
    dated: float = 0.15
    made_up: float = 0.035
    again: float = 0.3
    questions: int | None = None
    written: int = 0
    news: bool = False
    left_out: tuple[str, ...] = ()
    unlabelled: int = 0
    max_length: int = MAX_LENGTH
    seed: int = 13


@dataclass(frozen=True, slots=True)
class Sources:
    """The question sets.

    Attributes:
        spans: Answerable questions.
        human: Unanswerable questions, written by people on their passage.
        negatives_of: Questions whose paragraphs serve as passages without the answer.
        written: Questions on SQuAD paragraphs written for this project, of both kinds.
        briefs: Invented news briefs with their questions.
    """

    spans: Sequence[Question]
    human: Sequence[Question]
    negatives_of: Sequence[Question]
    written: Sequence[Question] = ()
    briefs: Sequence[Brief] = ()


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
            written=sources.written,
            briefs=sources.briefs,
        )
        return once + self._pass(again, rng) if again.spans else once

    def _pass(self, sources: Sources, rng: random.Random) -> list[list[Pair]]:
        made = self._span_bundles(sources, rng)
        made.extend([self._asked_pair(question, rng)] for question in sources.human)
        self.kinds["human"] += len(sources.human)
        for _ in range(self.recipe.written):
            made.extend(self._paragraph_bundles(sources.written, rng))
            made.extend(self._brief_bundles(sources.briefs, rng))
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

    def _asked_pair(self, question: Question, rng: random.Random) -> Pair:
        """A question on a window of its own passage, answered there or not."""
        text = question.context
        if question.answers:
            answer, at = question.answers[0]
            a, b = window_around(text, at, at + len(answer), draw_limit(rng), rng)
            span = (at - a, at - a + len(answer))
        else:
            a, b = window_near(text, question.question, draw_limit(rng), rng)
            span = None
        return Pair(question.question, _context(question, rng), text[a:b], span, self._next())

    def _paragraph_bundles(
        self, questions: Sequence[Question], rng: random.Random
    ) -> Iterator[list[Pair]]:
        """A bundle a paragraph, so that a batch holds what it answers beside what it does not."""
        for _, asked in groupby(questions, key=lambda question: question.context):
            bundle = [self._asked_pair(question, rng) for question in asked]
            self.kinds["written"] += len(bundle)
            yield bundle

    def _brief_bundles(self, briefs: Sequence[Brief], rng: random.Random) -> Iterator[list[Pair]]:
        """A bundle a question: its own brief, and two of its cluster that do not answer it."""
        for brief in briefs:
            cluster = [one for one in briefs if one.cluster == brief.cluster and one is not brief]
            for question in brief.questions():
                own = self._asked_pair(question, rng)
                bundle = [own]
                for other in rng.sample(cluster, min(2, len(cluster))):
                    if any(answer in other.text for answer, _ in question.answers):
                        continue
                    a, b = window_near(other.text, question.question, draw_limit(rng), rng)
                    title = other.title if own.context else ""
                    bundle.append(Pair(own.question, title, other.text[a:b], None, own.group))
                self.kinds["brief"] += len(bundle)
                yield bundle

    def _made_up(self, one: MadeUp) -> Pair:
        self.kinds["made_up"] += 1
        span = None if one.start is None or one.end is None else (one.start, one.end)
        return Pair(one.question, "", one.passage, span, self._next())

    def _next(self) -> int:
        self._group += 1
        return self._group


def _context(question: Question, rng: random.Random) -> str:
    return question.title.replace("_", " ") if rng.random() < 0.5 else ""
