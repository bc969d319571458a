"""The factory strings of FAISS that a build accepts."""

from __future__ import annotations

import re
from typing import Final

AUTO: Final = "auto"
# FAISS kills the process, instead of raising, for a graph with fewer than two edges a vector, for
# zero lists or bits, and for numbers that need more memory than there is.
_NUMBER: Final = "[1-9][0-9]{0,5}"
_EDGES: Final = "([2-9]|[1-9][0-9]{1,2})"
_BITS: Final = "([1-9]|1[0-6])"
FACTORY: Final = re.compile(
    rf"Flat|SQ8|SQfp16|HNSW{_EDGES}(,(Flat|SQ8|SQfp16))?"
    rf"|IVF{_NUMBER}(_HNSW{_EDGES})?,(Flat|SQ4|SQ6|SQ8|SQfp16|PQ{_NUMBER}(x{_BITS})?"
    rf"|PQ{_NUMBER}x4fs,Refine\((Flat|SQ8|SQfp16)\))"
)
ACCEPTED: Final = (  # the pattern in words
    "Flat, SQ8, SQfp16, HNSW#, HNSW#,Y, IVF#,X or IVF#_HNSW#,X, where # is a number from 1 to "
    "999999 (after HNSW from 2 to 999, after x from 1 to 16), Y is Flat, SQ8 or SQfp16, and X is "
    "Y, SQ4, SQ6, PQ#, PQ#x# or PQ#x4fs,Refine(Y)"
)
