"""Nouns that tell what kind of answer a question asks for, as alternatives of a pattern."""

from __future__ import annotations

from typing import Final

PEOPLE: Final = (
    "actor|actress|ambassador|analyst|architect|artist|astronaut|athlete|attorney|author|"
    "barrister|billionaire|boss|candidate|captain|ceo|cfo|chairman|chairwoman|chancellor|coach|"
    "comedian|commissioner|congressman|congresswoman|councillor|co-founder|designer|director|"
    r"doctor|driver|economist|engineer|executive(?!\s(?:action|branch|committee|order|power)s?\b)|"
    r"expert|founder|general(?!\s(?:assembly|election|meeting|strike)s?\b)|governor|historian|"
    "investor|journalist|judge|laureate|lawmaker|lawyer|leader|magistrate|man|manager|mayor|"
    "minister|novelist|officer|official|person|pilot|player|politician|pope|president|professor|"
    "prosecutor|rapper|rider|scientist|secretary|senator|singer|striker|winner|woman|writer"
)
PLACES: Final = (
    r"airport|area|borough|capital(?!\s(?:spending|expenditure))|city|continent|country|county|"
    "district|island|jail|lake|nation|place|port|prison|province|region|river|"
    r"state(?!\s(?:aid|bill|budget|fund|law|tax|visit)s?\b)|stadium|street|suburb|town|village"
)
ORGANISATIONS: Final = (
    "agency|airline|association|authority|bank|brand|broadcaster|chain|charity|club|college|"
    r"committee|company|council|court|department|exchange|firm|fund|group(?!\sof)|hospital|"
    "institute|insurer|lender|magazine|[a-z]*maker|manufacturer|ministry|network|newspaper|"
    "operator|organi[sz]ation|outlet|paper|party|platform|publisher|regulator|retailer|school|"
    "start-?up|studio|supplier|team|think tank|union|university|utility"
)
MONEY: Final = (
    r"budget|capex|capital\s(?:expenditure|spending)|cost|dividend|fee|fine|income|price|profit|"
    "revenue|salary|sum|turnover|valuation|wage"
)
# "What religious figure" asks for no number, nor does "in what capacity".
FIGURES: Final = (
    "(?<=what )figure|(?<=the )figure|height|length|margin|population|rate|score|size|speed|"
    "temperature|total|value|weight"
)
