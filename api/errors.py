"""Exceptions of the service: settings, overload, clients that have gone."""

from __future__ import annotations

from index.errors import ArticleQAError


class SettingsError(ArticleQAError):
    """A setting is wrong; the message names it, its value and what was expected."""


class OverloadedError(ArticleQAError):
    """A question was refused or timed out because the service is overloaded; retry later."""


class GivenUpError(ArticleQAError):
    """A question was dropped because its client has gone."""


class StateError(ArticleQAError):
    """A file in which the service keeps its state cannot be read or written; retry later."""
