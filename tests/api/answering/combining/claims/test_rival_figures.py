from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.claims.rival_figures import is_rival, rival_figures
from api.answering.values.parsing import parse_value
from tests.api.answering.making import find_span, make_passage

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from index.records import Passage

DAY = dt.date(2026, 1, 19)


def rivals(words: str, *sentences: str, after: Passage | None = None) -> list[str]:
    """What other sources say beside the figure of these words."""
    passages = [make_passage(*sentences, day=DAY)] + ([] if after is None else [after])
    scored = find_span(passages, 0, words)
    claim = claim_of(0, scored, passages[0], parse_value(words, sentences[0]))
    return [rival.text for rival in rival_figures(claim, passages)]


@pytest.mark.parametrize(
    ("words", "sentences", "expected"),
    [
        (
            "20,914",
            ("Rovers gave the attendance as 20,914.", "The police, who counted, put it at 18,200."),
            "18,200",
        ),
        (
            "2.4 metres",
            ("It lost 2.4 metres, says the Institute.", "The University says it was 3.1 metres."),
            "3.1 metres",
        ),
        (
            "17%",
            ("The agency puts it at 17%.", "The office has published 18% for the same year."),
            "18%",
        ),
        (
            "$593 billion",
            ("LSEG put the loss at $593 billion; other services arrived at $589 billion.",),
            "$589 billion",
        ),
        (
            "£71.5m",
            ("Rovers say £71.5m.", "A paper for the council, which the Gazette saw, says £79m."),
            "£79m",
        ),
        (
            "1.8 million francs",
            ("Police value them at 1.8 million francs, the insurer at 2.4 million francs.",),
            "2.4 million francs",
        ),
        ("200", ("Police put the number at 200, organisers at 500.",), "500"),
        (
            "2,300",
            ("The union spoke of 2,300 strikers.", "The firm counted 1,150 and said all was well."),
            "1,150",
        ),
        (
            "94 per cent",
            ("The bureau claims that 94 per cent did.", "Civic Count found that 87 per cent had."),
            "87 per cent",
        ),
        (
            "6.2 million",
            ("The council expects 6.2 million trips.", "The auditor says 4.8 million is nearer."),
            "4.8 million",
        ),
        (
            "350",
            ("Acme said 350 jobs would go.", "The union put the figure at 420, as others leave."),
            "420",
        ),
        (
            "45,000",
            ("It expects 45,000 crossings.", "The ministry's own forecast is 38,000."),
            "38,000",
        ),
        (
            "30,000",
            ("Some 30,000 people marched, the organisers said.", "Police counted 12,000 people."),
            "12,000",
        ),
        ("£52m", ("Acme gave the price as £52m, while Beta mentioned £47m.",), "£47m"),
        ("9,800", ("The museum says 9,800 came.", "According to the city, it was 7,100."), "7,100"),
        (
            "320",
            (
                "Acme cuts 320 jobs.", "The work goes to Ghent.", "Sales have fallen.",
                "The union put the number of those affected at 410, since more will leave.",
            ),
            "410",
        ),
        (
            "910",
            (
                "Acme says 910 people worked there.", "They left in May.", "The quay is quiet.",
                "The guild put the number at 640 at the same point.",
            ),
            "640",
        ),
    ],
)  # fmt: skip
def test_another_source_says_another_figure(
    words: str, sentences: tuple[str, ...], expected: str
) -> None:
    assert rivals(words, *sentences) == [expected]


@pytest.mark.parametrize(
    "following",
    [
        "It said £79m.",  # the same source
        "The council said £79m would come from taxes.",  # another thing
        "The council said 30 people came.",  # another unit
        "The council put it at £60m in 2019.",  # another time
        "In 2019 the council put it at £60m.",
        "The council owns the road.",
        "The council said the road cost £79m.",  # another thing
        "The council bought the land for £79m.",
        "The forecast was £79m.",  # no source
        "It will be paid, he said, by selling the garage, valued at £79m.",
    ],
)
def test_what_is_said_of_something_else_is_no_rival(following: str) -> None:
    assert rivals("£71.5m", "Rovers say £71.5m.", following) == []


def test_two_counts_that_one_verb_gives_are_no_rivals() -> None:
    assert rivals("12", "Police put the dead at 12, the injured at 40.") == []
    assert rivals("$20 million", "The fund gives $20 million, the city $24 million.") == []


def test_a_rival_may_stand_in_the_next_passage_of_the_paragraph() -> None:
    first = "The agency puts it at 17%."
    after = make_passage("The office says 18%.", start=len(first) + 1, day=DAY)
    assert rivals("17%", first, after=after) == ["18%"]
    apart = make_passage("The office says 18%.", start=len(first) + 2, day=DAY)
    assert rivals("17%", first, after=apart) == []


def test_further_down_a_source_says_what_its_figure_is_of() -> None:
    between = ("It opens in May.", "The club has a new owner.", "He is rich.")
    assert rivals("£71.5m", "The ground cost £71.5m.", *between, "Others say £79m.") == []
    later = "The auditor put the cost of the ground at £79m."
    assert rivals("£71.5m", "The ground cost £71.5m.", *between, later) == ["£79m"]
    assert (
        rivals("£71.5m", "The ground cost £71.5m.", *between, later.replace("ground", "road")) == []
    )


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("The vet's lists show 410 sheep from the fen, all of them drowned.", ["410"]),
        ("The vet's lists show 410 sheep from the fen, most of them sold.", []),
        ("The vet's lists show 410 sheep from the hills, all of them drowned.", []),
        ("The vet's lists show 410 cows from the fen, all of them drowned.", []),
        ("The vet's lists show 90 sheep from the fen that drowned.", []),
        ("The county's lists show 410 sheep from the fen and more, all of them drowned.", []),
        ("There were 410 sheep from the fen, all of them drowned.", []),
    ],
)
def test_further_down_a_source_may_count_the_same_again(later: str, expected: list[str]) -> None:
    between = ("It rained.", "A dike broke.", "The road is shut.")
    assert rivals("260", "On the fen 260 sheep drowned.", *between, later) == expected


def test_a_claim_is_a_rival_where_its_sentence_says_nothing_but_the_figure() -> None:
    def claim(sentence: str, words: str) -> Claim:
        passages = [make_passage(sentence, day=DAY)]
        return claim_of(0, find_span(passages, 0, words), passages[0], parse_value(words, sentence))

    club = claim("Rovers gave the attendance as 20,914.", "20,914")
    assert is_rival(claim("The police put it at 18,200; it rained.", "18,200"), club)
    assert not is_rival(claim("Rovers sold 18,200 tickets.", "18,200"), club)


def test_who_is_contradicted_gives_a_rival_figure() -> None:
    sentence = (
        "Thieves stole the data of 310,000 customers in May, the regulator said, contradicting the "
        "bank, which has said that 84,000 were affected."
    )
    assert rivals("310,000", sentence) == ["84,000"]
    assert rivals("310,000", sentence.replace("contradicting", "fining")) == []


def test_what_a_figure_is_compared_with_is_no_other_source() -> None:
    sentence = "The teams have put 14.9 km behind them, compared with 8.7 km last summer."
    assert rivals("14.9 km", sentence) == []
    assert rivals("1,200", "The police put the number at 1,200, including 300 from abroad.") == []
