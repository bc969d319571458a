"""Words of names, and of times that look like names."""

from __future__ import annotations

import re
from typing import Final

NAME_WORD: Final = re.compile(r"(?!The\b)[^\W\d_a-z][\w’'-]*|\d[\w-]*")
CAPITALISED: Final = r"(?<![\w’'-])(?!(?:The|An?)\b)[^\W\d_a-z][\w’'-]*"
OF_TIME: Final = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|August|Sept(?:ember)?|October|November|"
    r"December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
