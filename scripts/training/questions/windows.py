"""Training windows: a random run of whole sentences around an answer, about the size we serve."""

import random
from dataclasses import dataclass

from scripts.training.questions.vocabulary import sentences_of

SERVED_CHARACTERS = 470  # about 110 word pieces of English


@dataclass(frozen=True, slots=True)
class Pair:
    """One sequence to train on; span is in code points of `passage`, None when unanswered.

    Pairs of one `group` share a question, and their spans are normalised together. Of a pair that
    is not `labelled`, whether it is answered is not known: only a teacher can say.
    """

    question: str
    context: str
    passage: str
    span: tuple[int, int] | None
    group: int
    labelled: bool = True


def draw_limit(rng: random.Random) -> int:
    """A window size in code points: mostly the served size, sometimes shorter."""
    if rng.random() < 0.6:
        return SERVED_CHARACTERS
    return rng.randint(180, SERVED_CHARACTERS + 60)


def window_around(
    text: str, start: int, end: int, limit: int, rng: random.Random
) -> tuple[int, int]:
    """A half-open (start, end) of whole sentences holding the span, at most `limit` where it can.

    A sentence longer than the limit is cut at spaces.
    """
    sentences = sentences_of(text)
    first = next(i for i, (_, b) in enumerate(sentences) if start < b)
    last = next(i for i, (_, b) in enumerate(sentences) if end <= b)
    a, b = sentences[first][0], sentences[last][1]
    if b - a > limit:
        return _cut(text, a, b, start, end, limit, rng)
    while True:
        ways = []
        if first > 0 and b - sentences[first - 1][0] <= limit:
            ways.append("left")
        if last + 1 < len(sentences) and sentences[last + 1][1] - a <= limit:
            ways.append("right")
        if not ways:
            return a, b
        if rng.choice(ways) == "left":
            first -= 1
            a = sentences[first][0]
        else:
            last += 1
            b = sentences[last][1]


def _cut(
    text: str, a: int, b: int, start: int, end: int, limit: int, rng: random.Random
) -> tuple[int, int]:
    room = max(0, limit - (end - start))
    left = max(a, start - rng.randint(0, room))
    right = min(b, left + max(limit, end - left))
    if left > a:
        space = text.find(" ", left, start)
        left = start if space < 0 else space + 1
    if right < b:
        space = text.rfind(" ", end, right)
        right = end if space < 0 else space
    return left, max(right, end)


def window_near(text: str, question: str, limit: int, rng: random.Random) -> tuple[int, int]:
    """A window of `text` around the sentence that shares most words with the question."""
    asked = {word for word in question.lower().rstrip("?").split() if len(word) > 3}
    sentences = sentences_of(text)
    best = max(
        sentences,
        key=lambda s: (len(asked & set(text[s[0] : s[1]].lower().split())), rng.random()),
    )
    return window_around(text, best[0], best[0] + 1, limit, rng)
