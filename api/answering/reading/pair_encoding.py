"""A question and a passage as the token sequences a reader was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tokenizers import Encoding, Tokenizer
from transformers import AutoTokenizer

_MOST_QUESTION = 48
_MOST_CONTEXT = 24
_OVERLAP = 40


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window: a sequence and where its tokens stand.

    ids: the whole sequence; second: first token after the question's separator; passage: first
    passage token; offsets: (start, end) in code points of the passage for each passage token;
    owner: number of the (question, passage) it belongs to.
    """

    ids: list[int]
    second: int
    passage: int
    offsets: list[tuple[int, int]]
    owner: int


class PairEncoder(Protocol):
    """Encodes (question, context, passage) texts; long passages become overlapping windows.

    max_length: the most tokens of a window.
    """

    max_length: int
    pad_id: int
    second_type: int

    def encode(self, asked: Sequence[tuple[str, str, str]]) -> list[Encoded]:
        """Every window of every pair."""
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
        """With the tokenizer of the base encoder's folder."""
        tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(tokenizer, max_length=max_length)

    def encode(self, asked: Sequence[tuple[str, str, str]]) -> list[Encoded]:
        """Every window of every pair; a text that comes up several times is tokenised once."""
        encoded = _encodings(self._tokenizer, [text for triple in asked for text in triple])
        windows: list[Encoded] = []
        for owner, (question, context, passage) in enumerate(asked):
            head = [self._cls, *encoded[question].ids[:_MOST_QUESTION], self._sep]
            second = len(head)
            if context:
                head += [*encoded[context].ids[:_MOST_CONTEXT], self._sep]
            body = encoded[passage]
            room = self.max_length - len(head) - 1
            for a, b in token_windows(len(body.ids), room, _OVERLAP):
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
        places = [at for at, sequence in enumerate(sample.sequence_ids) if sequence is not None]
        first, second = places[0], places[-1]
        self._before = sample.ids[:first]
        self._between = sample.ids[first + 1 : second]
        self._after = sample.ids[second + 1 :]
        self.second_type: int = sample.type_ids[second]

    @classmethod
    def load(cls, folder: Path) -> "HuggingFacePairs":
        """With the fast tokenizer in `folder`; nothing is downloaded."""
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        return cls(tokenizer, max_length=min(384, tokenizer.model_max_length))

    def encode(self, asked: Sequence[tuple[str, str, str]]) -> list[Encoded]:
        """As SpanModelPairs.encode."""
        texts = [text for q, c, p in asked for text in (q, f"{c}\n", p)]
        encoded = _encodings(self._tokenizer, texts)
        windows: list[Encoded] = []
        for owner, (question, context, passage) in enumerate(asked):
            head = [*self._before, *encoded[question].ids[:_MOST_QUESTION], *self._between]
            second = len(head)
            if context:
                head += encoded[f"{context}\n"].ids[:_MOST_CONTEXT]
            body = encoded[passage]
            room = self.max_length - len(head) - len(self._after)
            for a, b in token_windows(len(body.ids), room, _OVERLAP):
                ids = [*head, *body.ids[a:b], *self._after]
                windows.append(Encoded(ids, second, len(head), body.offsets[a:b], owner))
        return windows


def token_windows(length: int, room: int, overlap: int) -> list[tuple[int, int]]:
    """Half-open token ranges that cover `length`, at most `room` each, evenly sized.

    Neighbours share at least `overlap` tokens (less where `room` is under twice that).
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
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ValueError(
            f"tokenizer.json has no {token} token; the span reader needs a BERT tokenizer"
        )
    return found
