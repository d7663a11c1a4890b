"""Each formula is said once, however many times its page carries it."""

import pytest

from tests.support.inside import said

TEX = r"a=\pi r^2"
MATHML = (
    "<math><semantics><mrow><mi>a</mi><mo>=</mo><mi>π</mi><msup><mi>r</mi><mn>2</mn></msup></mrow>"
    f'<annotation encoding="application/x-tex">{TEX}</annotation></semantics></math>'
)
PLAIN_MATHML = "<math><mi>a</mi><mo>=</mo><mi>π</mi><msup><mi>r</mi><mn>2</mn></msup></math>"


@pytest.mark.parametrize(
    ("markup", "formula"),
    [
        (
            f'<span class="katex"><span class="katex-mathml">{MATHML}</span>'
            '<span class="katex-html" aria-hidden="true"><span class="base">a=πr<span>2</span></span></span></span>',
            TEX,
        ),
        (f'<span class="katex-display"><span class="katex">{MATHML}<span>a=πr2</span></span></span>', TEX),
        (MATHML, TEX),
        (PLAIN_MATHML, "a=πr^2"),
        ('<math alttext="a=\\pi r^2"><mi>a</mi></math>', TEX),
        (
            '<span class="MathJax_Preview">a=πr2</span><span class="MathJax"><nobr><span>a=πr2</span></nobr>'
            f'<span class="MJX_Assistive_MathML">{PLAIN_MATHML}</span></span><script type="math/tex">{TEX}</script>',
            TEX,
        ),
        (f'<script type="math/tex; mode=display">{TEX}</script>', TEX),
        (
            '<mjx-container><mjx-math aria-hidden="true"><mjx-mi>a=πr2</mjx-mi></mjx-math>'
            f"<mjx-assistive-mml>{PLAIN_MATHML}</mjx-assistive-mml></mjx-container>",
            "a=πr^2",
        ),
        (
            f'<span class="mwe-math-element"><span style="display: none">{MATHML}</span>'
            '<img class="mwe-math-fallback-image-inline" alt="{\\displaystyle a=\\pi r^2}"></span>',
            TEX,
        ),
        ('<span class="mwe-math-element"><img alt="{\\displaystyle a=\\pi r^2}"></span>', TEX),
        ('<span class="katex"><span class="katex-html" aria-hidden="true">a=b</span></span>', "a=b"),
    ],
)
def test_a_formula_is_said_once(markup: str, formula: str) -> None:
    assert said(f"<p>The area is {markup} for all.</p>") == f"The area is {formula} for all."
    assert said(f"<div>The area is {markup} for all.</div>") == f"The area is {formula} for all."


@pytest.mark.parametrize(
    ("mathml", "line"),
    [
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a+1)/b"),
        ("<msqrt><mi>x</mi></msqrt>", "√x"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>0</mn></mrow><mi>n</mi></munderover>", "∑_(i=0)^n"),
        ("<mover><mi>x</mi><mo>^</mo></mover><mtext> or </mtext><mi>y</mi>", "x^ or y"),
        ("<mtable><mtr><mtd>1</mtd><mtd>0</mtd></mtr><mtr><mtd>0</mtd><mtd>1</mtd></mtr></mtable>", "1, 0; 0, 1"),
    ],
)
def test_mathml_without_source_is_written_in_a_line(mathml: str, line: str) -> None:
    assert said(f"<p>Take <math>{mathml}</math> here.</p>") == f"Take {line} here."


def test_a_formula_between_paragraphs_is_a_paragraph() -> None:
    assert said(f"<p>One.</p><math display=block><mi>E</mi></math><p>Two.</p>{MATHML}") == f"One.\n\nE\n\nTwo.\n\n{TEX}"
