"""The training plan: every sequence of a run, made and tokenised beforehand from one seed."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

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
class PlanBuilder:
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


@dataclass(frozen=True, slots=True)
class Plan:
    """Tokenised sequences, concatenated.

    ids: (n_tokens,) int32; offsets: (n_sequences + 1,) int64 into ids; passage: (n_sequences,)
    int32, first passage token; start, end: (n_sequences,) int32 inclusive token positions, 0 when
    unanswered; group: (n_sequences,) int32; bundle: (n_bundles + 1,) int64 into the sequences.
    """

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    second: NDArray[np.int32]
    passage: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    group: NDArray[np.int32]
    bundle: NDArray[np.int64]

    def save(self, path: Path) -> None:
        """One .npz file."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> "Plan":
        """The plan that `save` wrote."""
        with np.load(path) as arrays:
            return cls(**{name: arrays[name] for name in cls.__slots__})

    def batches(self, tokens: int, seed: int, pool: int = 1500) -> Iterator[list[int]]:
        """Sequence numbers of each batch: at most `tokens` with padding, bundles kept together.

        Bundles are sorted by length within pools of `pool`, and each pool's batches shuffled.
        """
        rng = random.Random(seed)  # noqa: S311
        lengths = np.diff(self.offsets)
        longest = [
            int(lengths[a:b].max()) for a, b in zip(self.bundle, self.bundle[1:], strict=False)
        ]
        for first in range(0, len(longest), pool):
            members = sorted(range(first, min(first + pool, len(longest))), key=longest.__getitem__)
            batches: list[list[int]] = [[]]
            for number in members:
                sequences = list(range(int(self.bundle[number]), int(self.bundle[number + 1])))
                if batches[-1] and (len(batches[-1]) + len(sequences)) * longest[number] > tokens:
                    batches.append([])
                batches[-1].extend(sequences)
            rng.shuffle(batches)
            yield from batches


def tokenise(bundles: Sequence[Sequence[Pair]], tokenizer: Tokenizer, max_length: int) -> Plan:
    """`[CLS] question [SEP] context [SEP] passage [SEP]`; a span cut off by the limit drops out."""
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    pairs = [pair for bundle in bundles for pair in bundle]
    questions = _ids(tokenizer, [pair.question for pair in pairs])
    contexts = _ids(tokenizer, [pair.context for pair in pairs])
    rows: list[NDArray[np.int32]] = []
    columns: list[tuple[int, int, int, int, int]] = []
    kept_per_bundle: list[int] = []
    at = 0
    for bundle in bundles:
        encoded = tokenizer.encode_batch([p.passage for p in bundle], add_special_tokens=False)
        kept = 0
        for pair, passage in zip(bundle, encoded, strict=True):
            head = [cls, *questions[at][:40], sep]
            second = len(head)
            if contexts[at]:
                head += [*contexts[at][:24], sep]
            at += 1
            start = end = 0
            if pair.span is not None:
                inside = [
                    i
                    for i, (a, b) in enumerate(passage.offsets)
                    if b > pair.span[0] and a < pair.span[1]
                ]
                if not inside or len(head) + inside[-1] >= max_length - 1:
                    continue
                start, end = len(head) + inside[0], len(head) + inside[-1]
            body = passage.ids[: max_length - 1 - len(head)]
            rows.append(np.array([*head, *body, sep], dtype=np.int32))
            columns.append((second, len(head), start, end, pair.group))
            kept += 1
        if kept:
            kept_per_bundle.append(kept)
    table = np.array(columns, dtype=np.int32)
    return Plan(
        np.concatenate(rows),
        np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
        table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4],
        np.concatenate([[0], np.cumsum(kept_per_bundle)]).astype(np.int64),
    )  # fmt: skip


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    unique = list(dict.fromkeys(texts))
    encoded = tokenizer.encode_batch(unique, add_special_tokens=False)
    ids = {text: one.ids for text, one in zip(unique, encoded, strict=True)}
    return [ids[text] for text in texts]
