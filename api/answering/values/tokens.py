"""The words, figures and marks of an answer, and a cursor over them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SIGNS: Final = "-−‒–"
DASHES: Final = "-‐‑‒–—−"
CURRENCY_SYMBOLS: Final = "$€£¥₹"
"""Those that stand for a currency wherever they are; `currencies` has the rarer ones too."""
CURRENCY_LETTERS: Final = ("CHF", "EUR", "Fr", "GBP", "RM", "Rs", "SFr", "Sfr", "USD", "kr")
"""What stands for a currency right before a figure: "SFr1.7bn"."""
FIGURE_AHEAD: Final = (
    rf"(?=[{CURRENCY_SYMBOLS}\d]|US[{CURRENCY_SYMBOLS}]\d|(?-i:{'|'.join(CURRENCY_LETTERS)})\W?\d)"
)
"""A pattern of the place where a figure begins."""
_BEHIND_LETTERS: Final = "|".join(rf"(?<=\b{letters})" for letters in CURRENCY_LETTERS)
DIGITS_AHEAD: Final = rf"(?:(?<![\w.,])|{_BEHIND_LETTERS})(?=\d)"
"""A pattern of the place where the digits of a figure begin, behind letters of its currency."""
_TOKEN: Final = re.compile(
    r"(?P<figure>\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?(?!\d)"
    r"|\d+(?:[.,]\d+)*|\.\d+)"
    r"|(?P<word>[^\W\d_]+(?:[.'’&][^\W\d_]+)*)"
    r"|(?P<mark>\S)"
)


Phrases: TypeAlias = "Mapping[str, Sequence[str]]"


def index_phrases(phrases: Sequence[str]) -> Phrases:
    """Index phrases by their first word, in order."""
    index: dict[str, list[str]] = {}
    for phrase in phrases:
        index.setdefault(phrase.split()[0], []).append(phrase)
    return index


class Token(NamedTuple):
    """A figure, a word or a single mark; ``end`` is exclusive.

    Attributes:
        lower: The text in lower case.
        spaced: Whether white space comes before it.
    """

    kind: Literal["figure", "word", "mark"]
    text: str
    lower: str
    start: int
    end: int
    spaced: bool


def tokenize(text: str) -> list[Token]:
    """Split a text into tokens; linear in its length."""
    tokens = []
    for match in _TOKEN.finditer(text):
        kind: Literal["figure", "word", "mark"] = "mark"
        if match["figure"] is not None:
            kind = "figure"
        elif match["word"] is not None:
            kind = "word"
        start, end = match.span()
        spaced = start > 0 and text[start - 1].isspace()
        tokens.append(Token(kind, match[0], match[0].lower(), start, end, spaced))
    return tokens


class Cursor:
    """A place in a sequence of tokens; what doesn't match leaves it where it is."""

    def __init__(self, tokens: Sequence[Token], at: int = 0) -> None:
        self.tokens = tokens
        self.at = at

    @property
    def done(self) -> bool:
        """Whether no token is left."""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token | None:
        """The token that comes next, or so many after it; None beyond the last."""
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else None

    def attached(self) -> bool:
        """Whether the next token follows the last one without white space."""
        token = self.peek()
        return token is not None and self.at > 0 and not token.spaced

    def word(self, words: Collection[str]) -> str | None:
        """Take the next token if it is one of the lower-case words; a dot after it goes too."""
        token = self.peek()
        if token is None or token.lower not in words:
            return None
        self.at += 1
        self._skip_dot(token)
        return token.lower

    def phrase(self, phrase: str) -> bool:
        """Take the lower-case words of a phrase if they come next."""
        words = phrase.split()
        for ahead, word in enumerate(words):
            token = self.peek(ahead)
            if token is None or token.lower != word:
                return False
        self.at += len(words)
        return True

    def one_of(self, phrases: Phrases) -> str | None:
        """Take the first of some phrases that comes next, and give it."""
        token = self.peek()
        if token is None:
            return None
        return next((text for text in phrases.get(token.lower, ()) if self.phrase(text)), None)

    def _skip_dot(self, token: Token) -> None:
        dot = self.peek()
        if token.kind == "word" and dot is not None and dot.text == "." and not dot.spaced:
            self.at += 1
