import pytest

from api.answering.combining.series.agreement import Combined, combine
from api.answering.questions.question import Question
from tests.api.answering.combining.making import Said, choice_of, told

FEE = "What did Rovers pay for Bo Ek?"


def combined(question: str, *said: Said, copies: tuple[str, ...] = ()) -> Combined:
    def story_of(article: str) -> str:
        return copies[0] if article in copies else article

    choice = choice_of(question, *said)
    asked = Question.parse(question)
    return combine(choice.series, story_of, [], asked, choice.of_other_times)


def paid(fee: str, day: str, article: str | None = None) -> Said:
    return Said(f"Rovers paid {fee} for Bo Ek.", fee, day, 8, article)


def test_one_statement_is_single() -> None:
    assert combined(FEE, paid("€3.5 million", "2025-08-12")) == Combined("single", ())


def test_equal_values_of_two_articles_agree() -> None:
    said = paid("€3.5 million", "2025-08-12"), paid("3.5 million euros", "2025-08-14")
    assert combined(FEE, *said).agreement == "agree"


def test_a_source_that_says_not_the_answers_figure_disagrees() -> None:
    first = Said("Rovers paid €6.2 million for Bo Ek.", "€6.2 million", "2025-01-29", 14)
    other = "Vale received €7.5 million for Bo Ek, not the €6.2 million that was reported."
    second = Said(other, "€7.5 million", "2025-01-30", -1)
    result = combined(FEE, first, second)
    assert result.agreement == "disagree"
    assert [words for words, *_ in told(list(result.timeline))] == ["€6.2 million", "€7.5 million"]


def test_what_is_no_longer_so_contradicts_nothing() -> None:
    question = "How many cars does Acme expect to sell?"
    first = Said("Acme expects to sell 220,000 cars.", "220,000 cars", "2025-02-11", 9)
    now = Said("Acme expects to sell 205,000 cars, not 220,000.", "205,000 cars", "2025-10-07")
    old = Said("Acme expects to sell 205,000 cars, not 220,000.", "220,000", "2025-10-07", 7, "a1")
    assert combined(question, first, now, old).agreement == "revised"
    assert told(choice_of(question, first, now, old).series)[0][0] == "205,000 cars"


def test_a_rival_figure_of_another_article_with_the_answers_figure_disagrees() -> None:
    question = "How much did Acme lose in the crash?"
    one = Said("Acme lost €593 million in the crash.", "€593 million", "2025-01-28", 9)
    two = "A broker put the loss of Acme in the crash at €593 million; the bank said €589 million."
    again = Said(two, "€593 million", "2025-01-28", 8)
    assert combined(question, one, again).agreement == "disagree"


def test_copies_of_one_story_count_once() -> None:
    said = paid("€3.5 million", "2025-08-12", "x"), paid("3.5 million euros", "2025-08-14", "y")
    assert combined(FEE, *said, copies=("x", "y")).agreement == "single"


def test_a_figure_of_the_same_days_with_fewer_digits_is_the_same() -> None:
    said = paid("€214 million", "2025-08-12"), paid("€213.5 million", "2025-08-14")
    assert combined(FEE, *said) == Combined("agree", ())


def test_different_values_of_one_event_disagree_and_both_are_told() -> None:
    result = combined(FEE, paid("€3.5 million", "2025-08-12"), paid("€35 million", "2025-08-14"))
    assert result.agreement == "disagree"
    assert told(list(result.timeline)) == [
        ("€3.5 million", "2025-08-12", "reported"),
        ("€35 million", "2025-08-14", "reported"),
    ]


def test_different_values_of_one_year_disagree_however_far_apart_they_were_published() -> None:
    one = Said("Rovers earned €3.5 million in 2024.", "€3.5 million", "2025-01-02")
    two = Said("Rovers earned €35 million in 2024.", "€35 million", "2025-11-02")
    assert combined("What did Rovers earn in 2024?", one, two).agreement == "disagree"


def test_different_values_of_one_article_are_parts_of_one_story() -> None:
    one = Said("Rovers paid €3.5 million for Bo Ek.", "€3.5 million", "2025-08-12", 9, "x")
    two = Said(
        "For Bo Ek, the new striker, Rovers paid €35 million.", "€35 million", "2025-08-12", 8, "x"
    )
    assert combined(FEE, one, two).agreement == "revised"


def test_what_stands_beside_another_time_is_not_of_the_articles_day() -> None:
    question = "How many countries signed the Paris declaration?"
    one = Said("In Paris 58 countries signed the declaration.", "58 countries", "2025-02-11", 9)
    two = Said(
        "In November 2023 came Bletchley, where 28 countries signed a declaration, then Paris.",
        "28 countries",
        "2025-02-12",
        8,
    )
    assert combined(question, one, two).agreement == "revised"


def test_what_the_next_sentence_gives_from_another_source_disagrees() -> None:
    club = "Rovers gave the attendance of the match as 20,914; the police put it at 18,200."
    earlier = Said("The attendance of the match had been 15,000.", "15,000", "2024-01-01")
    result = combined(
        "What was the attendance of the match?", Said(club, "20,914", "2026-01-19", 9), earlier
    )
    assert result.agreement == "disagree"
    assert [words for words, *_ in told(list(result.timeline))] == ["20,914", "18,200"]


def test_undated_statements_with_different_values_disagree() -> None:
    one = Said("Rovers earned €3.5 million in 2024.", "€3.5 million", None)
    two = Said("Rovers earned €35 million in 2024.", "€35 million", None)
    assert combined("What did Rovers earn in 2024?", one, two).agreement == "disagree"


def test_values_that_change_over_time_are_revised_oldest_first() -> None:
    one = Said("Meta said it would spend $64 billion this year.", "$64 billion", "2025-05-02")
    two = Said("Meta said it would spend $70 billion this year.", "$70 billion", "2025-10-31")
    result = combined("How much is Meta spending?", two, one)
    assert result.agreement == "revised"
    assert [words for words, *_ in told(list(result.timeline))] == ["$64 billion", "$70 billion"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("about €3.5 million", "€3.52 million"),
        ("€3.5 million", "€3.53 million"),
        ("€3 million to €4 million", "€3.5 million"),
        ("about €2 million", "€1.97 million"),
    ],
)
def test_rounded_figures_do_not_contradict_each_other(one: str, two: str) -> None:
    result = combined(FEE, paid(one, "2025-08-12"), paid(two, "2025-08-14"))
    assert result.agreement != "disagree"


def test_about_is_no_wider_than_its_last_digit() -> None:
    said = paid("about €593 million", "2025-08-12"), paid("€589 million", "2025-08-14")
    assert combined(FEE, *said).agreement == "disagree"


def test_an_earlier_figure_of_the_sentence_joins_the_timeline() -> None:
    sentence = (
        "Meta said on 30 April that it would spend $64 billion to $72 billion this year, "
        "compared with the $60 billion to $65 billion announced in January."
    )
    said = Said(sentence, "$64 billion to $72 billion", "2025-05-02")
    result = combined("How much is Meta spending?", said)
    assert result.agreement == "revised"
    assert told(list(result.timeline)) == [
        ("$60 billion to $65 billion", "2025-01-31", "planned"),
        ("$64 billion to $72 billion", "2025-04-30", "planned"),
    ]


def test_a_compared_figure_of_another_unit_or_without_its_time_stays_out() -> None:
    said = Said(
        "Rovers paid €3.5 million in May, against 12 players before and compared with €2 million.",
        "€3.5 million",
        "2025-08-12",
    )
    assert combined(FEE, said).agreement == "single"


def test_what_a_figure_was_before_at_no_told_time_stays_out_of_the_timeline() -> None:
    sentence = "Rovers paid €3.5 million for Bo Ek, up from €3 million."
    said = (
        Said(sentence, "€3.5 million", "2025-08-12", 9, "x"),
        Said(sentence, "€3 million", "2025-08-12", 8, "x"),
    )
    assert combined(FEE, *said) == Combined("single", ())


def test_another_sources_figure_of_the_same_day_disagrees_in_other_words() -> None:
    union = Said("About 2,300 dockers at Calder joined a strike.", "About 2,300", "2025-03-05", 16)
    port = Said(
        "The port of Calder put the number of strikers at 1,700.", "1,700", "2025-03-05", 5, "port"
    )
    question = "How many dockers went on strike at Calder?"
    assert combined(question, union, port).agreement == "disagree"
    later = port._replace(day="2025-04-28")
    assert combined(question, union, later).agreement == "single"


def test_another_bodys_figure_of_what_is_over_disagrees_though_read_worse() -> None:
    question = "How many dockers walked out at Calder?"
    port = Said("The port's manager said 310 dockers had walked out.", "310", "2025-03-05", 16)
    text = "By the union's count 455 dockers walked out at Calder, the union said."
    union = Said(text, "455", "2025-05-06", 8)
    assert combined(question, port, union).agreement == "disagree"


def test_what_a_later_article_only_recalls_stands_once_in_a_timeline() -> None:
    january = Said(
        "Acme expects revenue of about 1.9 billion euros in 2025.",
        "about 1.9 billion euros",
        "2025-01-21",
    )
    april = "Acme expects revenue of 1.7 billion euros in 2025 rather than {} in January."
    now = Said(april.format("1.9 billion euros"), "1.7 billion euros", "2025-04-29", 9)
    then = Said(now.sentence, "1.9 billion euros", "2025-04-29", 8, "a1")
    result = combined("What revenue does Acme expect in 2025?", january, now, then)
    assert [claim.text for claim in result.timeline] == [
        "about 1.9 billion euros",
        "1.7 billion euros",
    ]


def test_who_recalls_what_was_expected_does_not_agree_with_it() -> None:
    question = "What sales does Acme expect in 2025?"
    april = Said("Acme expects sales of $350 million in 2025.", "$350 million", "2025-04-16", 9)
    cut = "Acme lowered its sales forecast for the drug in 2025 from $350 million."
    result = combined(question, april, Said(cut, "$350 million", "2025-10-23", 4))
    assert result.agreement == "single"


def test_what_a_later_plan_takes_the_place_of_is_told_once_when_it_was_made() -> None:
    june = Said("The farm will cost €2.9bn.", "€2.9bn", "2024-06-12", 8)
    dearer = "The farm will cost €3.4bn instead of the €2.9bn of June last year."
    result = combined(
        "What will the farm cost?",
        Said(dearer, "€3.4bn", "2025-03-20", 9, "x"),
        Said(dearer, "€2.9bn", "2025-03-20", 7, "x"),
        june,
    )
    assert [(words, day) for words, day, _ in told(list(result.timeline))] == [
        ("€2.9bn", "2024-06-12"),
        ("€3.4bn", "2025-03-20"),
    ]


def test_a_figure_and_its_rival_in_one_sentence_disagree_whenever_each_was_said() -> None:
    sentence = (
        "Thieves stole the data of 310,000 customers of Acme in May, the regulator said on "
        "Tuesday, contradicting Acme, which has said that 84,000 were affected."
    )
    question = "How many customers of Acme had their data stolen?"
    regulator = Said(sentence, "310,000", "2025-06-17", 9, "x")
    bank = Said(sentence, "84,000", "2025-06-17", 7, "x")
    choice = choice_of(question, regulator, bank)
    assert choice.ranked[0].candidate.text == "310,000"
    assert combined(question, regulator, bank).agreement == "disagree"


def test_a_cut_that_revises_no_figure_does_not_settle_a_disagreement() -> None:
    one = Said("Acme cuts 600 jobs in Leeds.", "600", "2025-08-12")
    two = Said("Acme cuts 850 jobs in Leeds.", "850", "2025-08-14", 7)
    assert combined("How many jobs does Acme cut in Leeds?", one, two).agreement == "disagree"
    two = Said("Acme has cut the number of jobs to go in Leeds to 850.", "850", "2025-08-14", 7)
    assert combined("How many jobs does Acme cut in Leeds?", one, two).agreement != "disagree"


def test_what_a_later_article_recalls_is_no_further_entry() -> None:
    one = Said("Wexcombe expects to be £12m short.", "£12m", "2024-02-23")
    two = Said("Wexcombe expects to be £21m short.", "£21m", "2024-09-19", article="late")
    again = Said(
        "In February Wexcombe had expected to be £12m short.", "£12m", "2024-09-19", 6, "late"
    )
    result = combined("How much does Wexcombe expect to be short?", one, two, again)
    assert [(words, day) for words, day, _ in told(list(result.timeline))] == [
        ("£12m", "2024-02-23"),
        ("£21m", "2024-09-19"),
    ]


def staffed(words: str, exact: str, day: str = "2024-06-01") -> str:
    first = Said(f"The Orle tyre plant employs {words} people.", words, "2024-01-18", 12)
    second = Said(f"The Orle tyre plant employs {exact} people.", exact, day, 10)
    return combined("How many people work at the Orle tyre plant?", first, second).agreement


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ("nearly 400", "397"),
        ("almost four hundred", "398"),
        ("more than 1,200", "1,213"),
        ("about 1,500", "1,487"),
    ],
)
def test_a_rounded_figure_and_the_exact_one_agree_whenever_they_are_told(
    words: str, exact: str
) -> None:
    assert staffed(words, exact) == "agree"


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ("nearly 400", "403"),
        ("nearly 400", "360"),
        ("more than 1,200", "1,187"),
        ("about 1,500", "1,390"),
        ("412", "397"),
        ("about 593", "589"),
    ],
)
def test_a_figure_on_the_wrong_side_or_too_far_away_is_another(words: str, exact: str) -> None:
    assert staffed(words, exact) == "revised"


def test_a_figure_of_an_asked_time_comes_with_those_of_others() -> None:
    said = [
        Said(f"The union had {members} members in {year}.", members, f"{year + 1}-02-17", score)
        for members, year, score in (("5,210", 2022, 9.0), ("4,640", 2023, 8.5), ("4,415", 2024, 8))
    ]
    result = combined("How many members did the union have in 2022?", *said)
    assert result.agreement == "revised"
    assert [words for words, *_ in told(list(result.timeline))] == ["5,210", "4,640", "4,415"]


def test_another_figure_of_another_time_contradicts_nothing() -> None:
    said = [
        Said(f"{count} people marched in Orrin in {year}, police said.", count, f"{year}-05-02")
        for count, year in (("5,200", 2024), ("9,700", 2025))
    ]
    result = combined("How many people marched in Orrin in 2025?", *said)
    assert result.agreement == "revised"
