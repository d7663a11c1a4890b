"""What stands in a shadow root that the page writes down is shown by browsers, and read."""

import pytest

from crawler.text.shadow import open_shadow_roots
from tests.support.inside import said


@pytest.mark.parametrize(
    "markup",
    [
        "<x-card><template shadowrootmode=open><p>Setts are deep.</p></template></x-card>",
        "<x-card><template shadowrootmode='closed'><style></style><p>Setts are deep.</template></x-card>",
        "<div><TEMPLATE class=a shadowrootmode='open'><slot></slot></TEMPLATE><p>Setts are deep.</p></div>",
        "<x-a><template shadowrootmode=open><template><p>Row</p></template><x-b><template shadowrootmode=open>"
        "<p>Setts are deep.</p></template></x-b></template></x-a>",
    ],
)
def test_a_shadow_root_is_read(markup: str) -> None:
    assert said(markup) == "Setts are deep."


def test_templates_for_scripts_stay_unread() -> None:
    markup = "<template id=row data-note='no shadowrootmode'><p>Row of a table</p></template>"
    assert said(markup) == ""
    assert open_shadow_roots(markup) == markup
    assert open_shadow_roots("</template><p>x") == "</template><p>x"
