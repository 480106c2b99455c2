"""What a hint about a contradicting name says."""

import pytest

from codekin_model.embedder import NameSuggestion
from codekin_model.source.span import Span
from codekin_server.answers import NameHint
from codekin_server.lsp.features.hints import _message


@pytest.mark.parametrize(("probability", "ending"), [(0.34, ": it reads like 'read_lines' (34 %)"), (0.04, "")])
def test_only_a_likely_name_is_told(probability, ending):
    hint = NameHint("send_email", Span(4, 14), 0.0, NameSuggestion("read_lines", probability, "decoder"))
    assert _message(hint) == f"'send_email' does not say what the body does{ending}"
