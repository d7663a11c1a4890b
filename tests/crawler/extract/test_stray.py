"""What stands inside the content and is no part of it."""

from pathlib import Path

import pytest

from benchmarks.segments import Count, SegmentPage, count, ours, pages_in, score, score_pages
from crawler.extract.extract import extract
from crawler.extract.stray.features import cues_of, words_of

SENTENCES = (
    "The council has decided to open the old harbour bath again in spring, after eleven years of standing empty. ",
    "Work on the roof begins in March, and whoever wants a season ticket can ask for one from the first of April. ",
    "Until then the smaller pool in the north of the town stays open on every day of the week but Monday. ",
)
PARAGRAPHS = "".join(f"<p>{sentence * 2}</p>" for sentence in SENTENCES)


def text_of(article: str, before: str = "") -> str:
    page = f"<html><head><title>Harbour bath</title></head><body><div class=page>{before}{article}</div></body></html>"
    return extract(page, "http://example.org/").text


@pytest.mark.parametrize(
    "stray",
    [
        '<div class="teaser-list"><a class="teaser" href=/a><h4>Town hall to be painted</h4></a></div>',
        '<p class="meta">Von <a href=/anna>Anna Berg</a>, 12. März 2024</p>',
        '<p class="post-tags">Tags: <a href=/t/1>Bath</a>, <a href=/t/2>Council</a></p>',
        '<a class="back-link" href=/news>Zurück zur Übersicht</a>',
        '<div class="image-copyright">Foto: dpa / Hans Meier</div>',
        '<div class="newsletter-box"><p>Subscribe to our newsletter</p></div>',
        '<ul class="related-links"><li><a href=/b>Lido closes for the winter</a></li></ul>',
        '<div class="share-buttons"><a href=/f>Share on Facebook</a><a href=/w>WhatsApp</a></div>',
    ],
)
def test_teasers_credits_and_prompts_are_left_out(stray: str) -> None:
    text = text_of(f"<div class=article><h1>Harbour bath opens</h1>{PARAGRAPHS}{stray}</div>")
    assert text == "\n\n".join((sentence * 2).strip() for sentence in SENTENCES)


def test_heading_of_what_is_left_out_goes_with_it() -> None:
    stray = '<h3>Mehr zum Thema</h3><ul class="teaser-list"><li><a href=/a>Lido closes for the winter</a></li></ul>'
    found = extract(f"<div class=article><h1>Bath</h1>{PARAGRAPHS}{stray}<p>{SENTENCES[0]}</p></div>", "http://e.org/")
    assert [section.heading_path for section in found.sections] == [("Bath",)]


@pytest.mark.parametrize(
    "lead",
    [
        '<header><h1>Harbour bath opens</h1><div class="entry-excerpt"><p>{}</p></div></header>',
        '<div class="head"><h1>Harbour bath opens</h1><p class="article__summary">{}</p></div>',
        '<h1>Harbour bath opens</h1><div class="article-intro">{}</div>',
    ],
)
def test_lead_between_headline_and_article_is_read(lead: str) -> None:
    lead_text = "After eleven years swimmers return to the harbour, and season tickets cost no more than before."
    text = text_of(f'<div class="article-body">{PARAGRAPHS}</div>', lead.format(lead_text))
    assert text.startswith(lead_text)


def test_plain_paragraphs_lists_and_code_stay() -> None:
    body = (
        f"<h1>Install</h1>{PARAGRAPHS}<h2>Steps</h2><ol><li>Open the box.</li><li>Read the card.</li></ol>"
        f"<pre>tool --now</pre><h2>Notes</h2><p>Keep it dry.</p>"
    )
    text = text_of(f"<main>{body}</main>")
    assert all(lead_text in text for lead_text in ("Open the box.", "Read the card.", "tool --now", "Keep it dry."))


def test_cues_and_names_are_told_apart() -> None:
    assert "credit" in cues_of("Foto: Hans Meier")
    assert "date" in cues_of("Am 12.03.2024 um 9 Uhr")
    assert cues_of("The bath opens in spring") == ()
    assert words_of("teaserBox__head--big") == {"teaser", "box", "head", "big"}


def test_metric_counts_segments_with_white_space_folded() -> None:
    page = SegmentPage("0", "http://e.org/", "", ("one  two", "three"), ("four",))
    assert count(page, "one\ntwo four") == Count(right=1, wrong=1, missed=1)
    assert score([Count(3, 1, 1)], seconds=0.5).f1 == 0.75


@pytest.mark.data
def test_segments_of_pages_that_were_not_learned_are_told_apart_above_the_floor(public_data: Path) -> None:
    scores, _ = score_pages(ours, pages_in(public_data / "conformance" / "extraction_segments"))
    assert scores["held out"].f1 >= 0.925
    assert scores["held out"].precision >= 0.91
