"""Code is read line by line, without the numbers that pages draw beside it."""

import re

import pytest

from tests.support.inside import read, said

CODE = "a = 1\n  b = 2"
PRE = "<pre>a = 1\n  b = 2</pre>"


@pytest.mark.parametrize(
    "markup",
    [
        "<table class=highlighttable><tr><td class=linenos><div class=linenodiv><pre><span class=normal>1</span>\n"
        f"<span class=normal>2</span></pre></div></td><td class=code><div>{PRE}</div></td></tr></table>",
        "<pre><span class=linenos>1</span>a = 1\n<span class=linenos>2</span>  b = 2\n</pre>",
        "<pre><span class=lineno> 9 </span>a = 1\n<span class=lineno>10 </span>  b = 2\n</pre>",
        "<table><tr><td class=blob-num data-line-number=1></td><td class=blob-code>a = 1</td></tr>"
        "<tr><td class=blob-num data-line-number=2></td><td class=blob-code>  b = 2</td></tr></table>",
        "<table><tr><td class=blob-num>1</td><td class='blob-code blob-code-inner'>a = 1</td></tr>"
        "<tr><td class=blob-num>2</td><td class='blob-code'>  b = 2</td></tr></table>",
        "<pre class=line-numbers><code>a = 1\n  b = 2<span class=line-numbers-rows><span>1</span><span>2</span></span>"
        "</code></pre>",
        "<pre><code class=hljs><table class=hljs-ln><tr><td class=hljs-ln-numbers><div class=hljs-ln-n>1</div></td>"
        "<td class=hljs-ln-code>a = 1</td></tr><tr><td class=hljs-ln-numbers><div>2</div></td>"
        "<td class=hljs-ln-code>  b = 2</td></tr></table></code></pre>",
        "<table class=lntable><tr><td class=lntd><pre><code><span class=lnt>1\n</span><span class=lnt>2\n</span></code>"
        f"</pre></td><td class=lntd>{PRE}</td></tr></table>",
        "<pre><code><span class=line><span class=ln>1</span><span class=cl>a = 1\n</span></span>"
        "<span class=line><span class=ln>2</span><span class=cl>  b = 2\n</span></span></code></pre>",
        f"<table><tr><td><pre>41\n42</pre></td><td>{PRE}</td></tr></table>",
        f"<table><tr><td class=gutter><pre><span>1</span><br><span>2</span><br></pre></td><td>{PRE}</td></tr></table>",
        f"<table><tr><td><pre>9<br>10</pre></td><td>{PRE}</td></tr></table>",
        "<pre><i class=xq>1</i>a = 1\n<i class=xq>2</i>  b = 2</pre>",
        "<pre><a id=l1>7</a>a = 1\n<a id=l2>8</a>  b = 2</pre>",
        "<pre><code><span style='display:block'><span class='linenumber rsh-line-number'>1</span>"
        "<span>a = 1\n</span></span><span style='display:block'><span class='linenumber rsh-line-number'>2</span>"
        "<span>  b = 2\n</span></span></code></pre>",
    ],
)
def test_line_numbers_are_no_part_of_code(markup: str) -> None:
    assert said(markup) == CODE


@pytest.mark.parametrize(
    "markup",
    [
        "<pre><code><div class=line>a = 1</div><div class=line>  b = 2</div></code></pre>",
        "<pre><code><span class=line>a = 1</span><span class=line>  b = 2</span></code></pre>",
        "<pre><code><span class=line>a = 1</span>\n<span class=line>  b = 2</span></code></pre>",
        "<pre><code><span class=token-line>a = 1<br></span><span class=token-line>  b = 2<br></span></code>",
        "<pre><ol class=linenums><li class=L0>a = 1</li><li class=L1>  b = 2</li></ol></pre>",
        "<pre><code>a = 1</code><code>  b = 2</code></pre>",
        "<pre><p>a = 1</p><p>  b = 2</p></pre>",
        "<pre><div class=ec-line><div class=gutter><div class=ln>1</div></div><div class=code>a = 1</div></div>"
        "<div class=ec-line><div class=gutter><div class=ln>2</div></div><div class=code>  b = 2</div></div></pre>",
        "<code><div>a = 1</div><div>  b = 2</div></code>",
        "<pre><span class=r1><b>a</b> = 1</span><span class=r1>  b = 2</span></pre>",
    ],
)
def test_each_line_that_is_an_element_is_a_line(markup: str) -> None:
    assert said(markup) == CODE


def test_the_rows_of_a_table_within_are_no_lines_of_code() -> None:
    table = "<table><tr><td class=blob-num>1</td><td class=blob-code><table><tr><td>a = 1</td></tr></table></td></tr>"
    assert said(table + "<tr><td class=blob-num>2</td><td class=blob-code>b = 2</td></tr></table>") == "a = 1\nb = 2"


def test_an_empty_line_stays_where_lines_are_elements() -> None:
    assert said("<pre><div>a</div><div></div><div>b</div><div><br></div><div>c</div></pre>") == "a\n\nb\n\nc"


@pytest.mark.parametrize(
    "code",
    [
        "<span class=mi>1</span> + <span class=mi>2</span>",
        "x = <span class='token number'>5</span>\ny = <span class='token number'>6</span>",
        "<span class=mi>10</span>\n<span class=mi>30</span>",
        "<span class=k>def</span> <span class=nf>line</span>(<span class=n>a</span>)",
        "ls <span class=command-line>-l</span> here",
        "<span class=nt>--a</span><span class=nt>--b</span>",
    ],
)
def test_numbers_and_coloured_words_of_code_stay(code: str) -> None:
    assert said(f"<pre><code>{code}</code></pre>") == re.sub("<[^>]+>", "", code)


def test_a_table_of_numbers_with_code_is_still_a_table() -> None:
    page = read("<table><tr><th>Port</th><th>Use</th></tr><tr><td>1</td><td><code>a</code></td></tr></table>")
    assert "Port | Use\n1 | a" in page.text


def test_a_frame_named_after_its_toolbar_keeps_its_code() -> None:
    toolbar = "<div class=toolbar><span>Python</span></div>"
    assert said(f"<div class=code-toolbar><pre>{CODE}</pre>{toolbar}</div>") == CODE
