"""Words for organisations, offices, and what those do who hold them."""

from __future__ import annotations

from typing import Final

OFFICE: Final = (
    r"(?:chief\s(?:executive|financial|operating|technology|legal|economist|analyst|strategist)"
    r"(?:\sofficer)?|(?:finance|deputy|research|technology|operations|legal|policy|communications|"
    r"cloud|country|science)\s(?:chief|head|boss|director)|c[eftio]o|co-?founders?|founders?|"
    r"chair(?:man|woman|person)?|(?:vice[\s-])?president|(?:managing|executive|sporting|medical|"
    r"artistic|finance)\sdirector|director(?:[\s-]general)?|general\s(?:counsel|secretary|manager)|"
    r"(?:prime\s)?minister|governor|mayor|chancellor|commissioner|secretary|treasurer|boss|chief|"
    r"co-head|head|leader|manager|coach|captain|editor|rector|dean|principal|spokes(?:man|woman|"
    r"person)|ambassador|economist|analyst|officer|top\s(?:job|post))"
)
"""An office or a position, in any letter case."""

HOLDS: Final = (
    r"(?:runs|ran|heads|headed|leads|led|chairs|chaired|manages|managed|directs|directed|governs|"
    r"coaches|coached|captains|edits|edited|(?:co-?)?founded|owns|owned|controls|controlled|"
    r"created|started)"
)
"""What somebody does who holds an office."""

HELD_BY: Final = r"(?:led|run|headed|chaired|managed|directed|founded|owned|controlled|coached)"
"""What an organisation is by somebody who holds an office in it."""

STANDS_FOR: Final = (
    r"(?:company|companies|group|firm|bank|lender|carrier|club|chain|maker|chipmaker|carmaker|"
    r"automaker|drugmaker|retailer|supermarket|utility|major|giant|business|airline|operator|"
    r"brand|union|ministry|agency|regulator|university|council|startup|start-up|insurer|miner|"
    r"developer|manufacturer|producer|platform|network|app|team|party|subsidiary|unit|arm|"
    r"designer|broadcaster|publisher|fund|authority|office|works|city|state|country)"
)
"""What an organisation is called in place of its name: "the Basel firm"."""

APPOINTS: Final = (
    r"(?:names?|named|appoints?|appointed|hires?|hired|picks?|picked|elects?|elected|chose|chooses|"
    r"promotes?|promoted)"
)
"""What an organisation does with somebody who is to hold an office."""

TITLE: Final = r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame)\.?\s)?"
"""What may stand before a name of somebody, spelled so."""
