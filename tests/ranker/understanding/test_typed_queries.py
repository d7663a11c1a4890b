"""What people type of names with signs, paths, codes, dates and accents finds the right page, on both stores."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from indexer.embedded.store import EmbeddedStore
from ranker.query import Query
from ranker.rank import Ranker
from ranker.understanding.typed import typed
from tests.support.queries import cases, filled, keys
from tests.support.stores import elasticsearch_store
from tests.support.typed_pages import TYPED_PAGES


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ranker]:
    with closing(EmbeddedStore(tmp_path_factory.mktemp("typed") / "index", writable=True)) as store:
        yield filled(store, TYPED_PAGES)


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch_url: str) -> Iterator[Ranker]:
    with elasticsearch_store(elasticsearch_url) as store:
        yield filled(store, TYPED_PAGES)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def ranker(request: pytest.FixtureRequest) -> Ranker:
    found: Ranker = request.getfixturevalue(request.param)
    return found


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


@pytest.mark.parametrize("query", ["infor\u00admation desk", "\u200binformation desk", "\ufeffinformation\u00a0desk"])
def test_marks_that_nobody_sees_are_none_of_the_query(ranker: Ranker, query: str) -> None:
    assert keys(ranker.search(Query(query, mode="lexical")))[:1] == ["soft"]


@pytest.mark.parametrize("query", ["👍🏽", "👍🏿 agree", "🎉\ufe0f"])
def test_an_emoji_is_found_in_any_skin(ranker: Ranker, query: str) -> None:
    assert keys(ranker.search(Query(query, mode="lexical")))[:1] == ["emoji"]


@pytest.mark.parametrize("query", ["dont work", "cant open", "doesnt", "obrien", "80004005", "c sharp"])
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
