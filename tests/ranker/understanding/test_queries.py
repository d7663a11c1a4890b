"""What people type finds the right page, on both stores: one case a line."""

from dataclasses import replace

import pytest

from indexer.store import Filters, Store
from ranker.query import Query
from ranker.rank import Ranker
from ranker.understanding.english import is_english
from ranker.understanding.forms import forms, wholes
from ranker.understanding.slips import is_another_part, is_slip
from tests.support.queries import cases, filled, keys
from tests.support.query_pages import PAGES


@pytest.fixture(scope="module")
def embedded(embedded: Store) -> Ranker:
    return filled(embedded, PAGES)


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch: Store) -> Ranker:
    return filled(elasticsearch, PAGES)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def ranker(request: pytest.FixtureRequest) -> Ranker:
    found: Ranker = request.getfixturevalue(request.param)
    return found


FIRST = cases("""
pragam => pragma
pargma => pragma
prgama => pragma
jornal mode => journal
journl mode => journal
jouurnal mode => journal
journal mdoe => journal
vacum => vacuum
ransaction => transaction
TTransactions => transaction
jOurnal mode => journal
foriegn-keys => foreign
vacuum => vacuum
VACUM => vacuum
vacum database => vacuum
kettel => kettle
ketle => kettle
kettlle => kettle
tosater => toaster
toastre => toaster
transacton => transaction
trnasactions => transaction
autoincremnet => autoincrement
autoincrment => autoincrement
foriegn keys => foreign
foreign kyes => foreign
foreing key constraints => foreign
windwo functions => window
window funtions => window
instalation => setup
typografers => quote
wifi => wlan
wi-fi => wifi
wi fi => wifi
Wi-Fi library => wifi
wifi library => wifi
wifi router => wlan
router wifi => wlan
e-mail => email
email => email
e mail => email
email desk => email
login => login
log in => log-in
log-in => log-in
login page => login
log in front desk => log-in
setup => setup
set up => set-up
set-up => set-up
set up tent => set-up
setup machine => setup
deadlock loser => deadlock
deadlock loser exception => deadlock
DeadlockLoserException => deadlock
deadlockloserexception => deadlock
loser exception => deadlock
SQLITE_BUSY => busy
sqlite_busy => busy
sqlite busy => busy
SQLITE_LOCKED => locked
sqlite locked => locked
PRAGMA foreign_keys => foreign
foreign_keys => foreign
foreign keys => foreign
os.path.join => join
path.join => join
path join => join
garden.plants.watering => modules
garden.plants.wateirng => modules
agrden.plants.watering => modules
garden.plaants.soil_testing => modules
garden.plants.soil_tsting => modules
import garden.plants.watring => modules
JavaScript => scripts
JavaScrpt => scripts
JJavaScript => scripts
JavsaScript menu => scripts
shop_cart => cart
shop cart => cart
border-radius => kebab
border radius => kebab
getUserName => fetch
get user name => fetch
user name => fetch
setusername => fetch
release 2.10 => release-2.10
2.10 => release-2.10
release 1.2.10 => release-1.2.10
1.2.10 => release-1.2.10
release 2.1 => release-2.1
2.1 => release-2.1
new in 2.10 => release-2.10
->> => arrow
operator ->> => arrow
-> => arrow
|| => concat
operator || => concat
== => equal
operator == => equal
!= => equal
C++ => cpp
C# => csharp
compiler C++ => cpp
bindings C# => csharp
12h => night
12 h => night
timer 12 h => night
1.8 kg => weight
1.8kg => weight
parcel 1.8 kg => weight
E4012 => fault
E-4012 => fault
e 4012 => fault
fault E4012 => fault
E-4013 => fault2
E4013 => fault2
fault E-4013 => fault2
A17-B => alarm
A17B => alarm
a17b alarm => alarm
W-8BEN => form
W8BEN => form
W8-BEN => form
?. => chaining
?? => chaining
operator ?. => chaining
>> => append
operator >> => append
#>> => path-text
@> => contains
<@ => contains
wrok_mem => memory
work_mem => memory
shared_bufers => memory
set shared_bufers => memory
allow override => directive
AllowOveride => directive
allowoverride => directive
12.5 kg => baggage
12.5kg => baggage
12,5kg => baggage
bag 12.5kg => baggage
85cm => baggage
IF NOT EXISTS => exists
if not exists => exists
to be or not to be => tobe
window functions => window
journal mode => journal
transactions => transaction
maintenance => vacuum-links
paint => colour
Pauschale => pauschale
Versandkosten => pauschale
Versandkostenpauschale => pauschale
versandkostenpauschale => pauschale
Haltestelle => strasse
Miete => miete
Sprache => miete
Vertrag => miete
Haftpflicht => haftpflicht
haftpflicht auto => haftpflicht
Kraftfahrzeug => haftpflicht
Frist => fristen
Fristen => fristen
unbefristet => befristet
Müll => muell
muell => muell
muellabfuhr => muell
Gaerten => garten
haeuser => garten
strassenbahnhaltestelle => strasse
opvang => opvang
kinderopvang => opvang
toeslag => opvang
coordinatie => coordinatie
kyrka => kyrkogard
Straßenbahn => strasse
strassenbahn => strasse
Häuser => garten
Haus => garten
hauser => garten
garten => garten
Gärten => garten
grosse => garten
zorg => zorg
verzekering => zorg
ziekenhuis => zorg
semester => semester
sommar => semester
sommarsemester => semester
borjar => semester
stangd => semester
pénalité => penalite
penalite => penalite
penalites => penalite
eleve => eleve
élève => eleve
eleves => eleve
ecole => eleve
dejeunent => eleve
devolucao => devolucao
devolução => devolucao
devoluções => devolucao
devolucoes => devolucao
recepcao => devolucao
cancion => cancion
canción => cancion
canciones => cancion
corazon => cancion
montana => cancion
ano => ano
años => ano
anos => ano
lapiz => lapices
lápiz => lapices
luz => lapices
coeur => coeur
cœur => coeur
aujourdhui => coeur
aujourd'hui => coeur
rendezvous => coeur
citta => citta
città => citta
caffe => citta
smorrebrod => smorrebrod
smørrebrød => smorrebrod
roget laks => smorrebrod
東京 => tokyo
日本の首都 => tokyo
музей => moskva
Музея => moskva
resume => resume
résumé => resume
resumé letter => resume
"river of white" => quote
“river of white” => quote
„river of white“ => quote
«Paiement comptant» => penalite
"->>" => arrow
"foreign_keys" => foreign
"os.path" => join
"running text" => exact
sorter -q => option
sleeps -dog => cat
-dog sleeps => cat
"all day long" -"guards the yard" => cat
title:dogs sleeps => dog
title:cats => cat
sleeps title:dogs => dog
path:/de garten => garten
site:pages.example kettle => kettle
""")


@pytest.mark.parametrize(("query", "key"), FIRST)
def test_the_right_page_comes_first(ranker: Ranker, query: str, key: str) -> None:
    found = keys(ranker.search(Query(query, mode="lexical")))
    assert found[:1] == [key], f"{query}: {found[:4]}"


WHOLES: tuple[tuple[str, set[str]], ...] = (
    ("x-ray", {"x-ray"}),
    ("x-ray of a broken arm", {"x-ray", "x-ray of a broken arm"}),
    ("what does an x-ray of a broken arm show, e.g. a new one", set()),
    ("where was he -lrb- the first one -rrb- born", set()),
    ("which answers does E-4012 ask for in spring", {"E-4012"}),
    ("what does os.path.join do with empty parts", {"os.path.join"}),
    ("how do I switch foreign_keys on in a session", {"foreign_keys"}),
)


@pytest.mark.parametrize(("text", "names"), WHOLES)
def test_in_a_sentence_names_count_as_a_whole_and_hyphenated_words_do_not(text: str, names: set[str]) -> None:
    assert {form.text for form in wholes(text.split())} == names


@pytest.mark.parametrize("text", ["where was he born", "what does it", "goes there", "how prices rise"])
def test_no_other_form_is_looked_for_of_function_words(text: str) -> None:
    assert not {"wa", "dao", "gao", "priz"} & {form.text for form in forms(text.split())}


UNFINISHED = cases("""
transac => transaction
autoinc => autoincrement
foreign k => foreign
vac => vacuum
kett => kettle
journal mo => journal
window func => window
versandk => pauschale
devol => devolucao
transaction => transaction
pragm => pragma
""")


@pytest.mark.parametrize(("query", "key"), UNFINISHED)
def test_the_last_word_may_be_unfinished(ranker: Ranker, query: str, key: str) -> None:
    results = ranker.search(Query(query, mode="lexical", is_unfinished=True))
    assert keys(results)[:1] == [key], keys(results)
    assert results.correction is None


NOTHING = (
    '"river white"',
    '"run text"',
    '"runner reads"',
    '"2.10" 1.2.10 title:winter',
    "kettle -water",
    "site:other.example kettle",
    "path:/fr kettle",
    "title:kettle crumbs title:toaster",
    '"foreign keys" title:pragma',
    "xqzj",
    "ab12cd",
)


@pytest.mark.parametrize("query", NOTHING)
def test_what_is_required_or_left_out_holds(ranker: Ranker, query: str) -> None:
    for mode in ("lexical", "hybrid"):
        assert ranker.search(Query(query, mode=mode)).total == 0, query


def test_a_question_leaves_nothing_out(ranker: Ranker) -> None:
    asked = Query("sleeps -dog", mode="lexical")
    assert "dog" not in keys(ranker.search(asked))
    assert {"cat", "dog"} <= set(keys(ranker.search(replace(asked, excludes=False))))


PASTED = (
    (
        'They told us "the pump of the boiler stands still" -and nobody came for days - see path:memo, so what is '
        "fault E-4012 of our boiler?",
        "fault",
    ),
    (
        "Somebody said -rightly or not- that “nothing on this earth” is as good as bread from the toaster, brown and "
        "with its crumbs title:unknown -bread",
        "toaster",
    ),
)


@pytest.mark.parametrize(("text", "key"), PASTED)
def test_a_pasted_text_restricts_nothing(ranker: Ranker, text: str, key: str) -> None:
    for mode in ("lexical", "hybrid"):
        assert keys(ranker.search(Query(text, mode=mode)))[:1] == [key]


@pytest.mark.parametrize("query", ["kettle -lrb- water -rrb-", "\u0301 kettle", "-\u0301 kettle", '"kettle"-water'])
def test_marks_without_a_meaning_are_no_operators(ranker: Ranker, query: str) -> None:
    assert keys(ranker.search(Query(query, mode="lexical")))[:1] == ["kettle"]


CORRECTED = (
    ("jornal mode", "journal mode"),
    ("garden.plants.wateirng", "garden.plants.watering"),
    ("JavaScrpt menu", "javascript menu"),
    ("set shared_bufers", "set shared_buffers"),
    ("vacum", "vacuum"),
    ("kettel -toaster", "kettle -toaster"),
    ("pragam site:pages.example", "pragma site:pages.example"),
    ("the kettel, please", "the kettle, please"),
)


@pytest.mark.parametrize(("typed", "meant"), CORRECTED)
def test_what_was_searched_for_instead_is_reported(ranker: Ranker, typed: str, meant: str) -> None:
    correction = ranker.search(Query(typed, mode="lexical")).correction
    assert correction is not None
    assert (correction.text, correction.is_applied) == (meant, True)
    assert ranker.search(Query(typed, mode="lexical", corrects=False)).correction is None


KEPT = (
    "E-4014",
    "cot",
    "tow",
    "SQLITE_BUSYY",
    "2.11",
    "shop_cort",
    "muell",
    "haeuser",
    "Haftpflicht",
    "meadow_bufers",
    "meadow.plants.wateirng",
    "os.path.jion",
    "getUserNmae",
    "DeadlokLoserException",
    '"jornal mode"',
    "wifi",
    "Pauschale",
    "kettle",
    "resumes",
)


@pytest.mark.parametrize("query", KEPT)
def test_short_words_numbers_identifiers_phrases_and_known_words_are_kept(ranker: Ranker, query: str) -> None:
    assert ranker.search(Query(query, mode="lexical")).correction is None


SILLY = (
    "toast",
    "kettles wanted",
    "bake rye",
    "keep whiskers trimmed",
    "knit woollen jumpers",
    "knead doughnutt vacum",
    "cattle breeding",
    "rettle",
    "wog",
    "plogin manager",
    "doster",
)


@pytest.mark.parametrize("query", SILLY)
def test_words_of_other_subjects_are_not_taken_for_words_of_the_site(ranker: Ranker, query: str) -> None:
    results = ranker.search(Query(query, mode="lexical"))
    assert results.correction is None or not results.correction.is_applied, results.correction


OFFERED = (("jornal vacum", "journal vacuum"), ("kettel trnasactions", "kettle transactions"))


@pytest.mark.parametrize(("typed", "meant"), OFFERED)
def test_a_query_of_which_every_word_would_change_is_only_offered(ranker: Ranker, typed: str, meant: str) -> None:
    results = ranker.search(Query(typed, mode="lexical"))
    assert results.correction is not None
    assert (results.correction.text, results.correction.is_applied) == (meant, False)
    assert results.total == 0


def test_words_that_stand_side_by_side_are_taken_for_what_was_typed(ranker: Ranker) -> None:
    results = ranker.search(Query("jornal mdoe", mode="lexical"))
    assert results.correction is not None and results.correction.is_applied
    assert keys(results)[:1] == ["journal"]


@pytest.mark.parametrize("word", ["bread", "kettles", "weather"])
def test_english_words_are_known(word: str) -> None:
    assert is_english(word)


@pytest.mark.parametrize("word", ["pragam", "vacum", "jornal", "ing"])
def test_mistyped_words_are_not_english(word: str) -> None:
    assert not is_english(word)


def test_a_word_that_only_hidden_pages_hold_corrects_nothing(ranker: Ranker) -> None:
    hidden = Query("kettel", mode="lexical", filters=Filters(path=("/de",)))
    results = ranker.search(hidden)
    assert (results.correction, results.total) == (None, 0)


def test_whole_words_come_before_completed_ones(ranker: Ranker) -> None:
    found = keys(ranker.search(Query("transaction", mode="lexical", is_unfinished=True)))
    assert found[0] == "transaction"
    assert "transactional" in found[1:]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("neuro", "negro"),
        ("pregnant", "pregnancy"),
        ("transmit", "transfer"),
        ("bread", "read"),
        ("wlan", "plan"),
        ("dinner", "inner"),
    ],
)
def test_another_word_that_the_index_lacks_is_no_slip(word: str, other: str) -> None:
    assert not is_slip(word, other, is_sentence=False)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("myelopathy", "myopathy"),
        ("hypotonia", "hypertonia"),
        ("hypoventilation", "hyperventilation"),
        ("synthetase", "synthase"),
        ("recession", "remission"),
        ("popularization", "polarization"),
        ("quinoxaline", "quinoline"),
    ],
)
def test_another_part_makes_another_word(word: str, other: str) -> None:
    assert is_another_part(word, other)
    assert not is_slip(word, other, is_sentence=False)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("certifificate", "certificate"),
        ("movemements", "movements"),
        ("maintance", "maintenance"),
        ("proccesor", "processor"),
        ("autoincremnet", "autoincrement"),
        ("typografers", "typographers"),
        ("accomodaton", "accommodation"),
    ],
)
def test_letters_left_out_said_twice_or_as_they_sound_are_slips(word: str, other: str) -> None:
    assert not is_another_part(word, other)
    assert is_slip(word, other, is_sentence=False)


@pytest.mark.parametrize(
    ("word", "other", "in_sentences"),
    [
        ("modal", "model", False),
        ("jornal", "journal", True),
        ("pragam", "pragma", True),
        ("fial", "fail", False),
        ("datavase", "database", False),
    ],
)
def test_slips_in_sentences_are_letters_swapped_or_missing(word: str, other: str, in_sentences: bool) -> None:
    assert is_slip(word, other, is_sentence=False)
    assert is_slip(word, other, is_sentence=True) is in_sentences
