"""``codekin duplicates``: functions that say the same more than once."""

from pathlib import Path

from rich.text import Text

from codekin_server.answers_kin import DuplicatesAnswer, plain_kin
from codekin_server.cli.opening import current_index, index_around
from codekin_server.cli.results import place_line
from codekin_server.cli.target import find_folder, workspace_around
from codekin_server.cli.terminal import write_json, write_line
from codekin_server.indexes import has_index
from codekin_server.settings.project import project_settings


def run(folder: Path | None, path: Path | None, *, limit: int, threshold: float | None, as_json: bool) -> None:
    """Show the clusters of the workspace, or of one of its folders, which may have an index of its own."""
    here = Path.cwd()
    own = folder.resolve() if path is None and folder is not None and has_index(folder.resolve()) else None
    below = None if own else find_folder(folder, workspace_around(here, path))
    with current_index(own) if own else index_around(here, path) as assist:
        wanted = threshold or project_settings(assist.root)[0].similar.threshold
        answer = assist.kin.duplicates(below, limit, wanted)
    if as_json:
        write_json(plain_kin(answer))
    else:
        show(answer)


def show(answer: DuplicatesAnswer) -> None:
    """A heading a cluster, and a line each of its functions."""
    for cluster in answer.clusters:
        heading = (
            f"{len(cluster.members)} functions, {cluster.similarity:.2f} alike or more, {cluster.lines} lines twice"
        )
        write_line(Text(heading, style="bold"))
        for member in cluster.members:
            write_line(Text("  ").append_text(place_line(member)))
    if not answer.clusters:
        write_line("no duplicates")
    if answer.note:
        write_line(answer.note)
