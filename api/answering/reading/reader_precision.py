"""In which number format a reader computes; light to import, for the settings."""

from __future__ import annotations

from enum import StrEnum


class ReaderPrecision(StrEnum):
    """What the linear layers of a reader compute in.

    - ``auto``: ``bfloat16`` where the processor computes in it, else ``float32``;
    - ``float32``: as trained;
    - ``bfloat16``: scores move by about a hundredth, reading is about three times as fast on a
      processor that computes in it, and slower on another;
    - ``int8``: dynamic quantisation, one scale per output channel.
    """

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"
