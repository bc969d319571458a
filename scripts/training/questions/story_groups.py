"""Questions on the stories with their passages, some headed by the question's names.

A later article seldom names what it tells of. When served, articles of a story are read under the
names of the question (`series.named_reading`); so they are learnt from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.combining.series.named_reading import headed_by_names
from api.answering.questions.question import Question
from api.answering.values.normal_form import normal_words
from api.answering.words import text_words
from scripts.training.questions.built_corpus import open_built, write_corpus
from scripts.training.questions.windows import Pair

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence
    from itertools import count
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation
    from index.records import Chunk, Passage
    from index.retriever import Retriever
    from scripts.training.questions.stories import Mark, Story, StoryQuestion

_RETRIEVED: Final = 12
_READ: Final = 60  # passages among which those of the story are sought
_ANSWERING: Final = 4
_NEAREST: Final = 2  # passages without the answer that are always there
_OF_ANSWERED: Final = 4  # passages of a question that has an answer, at least
_OF_UNANSWERED: Final = 3
_OTHER_STORY: Final = 0.4
_WITHOUT_CONTEXT: Final = 0.04
_HEADED: Final = 0.3  # of the questions about facts and of those without an answer
_HEADED_TIME: Final = 0.65
_LEAST_NAMED: Final = 1 / 3


def open_story_corpus(work: Path, stories: Sequence[Story], encoder: Encoder) -> Generation:
    """Open the index of all articles of some stories; build it where it is stale.

    Args:
        work: Folder for corpus and index; it is created.
        stories: Whose articles are indexed.
        encoder: The encoder to build with.
    """
    articles = ((story, article) for story in stories for article in story.articles)
    write_corpus(
        work / "corpus",
        "stories.jsonl",
        (
            {**article.model_dump(mode="json"), "id": f"{story.name}/{article.id}"}
            for story, article in articles
        ),
    )
    return open_built(work, encoder)


def story_bundles(
    stories: Sequence[Story], retriever: Retriever, rng: random.Random, groups: count[int]
) -> Iterator[list[Pair]]:
    """A bundle a question: the passages of its story that answer it, and the nearest that do not.

    Of a story over time, what changes is asked twice, with the question's names before the titles
    and without; without, a passage that names nothing of the question does not say what it is of,
    and is left out. A question whose answer is in none of its passages is left out, too.

    Args:
        stories: Whose questions are asked.
        retriever: Over their articles.
        rng: Draws the passages that do not answer, and what is headed.
        groups: Gives each bundle its number.
    """
    for story in stories:
        for question in story.questions:
            retrieved = retriever.retrieve(question.text, _RETRIEVED, read=_READ).passages
            marks = _marks(story, question)
            for headed in _ways(story, question, rng):
                bundle = _bundle(story, question, headed, retrieved, marks, rng)
                if bundle:
                    group = next(groups)
                    yield [Pair(question.text, *part, group) for part in bundle]


def _ways(story: Story, question: StoryQuestion, rng: random.Random) -> tuple[bool, ...]:
    """Whether passages are headed by the question's names; both where a figure changes."""
    if not story.is_over_time:
        return (False,)
    if question.kind in ("changing", "disagree"):
        return (True, False)
    return (rng.random() < (_HEADED_TIME if question.kind == "time" else _HEADED),)


def _marks(story: Story, question: StoryQuestion) -> dict[str, list[Mark]]:
    """Where each article answers a question: what is news there, then what one before it told."""
    marks = {article.id: story.marks(question, article.id) for article in story.articles}
    told: dict[str, list[Mark]] = {}
    for article in story.articles:
        before = {
            normal_words(mark.words)
            for earlier in story.articles
            if earlier.published_at < article.published_at
            for mark in marks[earlier.id]
        }
        own = marks[article.id]
        told[article.id] = sorted(own, key=lambda mark: normal_words(mark.words) in before)
    return told


def _bundle(
    story: Story,
    question: StoryQuestion,
    headed: bool,
    retrieved: Sequence[Passage],
    marks: Mapping[str, Sequence[Mark]],
    rng: random.Random,
) -> list[tuple[str, str, tuple[int, int] | None]]:
    """Context, text and span of each passage to learn from; nothing where none answers."""
    asked = Question.parse(question.text)
    own = [passage for passage in retrieved if _story_of(passage) == story.name]
    answering: list[tuple[str, str, tuple[int, int] | None]] = []
    others: list[tuple[str, str, tuple[int, int] | None]] = []
    for passage in own:
        chunk = (headed_by_names(asked, passage) if headed else passage).chunk
        mark = _mark_in(chunk, marks[_article_of(passage)])
        if mark is None:
            others.append((chunk.context, chunk.text, None))
        elif (
            headed or asked.share_named(text_words(f"{chunk.context} {chunk.text}")) > _LEAST_NAMED
        ):
            span = mark.start - chunk.start, mark.end - chunk.start
            answering.append((chunk.context, chunk.text, span))
    if question.told and not answering:
        return []
    wanted = _OF_ANSWERED if answering else _OF_UNANSWERED
    room = max(0, wanted - len(answering[:_ANSWERING]) - _NEAREST)
    further = others[_NEAREST:]
    bundle = [*answering[:_ANSWERING], *others[:_NEAREST]]
    bundle += rng.sample(further, min(len(further), room))
    elsewhere = [item.chunk for item in retrieved if _story_of(item) != story.name][:_ANSWERING]
    if elsewhere and rng.random() < _OTHER_STORY:
        other = rng.choice(elsewhere)
        bundle.append((other.context, other.text, None))
    if rng.random() < _WITHOUT_CONTEXT:
        bundle = [("", text, span) for _, text, span in bundle]
    return bundle


def _mark_in(chunk: Chunk, marks: Sequence[Mark]) -> Mark | None:
    """The first of an article's marks that is in a chunk of it."""
    end = chunk.start + len(chunk.text)
    return next((mark for mark in marks if mark.start >= chunk.start and mark.end <= end), None)


def _story_of(passage: Passage) -> str:
    return passage.article.id.rsplit("/", 1)[0]


def _article_of(passage: Passage) -> str:
    return passage.article.id.rsplit("/", 1)[1]
