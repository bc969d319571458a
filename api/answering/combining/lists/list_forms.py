"""The forms of questions that ask for lists, as patterns."""

from __future__ import annotations

import re
from typing import Final

# Plurals that questions ask for, whatever follows them. Other words in s may be verbs: "Which
# analyst recommends ...".
_PLURALS: Final = (
    "actors|agencies|airlines|airports|analysts|areas|artists|associations|authorities|authors|"
    "banks|bidders|bodies|bosses|branches|brands|bridges|broadcasters|buildings|businesses|"
    "buyers|campuses|candidates|captains|carmakers|causes|chairmen|champions|charities|chefs|"
    "chipmakers|cities|clubs|coaches|colleges|committees|communities|companies|competitors|"
    "councillors|councils|counties|countries|courts|customers|data centres|departments|directors|"
    "diseases|districts|drugs|editors|employers|executives|experiments|factories|farms|films|"
    "firms|foundations|founders|funds|governments|governors|groups|hospitals|hotels|industries|"
    "institutes|institutions|investors|islands|judges|laboratories|labs|lakes|languages|"
    "lawmakers|leaders|lenders|libraries|magazines|makers|managers|manufacturers|materials|"
    "mayors|members|men|mines|ministers|models|mountains|museums|nations|neighbourhoods|"
    "newspapers|offices|officials|operators|organi[sz]ations|owners|parks|parties|partners|"
    "people|places|planets|plants|players|politicians|ports|presidents|prisons|products|projects|"
    "provinces|publishers|pubs|reasons|regions|regulators|researchers|restaurants|retailers|"
    "rivals|rivers|roads|schools|scientists|sectors|services|shareholders|shops|singers|sites|"
    "species|sponsors|stadiums|start-?ups|states|stations|stores|streets|studios|substances|"
    "suppliers|teams|towns|treaties|tribes|trusts|unions|universities|victims|villages|wards|"
    "winners|witnesses|women|workers|writers"
)
_BODIES: Final = (
    "assembly|board|cabinet|commission|committee|council|court|crew|delegation|government|jury|"
    "panel|parliament|senate|shortlist|squad|team"
)
_TO_BODY: Final = (
    r"\s(?:to|for|in|into|from|over)\s(?:the|an?|its|his|her|their|[\w’'-]+(?:’s?|'s?))\s"
    rf"(?:[\w’'-]+\s){{0,3}}?(?:{_BODIES})(?=\s(?:of|in|at|by|on|after|before|this|last)\b|,|\s?[?.!]*\Z)"
)
_CHOSEN: Final = "appointed|called\\sup|chosen|elected|named|nominated|picked|selected"
_TRIED: Final = (
    "acquitted|cleared|convicted|found\\s(?:not\\s)?guilty|held|imprisoned|indicted|jailed|put\\son\\strial|"
    "questioned|remanded|sentenced|taken\\sinto\\scustody"
)
# "Who won the race in 2023, 2024 and 2025?", "... between 2019 and 2024?"
_IN_YEARS: Final = (
    r"[^?]{2,80}?\s(?:in\s(?:\d{4},\s)*\d{4},?\sand\s(?:in\s)?\d{4}|"
    r"(?:between|from)\s\d{4}\s(?:and|to)\s\d{4})\b"
)
_CHOOSES: Final = "appoint|call\\sup|choose|elect|name|nominate|pick|select"
# No words of what a list is of. "Which two towns ..." asks for one answer, which names both.
_NO_LIST: Final = (
    "one|two|both|did|do|does|is|are|was|were|has|have|had|will|would|can|could|of|the|an?|its|his|"
    "her|their|share|number|percentage|proportion|part|kind|type|sort"
)
COUNT: Final = r"(?:three|four|five|six|seven|eight|nine|ten|[3-9]|[1-9]\d)"
"""A number of things from three on; one answer names two."""
# What no phrase begins with, and what stands in a sentence instead.
_NO_PHRASE: Final = (
    "who|whom|whose|what|which|when|where|why|how|if|do|may|might|must|shall|should|be|it|he|she|they|"
    "we|you|i|there|this|that|these|those|and|or|but|not|no|in|at|on|by|to|from|for|with|about|as"
)
_WORDS_BEFORE: Final = rf"(?P<before>(?:\s(?!(?:{_NO_LIST})\b)[\w’'-]+){{0,3}}?)"
ANY_PLURAL: Final = (
    r"(?:(?!(?:assets|bookings|chances|circumstances|consequences|costs|damages|days|debts|deliveries|"
    r"details|earnings|effects|emissions|estimates|expenditures|expenses|exports|figures|forecasts|"
    r"hours|imports|liabilities|losses|margins|means|minutes|months|news|numbers|odds|orders|"
    r"payments|plans|prices|proceeds|profits|rates|receipts|reserves|results|returns|revenues|"
    r"salaries|sales|savings|series|shipments|takings|targets|taxes|terms|thoughts|times|views|"
    r"volumes|wages|weeks|years|yields)\b)[a-z][a-z-]*(?<![sui])s|people|men|women|children)"
)
"""Any plural but those of figures and times."""
# "What levels of nitrate did ...": of these, what is measured is asked for.
_MEASURES: Final = (
    "amounts|kinds|levels|lots|numbers|parts|percentages|pieces|quantities|shares|sorts|types|"
    "volumes"
)
OF_SEVERAL: Final = "are|were|have|do"
"""Auxiliary verbs of several, as alternatives."""
_OF_ANY_NUMBER: Final = "had|did|will|would|can|could|should|may|might|must"
_PAST: Final = (
    r"(?:[a-z]{2,}ed|left|lost|won|made|took|gave|went|came|fell|rose|grew|said|paid|spent|built|"
    r"sent|kept|held|led|met|put|cut|hit|shut|set|got|began|became|ran|saw|spoke|wrote|chose|drew|"
    r"flew|drove|broke|stole|stood|sat|beat|brought|bought|caught|fought|found|taught|told|sold|"
    r"withdrew|sank|sang|swam|threw)"
)
SEVERAL_DO: Final = (
    r"(?:agree|allow|apply|back|ban|become|begin|belong|border|bring|build|buy|carry|cause|charge|"
    r"close|compete|contain|contribute|cover|create|cut|deliver|demand|depend|develop|earn|employ|"
    r"empty|expect|export|face|fly|give|grow|hire|hold|host|import|include|invest|join|keep|lack|"
    r"lead|leave|lend|live|lose|make|need|offer|open|operate|oppose|own|participate|pay|play|prefer|"
    r"produce|provide|publish|raise|receive|recogni[sz]e|recommend|refuse|reject|rely|rent|require|"
    r"run|sell|send|serve|share|sign|spend|sponsor|supply|support|take|use|vote|want|win|work)"
)
"""Verbs of several that are seldom nouns: "arms maker" and "goods train" ask for one."""
_PREPOSITION: Final = r"(?:in|from|to|for|with|by|at|on|of|against|through|under)"
_OPENING: Final = (
    r"\A(?:(?:as of|in|by|at|during|since|after|before|on)\b[^,?]{2,60},\s)?"
    r"(?:(?:please\s)?(?:(?:can|could)\syou\s)?(?:please\s)?(?:tell\sme|say|list)\s)?"
)
_ASKED: Final = rf"{_OPENING}(?:{_PREPOSITION}\s)?(?:which|what){_WORDS_BEFORE}\s"
_PHRASE_END: Final = (
    r"(?=\s(?:of|for|that|which|who|whose|whom|where|in|at|on|to|from|with|behind|by|as|under|"
    r"against|involved|named|[A-Z])|,|\s?[?.!]*\Z)"
)
QUESTIONS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "Which company sponsors the shirts": what a determiner follows is a verb.
        rf"{_ASKED}(?P<plural>{_PLURALS})\b(?!['’]|\s(?:of|the|an?|its|his|her|their|that)\b)",
        rf"{_ASKED}(?P<plural>{ANY_PLURAL})\s(?P<verb>{OF_SEVERAL}|{_OF_ANY_NUMBER})\b",
        # "What awards has Ada Lind won?"
        rf"{_ASKED}(?P<plural>{ANY_PLURAL})\s(?:has|is|was|does)\s(?:(?:the|its|his|her|their)\s|(?-i:[A-Z]))",
        (
            rf"{_OPENING}which(?P<before>(?:\s{COUNT})?)\s(?!(?:was|has|does)\b)"
            rf"(?P<plural>{ANY_PLURAL})\s(?:{_PAST})\b"
        ),
        # "Which chains close shops": of one it would be "closes".
        (
            rf"{_OPENING}which\s(?P<plural>{ANY_PLURAL})\s"
            rf"{SEVERAL_DO}\s"
        ),
        (
            rf"{_OPENING}(?:who|what|which)\s(?P<verb>are|were)\s(?:all\s)?the\s"
            rf"(?:(?!(?:{_NO_LIST})\b)[\w’'-]+\s){{0,3}}?(?P<plural>{_PLURALS})\b"
        ),
        (
            rf"{_OPENING}(?:which|what){_WORDS_BEFORE}\s(?P<plural>{_PLURALS})"
            rf"\sof\s(?=[^?]*\s(?:{OF_SEVERAL}|{_OF_ANY_NUMBER}|{_PAST})\b)"
        ),
        (
            rf"{_OPENING}which(?P<before>(?:\s{COUNT})?(?:\s(?!(?:{_NO_LIST})\b)[a-z-]+)?)\s"
            rf"(?!(?:{_MEASURES})\b)(?P<plural>{ANY_PLURAL})\s(?:in|at|on|from|near|along|around)\s[^?]{{2,60}}?"
            rf"\s(?:{OF_SEVERAL}|{_OF_ANY_NUMBER}|{_PAST})\b"
        ),
        # "What sources of growth did the club name?"
        (
            rf"{_OPENING}(?:which|what)(?P<before>(?:\s(?!(?:{_NO_LIST})\b)[\w’'-]+){{0,2}}?)"
            rf"\s(?!(?:{_MEASURES})\b)(?P<plural>{ANY_PLURAL})"
            rf"\sof\s(?:(?!(?:{OF_SEVERAL}|{_OF_ANY_NUMBER})\b)[\w’'-]+\s){{1,3}}?"
            rf"(?:{OF_SEVERAL}|{_OF_ANY_NUMBER})\s"
        ),
        (
            rf"{_OPENING}which\sof\s(?:(?:the|its|his|her|their|these|those)|[\w’'-]+(?:’s?|'s?))"
            rf"(?P<before>(?:\s(?!(?:{_NO_LIST})\b)[\w’'-]+){{0,3}}?)\s(?P<plural>{ANY_PLURAL})"
            rf"(?:\s(?:[a-z]+\s){{0,3}}?)(?P<verb>{OF_SEVERAL}|{_PAST})\b"
        ),
        (
            rf"{_OPENING}where\s(?P<verb>are|were|have)\s(?!(?:{_NO_LIST}|they|you|we)\b)"
            rf"(?:[a-z-]+\s){{0,2}}?{ANY_PLURAL}\s(?:(?:being|been|now|also)\s)?(?:{_PAST}|seen|shown|taken|grown)\b"
        ),
        (
            rf"{_OPENING}where\b(?:\s[\w’'-]+){{0,4}}?\s(?:are|were|will|have|do|did)\s[^?]*?\b"
            r"(?:branches|campuses|data centres|factories|offices|plants|projects|schools|shops|"
            r"sites|stations|stores)\b(?!['’])"
        ),
        (
            rf"{_OPENING}where(?:\sin\s[\w’'-]+(?:\s[\w’'-]+)?)?\s"
            r"(?:do|does|did|has|have|is|are|was|were|will)\s[^?]{2,60}?\s(?:have|had|own|run|operate|keep|"
            r"buil(?:d|t|ding)|clos(?:e|ed|ing)|open(?:ed|ing)?|plan(?:s|ned|ning)?|sell(?:ing)?|sold|test(?:ed|ing)?)\s"
            rf"(?:(?!{_NO_LIST}\b)[\w’'-]+\s){{0,2}}?{ANY_PLURAL}(?=\s?\?|\Z|\s(?:in|since|for)\b)"
        ),
        (
            rf"{_OPENING}who(?:\sall\b|\selse\b|\s(?:are|were)\s[a-z]{{2,}}(?:ed|en)\b|"
            r"\s(?:has\s|have\s|had\s)?"
            r"(?:also\s)?(?:invest(?:s|ed)?\s(?:money\s)?in|put\smoney\sinto|back(?:s|ed)|"
            r"financ(?:es|ed)|funded|took\spart\sin|taken\spart\sin|attended|participated\sin|competed|"
            r"belongs?\sto|sits?\son|voted\s(?:for|against)|qualified\sfor|signed|sponsors|"
            r"st(?:ood|ands)\sfor|ran\sfor|applied\sfor|bid\sfor)\b|"
            r"(?:['’]s|\sis|\swas)\s(?:standing|running|bidding|competing)\sfor\b|"
            r"(?:['’]s|\s(?:is|are|was|were))\son\s(?:the|its|his|her|their|[\w’'-]+['’]s?)\s"
            rf"(?:[\w’'-]+\s){{0,3}}?(?:{_BODIES})\b|"
            r"\s(?:has\s|have\s|had\s)?(?:won|received|got|collected|took\shome)\s"
            r"(?!(?:the\s)?most\b)(?:(?!\d|(?:two|three|four|five|and|or|than)\b)[\w’'&-]+\s){0,5}?"
            r"(?:awards|prizes|medals|honours|trophies|oscars|emmys|grammys|baftas)\b(?![’'])|"
            r"\s(?:was|got|has\sbeen|have\sbeen)\s(?:arrested|charged|detained|accused|killed|injured|"
            r"hurt|nominated|shortlisted|short-listed|invited|evacuated|honoured|banned|fined)\b|"
            rf"\s(?:are|were|has\sbeen|have\sbeen)\s(?:{_TRIED})\b|"
            r"\s(?:has|have)\spleaded\s(?:not\s)?guilty\b|"
            r"\s(?:is|are|was|were|has\sbeen|have\sbeen)\s(?:involved|taking\spart)\sin\b|"
            rf"\s(?:has\s|have\s)?won\s{_IN_YEARS}|\s(?:has|have)\swon\s[^?]{{2,80}}?\ssince\s|"
            r"\s(?:has|have)\sbeen\s(?:attacked|blackmailed|criticised|extorted|hacked|hit|investigated|"
            r"prosecuted|raided|robbed|sanctioned|searched|sued|targeted)\sby\b|"
            rf"\s(?:was|were|got|has\sbeen|have\sbeen)\s(?:{_CHOSEN}){_TO_BODY}|"
            rf"m?\s(?:did|has|have)\s[^?]{{2,40}}?\s(?:{_CHOOSES}|{_CHOSEN}){_TO_BODY}|"
            rf"\s(?:has\s|have\s|had\s)?(?:joined|resigned|quit|left|walked\sout){_TO_BODY}|"
            r"\s(?:is|are|was|were)\samong\b|\s(?:has\s|have\s|had\s)?(?:jointly\s)?shared\s(?:the|an?|this)\s"
            r"(?:[\w’'&-]+\s){0,5}?(?:award|honours?|medal|prize|title|trophy)\b)"
        ),
    )
)
"""Questions for lists by their nouns and verbs: "Which chains close shops?"."""
HOLDERS: Final = re.compile(
    rf"{_OPENING}(?P<who>who)\s(?:all\s)?(?:has|have)\s"
    r"(?:(?P<post>(?:held|filled|occupied)\s(?:the\s)?(?:post|job|office|position|role|title)\sof|"
    r"been(?=\sin\scharge\sof\b))|(?P<been>been|(?:acted|served|worked)\sas)|"
    r"(?=(?:led|headed|run|chaired|managed|coached|captained|directed|edited|governed|presided)\b))",
    re.IGNORECASE,
)
"""Questions for the holders of an office, one after another: "Who has led the council?"."""
OWNER: Final = r"(?:the|its|his|her|their|(?:the\s)?(?:[\w’'&-]+\s){0,3}?[\w&-]+(?:['’]s|s['’]))"
"""Whose the items are: "the", "Acme's", "the Rona Club's"."""
_DESCRIBED: Final = rf"(?:(?!(?:{_NO_LIST}|that|which|who|where)\b)[\w’'-]+\s){{0,3}}?"
PHRASES: Final = (
    re.compile(
        rf"{_OPENING}(?i:who|what|which)\s(?P<verb>are|were)\s(?:all\s)?{OWNER}\s(?:{COUNT}\s)?"
        rf"(?:names\sof\s(?:all\s)?(?:the\s)?)?{_DESCRIBED}(?P<plural>{ANY_PLURAL}){_PHRASE_END}"
    ),
    re.compile(
        r"\A(?i:please\s)?(?i:(?:can|could)\syou\s(?:please\s)?)?"
        r"(?i:i\s(?:need|want)|list|name|identify|(?:find|give|show|tell)(?:\s(?:me|us))?)\s"
        rf"(?:(?:all|every|the|some|a\slist\sof|(?:the\s)?names\sof|of|{COUNT})\s)*(?P<phrase>{_DESCRIBED}(?P<plural>{ANY_PLURAL})){_PHRASE_END}"
    ),
    # "former mayors of Skar", as one types it into a search box.
    re.compile(
        r"\A(?P<told>(?i:(?:a\s)?list\sof\s|(?:the\s)?names\sof\s|all\s))?(?i:(?:all|the)\s)*"
        rf"(?P<phrase>(?:(?!(?i:{_NO_LIST}|{_NO_PHRASE})\b)[\w’'-]+\s){{0,3}}?"
        rf"(?i:(?P<plural>{_PLURALS})))"
        r"(?=\s(?:(?:of|for|that|which|who|whose|where)\s|"
        r"(?(told)(?:in|from|with|behind|against|involved)\s|(?!)))[^,]*\Z)"
    ),
    # "Acme chief executives"
    re.compile(
        rf"\A(?P<whom>(?:(?!(?i:{_NO_LIST}|{_NO_PHRASE})\b)[^\W\d_a-z][\w’'&-]*\s){{1,4}})"
        rf"(?P<phrase>(?:(?:former|current|chief|prime|big|main)\s){{0,2}}(?P<plural>{_PLURALS}))\W*\Z"
    ),
)
"""Questions whose phrase names the items: "What are the reasons that ...", "former mayors of X"."""
