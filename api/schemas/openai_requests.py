"""Requests of OpenAI's API, as far as answering with quotes can honour them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError, core_schema

from api.answering.days import today
from api.answering.questions.follow_up import follow_up, goes_on
from api.answering.questions.talk import why_not_asked
from api.schemas.base import WHOLE, Request
from api.schemas.questions import MAX_QUESTION_CHARACTERS, QuestionOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

MODEL: Final = "article-qa"
MAX_TURNS: Final = 1000
READ_QUESTIONS: Final = 10  # the last ones of a conversation; each is read in milliseconds
_TAKEN_OVER: Final = "with what it takes over from the question before, "
_TEXT_PARTS: Final = frozenset({"text", "input_text", "output_text"})


# Compared by identity: typing keeps annotations by equality, and False equals 0.
@dataclass(frozen=True, eq=False)
class Only:
    """The values that a field may have, where the service cannot honour others; null is one."""

    reason: str
    values: tuple[Any, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Check a value against the allowed ones."""
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the allowed values."""
        return {"enum": [*self.values, None], "description": f"{self.reason.capitalize()}."}

    def _check(self, value: object) -> object:
        allowed = (*self.values, None)
        # True is no 1.
        if any(type(value) is type(each) and value == each for each in allowed):
            return value
        shown = " or ".join("null" if each is None else repr(each) for each in allowed)
        raise ValueError(f"{self.reason}; expected {shown}")


_NO_TOOLS: Final = "this service calls no tools"
_ONE_ANSWER: Final = "this service gives one answer, with its confidence"
_NO_STORE: Final = "this service keeps no conversations"
_TEXT_ONLY: Final = "this service answers in text only"
_VERBATIM: Final = "this service quotes articles and writes nothing of its own"


class Turn(BaseModel):
    """A message of a conversation, as text or as parts; only those of the user are read."""

    model_config = ConfigDict(strict=True)

    type: Literal["message"] = "message"
    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[dict[str, Any]] | None = None


class _OpenAIRequest(QuestionOptions):
    """What both kinds of requests may say.

    Options for sampling are accepted and change nothing; the options of ``/v1/ask`` are honoured.
    """

    model: Literal["article-qa"]
    stream: bool | None = None
    temperature: float | None = None
    top_p: float | None = None
    user: str | None = None
    metadata: dict[str, Any] | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    service_tier: str | None = None
    parallel_tool_calls: bool | None = None
    store: Annotated[bool | None, Only(_NO_STORE, (False,))] = None
    tools: Annotated[Any, Only(_NO_TOOLS, ([],))] = None
    tool_choice: Annotated[Any, Only(_NO_TOOLS, ("none", "auto"))] = None
    top_logprobs: Annotated[Any, Only(_ONE_ANSWER, (0,))] = None
    _asked: str = PrivateAttr()

    @property
    def asked(self) -> str:
        """The question to ask: of a follow-up, with what it takes over from those before."""
        return self._asked

    def _keep_asked(self, field: str, conversation: str | Sequence[Turn]) -> Self:
        """Read what to ask, once: a day may end between two readings."""
        try:
            self._asked = asked_in(conversation, self.as_of)
        except ValueError as error:
            kind = PydanticCustomError("value_error", "{fault}", {"fault": str(error)})
            wrong = InitErrorDetails(type=kind, loc=(field,), input=conversation)
            raise ValidationError.from_exception_data(type(self).__name__, [wrong]) from error
        return self


class StreamOptions(Request):
    """What a stream brings besides the answer."""

    include_usage: bool | None = None
    include_obfuscation: Annotated[Any, Only("this service adds no padding", (False,))] = None


class ChatRequest(_OpenAIRequest):
    """A chat whose last message, the user's, is the question; it may follow up earlier ones."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "How much is Meta spending?"}],
                }
            ]
        }
    )

    messages: Annotated[list[Turn], Field(min_length=1, max_length=MAX_TURNS)]
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int | None, WHOLE] = None
    max_completion_tokens: Annotated[int | None, WHOLE] = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: Annotated[int | None, WHOLE] = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    n: Annotated[Any, Only(_ONE_ANSWER, (1,))] = None
    logprobs: Annotated[Any, Only(_ONE_ANSWER, (False,))] = None
    logit_bias: Annotated[Any, Only(_VERBATIM, ({},))] = None
    stop: Annotated[Any, Only(_VERBATIM, ([],))] = None
    prediction: Annotated[Any, Only(_VERBATIM)] = None
    functions: Annotated[Any, Only(_NO_TOOLS, ([],))] = None
    function_call: Annotated[Any, Only(_NO_TOOLS, ("none", "auto"))] = None
    web_search_options: Annotated[Any, Only(_NO_TOOLS)] = None
    response_format: Annotated[Any, Only(_TEXT_ONLY, ({"type": "text"},))] = None
    modalities: Annotated[Any, Only(_TEXT_ONLY, (["text"],))] = None
    audio: Annotated[Any, Only(_TEXT_ONLY)] = None

    @model_validator(mode="after")
    def _end_in_a_question(self) -> Self:
        return self._keep_asked("messages", self.messages)

    @property
    def question(self) -> str:
        """The text of the last message."""
        return question_of(self.messages)


class ResponsesRequest(_OpenAIRequest):
    """A question, or a conversation whose last message, the user's, is one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"model": MODEL, "input": "How much is Meta spending?"}]}
    )

    input: str | Annotated[list[Turn], Field(min_length=1, max_length=MAX_TURNS)]
    instructions: str | None = None
    stream_options: StreamOptions | None = None
    max_output_tokens: Annotated[int | None, WHOLE] = None
    max_tool_calls: Annotated[int | None, WHOLE] = None
    reasoning: dict[str, Any] | None = None
    truncation: str | None = None
    include: Annotated[Any, Only(_ONE_ANSWER, ([],))] = None
    text: Annotated[Any, Only(_TEXT_ONLY, ({}, {"format": {"type": "text"}}))] = None
    background: Annotated[Any, Only(_NO_STORE, (False,))] = None
    previous_response_id: Annotated[Any, Only(_NO_STORE)] = None
    conversation: Annotated[Any, Only(_NO_STORE)] = None
    prompt: Annotated[Any, Only(_NO_STORE)] = None

    @model_validator(mode="after")
    def _end_in_a_question(self) -> Self:
        return self._keep_asked("input", self.input)

    @property
    def question(self) -> str:
        """The text of the last message."""
        return question_of(self.input)


def question_of(conversation: str | Sequence[Turn]) -> str:
    """The question that a conversation ends in.

    Raises:
        ValueError: If the last message is not the user's, or is no text, or is too long.
    """
    if not isinstance(conversation, str):
        last = conversation[-1]
        if last.role != "user":
            raise ValueError(f"the last message is of role '{last.role}'; expected 'user'")
        return _question_in(last)
    return _checked(conversation.strip())


def asked_in(conversation: str | Sequence[Turn], as_of: dt.date | None) -> str:
    """The question to ask at the end of a conversation.

    One that says by itself that it follows up another takes over the names and time of the question
    before, as that was asked. A turn that asks nothing is left out, and so is a question that could
    not be asked: it was refused in its turn, and stays in the conversation.

    Args:
        conversation: Its messages; or a question alone.
        as_of: The day that it is asked on; today where None.

    Raises:
        ValueError: If it does not end in a question, or that becomes too long.
    """
    question = question_of(conversation)
    if isinstance(conversation, str):
        return question
    day = today() if as_of is None else as_of
    previous: str | None = None
    for turn in [turn for turn in conversation[:-1] if turn.role == "user"][-READ_QUESTIONS:]:
        try:
            asked = _followed_up(_question_in(turn), previous, day)
        except ValueError:
            continue
        if why_not_asked(asked) is None:
            previous = asked
    return _followed_up(question, previous, day)


def _followed_up(question: str, previous: str | None, day: dt.date) -> str:
    if previous is None or not goes_on(question):
        return question
    return _checked(follow_up(question, previous, (), day), _TAKEN_OVER)


def _question_in(turn: Turn) -> str:
    return _checked(_text_of(turn).strip())


def _checked(text: str, of: str = "") -> str:
    if not 1 <= len(text) <= MAX_QUESTION_CHARACTERS:
        raise ValueError(
            f"{of}the question has {len(text)} characters; expected 1 to {MAX_QUESTION_CHARACTERS}"
        )
    return text


def _text_of(turn: Turn) -> str:
    if turn.content is None or isinstance(turn.content, str):
        return "" if turn.content is None else turn.content
    texts = []
    for part in turn.content:
        kind, text = part.get("type"), part.get("text")
        if kind not in _TEXT_PARTS or not isinstance(text, str):
            raise ValueError(
                f"the last message has a part of type '{str(kind)[:40]}'; expected text alone"
            )
        texts.append(text)
    return "\n".join(texts)
