"""Pages made by hand for cases of queries: several languages, identifiers, versions, signs and link lists."""

from collections.abc import Iterator

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of

PAGES: tuple[tuple[str, str, str, str], ...] = (
    # key, language, title, text
    ("pragma", "en", "Pragma Statements", "A pragma changes how the library works. The journal mode is set by one."),
    (
        "journal",
        "en",
        "Journal Mode",
        "In journal mode WAL readers do not block writers. Checkpoints copy the log back.",
    ),
    ("vacuum", "en", "VACUUM", "The command rebuilds the database file and repacks it into the least space on disk."),
    ("vacuum-links", "en", "Maintenance", "See Also: VACUUM"),
    ("kettle", "en", "Kettle", "Fill the kettle with fresh water and switch it on. Descale it once a month."),
    ("toaster", "en", "Toaster", "Bread jumps out of the toaster when it is brown. Empty the tray of crumbs."),
    ("transaction", "en", "Transactions", "A transaction either commits or rolls back as a whole, whatever happens."),
    ("transactional", "en", "Mail", "Transactional mail confirms an order. Marketing mail needs consent."),
    ("autoincrement", "en", "Autoincrement", "The keyword autoincrement imposes extra work and should be avoided."),
    ("foreign", "en", "Foreign Keys", "Foreign key constraints are enforced once PRAGMA foreign_keys is switched on."),
    ("wifi", "en", "Network", "The Wi-Fi in the library needs no password after nine."),
    ("wlan", "en", "Router", "The wifi router stands in the cellar beside the meter."),
    ("email", "en", "Post", "Send an e-mail to the desk and somebody answers within a day."),
    ("login", "en", "Accounts", "The login page asks for a name and a secret."),
    ("log-in", "en", "Visitors", "Visitors log in at the front desk and wear a badge."),
    ("setup", "en", "Installation", "The setup takes ten minutes on a plain machine."),
    ("set-up", "en", "Camping", "They set up the tent before the rain came."),
    ("colour", "en", "Paint", "Every colour of paint dries within the hour."),
    ("deadlock", "en", "Exceptions", "The server raises DeadlockLoserException when another session wins."),
    ("busy", "en", "SQLITE_BUSY", "The file could not be written because another connection holds a lock."),
    (
        "locked",
        "en",
        "SQLITE_LOCKED",
        "A conflict within the same connection. It differs from SQLITE_BUSY in its cause.",
    ),
    ("join", "en", "Paths", "Call os.path.join to put the parts of a path together."),
    ("cart", "en", "Shop tables", "The table shop_cart holds one row for each thing in a basket."),
    ("kebab", "en", "Styles", "The property border-radius makes corners round."),
    ("fetch", "en", "Requests", "Use getUserName to read the name and setUserName to change it."),
    ("release-2.10", "en", "Release notes, autumn", "What is new in release 2.10: faster imports and a smaller index."),
    ("release-1.2.10", "en", "Release notes, spring", "What is new in release 1.2.10: a release of mended faults."),
    ("release-2.1", "en", "Release notes, winter", "What is new in release 2.1: the first release with facets."),
    ("arrow", "en", "JSON", "The operator ->> extracts a value as text, the operator -> as JSON."),
    ("option", "en", "Sorter", "The option -q keeps the sorter quiet, and -v has it name each letter."),
    ("concat", "en", "Strings", "The operator || joins two strings into one."),
    ("equal", "en", "Comparison", "Both = and == compare two values and != tells whether they differ."),
    ("cpp", "en", "Compilers", "A compiler for C++ builds the engine."),
    ("csharp", "en", "Bindings", "The bindings for C# are kept by volunteers."),
    ("modules", "en", "Modules", "Import garden.plants.watering or garden.plants.soil_testing to begin."),
    ("scripts", "en", "Buttons", "A few lines of JavaScript open the menu."),
    ("night", "en", "Timer", "The timer switches off after 12h unless told otherwise."),
    ("weight", "en", "Parcels", "A parcel of 1.8 kg costs as much as one of 2 kg."),
    ("fault", "en", "Faults of the boiler", "Fault E-4012 means that the pump stands still."),
    ("fault2", "en", "Faults of the oven", "Fault E4013 means that the door is open."),
    ("alarm", "en", "Alarms of the pump", "Alarm A17-B tells that the battery is low."),
    ("form", "en", "Forms for guests", "Guests from abroad sign form W-8BEN."),
    ("chaining", "en", "Chaining", "The operator ?. stops at nothing, and ?? gives another value."),
    ("exists", "en", "Creating tables", "With IF NOT EXISTS nothing happens where the table is there already."),
    ("tobe", "en", "Monologue", "To be, or not to be, that is the question."),
    ("exact", "en", "Notes on style", "Write running text, not a list; the runners read it."),
    ("dog", "en", "Dogs", "A dog guards the yard. The cat sleeps all day long."),
    ("cat", "en", "Cats", "A cat sleeps in the barn all day long."),
    ("quote", "en", "Printing", "Typographers speak of a river of white in a column of print."),
    ("window", "en", "Window Functions", "A window function computes a value over the rows around each row."),
    ("window-list", "en", "List of pages", "Window Functions Journal Mode Foreign Keys Transactions"),
    ("resume", "en", "Applications", "Send your résumé with the letter."),
    ("pauschale", "de", "Versand", "Die Versandkostenpauschale beträgt vier Euro je Bestellung."),
    ("strasse", "de", "Verkehr", "Die Straßenbahnhaltestelle liegt gegenüber dem Rathaus."),
    ("garten", "de", "Haus und Garten", "Die Häuser am Rand haben große Gärten mit alten Bäumen."),
    ("miete", "de", "Wohnen", "Der Mietvertrag gilt ein Jahr. Die Sprachprüfung findet im Mai statt."),
    ("kyrkogard", "sv", "Platser", "Kyrkogården ligger vid ån."),
    ("zorg", "nl", "Verzekering", "De zorgverzekering vergoedt de rekening van het ziekenhuis."),
    ("semester", "sv", "Ledighet", "Sommarsemestern börjar i juli. Skolan är stängd."),
    ("penalite", "fr", "Contrat", "La pénalité de retard s'élève à dix euros. « Paiement comptant » est accepté."),
    ("eleve", "fr", "École", "Les élèves arrivent à huit heures et déjeunent à la cantine."),
    ("devolucao", "pt", "Loja", "A devolução é gratuita durante trinta dias. Fale com a recepção."),
    ("cancion", "es", "Música", "La canción más conocida habla del corazón y de la montaña."),
    ("citta", "it", "Viaggio", "La città vecchia è più bella la sera. Il caffè costa poco."),
    ("smorrebrod", "da", "Mad", "Et stykke smørrebrød med røget laks og agurk."),
    ("tokyo", "ja", "首都", "東京都は日本の首都です。"),
    ("moskva", "ru", "Музей", "Музей открыт ежедневно, кроме понедельника."),
)


def pages() -> Iterator[Document]:
    """Every page as a document of one section."""
    for key, language, title, text in PAGES:
        head = Head(
            doc_id=doc_id_of(key),
            url=f"https://pages.example/{language}/{key}",
            title=title,
            content_hash=key,
            site="pages.example",
            path=f"/{language}/{key}",
            language=language,
        )
        yield Document(head, place_sections([Section(text, (title,))]))
