"""Which answers can be said in a few words of the page, and which need their sentence, list or steps."""

import pytest

from indexer.document import Head, Passage
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import pieces_of
from rag.choosing.question import type_of
from rag.showing.short import short_answer

HEAD = Head("d", "https://docs.test/ferry", "Ferry", "", language="en")


def said(question: str, text: str, span: str, shape: Shape = Shape.PARAGRAPH) -> str:
    passage = Passage(HEAD, 0, text, end_char=len(text))
    piece = next(piece for piece in pieces_of(0, passage) if piece.start <= text.index(span) < piece.end)
    start = text.index(span)
    pick = Pick(passage, piece, 0.9, {}, start, start + len(span))
    block = AnswerBlock(shape, passage, HEAD.url, 0, len(text), 0.9, text=text)
    return short_answer(question, type_of(question), pick, block)


@pytest.mark.parametrize(
    ("question", "text", "span"),
    [
        ("What is the name of the oldest ferry?", "The oldest ferry is called Maren.", "Maren"),
        ("What is the fare for a bicycle?", "A bicycle costs $4 each way.", "$4"),
        ("How many ferries sail on Sunday?", "On Sunday thirty ferries sail.", "thirty"),
        ("Which signal do captains use?", "Captains use three short blasts.", "three short blasts"),
        ("Which status can a ticket have?", "A ticket can be valid.", "valid"),
        ("What tool do divers carry?", "Divers carry a brass spanner.", "a brass spanner"),
        ("How does the crew clean the hull?", "The crew cleans the hull by scraping it.", "by scraping it"),
        ("Why do ferries stop in June?", "In June ferries stop because seals are born.", "seals are born"),
        ("Why is the ferry slow?", "The ferry is slow due to weeds on its hull.", "weeds on its hull"),
        ("Why is the ferry slow?", "The ferry is slow to spare its engine.", "to spare its engine"),
        ("What are the bells used for?", "The bells are used for warning swimmers.", "warning swimmers"),
        ("What are the stops of the ferry?", "The stops are Aro, Bago and Tuno.", "Aro, Bago and Tuno"),
    ],
)
def test_what_the_reader_marks_answers_by_itself(question: str, text: str, span: str) -> None:
    assert said(question, text, span) == span


@pytest.mark.parametrize(
    ("question", "text", "span"),
    [
        ("How do I book a cabin?", "Open the desk page and choose a cabin.", "the desk page"),
        ("Which islands are served?", "Bago is served by a small boat.", "Bago"),
        ("What payment methods do you accept?", "We accept cash, and cards at the desk.", "cash"),
        ("What are the stops of the ferry?", "The stops are Aro, Bago and Tuno.", "Bago"),
        ("What kinds of tickets are there?", "There are day tickets and cards.", "day tickets"),
        ("How long does the crossing take?", "The crossing takes you past the lighthouse.", "past the lighthouse"),
        ("What is the difference between a card and a ticket?", "A card is cheaper than a ticket.", "cheaper"),
    ],
)
def test_a_word_out_of_more_is_no_answer(question: str, text: str, span: str) -> None:
    assert said(question, text, span) == ""


@pytest.mark.parametrize(
    ("question", "text", "span"),
    [
        ("Which flag means a cabin is not free?", "Red means free. Blue means a cabin is not free.", "Red"),
        ("Which codes does the pilot take?", "The pilot takes codes (A, B) and <C>, <D>.", "codes (A"),
        ("Which codes does the pilot take?", "The pilot takes codes (A, B) and <C>, <D>.", "<C>, <D"),
    ],
)
def test_what_says_the_opposite_or_is_torn_is_no_answer(question: str, text: str, span: str) -> None:
    assert said(question, text, span) == ""


def test_a_list_is_shown_as_a_list() -> None:
    text = "Bring a passport, a ticket and a coat."
    assert said("What is needed?", text, "a passport", Shape.LIST) == ""


def test_what_is_marked_ends_with_its_sentence() -> None:
    text = "It was named Skyscraper By The Sea. The town grew fast."
    assert said("What was it named?", text, "Skyscraper By The Sea. The town") == "Skyscraper By The Sea."


@pytest.mark.parametrize(
    ("question", "text", "span"),
    [
        ("What is the default depth?", "For many years the depth was 3 m, but now the default depth is 5 m.", "3 m"),
        ("What is the default of max_knots?", "It is 12 for charts prior to 3.4 and 20 for later ones.", "12"),
        ("How many dogs can board?", "Two or more dogs board by the side door.", "Two or more"),
        ("What does E_TIDE mean?", "An E_TIDE error occurs when the tide is too low.", "An E_TIDE error"),
        ("What does the pilot do?", "The pilot leads ships past the reef.", "leads ships"),
        ("What is a spring tide?", "A spring tide is a tide of great range.", "a tide of great range"),
        ("What is the default deck count?", "The default cabin height is 2 m.", "2 m"),
        ("Why is the ferry late?", "Probably you boarded the ferry without looking at the clock.", "boarded the ferry"),
        ("How much room do I need for a trailer?", "A plain car takes 4 m of room on the deck.", "4 m"),
        ("What happens if the pilot is ill?", "By waiting for high water the ship saves fuel.", "the ship saves fuel"),
        ("Which harbours are there?", "Near rocks and sand seals are at home.", "rocks and sand seals"),
        ("Why is the ferry slow at night?", "Old ferries are slow at night.", "Old ferries"),
        ("How many digits can a ticket have?", "Tickets of a ferry have non-zero digits.", "non-zero"),
        ("How many tickets are kept?", "Tickets that are older than 30 days are not kept.", "30 days"),
        ("Where does hull 3 keep its oil?", "Hull 2 keeps its oil aft, hull 3 in the bow.", "aft"),
    ],
)
def test_what_was_so_or_is_so_of_another_is_not_said_by_itself(question: str, text: str, span: str) -> None:
    assert said(question, text, span) == ""


def test_what_was_so_is_said_where_it_is_asked_for() -> None:
    text = "For many years the depth was 3 m, but now it is 5 m."
    assert said("What was the depth?", text, "3 m") == "3 m"


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("Does the ferry carry horses?", "The ferry does not carry horses.", "No"),
        ("Does the ferry carry horses?", "The ferry carries horses.", "Yes"),
        ("Does the ferry carry horses?", "The ferry carries horses if the sea is calm.", ""),
        ("Does the ferry carry horses?", "By default, the ferry carries no horses.", ""),
        ("Does the ferry carry horses?", "The ferry carries dogs.", ""),
        ("Are horses carried or refused?", "Horses are refused, as carried goods are.", ""),
        ("Can I board without a ticket?", "Children board without a ticket.", ""),
        ("Does the ferry carry horses?", "The ferry carries horses without charge.", ""),
        ("Can I use the side door at night?", "Do not use the side door at night.", "No"),
    ],
)
def test_yes_and_no_are_said_of_a_sentence_that_sets_no_condition(question: str, text: str, short: str) -> None:
    assert said(question, text, text.rsplit(maxsplit=1)[-1].strip(".")) == short
