"""Nouns that tell what kind of answer a question asks for, as alternatives of a pattern."""

from __future__ import annotations

from typing import Final

PEOPLE: Final = (
    "activist|actor|actress|ambassador|analyst|archbishop|architect|artist|astronaut|"
    "astronomer|athlete|attorney|author|banker|barrister|billionaire|biologist|bishop|boss|"
    "boxer|broker|businessman|businesswoman|campaigner|candidate|captain|cardinal|celebrity|"
    "ceo|cfo|chairman|chairwoman|chancellor|chef|chemist|climber|co-founder|coach|comedian|"
    "comic|commissioner|composer|congressman|congresswoman|councillor|cyclist|defendant|"
    "deputy|designer|detective|diplomat|director|doctor|driver|economist|engineer|"
    r"entrepreneur|envoy|executive(?!\s(?:action|branch|committee|order|power)s?\b)|expert|"
    "explorer|financier|footballer|founder|"
    r"general(?!\s(?:assembly|election|meeting|strike)s?\b)|goalkeeper|golfer|governor|"
    "guitarist|hacker|heir|historian|imam|investor|jockey|journalist|judge|king|laureate|"
    "lawmaker|lawyer|leader|magistrate|magnate|man|manager|mayor|midfielder|minister|mogul|"
    "monarch|musician|novelist|nurse|officer|official|painter|person|photographer|physicist|"
    r"pilot|player|playwright|poet|politician|pope|premier(?!\sleague)|presenter|president|priest|prince|"
    "princess|professor|prosecutor|queen|rapper|researcher|rider|runner|sailor|scientist|"
    "sculptor|secretary|senator|singer|skater|skier|soldier|solicitor|spokesman|spokeswoman|"
    "sprinter|striker|student|survivor|swimmer|teacher|treasurer|trustee|tycoon|victim|"
    "whistleblower|winner|woman|writer"
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
    r"bail|bid|bonus|budget|capex|capital\s(?:expenditure|spending)|compensation|cost|damages|debt|dividend|"
    r"fee|fine|income|jackpot|loss(?!\sof)|pay|price(?:\stag)?|prize\smoney|proceeds|profit|purse|ransom|"
    "rent|restitution|revenue|salary|sum|takings|turnover|valuation|wage|winnings"
)
# "What religious figure" asks for no number, nor does "in what capacity".
FIGURES: Final = (
    "(?<=what )figure|(?<=the )figure|height|length|margin|population|rate|score|size|speed|"
    "temperature|total|turnout|value|weight"
)
