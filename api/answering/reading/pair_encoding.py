"""Pair encoding: a question and a passage as token sequences, in training and in serving alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tokenizers import Encoding, Tokenizer
from transformers import AutoTokenizer

MAX_LENGTH = 160
"""The most tokens of a window of our own readers."""
_QUESTION_TOKENS = 48
_CONTEXT_TOKENS = 24
_OVERLAP_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window: one sequence of tokens for the network.

    Attributes:
        ids: The whole sequence.
        second: Position of the first token after the question's separator.
        passage: Position of the first passage token.
        offsets: Start and end of each passage token, in code points of the passage.
        owner: Number of the pair that it belongs to, from 0.
    """

    ids: list[int]
    second: int
    passage: int
    offsets: list[tuple[int, int]]
    owner: int


class PairEncoder(Protocol):
    """Encodes pairs of a question and a passage; a long passage becomes overlapping windows.

    Attributes:
        max_length: The most tokens of a window.
        pad_id: The padding token.
        second_type: The token type of everything after the question.
    """

    max_length: int
    pad_id: int
    second_type: int

    def encode(self, pairs: Sequence[tuple[str, str, str]]) -> list[Encoded]:
        """Encode (question, context, passage) texts: every window of every pair, in order."""
        ...


class SpanModelPairs:
    """`[CLS] question [SEP] context [SEP] passage [SEP]`, without `context [SEP]` when empty."""

    second_type = 1

    def __init__(self, tokenizer: Tokenizer, *, max_length: int) -> None:
        self._tokenizer = tokenizer
        self.max_length = max_length
        self._cls, self._sep = _id(tokenizer, "[CLS]"), _id(tokenizer, "[SEP]")
        self.pad_id = _id(tokenizer, "[PAD]")

    @classmethod
    def load(cls, base: Path, *, max_length: int) -> "SpanModelPairs":
        """Load the tokenizer in the folder of the base encoder."""
        tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(tokenizer, max_length=max_length)

    def encode(self, pairs: Sequence[tuple[str, str, str]]) -> list[Encoded]:
        """Encode pairs; a text that occurs several times is tokenised once."""
        encoded = _encodings(self._tokenizer, [text for triple in pairs for text in triple])
        windows: list[Encoded] = []
        for owner, (question, context, passage) in enumerate(pairs):
            head = [self._cls, *encoded[question].ids[:_QUESTION_TOKENS], self._sep]
            second = len(head)
            if context:
                head += [*encoded[context].ids[:_CONTEXT_TOKENS], self._sep]
            body = encoded[passage]
            room = self.max_length - len(head) - 1
            for a, b in token_windows(len(body.ids), room, _OVERLAP_TOKENS):
                ids = [*head, *body.ids[a:b], self._sep]
                windows.append(Encoded(ids, second, len(head), body.offsets[a:b], owner))
        return windows


class HuggingFacePairs:
    """A Hugging Face tokenizer's own pair format; the context stands before the passage's text."""

    def __init__(self, tokenizer: Any, *, max_length: int) -> None:
        self._tokenizer = tokenizer.backend_tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.max_length = max_length
        self.pad_id: int = tokenizer.pad_token_id
        sample = self._tokenizer.encode("a", "a")
        texts = [at for at, sequence in enumerate(sample.sequence_ids) if sequence is not None]
        first, second = texts[0], texts[-1]
        self._before = sample.ids[:first]
        self._between = sample.ids[first + 1 : second]
        self._after = sample.ids[second + 1 :]
        self.second_type: int = sample.type_ids[second]

    @classmethod
    def load(cls, folder: Path) -> "HuggingFacePairs":
        """Load the fast tokenizer in a folder; nothing is downloaded."""
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        return cls(tokenizer, max_length=min(384, tokenizer.model_max_length))

    def encode(self, pairs: Sequence[tuple[str, str, str]]) -> list[Encoded]:
        """Encode pairs, as `SpanModelPairs.encode` does."""
        texts = [text for q, c, p in pairs for text in (q, f"{c}\n", p)]
        encoded = _encodings(self._tokenizer, texts)
        windows: list[Encoded] = []
        for owner, (question, context, passage) in enumerate(pairs):
            head = [*self._before, *encoded[question].ids[:_QUESTION_TOKENS], *self._between]
            second = len(head)
            if context:
                head += encoded[f"{context}\n"].ids[:_CONTEXT_TOKENS]
            body = encoded[passage]
            room = self.max_length - len(head) - len(self._after)
            for a, b in token_windows(len(body.ids), room, _OVERLAP_TOKENS):
                ids = [*head, *body.ids[a:b], *self._after]
                windows.append(Encoded(ids, second, len(head), body.offsets[a:b], owner))
        return windows


def token_windows(length: int, room: int, overlap: int) -> list[tuple[int, int]]:
    """Cut a sequence of tokens into half-open windows of equal size that cover it.

    Args:
        length: Tokens in the sequence.
        room: The most tokens of a window.
        overlap: The least tokens that neighbours share; half of ``room`` if that is less.
    """
    if length <= room:
        return [(0, length)]
    stride = max(1, room - min(overlap, room // 2))
    count = 1 + -(-(length - room) // stride)
    starts = [round(i * (length - room) / (count - 1)) for i in range(count)]
    return [(start, start + room) for start in starts]


def _encodings(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, Encoding]:
    unique = list(dict.fromkeys(texts))
    return dict(zip(unique, tokenizer.encode_batch(unique, add_special_tokens=False), strict=True))


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ValueError(
            f"tokenizer.json has no {token} token; the span reader needs a BERT tokenizer"
        )
    return int(number)
