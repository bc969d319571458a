"""Of whom a text says an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.answering.actors.governing import Governing
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage


def _of_another(question: str, words: str, *sentences: str, context: str = "") -> bool:
    passages = [make_passage(*sentences, context=context)]
    return Governing(Question.parse(question), passages).of_another(find_span(passages, 0, words))


@pytest.mark.parametrize(
    "sentence",
    [
        "Aldermoor's chief executive, Bo Ek, met ministers from Corvex country.",
        "Aldermoor CEO Bo Ek met the head of Corvex.",
        "The chief executive of Aldermoor, Bo Ek, met Corvex.",
        "Bo Ek, chief executive of Aldermoor, met the board of Corvex.",
        "Bo Ek, Aldermoor's chief executive, once worked for Corvex.",
        "Aldermoor, led by Bo Ek, competes with Corvex.",
        "Bo Ek, who used to lead research at Corvex, takes over at Aldermoor.",
        "Aldermoor named Bo Ek as its chief executive after Corvex had turned him down.",
        "Aldermoor said that its chief executive, Bo Ek, would join Corvex.",
    ],
)
def test_office_with_another_firm_is_of_another(sentence: str) -> None:
    title = "News of Aldermoor and Corvex"
    assert _of_another("Who is Corvex's chief executive?", "Bo Ek", sentence, context=title)
    assert not _of_another("Who is Aldermoor's chief executive?", "Bo Ek", sentence, context=title)


def test_office_of_its_is_that_of_the_firm_before() -> None:
    text = ("Aldermoor said it would wait.", "Its founder, Bo Ek, called 410p an insult.")
    title = "Corvex bids for Aldermoor"
    assert _of_another("Who founded Corvex?", "Bo Ek", *text, context=title)
    assert not _of_another("Who founded Aldermoor?", "Bo Ek", *text, context=title)


def test_office_of_the_company_is_that_of_the_only_firm_in_its_sentence() -> None:
    text = (
        "Corvex will spend more than Aldermoor.",
        "On the company's call, boss Bo Ek said that growth had become Aldermoor's first aim.",
    )
    assert _of_another("Who is Corvex's boss?", "Bo Ek", *text)
    assert not _of_another("Who is Aldermoor's boss?", "Bo Ek", *text)


def test_bare_office_is_that_of_the_firm_in_the_title() -> None:
    text = ("Finance chief Bo Ek said that most would go on chips from Corvex.",)
    title = "Shares of Aldermoor fall"
    assert _of_another("Who is Corvex's finance chief?", "Bo Ek", *text, context=title)
    assert not _of_another("Who is Aldermoor's finance chief?", "Bo Ek", *text, context=title)


def test_another_office_beside_a_name_does_not_tell_of_the_asked_one() -> None:
    assert not _of_another(
        "Who chairs Stargate?", "Bo Ek", "Stargate is led.", "Bo Ek, the head of Aldermoor, chairs."
    )


@pytest.mark.parametrize(
    "sentence",
    [
        '"We go on," said Bo Ek, the chief executive of Corvex.',
        "Chief executive Bo Ek of Corvex went on.",
        "Bo Ek, Corvex Oil's vice chairman, went on.",
    ],
)
def test_one_who_holds_another_office_does_not_hold_the_asked_one(sentence: str) -> None:
    assert _of_another("Who is the chairman of Corvex?", "Bo Ek", sentence)
    also = sentence.replace("went on", "chairs it, too").replace("We go on", "As chairman I go on")
    assert not _of_another("Who is the chairman of Corvex?", "Bo Ek", also)


@pytest.mark.parametrize(
    ("question", "words", "other", "sentence"),
    [
        ("What was net profit?", "$4bn", "$9bn", "Net profit was $4bn and operating profit $9bn."),
        ("What was net profit?", "$4bn", "$9bn", "It made $4bn of net profit on sales of $9bn."),
        ("What was revenue?", "$9bn", "$4bn", "Revenue was $9bn, but the net loss came to $4bn."),
        ("What was pre-tax profit?", "$4bn", "$9bn",
         "Profit before tax was $4bn; operating profit was $9bn."),
        ("What was operating profit?", "$9bn", "$4bn",
         "Adjusted operating profit was $9bn; profit before tax was $4bn."),
        ("What was the final dividend?", "9 cents", "4 cents",
         "The interim dividend was 4 cents and the final dividend 9 cents."),
        ("What dividend was paid?", "9 cents", "$4bn",
         "Net profit was $4bn, and a dividend of 9 cents was paid."),
    ],
)  # fmt: skip
def test_a_figure_of_another_measure_is_of_another(
    question: str, words: str, other: str, sentence: str
) -> None:
    assert not _of_another(question, words, sentence)
    assert _of_another(question, other, sentence)


def test_what_a_firm_made_is_its_profit() -> None:
    sentence = "Corvex made €83m, more than it had promised."
    assert _of_another("Corvex revenue 2024", "€83m", sentence)
    assert not _of_another("Corvex profit 2024", "€83m", sentence)
    assert not _of_another("Corvex revenue 2024", "€83m", "Corvex made €83m from tickets.")


def test_a_figure_in_a_row_of_something_else_is_of_another() -> None:
    question, row = "acme profit forecast 2024", "Measure: {}; 2023: $95m; 2024: $240m"
    assert _of_another(question, "$240m", row.format("Staff costs"))
    assert not _of_another(question, "$240m", row.format("Operating profit"))
    assert not _of_another(question, "$240m", row.format("Acme Copper"))
    assert not _of_another(question, "$240m", row.format("Zambia"), context="Profit by country")
    assert not _of_another("acme staff 2024", "$240m", row.format("Costs"))
    final = "What final dividend did Acme pay for 2024?"
    assert _of_another(final, "$240m", row.format("Interim dividend per share"))
    assert not _of_another(final, "$240m", row.format("Dividend per share"))


@pytest.mark.parametrize(
    ("sentence", "buyer", "bought"),
    [
        ("Corvex bought Rona in May.", "Corvex", "Rona"),
        ("Rona, a maker of sodas, was bought by Corvex of Italy.", "Corvex", "Rona"),
        ("Corvex has agreed to acquire Rona.", "Corvex", "Rona"),
        ("Corvex is paying $4 billion for Rona.", "Corvex", "Rona"),
    ],
)
def test_who_buys_is_not_what_is_bought(sentence: str, buyer: str, bought: str) -> None:
    question = "Which companies were bought in 2025?"
    assert not _of_another(question, bought, sentence)
    assert _of_another(question, buyer, sentence)


def test_a_figure_of_some_months_is_none_of_the_year() -> None:
    text = "It built 131 ships in the first five months, after 290 in the year before."
    assert _of_another("How many ships did it build in 2024?", "131", text)
    assert not _of_another("How many ships did it build in 2024?", "290", text)
    assert not _of_another("How many ships did it build by May?", "131", text)


@pytest.mark.parametrize(
    ("question", "words", "sentence"),
    [
        ("How many jobs will Corvex cut?", "800", "Aldermoor Oil will cut 800 jobs."),
        ("When does Corvex report?", "May 3", "Last year Aldermoor Oil reported on May 3."),
        ("What were Corvex's sales?", "$4bn", "Sales at Aldermoor Oil rose to $4bn."),
        ("Where will Corvex build?", "Ohio", "Rival Aldermoor Oil builds a plant in Ohio."),
        (
            "How much did Corvex earn?",
            "$5bn",
            "Corvex lost $3bn, while Aldermoor Oil earned $5bn.",
        ),
    ],
)
def test_what_is_said_of_another_subject_is_of_another(
    question: str, words: str, sentence: str
) -> None:
    assert _of_another(question, words, sentence)


@pytest.mark.parametrize(
    ("question", "words", "sentence"),
    [
        ("How much did Corvex pay?", "$4bn", "Aldermoor Oil was bought by Corvex for $4bn."),
        ("How many jobs will Corvex cut?", "800", "Bo Ek says 800 jobs will go at Corvex."),
        ("How much will Corvex earn?", "$5bn", "Corvex is to earn $5bn, Aldermoor Oil says."),
        ("What did Harrow Wind Works lose?", "$5bn", "HWW lost $5bn, as Aldermoor Oil had."),
        ("What did HWW lose?", "$5bn", "Harrow Wind Works lost $5bn."),
        ("What did Harrow Wind lose?", "$5bn", "HWW lost $5bn, as Aldermoor Oil had."),
        ("How much did the park cost?", "$5bn", "Aldermoor Oil paid $5bn for it."),
        ("How much did Corvex Park cost?", "$5bn", "Aldermoor Oil put $5bn into Corvex Park."),
    ],
)
def test_what_is_said_of_the_asked_actor_is_not_of_another(
    question: str, words: str, sentence: str
) -> None:
    assert not _of_another(question, words, sentence)


def test_what_we_says_in_a_call_is_of_the_firm_in_its_title() -> None:
    text = ("Might Aldermoor bid for you?", "Bo Ek: On oil, we are covered for 70% of the year.")
    question, title = "What share of Corvex's oil is hedged?", "Corvex: results call, transcript"
    assert not _of_another(question, "70%", *text, context=title)


def test_it_is_the_subject_of_the_sentence_before() -> None:
    text = ("Quillon, the smaller rival, said no.", "It has 1,900 employees.")
    title = "Tessaray builds in Ohio"
    question = "How many employees does {} have?"
    assert _of_another(question.format("Tessaray"), "1,900", *text, context=title)
    assert not _of_another(question.format("Quillon"), "1,900", *text, context=title)


def test_nothing_is_of_another_that_no_other_actor_governs() -> None:
    question = "How many jobs will Corvex cut?"
    assert not _of_another(question, "800", "In all, 800 jobs will go.", context="Jobs at Corvex")
    assert not _of_another(question, "800", "In all, 800 jobs will go.")


def test_text_about_others_tells_nothing_of_an_actor_that_it_never_names() -> None:
    question = "Who is the chief executive of Corvex?"
    assert (
        _of_another(
            question, "Bo Ek", "Bo Ek stays chief executive.", context="Gain at Aldermoor Oil"
        )
        is False
    )
    assert _of_another(
        question, "Bo Ek", "Bo Ek stays chief executive.", context="Aldermoor Oil buys Beltane"
    )


def test_figure_for_another_thing_beside_that_for_the_asked_one_is_of_another() -> None:
    sentence = "Corvex paid $1 billion for Pixgram and $19 billion for Loopchat."
    question = "How much did Corvex pay for Loopchat?"
    assert _of_another(question, "$1 billion", sentence)
    assert not _of_another(question, "$19 billion", sentence)


def test_place_is_that_of_what_is_named_beside_it() -> None:
    sentence = "Aldermoor's plants go to Corvex: Skar in Norway and Hune in Finland."
    assert not _of_another("In which country is Corvex's Hune plant?", "Finland", sentence)


def test_who_takes_over_and_who_is_taken_over_are_not_exchanged() -> None:
    sentence = "Aldermoor Oil is buying Corvex for $22 billion."
    assert _of_another("How much will Corvex pay for Aldermoor?", "$22 billion", sentence)
    assert not _of_another("How much will Aldermoor pay for Corvex?", "$22 billion", sentence)
    passive = "Aldermoor Oil was bought by Corvex for $22 billion."
    assert not _of_another("How much did Corvex pay for Aldermoor?", "$22 billion", passive)


@pytest.mark.parametrize(
    ("sentence", "of_another"),
    [
        ("Corvex had bought most of Aldermoor's shops, Skarmart.", True),
        ("Skarmart bought most of Aldermoor.", False),
        ("Corvex, which bought Aldermoor, was bought by Skarmart.", False),
        ("After Corvex acquired Hune, Skarmart took over Aldermoor.", False),
        ("Corvex will buy Skarmart's stake in Aldermoor.", False),
    ],
)
def test_what_somebody_buys_does_not_tell_who_buys(sentence: str, of_another: bool) -> None:
    assert _of_another("Which chain bought most of Aldermoor?", "Skarmart", sentence) is of_another
    assert not _of_another("Which chain runs Aldermoor?", "Skarmart", sentence)


def test_aliases_name_the_asked_actor() -> None:
    question = Question.parse("How many jobs will Corvex cut?")
    passages = [make_passage("Aldermoor Oil will cut 800 jobs.")]
    scored = find_span(passages, 0, "800")
    assert Governing(question, passages).of_another(scored)
    aliased = replace(question, aliases={"corvex": (frozenset({"aldermoor", "oil"}),)})
    assert not Governing(aliased, passages).of_another(scored)


def test_sentences_of_other_passages_of_the_article_are_read_before() -> None:
    opening = "Aldermoor Oil lost money."
    rest = "Its finance director, Bo Ek, leaves."
    passages = [make_passage(rest, start=len(opening) + 1), make_passage(opening)]
    question = Question.parse("Who is the finance director of Corvex?")
    assert Governing(question, passages).of_another(find_span(passages, 0, "Bo Ek"))
    assert not Governing(question, passages[:1]).of_another(find_span(passages, 0, "Bo Ek"))


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Lee, 63, conceded at noon.", "63"),
        ("The mayor, Ann Lee (63), won.", "63"),
        ("Voters chose Ann Lee, aged 63, again.", "63"),
        ("They chose Ann Lee, 63.", "63"),
        ("They chose Ann van der Lee (63).", "63"),
    ],
)
def test_an_age_measures_nothing_else(sentence: str, words: str) -> None:
    assert _of_another("How many votes did Lee get?", words, sentence)
    assert not _of_another("How old is Lee?", words, sentence)


@pytest.mark.parametrize("sentence", ["Lee won 63 votes.", "Rovers beat Lee, 63 points to 60."])
def test_a_figure_that_is_no_age_is_of_what_is_asked(sentence: str) -> None:
    assert not _of_another("How many votes did Lee get?", "63", sentence)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Jobs were lost in Leeds (43), Hull (12) and York (9).", "43"),
        ("Jobs were lost in Leeds (43), Hull (12) and York (9).", "9"),
        ("In Leeds (43) most jobs were lost.", "43"),
        ("Jobs were lost in Leeds, 43, and Hull, 12.", "43"),
        ("The firm has shops in New York (43) and Boston (12).", "43"),
        ("The chain has most of its shops in Salt Lake (43).", "43"),
    ],
)
def test_a_count_behind_a_place_is_no_age(sentence: str, words: str) -> None:
    assert not _of_another("How many jobs were lost?", words, sentence)


@pytest.mark.parametrize(
    "question",
    [
        "How much revenue did the oldest bank make?",
        "How many votes of people aged 50 did Lee get?",
    ],
)
def test_a_word_of_ages_leaves_other_measures_checked(question: str) -> None:
    assert _of_another(question, "63", "The winner was Ann Lee, 63, of Hull.")


@pytest.mark.parametrize("question", ["What is Lee's age?", "At what age did Lee win?"])
def test_an_age_is_asked_for_in_other_words(question: str) -> None:
    assert not _of_another(question, "63", "The winner was Ann Lee, 63, of Hull.")


def test_a_limit_of_ages_is_nobodys_age() -> None:
    sentence = "Lee promised free buses for everyone under 21."
    assert _of_another("How old is Lee?", "21", sentence)
    assert not _of_another("How old is Lee?", "80", "Lee is over 80.")


def test_an_office_before_another_name_is_not_held_by_who_holds_another() -> None:
    sentence = "Interior minister Ann Lee and mayor Bo Ek took the first train."
    assert _of_another("Who is interior minister?", "Bo Ek", sentence)
    assert not _of_another("Who is interior minister?", "Ann Lee", sentence)
    assert not _of_another(
        "Who is interior minister?", "Bo Ek", "Mayor Bo Ek is interior minister."
    )


def test_what_a_part_is_worth_is_not_what_the_whole_is() -> None:
    text = "Aldermoor now holds 27%, a stake worth about $135 billion, of Corvex."
    assert _of_another("What is Corvex worth?", "$135 billion", text)
    assert not _of_another("What is the stake in Corvex worth?", "$135 billion", text)
    assert not _of_another("What is Corvex worth?", "$500 billion", "Corvex is worth $500 billion.")


def test_a_firm_holds_no_office() -> None:
    question = "Who will follow Ann Lee as finance director of Corvex?"
    text = "Corvex's finance director, Ann Lee, will go to the seed firm Tozer Lunn in May."
    assert _of_another(question, "Tozer Lunn", text)
    text = (
        "Corvex's finance director, Ann Lee, will be followed by Bo Ek of the seed firm Tozer Lunn."
    )
    assert not _of_another(question, "Bo Ek", text)


def test_keywords_ask_about_their_names() -> None:
    title = "Wendle Water: half-year report"
    row = "Six months: Profit before tax; 2025: £13.4m"
    for keywords in ("Wensley Water profit before tax 2025", "Wensley profit 2025"):
        passages = [make_passage(row, context=title)]
        scored = find_span(passages, 0, "£13.4m")
        assert Governing(Question.parse(keywords), passages).of_another(scored)
        named = [make_passage(row, context=title.replace("Wendle", "Wensley"))]
        assert not Governing(Question.parse(keywords), named).of_another(scored)
    passages = [make_passage(row, context=title)]
    question = Question.parse("Pre-tax profit 2025")
    assert not Governing(question, passages).of_another(find_span(passages, 0, "£13.4m"))


def test_a_share_is_no_sum_of_money() -> None:
    text = "Corvex lost 17% or $593 billion on Monday."
    assert _of_another("How much market value did Corvex lose?", "17%", text)
    assert not _of_another("How much market value did Corvex lose?", "$593 billion", text)
    assert not _of_another("How much did Corvex lose?", "17%", text)
    spent = "Corvex spends 8% of its sales, $4 billion, on research."
    assert _of_another("How much does Corvex spend on research?", "8%", spent)


def test_one_figure_is_no_average() -> None:
    question = "What is the average attendance of Corvex?"
    assert _of_another(question, "21,460", "Attendance at Corvex was 21,460.")
    assert not _of_another(question, "19,120", "The average attendance at Corvex was 19,120.")


def test_who_heads_a_part_holds_not_the_office_of_the_one_named_before() -> None:
    text = ("Aldermoor dismissed the finance chief, Ann Lee, and the head of legal policy, Bo Ek.",)
    question = "Who is Aldermoor's finance chief?"
    assert _of_another(question, "Bo Ek", *text)
    assert not _of_another(question, "Ann Lee", *text)


def test_the_top_job_is_an_office_of_the_firm_it_is_at() -> None:
    text = ("Corvex kept its board.", "Only Bo Ek, the head of Aldermoor, stays.")
    title = "Corvex and Aldermoor"
    assert _of_another("Who held the top job at Corvex?", "Bo Ek", *text, context=title)
    assert not _of_another("Who held the top job at Aldermoor?", "Bo Ek", *text, context=title)


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Vox seats second election Spain", "Vox more than doubled, to 52 seats.", "52 seats"),
        ("How much do nurses in Ghana earn?", "Pay at Korle Bu is 2,970 cedis.", "2,970 cedis"),
    ],
)
def test_a_party_or_firm_of_a_country_is_no_rival_of_it(
    question: str, sentence: str, words: str
) -> None:
    assert not _of_another(question, words, sentence, context="Left wins again in Madrid")


def test_another_country_is_a_rival_of_a_country() -> None:
    question = "What was Ghana's inflation?"
    assert _of_another(question, "6%", "Kenya had inflation of 6%.", context="Prices in Kenya")
    assert not _of_another(question, "6%", "Inflation was 6%.", context="Ghana's prices")


def test_the_usual_other_form_of_an_asked_name_is_no_rival() -> None:
    asked = Question.parse("number of Corvex doses bought by the UK")
    sentence = "On Monday Britain secured 5 million doses."
    passages = [make_passage("Corvex has a vaccine for Britain.", sentence)]
    span = find_span(passages, 0, "5 million doses")
    assert Governing(asked, passages).of_another(span)
    known = replace(asked, aliases={"uk": (frozenset({"britain"}),)})
    assert not Governing(known, passages).of_another(span)


def _lacks(question: str, *sentences: str) -> bool:
    passages = [
        make_passage("The Corvex mission brought back 5.4 grams.", article_id="asked"),
        make_passage(*sentences, article_id="other"),
    ]
    return Governing(Question.parse(question), passages).lacks_names(passages[1])


def test_an_article_without_the_names_and_the_words_of_a_question_is_of_another() -> None:
    price = "What was the price of Japan's Corvex mission?"
    assert _lacks(price, "A cat in Japan cost 1.3 million yen.")
    assert not _lacks(price, "Its price, for a mission to an asteroid, was 1.3 million yen.")
    assert not _lacks(price, "A cat of the Corvexes cost 1.3 million yen.")
    assert not _lacks("What was the price of the mission of Ghana?", "A cat cost 5 cedis.")
    assert not _lacks("What did the head of the Aldermoor firm buy?", "A cat cost 5 cedis.")


def test_an_article_may_spell_the_initials_of_a_name_out() -> None:
    passages = [
        make_passage("What the IEA says.", article_id="asked"),
        make_passage("The International Energy Agency reckons with $5bn.", article_id="other"),
    ]
    question = Question.parse("How much will be spent in Oman, according to the IEA?")
    assert not Governing(question, passages).lacks_names(passages[1])
