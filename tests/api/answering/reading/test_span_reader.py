from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from torch import Tensor
from transformers import BertConfig, BertForQuestionAnswering, BertTokenizer

from api.answering.reading.batches import LargeBatches
from api.answering.reading.network import HuggingFaceNetwork, SpanLogits
from api.answering.reading.pair_encoding import SpanModelPairs, token_windows
from api.answering.reading.reader import ReaderOptions, ReaderPrecision
from api.answering.reading.span_reader import ReadablePassage, SpanReader
from api.answering.reading.trained_reader import load_span_reader
from tests.api.answering.making import make_list, make_passage

WORDS = "[PAD] [UNK] [CLS] [SEP] who what pays ann bob ten red blue , . news".split()


def _pairs(max_length: int = 32) -> SpanModelPairs:
    tokenizer = Tokenizer(WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return SpanModelPairs(tokenizer, max_length=max_length)


class WordNetwork:
    """Scores tokens by a table: what a word gives as start and as end."""

    def __init__(self, table: dict[str, tuple[float, float]]) -> None:
        self._table = {WORDS.index(word): pair for word, pair in table.items()}
        self.seen: list[tuple[int, int]] = []

    def __call__(self, ids: Tensor, types: Tensor, mask: Tensor) -> SpanLogits:
        self.seen.append((ids.shape[0], ids.shape[1]))
        scores = torch.zeros(*ids.shape, 2)
        for token, pair in self._table.items():
            scores[ids == token] = torch.tensor(pair, dtype=torch.float32)
        answerable = (mask.sum(1) - types.sum(1)).float()
        return SpanLogits(scores[..., 0], scores[..., 1], answerable)


def _texts(reader: SpanReader, question: str, passages: Sequence[str]) -> list[list[str]]:
    readings = reader.read(question, [ReadablePassage(text) for text in passages])
    return [
        [text[span.start : span.end] for span in reading.spans]
        for text, reading in zip(passages, readings, strict=True)
    ]


def test_read_returns_the_best_span_of_each_passage_in_order() -> None:
    reader = SpanReader(WordNetwork({"ann": (5, 1), "bob": (1, 5)}), _pairs(), best=1)
    assert _texts(reader, "who pays", ["red Ann, Bob pays.", "blue bob", "ann"]) == [
        ["Ann, Bob"], ["bob"], ["ann"]
    ]  # fmt: skip


def test_read_never_answers_from_the_question_or_the_context() -> None:
    reader = SpanReader(
        WordNetwork({"news": (9, 9), "who": (9, 9), "bob": (1, 1)}), _pairs(), best=3
    )
    reading = reader.read("who", [ReadablePassage("red bob", context="news")])[0]
    assert (reading.spans[0].start, reading.spans[0].end) == (4, 7)


def test_read_gives_null_score_of_the_classifier_token() -> None:
    reader = SpanReader(WordNetwork({"[CLS]": (2, 1.5), "bob": (4, 4)}), _pairs())
    span = reader.read("who", [ReadablePassage("bob pays")])[0].spans[0]
    assert (span.score, span.null_score) == (8.0, 3.5)


def test_read_spans_do_not_overlap() -> None:
    reader = SpanReader(
        WordNetwork({"ann": (5, 4), "bob": (4, 5), "ten": (3, 3)}), _pairs(), best=4
    )
    spans = reader.read("who", [ReadablePassage("ann bob pays , ten red")])[0].spans
    ordered = sorted(spans, key=lambda span: span.start)
    assert all(a.end <= b.start for a, b in pairwise(ordered))
    assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)


def test_passages_are_cut_where_sentences_begin_and_the_dateline_ends() -> None:
    passage = make_passage("OSLO, May 3 - Ann pays.", "Bob pays.", start=100, context="News")
    assert ReadablePassage.of(passage) == ReadablePassage(passage.chunk.text, "News", (0, 14, 24))


def test_passages_are_cut_before_and_behind_the_marker_of_a_list_item() -> None:
    assert ReadablePassage.of(make_list("ann pays", "bob")).cuts == (0, 8, 11)


def test_read_gives_no_span_that_runs_across_a_cut() -> None:
    reader = SpanReader(WordNetwork({"ann": (6, 1), "bob": (1, 5), "ten": (4, 4)}), _pairs())
    text = "red ann . bob pays ten"
    whole = reader.read("who", [ReadablePassage(text)])[0].spans[0]
    assert text[whole.start : whole.end] == "ann . bob"
    cut = reader.read("who", [ReadablePassage(text, cuts=(0, 10))])[0].spans
    assert text[cut[0].start : cut[0].end] == "ten"
    assert all(span.end <= 9 or span.start >= 10 for span in cut)


def test_read_finds_an_answer_at_the_end_of_a_long_passage() -> None:
    text = "red " * 100 + "bob"
    reader = SpanReader(WordNetwork({"bob": (5, 5)}), _pairs(max_length=24), best=1)
    assert _texts(reader, "who pays", [text]) == [["bob"]]


def test_read_of_an_empty_passage_has_no_span() -> None:
    reader = SpanReader(WordNetwork({}), _pairs())
    assert reader.read("who", [ReadablePassage("")])[0].spans == ()


def test_read_batches_similar_lengths_within_the_token_budget() -> None:
    network = WordNetwork({})
    reader = SpanReader(network, _pairs(max_length=64), batches=LargeBatches(tokens=64))
    reader.read("who", [ReadablePassage("red " * n) for n in (40, 2, 38, 3, 1)])
    assert all(rows * width <= 64 or rows == 1 for rows, width in network.seen)
    assert len(network.seen) == 3


def test_read_pads_to_few_widths_and_never_beyond_the_longest() -> None:
    network = WordNetwork({"bob": (5, 5)})
    reader = SpanReader(network, _pairs(max_length=40), best=1, batches=LargeBatches(tokens=1))
    texts = ["red " * n + "bob" for n in range(60)]
    assert _texts(reader, "who", texts) == [["bob"]] * 60
    assert {width for _, width in network.seen} == {16, 32, 40}


@pytest.mark.parametrize(
    ("length", "room", "overlap"), [(10, 10, 4), (100, 30, 10), (31, 30, 40), (7, 3, 1)]
)
def test_token_windows_cover_everything_and_overlap(length: int, room: int, overlap: int) -> None:
    windows = token_windows(length, room, overlap)
    assert windows[0][0] == 0
    assert windows[-1][1] == length
    assert all(b - a <= room for a, b in windows)
    shared = min(overlap, room // 2)
    assert all(a[1] - b[0] >= shared for a, b in pairwise(windows))


@pytest.mark.parametrize("precision", list(ReaderPrecision))
def test_load_takes_any_hugging_face_question_answering_folder(
    tmp_path: Path, precision: ReaderPrecision
) -> None:
    (tmp_path / "vocab.txt").write_text("\n".join([*WORDS, "[MASK]"]), encoding="utf-8")
    BertTokenizer(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS) + 1, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16,
    )  # fmt: skip
    BertForQuestionAnswering(config).save_pretrained(tmp_path)
    reader = load_span_reader(tmp_path, tmp_path, ReaderOptions(precision))
    reading = reader.read("who pays", [ReadablePassage("ann pays bob ten", "news")])[0]
    assert reading.spans
    assert all(0 <= span.start < span.end <= 16 for span in reading.spans)
    assert reading.answerable > -1e3


def test_weights_that_would_be_unpickled_are_not_loaded(tmp_path: Path) -> None:
    config = BertConfig(
        vocab_size=8, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16,
    )  # fmt: skip
    model = BertForQuestionAnswering(config)
    config.save_pretrained(tmp_path)
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(OSError, match="safetensors"):
        HuggingFaceNetwork.load(tmp_path)
