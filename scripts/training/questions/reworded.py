"""Questions on the news families in other words than the articles', as a hurried reader asks.

A third of them want a clause: what somebody demands, did wrong or warned of, and what happens if.
One text file a family (``FIELD-NN.txt`` in ``written_questions/reworded``), of questions alone, a
line each as in the family's own file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.training.questions.news import FOLDER as NEWS_FOLDER
from scripts.training.questions.news import parse_family, parse_questions

if TYPE_CHECKING:
    from scripts.training.questions.news import NewsFamily, NewsSplit

FOLDER: Final = Path(__file__).parents[1] / "written_questions" / "reworded"


def load_reworded(
    *splits: NewsSplit, folder: Path = FOLDER, news_folder: Path = NEWS_FOLDER
) -> list[NewsFamily]:
    """The families of these splits that have such questions, with them instead of their own.

    Raises:
        GoldError: If a file is not of the format, or is of no family; it names the file, the line
            and what was expected.
    """
    families = []
    for path in sorted(folder.glob("*.txt")):
        family = parse_family(news_folder / path.name)
        if family.split in splits:
            families.append(replace(family, questions=parse_questions(path, family)))
    return families
