"""The usual other names of offices, quarters, countries, a firm and terms of business."""

from __future__ import annotations

import re
from typing import Final

_GROUPS: Final = (
    ("CEO", "chief executive", "chief executive officer"),
    ("CFO", "chief financial officer", "finance director", "finance chief"),
    ("COO", "chief operating officer"),
    ("CTO", "chief technology officer"),
    ("MD", "managing director"),
    ("PM", "prime minister"),
    ("MP", "member of parliament"),
    ("Q1", "first quarter"),
    ("Q2", "second quarter"),
    ("Q3", "third quarter"),
    ("Q4", "fourth quarter"),
    ("H1", "first half"),
    ("H2", "second half"),
    ("IPO", "initial public offering", "flotation", "stock market listing"),
    ("M&A", "mergers and acquisitions"),
    ("R&D", "research and development"),
    ("capex", "capital expenditure", "capital spending"),
    ("per cent", "percent", "percentage"),
    ("GDP", "gross domestic product"),
    ("AI", "artificial intelligence"),
    ("UK", "United Kingdom", "Britain"),
    ("US", "USA", "United States", "America"),
    ("EU", "European Union"),
    ("UAE", "United Arab Emirates"),
    ("UN", "United Nations"),
    ("ECB", "European Central Bank"),
    ("IMF", "International Monetary Fund"),
    ("WHO", "World Health Organization", "World Health Organisation"),
    ("Fed", "Federal Reserve"),
    ("BoE", "Bank of England"),
    ("NHS", "National Health Service"),
    ("DOJ", "Department of Justice", "Justice Department", "justice department"),
    ("FTC", "Federal Trade Commission"),
    ("SEC", "Securities and Exchange Commission"),
    ("FDA", "Food and Drug Administration"),
    ("FAA", "Federal Aviation Administration"),
    ("EPA", "Environmental Protection Agency"),
    ("CDC", "Centers for Disease Control and Prevention", "Centers for Disease Control"),
    ("FBI", "Federal Bureau of Investigation"),
    ("CMA", "Competition and Markets Authority"),
    ("FCA", "Financial Conduct Authority"),
    ("ONS", "Office for National Statistics"),
    ("OBR", "Office for Budget Responsibility"),
    ("MoD", "Ministry of Defence"),
    ("BoJ", "Bank of Japan"),
    ("BoC", "Bank of Canada"),
    ("RBA", "Reserve Bank of Australia"),
    ("WTO", "World Trade Organization", "World Trade Organisation"),
    ("OECD", "Organisation for Economic Co-operation and Development"),
    ("ICC", "International Criminal Court"),
    ("IOC", "International Olympic Committee"),
    ("EPS", "earnings per share"),
    ("VW", "Volkswagen"),
)
# A form with capitals is matched with them: "US" is not "us", nor "WHO" "who".
_OTHERS: Final = {
    form: tuple(other for other in group if other != form) for group in _GROUPS for form in group
}
_FORM: Final = re.compile(
    "|".join(rf"\b{re.escape(form)}\b" for form in sorted(_OTHERS, key=len, reverse=True))
)


def usual_aliases(question: str) -> dict[str, tuple[str, ...]]:
    """The usual forms that stand in a question, each with its other forms."""
    return {form: _OTHERS[form] for form in dict.fromkeys(_FORM.findall(_plain(question)))}


def _plain(question: str) -> str:
    """Without the dots of abbreviations: "U.S." is "US"."""
    return re.sub(r"\b([A-Z])\.(?=[A-Z]\b)|(?<=\b[A-Z]\.[A-Z])\.", r"\1", question)
