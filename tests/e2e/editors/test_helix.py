"""Helix is not started: its configuration is read as Helix reads it, and the server is greeted with what it says."""

import tomllib
from pathlib import Path

CONFIGURATION = Path(__file__).parents[3] / "editors" / "helix" / "languages.toml"


def test_the_configuration_adds_codekin_to_pythons_servers():
    read = tomllib.loads(CONFIGURATION.read_text())
    server = read["language-server"]["codekin"]
    assert (server["command"], server["args"]) == ("codekin", ["serve", "--stdio"])
    (language,) = read["language"]
    assert language["name"] == "python"
    assert "codekin" in language["language-servers"]


async def test_its_settings_hold_and_nothing_is_complained_about(connect, workspace):
    config = tomllib.loads(CONFIGURATION.read_text())["language-server"]["codekin"]["config"]
    config["settings"]["names"]["limit"] = 1
    async with connect(workspace, options=config) as editor:
        await editor.embedded()
        orders = workspace / "shop" / "orders.py"
        uri = editor.open(orders)
        line = orders.read_text().splitlines().index("        total += price")
        actions = await editor.actions(uri, line)
        assert len([each for each in actions if each.title.startswith("Rename to ")]) == 1
        assert editor.client.messages == []
