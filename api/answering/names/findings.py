"""What is said of a question's names: which are absent, and which were taken for a slip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Names:
    """What the look-up of a question's names says.

    Attributes:
        absent: Names that occur nowhere in the corpus, in no spelling.
        read_as: The spelling in the corpus, by the question's, where it was taken for a slip.
        offered: Spellings a letter away, by the words of absent names that have any.
    """

    absent: tuple[str, ...] = ()
    read_as: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def reason(self) -> str:
        """Say in words what is absent."""
        named = ", ".join(f"'{name}'" for name in self.absent)
        offers = dict.fromkeys(spelling for group in self.offered.values() for spelling in group)
        question = f" Did you mean {' or '.join(map(repr, offers))}?" if offers else ""
        return f"No article mentions {named}.{question}"
