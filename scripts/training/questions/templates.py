"""Made-up news sentences on who did how much and when, with questions that fit and that do not.

Attribution is what SQuAD teaches least: a figure belongs to one company and one year. All names
are invented or common; no sentence comes from a corpus.
"""

import random
from dataclasses import dataclass

_FIRST = (
    "Amazon Google Apple Nvidia Tesla Intel Oracle Samsung Toyota Boeing Siemens Netflix Sony "
    "Honda Volkswagen Nestle Shell Unilever Walmart Target Ford Nokia Ericsson Philips Bosch Adobe "
    "Salesforce Spotify Uber Airbus Novartis Roche Pfizer Moderna Bayer Barclays Santander Tencent "
    "Baidu Huawei Xiaomi Lenovo Hitachi Panasonic Renault Stellantis Volvo Norvik Altera Quantis "
    "Borealis Veridian Halcyon Meridian Solaris Corvane Lumina Zephyra Arcton Delphi Kestrel Orbis"
).split()
_LAST = ("", "", "", "", "", "", " Group", " Holdings", " Motors", " Energy", " Bank", " Labs")
_PEOPLE_FIRST = (
    "Anna David Maria James Wei Priya Omar Elena Lukas Sofia Kenji Fatima Carlos Ingrid Peter "
    "Laura Ahmed Julia Marcus Nadia Thomas Chloe Victor Hana"
).split()
_PEOPLE_LAST = (
    "Keller Moreno Lindqvist Okafor Tanaka Rossi Novak Haddad Schmidt Dubois Larsen Patel Chen "
    "Ivanov Murphy Costa Weber Fischer Nguyen Santos Kowalski Berg Marsh Holloway"
).split()
_TOPICS = (
    "artificial intelligence|AI|AI infrastructure|data centres|data centers|cloud computing|"
    "electric vehicles|batteries|research and development|new factories|solar power|"
    "semiconductors|chip production|marketing|logistics|green hydrogen|robotics|drug development|"
    "its network|warehouses|streaming content|cybersecurity"
).split("|")
_QUALIFIERS = (
    "||approximately |about |more than |over |nearly |up to |at least |around |as much as |"
    "roughly |an estimated |almost "
).split("|")
_CURRENCIES = ("${}", "${}", "${}", "€{}", "£{}", "{} yuan", "{} euros", "{} yen", "US${}")
_SCALES = (" million", " billion", " billion", " trillion")

# sentence pattern with {c} company, {a} amount, {t} topic, {y} year; then question patterns
_SPENDING = (
    ("{c} plans to spend {a} on {t} in {y}.", "spend"),
    ("{c} is projected to spend {a} on {t} this year.", "spend"),
    ("{c} has earmarked {a} for {t}.", "spend"),
    ("{c} said it would invest {a} in {t} by {y}.", "invest"),
    ("{c} announced an investment of {a} in {t} in {y}.", "invest"),
    ("In {y}, {c} invested {a} in {t}.", "invest"),
    ("{c} has budgeted {a} for {t}, its chief executive {p} said.", "spend"),
    ("{c} committed {a} to {t} over the next three years.", "invest"),
    ("{c}, led by {p}, will put {a} into {t}.", "invest"),
    ("{c} reported revenue of {a} in {y}.", "revenue"),
    ("Revenue at {c} reached {a} in {y}.", "revenue"),
    ("{c} posted a net profit of {a} for {y}.", "profit"),
    ("{c}'s market value rose by {a} in {y}.", "value"),
    ("{c} lost {a} in market value in {y}.", "lost"),
    ("{p} holds a stake in {c} worth {a}.", "stake"),
    ("{c} bought back shares worth {a} in {y}.", "buyback"),
    ("{c} cut {n} jobs in {y}.", "jobs"),
    ("{c} employs {n} people, according to {p}, its chief executive.", "staff"),
    ("Shares of {c} rose {r} in {y}.", "rose"),
    ("Shares of {c} fell {r} in {y}.", "fell"),
    ("{c} raised its dividend by {r}.", "dividend"),
    ("{p}, the chief executive of {c}, said demand for {t} was strong.", "ceo"),
    ("{c} named {p} as its chief executive in {y}.", "ceo"),
    ("{c} was founded in {y} by {p}.", "founded"),
)
_ASKED = {
    "spend": (
        "How much is {c} spending on {t}?",
        "How much is {c} spending?",
        "How much will {c} spend on {t}?",
        "What is {c} spending on {t}?",
        "How much has {c} set aside for {t}?",
    ),
    "invest": (
        "How much is {c} investing?",
        "How much is {c} investing in {t}?",
        "How much will {c} invest in {t}?",
        "How much did {c} invest in {t}?",
        "What is {c}'s investment in {t}?",
    ),
    "revenue": (
        "What was {c}'s revenue in {y}?",
        "How much revenue did {c} report?",
        "What was {c}'s revenue?",
    ),
    "profit": (
        "What was {c}'s profit in {y}?",
        "How much profit did {c} make?",
    ),
    "value": (
        "How much did {c}'s market value rise in {y}?",
        "By how much did {c}'s market value increase?",
    ),
    "lost": (
        "How much market value did {c} lose in {y}?",
        "How much did {c} lose in market value?",
    ),
    "stake": (
        "What is {p}'s stake worth?",
        "How much is {p}'s stake in {c} worth?",
        "What is the value of {p}'s stake in {c}?",
    ),
    "buyback": (
        "How much did {c} spend on share buybacks in {y}?",
        "How much stock did {c} buy back?",
    ),
    "jobs": (
        "How many jobs did {c} cut in {y}?",
        "How many jobs has {c} cut?",
    ),
    "staff": (
        "How many people does {c} employ?",
        "How many people work at {c}?",
    ),
    "rose": (
        "By how much did shares of {c} rise in {y}?",
        "How much did {c}'s shares gain?",
    ),
    "fell": (
        "By how much did shares of {c} fall in {y}?",
        "How much did {c}'s shares lose?",
    ),
    "dividend": ("By how much did {c} raise its dividend?",),
    "ceo": (
        "Who is the CEO of {c}?",
        "Who is {c}'s chief executive?",
        "Who runs {c}?",
        "Who heads {c}?",
    ),
    "founded": (
        "When was {c} founded?",
        "Who founded {c}?",
    ),
}


_IN_YEAR = (
    "How much did {c} invest in {y}?",
    "How much did {c} spend in {y}?",
    "What did {c} invest in {y}?",
)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A question on a made-up passage; start is None where the passage has no answer."""

    question: str
    passage: str
    start: int | None
    end: int | None


def make_pair(rng: random.Random) -> tuple[MadeUp, MadeUp]:
    """An answerable question and a near-miss on one passage of two to five sentences."""
    companies = [first + rng.choice(_LAST) for first in rng.sample(_FIRST, 8)]
    told = rng.randint(2, 5)
    same = rng.random() < 0.6
    patterns = rng.choices(_SPENDING, k=told)
    if same:
        patterns = rng.choices([p for p in _SPENDING if p[1] == patterns[0][1]] * 2, k=told)
    facts = [_fact(companies[i], rng) for i in range(told)]
    sentences = [pattern.format(**fact) for (pattern, _), fact in zip(patterns, facts, strict=True)]
    if told > 1 and rng.random() < 0.3:
        joint = rng.choice((", while ", ", and ", "; ", ", compared with the year in which "))
        if not sentences[1].startswith(("In ", "Shares", "Revenue")):
            sentences[0:2] = [sentences[0].rstrip(".") + joint + sentences[1], ""]
    passage = " ".join(s for s in sentences if s)
    i = rng.randrange(told)
    kind, fact = patterns[i][1], facts[i]
    asked = rng.choice(_ASKED[kind])
    start, end = _answer_in(passage, patterns[i][0], kind, asked, fact)
    if kind == "invest" and "n {y}" in patterns[i][0] and rng.random() < 0.5:
        asked = rng.choice(_IN_YEAR)
    right = MadeUp(asked.format(**fact), passage, start, end)
    return right, MadeUp(
        _miss(asked, kind, patterns, fact, facts, companies, rng), passage, None, None
    )


def _fact(company: str, rng: random.Random) -> dict[str, str]:
    number = rng.choice((f"{rng.randint(1, 999)}", f"{rng.randint(1, 99)}.{rng.randint(1, 9)}"))
    amount = rng.choice(_QUALIFIERS) + rng.choice(_CURRENCIES).format(number + rng.choice(_SCALES))
    many = rng.choice(_QUALIFIERS) + f"{rng.randint(2, 400)},{rng.randint(0, 9)}00"
    share = (
        rng.choice(_QUALIFIERS)
        + f"{rng.randint(1, 90)}"
        + rng.choice(("%", " percent", " per cent", ".5%"))
    )
    return {
        "c": company, "a": amount, "n": many, "r": share, "t": rng.choice(_TOPICS),
        "y": str(rng.randint(2008, 2027)),
        "p": f"{rng.choice(_PEOPLE_FIRST)} {rng.choice(_PEOPLE_LAST)}",
    }  # fmt: skip


def _answer_in(
    passage: str, pattern: str, kind: str, asked: str, fact: dict[str, str]
) -> tuple[int, int]:
    slot = {"jobs": "n", "staff": "n", "rose": "r", "fell": "r", "dividend": "r", "ceo": "p"}.get(
        kind, "a"
    )
    if kind == "founded":
        slot = "y" if asked.startswith("When") else "p"
    sentence = pattern.format(**fact).rstrip(".")
    before = pattern.split("{" + slot + "}", maxsplit=1)[0].format(**fact)
    start = passage.index(sentence) + len(before)
    return start, start + len(fact[slot])


def _miss(
    asked: str, kind: str, patterns: list[tuple[str, str]], fact: dict[str, str],
    facts: list[dict[str, str]], companies: list[str], rng: random.Random,
) -> str:  # fmt: skip
    """The question with a company, year, person or attribute that the passage does not support."""
    changed, told = dict(fact), len(facts)
    way = rng.random()
    if "{y}" in asked and way < 0.35:
        changed["y"] = str(int(fact["y"]) + rng.choice((-6, -3, -2, -1, 1, 2, 3)))
        return asked.format(**changed)
    if "{p}" in asked:
        changed["p"] = f"{rng.choice(_PEOPLE_FIRST)} {rng.choice(_PEOPLE_LAST)}"
        if changed["p"] != fact["p"]:
            return asked.format(**changed)
    if kind in ("spend", "invest") and way < 0.25:
        changed["y"] = str(rng.randint(2015, 2026))
        if changed["y"] not in {f["y"] for f in facts}:
            return rng.choice(_IN_YEAR).format(**changed)
    other_kinds = sorted(
        set(_ASKED) - {k for _, k in patterns} - {"spend", "invest", "buyback", "ceo"}
    )
    if way < 0.55:
        asked = rng.choice(_ASKED[rng.choice(other_kinds)])
        if "{p}" not in asked:
            return asked.format(**changed)
        asked = "Who is the chairman of {c}?"
        return asked.format(**changed)
    changed["c"] = rng.choice(companies[told:])
    return asked.format(**changed)
