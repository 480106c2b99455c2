"""The schema of settings, the documents and the extension say the same."""

import json
import re

from codekin_server.settings.describing import json_schema, markdown_table
from codekin_server.settings.reading import EXTENSION_ONLY
from codekin_server.settings.schema import KEYS


def test_the_documents_hold_the_table_of_settings(repository):
    text = (repository / "docs/settings.md").read_text("utf-8")
    table = re.search(r"<!-- made by `codekin settings --markdown` -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert table is not None
    assert table.group(1).strip() == markdown_table()


def test_the_extension_declares_the_settings_of_the_schema(repository):
    declared = declared_by_extension(repository)
    own = {f"codekin.{name}" for name in EXTENSION_ONLY}
    shared = {name: comparable(each) for name, each in declared.items() if name not in own}
    assert shared == {name: comparable(each) for name, each in json_schema().items()}


def test_every_setting_says_what_it_does():
    silent = [key.name for key in KEYS.values() if not key.about.text.endswith(".")]
    assert silent == []


def test_every_number_has_bounds():
    open_ended = [
        key.name for key in KEYS.values() if key.kind in (int, float) and None in (key.about.least, key.about.most)
    ]
    assert open_ended == []


def declared_by_extension(repository) -> dict:
    configuration = json.loads((repository / "vscode-extension/package.json").read_text("utf-8"))["contributes"][
        "configuration"
    ]
    blocks = configuration if isinstance(configuration, list) else [configuration]
    return {name: each for block in blocks for name, each in block["properties"].items()}


def comparable(declared: dict) -> dict:
    """What means something; how an extension words and orders its settings is its own affair."""
    return {name: declared.get(name) for name in ("type", "default", "enum", "items", "minimum", "maximum", "scope")}
