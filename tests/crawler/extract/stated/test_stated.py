"""What pages state in data is read in either way of writing it, within bounds; what is hostile is refused in words."""

import json

import pytest

from crawler.extract.extract import Extracted, extract
from crawler.page import Stated

ORGANIZATION = {
    "@type": "Organization",
    "@id": "#maker",
    "name": "Brewer &amp; Daughters",
    "url": "https://maker.test/",
    "telephone": "tel:+49-30-1",
    "address": {"@type": "PostalAddress", "streetAddress": "Mill Lane 4", "addressLocality": "Eberswalde"},
    "openingHoursSpecification": [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": ["https://schema.org/Monday", "Tuesday"]}
        | {"opens": "09:00:00", "closes": "17:00"},
        {"@type": "OpeningHoursSpecification", "dayOfWeek": "Sunday", "opens": "00:00", "closes": "00:00"},
    ],
    "founder": {"@type": "Person", "name": "Ada Brewer", "worksFor": {"@id": "#maker"}, "birthDate": "1971-03-04"},
}
PRODUCT = {
    "@context": "https://schema.org",
    "@type": ["Product", "https://schema.org/IndividualProduct"],
    "name": "Kettle Aurora",
    "alternateName": "Aurora",
    "offers": {"@type": "Offer", "price": 39.9, "priceCurrency": "EUR", "availability": "https://schema.org/InStock"},
    "weight": {"@type": "QuantitativeValue", "value": 930, "unitCode": "GRM"},
    "additionalProperty": [{"@type": "PropertyValue", "name": "Colour", "value": "red"}],
    "review": {"@type": "Review", "author": "Joe", "reviewBody": "It boils."},
}


def page(*blocks: object, body: str = "<p>Some text of the page.</p>") -> Extracted:
    texts = (block if isinstance(block, str) else json.dumps(block) for block in blocks)
    scripts = "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)
    return extract(
        f"<html><head><title>Page</title>{scripts}</head><body><main>{body}</main></body></html>", "http://t/"
    )


def told(found: Extracted, subject: str) -> list[tuple[str, str]]:
    return [(fact.relation, fact.value) for fact in found.stated if fact.subject == subject]


def test_an_organization_is_told_with_its_hours_and_people() -> None:
    found = page({"@context": "https://schema.org", "@graph": [ORGANIZATION]})
    assert told(found, "Brewer & Daughters") == [
        ("type", "Organization"),
        ("telephone", "+49-30-1"),
        ("address", "Mill Lane 4, Eberswalde"),
        ("openingHours", "Monday, Tuesday 09:00-17:00"),
        ("openingHours", "Sunday closed"),
        ("founder", "Ada Brewer"),
    ]
    assert ("worksFor", "Brewer & Daughters") in told(found, "Ada Brewer")
    assert ("birthDate", "1971-03-04") in told(found, "Ada Brewer")
    assert found.notes == ()


def test_what_has_no_name_is_told_of_what_it_belongs_to() -> None:
    assert told(page(PRODUCT), "Kettle Aurora") == [
        ("type", "Product"),
        ("type", "IndividualProduct"),
        ("alternateName", "Aurora"),
        ("price", "39.9 EUR"),
        ("availability", "In Stock"),
        ("weight", "930 g"),
        ("Colour", "red"),
    ]


def test_questions_have_answers_and_events_have_dates() -> None:
    answer = {"@type": "Answer", "text": "<p>With <b>vinegar</b>.<br>Then rinse &amp; dry.</p>"}
    faq = {"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "How?", "acceptedAnswer": answer}]}
    event = {"@type": "Event", "name": "Open day", "startDate": "2026-05-04T10:00+02:00", "duration": "PT1H30M"}
    event["location"] = {"@type": "Place", "name": "Town hall", "address": "Main Square"}  # type: ignore[assignment]
    found = page([faq, event])
    assert told(found, "How?") == [("answer", "With vinegar. Then rinse & dry.")]
    assert told(found, "Open day")[1:] == [
        ("startDate", "2026-05-04 10:00"),
        ("duration", "1 hour 30 minutes"),
        ("location", "Town hall"),
    ]
    assert ("address", "Main Square") in told(found, "Town hall")


def test_microdata_says_the_same() -> None:
    body = """<div itemscope itemtype="https://schema.org/Event"><h2 itemprop="name">Fair</h2>
      <time itemprop="startDate" datetime="2026-06-01">first of June</time><a itemprop="url" href="/fair">more</a>
      <div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" content="5">
      <meta itemprop="priceCurrency" content="EUR"></div>
      <span itemprop="organizer performer" itemscope itemtype="https://schema.org/Person">
      <b itemprop="name">Bob Miller</b></span></div>"""
    assert told(page(body=body), "Fair") == [
        ("type", "Event"),
        ("startDate", "2026-06-01"),
        ("price", "5 EUR"),
        ("organizer", "Bob Miller"),
        ("performer", "Bob Miller"),
    ]


@pytest.mark.parametrize("kind", ["WebSite", "BreadcrumbList", "WebPage", "ImageObject"])
def test_what_describes_the_page_alone_is_left_out(kind: str) -> None:
    described = {"@type": kind, "name": "Home", "potentialAction": {"@type": "SearchAction", "target": "x"}}
    about = {"@type": "Thing", "name": "River", "length": "518 km"}
    assert page(described).stated == ()
    assert told(page(described | {"about": about}), "River") == [("type", "Thing"), ("length", "518 km")]


def test_circles_end() -> None:
    one = {"@id": "a", "@type": "Person", "name": "Ann", "knows": {"@id": "b"}}
    other = {"@id": "b", "@type": "Person", "name": "Ben", "knows": {"@id": "a"}}
    assert {fact for fact in page([one, other]).stated if fact.relation == "knows"} == {
        Stated("Ann", "knows", "Ben"),
        Stated("Ben", "knows", "Ann"),
    }


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("{broken", "no JSON"),
        ("[" * 50_000 + "]" * 50_000, "nested without end"),
        ('{"@type":"A","x":' * 40 + "1" + "}" * 40, "below 12 levels"),
        (json.dumps({"name": "x" * 600_000}), "600,0"),
        (json.dumps([{"@type": "Thing", "name": f"t{n}", "mass": "1"} for n in range(300)]), "100 facts are"),
        (json.dumps({"name": "a", "b": [{"@type": "Place"}] * 2_000}), "more than 1,000 things"),
    ],
    ids=["broken", "deep", "nested", "huge", "many facts", "many things"],
)
def test_hostile_data_is_refused_with_a_line_and_the_rest_is_read(block: str, said: str) -> None:
    found = page(block, body="<p>Some text of the page.</p>")
    assert any(said in note for note in found.notes)
    assert len(found.stated) <= 100
    assert found.text == "Some text of the page."
    assert told(page(PRODUCT, block), "Kettle Aurora")


@pytest.mark.parametrize(
    "block", ["null", "[]", "[1,[2]]", '{"@type":[1,null,{}],"name":[null,{}],"@id":5,"x":1e999}', '{"@graph":{"a":1}}']
)
def test_odd_data_states_nothing(block: str) -> None:
    assert page(block).stated == ()


def test_a_page_that_states_otherwise_has_changed() -> None:
    dearer = PRODUCT | {"offers": {"@type": "Offer", "price": 49, "priceCurrency": "EUR"}}
    assert page(PRODUCT).content_hash != page(dearer).content_hash
    assert (
        page(PRODUCT).content_hash == page(PRODUCT | {"url": "https://other.test/", "dateModified": "x"}).content_hash
    )
