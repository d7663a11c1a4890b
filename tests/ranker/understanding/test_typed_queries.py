"""What people type of names with signs, paths, codes, dates and accents finds the right page, on both stores."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from indexer.embedded.store import EmbeddedStore
from ranker.query import Query
from ranker.rank import Ranker
from ranker.understanding.dates import dates
from ranker.understanding.typed import typed
from tests.support.other_pages import OTHER_PAGES
from tests.support.queries import cases, filled, keys
from tests.support.stores import elasticsearch_store
from tests.support.typed_pages import TYPED_PAGES

Both = tuple[Ranker, Ranker]
"""Over ``TYPED_PAGES`` and over ``OTHER_PAGES``."""


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("typed")
    with (
        closing(EmbeddedStore(folder / "typed", writable=True)) as typed_store,
        closing(EmbeddedStore(folder / "other", writable=True)) as other_store,
    ):
        yield filled(typed_store, TYPED_PAGES), filled(other_store, OTHER_PAGES)


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch_url: str) -> Iterator[Both]:
    with elasticsearch_store(elasticsearch_url) as typed_store, elasticsearch_store(elasticsearch_url) as other_store:
        yield filled(typed_store, TYPED_PAGES), filled(other_store, OTHER_PAGES)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def both(request: pytest.FixtureRequest) -> Both:
    found: Both = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def ranker(both: Both) -> Ranker:
    return both[0]


@pytest.fixture
def other_ranker(both: Both) -> Ranker:
    return both[1]


FIRST = cases(r"""
utf8 => utf8
utf-8 => utf8
UTF 8 => utf8
utf16 => utf16
utf_8 => utf8
ｕｔｆ８ => utf8
i18n => i18n
internationalisation => i18n
HTTP 404 => http404
http404 => http404
404 error => http404
error 404 => http404
HTTP/404 => http404
0x80004005 => hex
error 0x80004005 => hex
80004005 => hex
0X80004005 => hex
.NET => net
.net 8 => net
dotnet => net
node.js => node
nodejs => node
Node JS => node
C++ => cpp
c++ compiler => cpp
C# => csharp
F# => fsharp
c sharp => csharp
C => c
@property => property
property decorator => property
$PATH => envpath
PATH variable => envpath
--dry-run => dryrun
dry-run => dryrun
dry_run => dryrun
dryrun => dryrun
/etc/fstab => fstab
etc/fstab => fstab
fstab => fstab
2024-05-01 => may2024
May 2024 => may2024
may 2024 meeting => may2024
1 May 2024 => may2024
2024-06 => june2024
2024/05/01 => may2024
01.05.2024 => may2024
settings.py => settings
setings.py => settings
settings py => settings
models.py => models
v3.11 => v311
3.11 => v311
V3.12 => v312
version 3.12 => v312
No module named 'pandas' => traceback
ModuleNotFoundError: No module named 'numpy' => traceback
ConnectionRefusedError [Errno 111] => refused
PermissionError: [Errno 13] Permission denied: '/var/log/app.log' => permission
Errno 13 => permission
primarykey => primarykey
primary-key => primarykey
data base => database
data-base => database
file name => filename
filenames => filename
file names => filename
don't => dont
don’t => dont
dont => dont
dont store passwords => dont
🎉 => emoji
👍🏽 => emoji
👍 => emoji
CAFÉ => cafe
café => cafe
cafe => cafe
CAFÉ => cafe
℃ => temp
25°C => temp
ABC => wide
ＡＢＣ => wide
テスト => wide
Groesse => groesse
Größe => groesse
GRÖSSE => groesse
grosse => groesse
GROESSE => groesse
ueber uns => ueber
Oeffnungszeiten => ueber
öffnungszeiten => ueber
Fahrrad Verleih => fahrrad
fahrradverleih => fahrrad
Verleih => fahrrad
Rad Werkstatt => fahrrad
Aerzte => aerzte
Arzt => aerzte
l’été => ete
l'été => ete
ete => ete
été => ete
l'ete => ete
ecole => ete
l’école => ete
d'eau => eau
l’eau du robinet => eau
aujourd'hui => eau
qu'est-ce => ete
nino => anio
NIÑO => anio
cuando empieza => anio
contrasena => anio
contraseña => anio
kayit => turk
kayıt => turk
KAYIT => turk
isikli => turk
ışıklı => turk
istanbul => turk
ISTANBUL => turk
İSTANBUL => turk
ogrenci => turk
Lodz => lodz
Łódź => lodz
łódź => lodz
zloty => lodz
platnosc => lodz
ŁÓDŹ => lodz
zlutoucky => czech
ceska => czech
pho bo => viet
Ha Noi => viet
duong => viet
hanoi => viet
αθηνα => greek
ΑΘΗΝΑ => greek
καφες => greek
myelopathy => myelopathy
cervical myelopathy => myelopathy
hypotension => hypo
how to resset a forgoten pasword => password
how do i rest my pasword => password
hwo to reset forgotten passwrod => password
how too restet a fogotten passwort => password
categories => category
category => category
mice => child
mouse => child
analyses => child
indices => child
index => child
*args => args
**kwargs => args
kwargs => args
__init__ => init
init => init
__name__ => main
__main__ => main
π => lambda
10 µm => lambda
10 μm => lambda
192.168.0.1 => ipv4
192.168 => ipv4
127.0.0.1 => ipv6
::1 => ipv6
localhost:8080 => port
8080 => port
port 8080 => port
=> => arrowfn
x => x + 1 => arrowfn
\d+ => regex
\n => regex
^\d+$ => regex
info@example.org => mail
info@example => mail
+49 30 1234567 => mail
€12.50 => price
12.50 € => price
12,50 => price
1000 points => price
1,000 => price
$5 => price
20% => price
20 % => price
978-3-16-148410-0 => isbn
O'Brien => obrien
O’Brien => obrien
obrien => obrien
o brien => obrien
McDonald => obrien
mcdonald => obrien
mc donald => obrien
Mueller-Luedenscheidt => obrien
muller ludenscheidt => obrien
WCAG 2.1 => wcag
wcag2.1 => wcag
a11y => wcag
TLS1.3 => tls
TLS 1.3 => tls
TLSv1.2 => tls
TLS v1.3 => tls
python3 => py
python 2 => py
OAuth2 => oauth
oauth 2 => oauth
OAuth 2.0 => oauth
oauth2.0 => oauth
--main-color => css
.btn-primary => css
#header => css
var(--main-color) => css
git commit --amend => cli
--amend => cli
git rebase -i => cli
<div> => html
<br> => html
&nbsp; => html
nbsp => html
SELECT * FROM users => sql
select * => sql
List<String> => generic
java.util.HashMap => generic
HashMap java => generic
std::collections::HashMap => rust
std::collections => rust
HashMap rust => rust
Option<T> => rust
.unwrap() => rust
unwrap() => rust
@Autowired => annot
autowired => annot
server.port => annot
application.properties => annot
k8s => k8s
kubernetes => k8s
kubernets => k8s
C:\Program Files\Acme => winpath
~/.config/acme => temp2
config.toml => temp2
naive => naive
naïve => naive
facade => naive
zoe => naive
zoe's role => naive
first office => ligature
ﬁrst => ligature
information desk => soft
information => soft
zerowidth => soft
""")


@pytest.mark.parametrize(("query", "key"), FIRST)
def test_the_right_page_comes_first(ranker: Ranker, query: str, key: str) -> None:
    found = keys(ranker.search(Query(query, mode="lexical")))
    assert found[:1] == [key], f"{query}: {found[:4]}"


OTHERS_FIRST = cases("""
елка => yolka
ёлка => yolka
ЕЛКА => yolka
все готово => yolka
п'ять => ukr
п’ять => ukr
м'ячів => ukr
сім'я => ukr
احمد => arab
أحمد => arab
الاسكندرية => arab
مكتبه => arab
שלום => hebrew
サーバ => sabaa
サーバー => sabaa
ｻｰﾊﾞｰ => sabaa
コンピュータ => sabaa
さーばー => sabaa
スシ => hira
图书馆 => zh
数据库 => zh
도서관 => ko
도서관은 => ko
데이터베이스 => ko
scoala => ro
şcoala => ro
școala => ro
tara => ro
ţara => ro
Țara => ro
brasov => ro
col·legi => ca
collegi => ca
col.legi => ca
paral·lel => ca
Aarhus => aarhus
Århus => aarhus
Aalborg => aarhus
faergen => aarhus
Goteborg => gote
Göteborg => gote
malmo => gote
smorgasbord => gote
vaffla => gote
Gyor => hu
tuzolto => hu
oszi => hu
dakovo => hr
djakovo => hr
cakovec => hr
विद्यालय => hindi
ห้องสมุด => thai
v4.2 => release42
release v4.2 => release42
4.2 => release42
version 4.2 => release42
v4.12 => release412
v1.4.2 => release12
1.4.2 => release12
2024-05-01 => date1
01.05.2024 => date1
May 1, 2024 => date1
1st May 2024 => date1
2024-06-03 => date2
3 June 2024 => date2
June 3rd 2024 => date2
9 November 2023 => date3
Nov 9 2023 => date3
2024-03-07 => date4
7.3.2024 => date4
07.03.2024 => date4
7. März 2024 => date4
foreignkey constraint => fk
foreignkeys => fk
config.yml => cfg
config yaml => cfg
config.yaml => cfg
Fahrradreparatur => rep
Schuhgröße => schuh
Schuhgroesse => schuh
Buecherei => oeffnung
geoeffnet => oeffnung
Buero => um
BÜRO => um
buero moebel => um
Strasse => um
STRASSE => um
who => whoorg
WHO => whoorg
it => it
IT desk => it
Email => email
wifi => wifi
CO2 => co2
H2O => co2
m2 => co2
1/2 cup => half
½ cup => half
Acme => tm
acme™ => tm
henry 8 => roman
henry viii => roman
chapter IV => roman
hello => quote
it's rock => quote
rock 'n' roll => quote
rock n roll => quote
rock and roll => quote
well known => dash
well-known => dash
end-to-end => dash
end to end => dash
state of the art => dash
and/or => slash
tcp/ip => slash
tcp ip => slash
tcpip => slash
i/o => slash
io => slash
24/7 => slash
marks and spencer => amp
marks & spencer => amp
at&t => amp
AT & T => amp
r&d => amp
Q&A => amp
disney+ => plus
disney plus => plus
notepad++ => plus
notepad plus plus => plus
notepad => plus
#hashtag => hash
hashtag => hash
@mention => hash
#123 => hash
issue 123 => hash
php 8.1 => ver
php>=8.1 => ver
python 3.9 => ver
45° => angle
45 degrees => angle
£3 => cents
¥1000 => cents
10000 => cents
50% => pct
50 percent => pct
7,5 % => pct
550e8400-e29b-41d4-a716-446655440000 => uuid
550e8400 => uuid
446655440000 => uuid
d41d8cd98f00b204e9800998ecf8427e => sha
00:1A:2B:3C:4D:5E => mac
00-1a-2b-3c-4d-5e => mac
RFC2616 => rfc
rfc 7231 => rfc
rfc-7231 => rfc
iso8601 => rfc
ISO-8601 => rfc
CVE-2021-44228 => cve
cve 2021 44228 => cve
2021-44228 => cve
KB5005565 => kb
kb 5005565 => kb
5005565 => kb
galaxy s21 => model
s 21 => model
iphone13 => model
iphone 13 => model
i phone => model
think pad => model
27 inch => size
27" => size
1920x1080 => size
1920×1080 => size
1920 x 1080 => size
mp3 => mp3
mp 3 => mp3
h264 => mp3
h.264 => mp3
x86 => mp3
x86-64 => mp3
arm64 => mp3
arm 64 => mp3
s3 => s3
ec2 => s3
word press => wp
wordpress => wp
git hub => wp
you tube => wp
mac os => wp
-5 => neg
-5 °C => neg
-5°C => neg
USA => abbr
U.S.A. => abbr
usa => abbr
phd => abbr
UK => abbr
""")


@pytest.mark.parametrize(("query", "key"), OTHERS_FIRST)
def test_the_right_one_of_the_other_pages_comes_first(other_ranker: Ranker, query: str, key: str) -> None:
    found = keys(other_ranker.search(Query(query, mode="lexical")))
    assert found[:1] == [key], f"{query}: {found[:4]}"


MESSAGES = (
    (
        'Traceback (most recent call last):\n  File "/home/anna/project/main.py", line 12, in <module>\n'
        "    import pandas as pd\nModuleNotFoundError: No module named 'pandas'",
        "traceback",
    ),
    (
        '  File "/srv/app/client.py", line 40, in connect\n    s.connect(("10.0.0.7", 5432))\n'
        "ConnectionRefusedError: [Errno 111] Connection refused",
        "refused",
    ),
    ('PermissionError: [Errno 13] Permission denied: "/var/log/network/settings.py"', "permission"),
    ('ModuleNotFoundError: No module named "numpy"', "traceback"),
    ("2024-05-01 12:30:01,250 /opt/models.py:17:4: error: connection refused", "refused"),
    ("C:\\Users\\anna\\settings.py:12 PermissionError: Permission denied", "permission"),
)


@pytest.mark.parametrize(("message", "key"), MESSAGES)
def test_a_pasted_error_message_finds_its_page(ranker: Ranker, message: str, key: str) -> None:
    assert keys(ranker.search(Query(message, mode="lexical")))[:1] == [key]


def test_a_quoted_message_is_looked_for_as_it_stands(ranker: Ranker) -> None:
    assert keys(ranker.search(Query('"Connection refused"', mode="lexical"))) == ["refused"]
    assert keys(ranker.search(Query('"PermissionError: [Errno 13] Permission refused"', mode="lexical"))) == []


def test_the_path_of_a_message_counts_where_a_page_has_it_whole(ranker: Ranker) -> None:
    found = typed("mount: error: cannot read /etc/fstab, no entry")
    assert found.places == ("/etc/fstab",)
    assert "fstab" not in found.text
    assert keys(ranker.search(Query("mount: error: cannot read /etc/fstab, no entry", mode="lexical")))[0] == "fstab"


@pytest.mark.parametrize("text", ["error in /etc/fstab", "what is /etc/passwd", "/etc/fstab line 3"])
def test_a_path_in_a_question_stays(text: str) -> None:
    assert "etc" in typed(text).text


@pytest.mark.parametrize(
    "text",
    [
        *("bus line 12", "Line 6 guitars review", "192.168.0.1:8080 refused", "example.com:8080", "error handling"),
        *("what does line 3 of /etc/fstab mean", '"Error: x failed"', "what is a TypeError", "warning signs"),
    ],
)
def test_what_people_ask_is_no_message_of_a_program(text: str) -> None:
    assert (typed(text).text, typed(text).places) == (text.replace('"', ""), ())


@pytest.mark.parametrize("query", ["infor\u00admation desk", "\u200binformation desk", "\ufeffinformation\u00a0desk"])
def test_marks_that_nobody_sees_are_none_of_the_query(ranker: Ranker, query: str) -> None:
    assert keys(ranker.search(Query(query, mode="lexical")))[:1] == ["soft"]


@pytest.mark.parametrize("query", ["👍🏽", "👍🏿 agree", "🎉\ufe0f"])
def test_an_emoji_is_found_in_any_skin(ranker: Ranker, query: str) -> None:
    assert keys(ranker.search(Query(query, mode="lexical")))[:1] == ["emoji"]


@pytest.mark.parametrize("query", ["dont work", "cant open", "doesnt", "obrien", "80004005", "c sharp", "Schuhgröße"])
def test_other_forms_of_a_word_are_no_corrections(ranker: Ranker, query: str) -> None:
    assert ranker.search(Query(query, mode="lexical")).correction is None


def test_a_word_of_the_site_is_never_taken_for_a_commoner_one(ranker: Ranker) -> None:
    results = ranker.search(Query("myelopathy", mode="lexical"))
    assert keys(results) == ["myelopathy"]
    assert results.correction is None


@pytest.mark.parametrize(
    ("query", "offered"), [("hypertonsion", None), ("myolipathy", None), ("myelinopathy", "myelopathy")]
)
def test_a_word_of_another_part_is_only_offered(ranker: Ranker, query: str, offered: str | None) -> None:
    correction = ranker.search(Query(query, mode="lexical")).correction
    assert correction is not None
    assert correction.is_applied == (offered is None)
    assert offered is None or correction.text == offered


DATES = (
    ("2024-05-01", {"1 may 2024", "may 1 2024", "1 mai 2024", "01.05.2024"}),
    ("7.3.2024", {"7 march 2024", "7 märz 2024", "2024-03-07"}),
    ("3/12/2024", {"3 december 2024", "12 march 2024"}),
    ("2024-08", {"august 2024", "août 2024"}),
)


@pytest.mark.parametrize(("date", "others"), DATES)
def test_a_date_is_looked_for_as_it_is_written_elsewhere(date: str, others: set[str]) -> None:
    assert others <= {*dates(date)}


@pytest.mark.parametrize("word", ["2024-13-01", "1.2.3", "12-34", "2024", "10.0.0.1"])
def test_other_numbers_are_no_dates(word: str) -> None:
    assert not [*dates(word)]


def test_a_compound_whose_parts_no_page_has_together_finds_nothing(other_ranker: Ranker) -> None:
    assert other_ranker.search(Query("Fahrradbücherei", mode="lexical")).total == 0
