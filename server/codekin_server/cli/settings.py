"""``codekin settings``: what can be set, and what a project sets."""

import json
from pathlib import Path

from codekin_server.cli.failure import say
from codekin_server.cli.terminal import write_json, write_raw
from codekin_server.settings.describing import json_schema, markdown_table, plain_settings
from codekin_server.settings.project import project_settings


def run(path: Path, *, schema: bool, markdown: bool, as_json: bool) -> None:
    """The settings of the project at ``path``; or the schema, for an extension or for the documents."""
    if schema:
        write_raw(json.dumps(json_schema(), indent=2))
        return
    if markdown:
        write_raw(markdown_table())
        return
    settings, warnings = project_settings(path)
    for warning in warnings:
        say(warning)
    values = plain_settings(settings)
    if as_json:
        write_json(values)
    else:
        for name, value in values.items():
            write_raw(f"{name} = {json.dumps(value)}")
