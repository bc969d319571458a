"""The exception of evaluation."""

from __future__ import annotations

from index.errors import ArticleQAError


class EvaluationError(ArticleQAError):
    """An evaluation cannot be run, read, compared or calibrated from."""
