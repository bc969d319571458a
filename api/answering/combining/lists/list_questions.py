"""Questions that ask for lists: what they list, and how they ask for one item of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from api.answering.questions.answer_kind import AnswerKind, wanted_kind
from api.answering.time.offices import office_asked_for

# Plurals that questions ask for, whatever follows them. Other words in s may be verbs: "Which
# analyst recommends ...".
_PLURALS: Final = (
    "actors|agencies|airlines|airports|analysts|areas|artists|associations|authorities|authors|"
    "banks|bidders|bodies|branches|brands|broadcasters|buildings|businesses|buyers|campuses|"
    "candidates|causes|carmakers|charities|chipmakers|cities|clubs|coaches|colleges|committees|communities|"
    "companies|competitors|councillors|councils|counties|countries|courts|customers|data centres|"
    "departments|directors|diseases|districts|drugs|employers|executives|experiments|factories|"
    "films|firms|foundations|founders|funds|governments|groups|hospitals|industries|institutes|"
    "institutions|investors|islands|judges|laboratories|labs|lakes|languages|lawmakers|leaders|"
    "lenders|libraries|magazines|makers|managers|manufacturers|materials|members|men|ministers|"
    "models|museums|nations|neighbourhoods|newspapers|offices|officials|operators|organi[sz]ations|"
    "owners|parks|parties|partners|people|places|planets|plants|players|politicians|ports|products|"
    "projects|provinces|publishers|regions|regulators|researchers|retailers|reasons|rivals|rivers|"
    "roads|schools|scientists|sectors|services|shareholders|shops|sites|species|sponsors|"
    "stadiums|stations|start-?ups|states|stores|streets|studios|substances|suppliers|teams|towns|"
    "tribes|unions|universities|villages|wards|women|workers|writers"
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
_CHOOSES: Final = "appoint|call\\sup|choose|elect|name|nominate|pick|select"
# A number asks for one answer, which names both: "Which two towns ...".
_NO_LIST: Final = (
    "one|two|both|did|do|does|is|are|was|were|has|have|had|will|would|can|could|of|the|an?|its|his|"
    "her|their|share|number|percentage|proportion|part|kind|type|sort"
)
_COUNT: Final = r"(?:three|four|five|six|seven|eight|nine|ten|[3-9]|[1-9]\d)"
_WORDS_BEFORE: Final = rf"(?P<before>(?:\s(?!(?:{_NO_LIST})\b)[\w’'-]+){{0,3}}?)"
_ANY_PLURAL: Final = (
    r"(?:(?!(?:news|series|sales|profits|earnings|revenues|losses|costs|savings|proceeds|figures|"
    r"results|odds|terms|damages|wages|means|chances|details|plans|circumstances|effects|"
    r"consequences|prices|rates|times|days|weeks|months|years|hours|minutes)\b)[a-z][a-z-]*"
    r"(?<![sui])s|people|men|women|children)"
)
_OF_SEVERAL: Final = "are|were|have|do"
_OF_ANY_NUMBER: Final = "had|did|will|would|can|could|should|may|might|must"
_PAST: Final = (
    r"(?:[a-z]{2,}ed|left|lost|won|made|took|gave|went|came|fell|rose|grew|said|paid|spent|built|"
    r"sent|kept|held|led|met|put|cut|hit|shut|set|got|began|became|ran|saw|spoke|wrote|chose|drew|"
    r"flew|drove|broke|stole|stood|sat|beat|brought|bought|caught|fought|found|taught|told|sold|"
    r"withdrew|sank|sang|swam|threw)"
)
# Verbs that are no nouns, or seldom: "arms maker", "games console" and "goods train" ask for one.
_NOW: Final = (
    r"(?:allow|apply|back|ban|belong|border|build|buy|carry|cause|charge|close|compete|contain|cover|"
    r"cut|demand|earn|employ|expect|export|face|fly|grow|hire|hold|import|include|invest|join|keep|"
    r"lack|lead|leave|live|lose|make|need|offer|open|operate|oppose|own|pay|play|produce|provide|"
    r"publish|raise|recogni[sz]e|refuse|require|run|sell|serve|spend|sponsor|supply|support|take|"
    r"use|want|win|work)"
)
# "What brought airlines into trouble" asks for no airlines.
_DOES: Final = re.compile(
    r"\A(?:left|lost|won|made|gave|went|came|brought|bought|caught|sold|hit|drove|led|sent|kept|"
    r"held|put|cut|cost|took|told|got|forced|caused|helped|stopped|moved|prompted|persuaded)\Z",
    re.IGNORECASE,
)
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
_LISTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "Which company sponsors the shirts": what a determiner follows is a verb.
        rf"{_ASKED}(?P<plural>{_PLURALS})\b(?!['’]|\s(?:of|the|an?|its|his|her|their|that)\b)",
        rf"{_ASKED}(?P<plural>{_ANY_PLURAL})\s(?P<verb>{_OF_SEVERAL}|{_OF_ANY_NUMBER})\b",
        (
            rf"{_OPENING}which(?P<before>(?:\s{_COUNT})?)\s(?!(?:was|has|does)\b)"
            rf"(?P<plural>{_ANY_PLURAL})\s(?:{_PAST})\b"
        ),
        # "Which chains close shops": of one it would be "closes".
        (
            rf"{_OPENING}which\s(?P<plural>{_ANY_PLURAL})\s"
            rf"{_NOW}\s"
        ),
        (
            rf"{_OPENING}(?:who|what|which)\s(?P<verb>are|were)\s(?:all\s)?the\s"
            rf"(?:(?!(?:{_NO_LIST})\b)[\w’'-]+\s){{0,3}}?(?P<plural>{_PLURALS})\b"
        ),
        (
            rf"{_OPENING}(?:which|what){_WORDS_BEFORE}\s(?P<plural>{_PLURALS})"
            rf"\sof\s(?=[^?]*\s(?:{_OF_SEVERAL}|{_OF_ANY_NUMBER}|{_PAST})\b)"
        ),
        (
            rf"{_OPENING}which\sof\s(?:(?:the|its|his|her|their|these|those)|[\w’'-]+(?:’s?|'s?))"
            rf"(?P<before>(?:\s(?!(?:{_NO_LIST})\b)[\w’'-]+){{0,3}}?)\s(?P<plural>{_ANY_PLURAL})"
            rf"(?:\s(?:[a-z]+\s){{0,3}}?)(?P<verb>{_OF_SEVERAL}|{_PAST})\b"
        ),
        (
            rf"{_OPENING}where\s(?P<verb>are|were|have)\s(?!(?:{_NO_LIST}|they|you|we)\b)"
            rf"(?:[a-z-]+\s){{0,2}}?{_ANY_PLURAL}\s(?:(?:being|been|now|also)\s)?(?:{_PAST}|seen|shown|taken|grown)\b"
        ),
        (
            rf"{_OPENING}where\b(?:\s[\w’'-]+){{0,4}}?\s(?:are|were|will|have|do|did)\s[^?]*?\b"
            r"(?:branches|campuses|data centres|factories|offices|plants|projects|schools|shops|"
            r"sites|stations|stores)\b(?!['’])"
        ),
        (
            rf"{_OPENING}where(?:\sin\s[\w’'-]+(?:\s[\w’'-]+)?)?\s(?:do|does|did|has|have)\s[^?]{{2,60}}?\s(?:have|had|own|run|operate|keep|build|"
            rf"built|opened|open)\s(?:(?!{_NO_LIST}\b)[\w’'-]+\s){{0,2}}?{_ANY_PLURAL}(?=\s?\?|\Z|\s(?:in|since|for)\b)"
        ),
        (
            rf"{_OPENING}who(?:\sall\b|\selse\b|\s(?:are|were)\s[a-z]{{2,}}(?:ed|en)\b|"
            r"\s(?:has\s|have\s|had\s)?"
            r"(?:also\s)?(?:invest(?:s|ed)?\s(?:money\s)?in|put\smoney\sinto|back(?:s|ed)|"
            r"financ(?:es|ed)|funded|took\spart\sin|taken\spart\sin|attended|participated\sin|competed|"
            r"belongs?\sto|sits?\son|voted\s(?:for|against)|qualified\sfor|signed|sponsors|"
            r"st(?:ood|ands)\sfor|ran\sfor|applied\sfor|bid\sfor)\b|"
            r"\s(?:is|was)\s(?:standing|running|bidding|competing)\sfor\b|"
            r"\s(?:has\s|have\s|had\s)?(?:won|received|got|collected|took\shome)\s"
            r"(?!(?:the\s)?most\b)(?:(?!\d|(?:two|three|four|five|and|or|than)\b)[\w’'&-]+\s){0,5}?"
            r"(?:awards|prizes|medals|honours|trophies|oscars|emmys|grammys|baftas)\b(?![’'])|"
            r"\s(?:was|got|has\sbeen|have\sbeen)\s(?:arrested|charged|detained|accused|killed|injured|"
            r"hurt|nominated|shortlisted|short-listed|invited|evacuated|honoured|banned|fined)\b|"
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
# Holders of an office, one after another: "Who has led the council?".
_HOLDERS: Final = re.compile(
    rf"{_OPENING}(?P<who>who)\s(?:all\s)?(?:has|have)\s(?:(?P<been>been)|"
    r"(?=(?:led|headed|run|chaired|managed|coached|captained|directed|edited|governed|presided)\b))",
    re.IGNORECASE,
)
_COMPOUND: Final = frozenset({AnswerKind.PERSON, AnswerKind.ORGANISATION})
_RUN: Final = re.compile(r"(?:\s(?:has|have))?\srun(?=\s)", re.IGNORECASE)
# "What are the reasons that ...": the words up to a preposition or a name end in a plural.
_PHRASES: Final = (
    re.compile(
        rf"{_OPENING}(?i:who|what|which)\s(?P<verb>are|were)\s(?:all\s)?the\s(?:{_COUNT}\s)?"
        rf"(?:names\sof\s(?:all\s)?(?:the\s)?)?(?:(?!(?:{_NO_LIST})\b)[\w’'-]+\s){{0,3}}?(?P<plural>{_ANY_PLURAL}){_PHRASE_END}"
    ),
    re.compile(
        r"\A(?i:please\s)?(?i:(?:can|could)\syou\s(?:please\s)?)?(?i:list|name|give(?:\sme)?|tell\sme)\s(?:all\s|every\s|the\s|some\s|"
        rf"{_COUNT}\s)*(?:(?!(?:{_NO_LIST})\b)[\w’'-]+\s){{0,3}}?(?P<plural>{_ANY_PLURAL}){_PHRASE_END}"
    ),
)
_WHICH_OF: Final = re.compile(r"\bwhich\sof\s", re.IGNORECASE)
_VERB_OR_PLURAL: Final = re.compile(
    r"(?<![su'’])s\Z(?<!\bsports)(?<!\barts)(?<!\bnews)(?<!\bbusiness)", re.IGNORECASE
)
_IRREGULAR: Final = {
    "men": "man", "women": "woman", "people": "person", "children": "child", "species": "species",
}  # fmt: skip
_PEOPLE: Final = re.compile(
    r"activist|analyst|astronaut|boss|candidate|chef|councillor|dancer|economist|journalist|"
    r"lawmaker|musician|nominee|official|protester|researcher|rider|scientist|suspect|victim",
    re.IGNORECASE,
)
_SINGULAR_VERBS: Final = {"are": "is", "were": "was", "have": "has", "do": "does"}


@dataclass(frozen=True, slots=True)
class AskedList:
    """What a question lists.

    Attributes:
        kind: The kind of answer that each item is: an organisation for "Which companies ...".
        of_one: The question about a single item, "Which company ..."; None where the question's
            words do not tell it from the whole list.
        noun: What each item is called: "fire"; None where the question does not say.
    """

    kind: AnswerKind
    of_one: str | None
    noun: str | None = None


def asks_for_list(question: str) -> bool:
    """Whether a question asks for several things, which may stand in several articles.

    "Which company ..." does not, nor does "Which two towns ...", whose answer names both.
    """
    return _match(question) is not None


def asked_list(question: str) -> AskedList | None:
    """Read what a question lists; None where it asks for one thing."""
    match = _match(question)
    if match is None:
        return None
    parts = match.groupdict()
    if "who" in parts:
        did = "was" if parts["been"] else ""
        of_one = f"{question[: match.end('who')]} {did}{question[match.end() :]}"
        return AskedList(AnswerKind.PERSON, _RUN.sub(" ran", of_one.replace("  ", " ")))
    plural = parts.get("plural")
    if plural is None:
        return AskedList(wanted_kind(match[0]), None)
    singular = _singular(plural)
    before, after = question[: match.start("plural")], question[match.end("plural") :]
    before = re.sub(rf"\b{_COUNT}\s", "", before, flags=re.IGNORECASE)
    before = re.sub(r"\b(are|were)(?=\s(?:all\s)?the\b)", _of_one, before)
    after = re.sub(rf"\A\s(?:and|or)\s({_ANY_PLURAL})\b", _or_of_one, after)
    after = re.sub(rf"\A(?:\sor\s[\w-]+)?\s({_OF_SEVERAL})\b", _of_one, after)
    after = re.sub(rf"\A\s({_NOW})(?=\s)", lambda verb: f" {_verb_of_one(verb[1])}", after)
    before = re.sub(r"\bnames\sof\s(?:all\s)?(?:the\s)?", "", before)
    kind = wanted_kind(f"which {singular}")
    if kind is AnswerKind.OTHER and _PEOPLE.fullmatch(singular):
        kind = AnswerKind.PERSON
    if kind is AnswerKind.REASON:  # one of several may be two words: "high prices"
        kind = AnswerKind.OTHER
    asked = plural if _WHICH_OF.search(before) else singular  # "Which of the firms was fined?"
    return AskedList(kind, f"{before}{asked}{after}", singular.lower())


def _of_one(match: re.Match[str]) -> str:
    """A verb of several, as it is of one."""
    verb = match[1]
    return match[0].replace(verb, _SINGULAR_VERBS[verb.lower()])


def _verb_of_one(verb: str) -> str:
    """A verb of several in the present, as it is of one: "closes" for "close"."""
    if re.search(r"(?:[sxzo]|ch|sh)\Z", verb):
        return f"{verb}es"
    return re.sub(r"(?<![aeiou])y\Z", "ie", verb) + "s"


def _or_of_one(match: re.Match[str]) -> str:
    """A second plural, "actors and actresses", as it is of one: "actor or actress"."""
    return f" or {_singular(match[1])}"


def _match(question: str) -> re.Match[str] | None:
    holders = _HOLDERS.search(question)
    if holders is not None:
        asked = _RUN.sub(" ran", question[holders.start("who") :])
        if office_asked_for(asked) is not None:
            return holders
    for pattern in (*_LISTS, *_PHRASES):
        match = pattern.search(question)
        if match is not None and _is_plural(match):
            return match
    return None


def _is_plural(match: re.Match[str]) -> bool:
    """Whether the plural is what is asked for, not so in "Which company runs hospitals ..."."""
    words = (match.groupdict().get("before") or "").split()
    singular = any(wanted_kind(f"which {word}") is not AnswerKind.OTHER for word in words[:-1])
    # "Which drugs firm" and "which United States senator" ask for one.
    after = (
        re.match(r"\s([a-z]+)\b", match.string[match.end("plural") :])
        if "plural" in match.groupdict()
        else None
    )
    if after is not None and not singular:
        singular = wanted_kind(f"which {after[1]}") in _COMPOUND
    verb = any(_VERB_OR_PLURAL.search(word) for word in words)
    if words and match.string[: match.start("before")].lower().endswith("what"):
        verb = verb or _DOES.match(words[0]) is not None
    return not singular and not verb


def _singular(plural: str) -> str:
    word = plural.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    singular = re.sub(r"ies\Z", "y", plural)
    if singular.endswith("s"):
        singular = re.sub(r"(?<=ch|sh|ss)es\Z|s\Z", "", singular)
    return singular
