"""Better names for the function around a place, as code actions, and the edits that they stand for.

In: a place, or an action that was chosen. Out: up to ``names.limit`` actions ``Rename to 'parse_header' (42 %)``, best
first, and their edits. A renaming that would break something is refused with the reason. Must not know how names or
references are found.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types

from codekin_model.embedder import NameSuggestion
from codekin_server.answers import NameOffer
from codekin_server.lsp.boundary import Outdated
from codekin_server.lsp.edits import renaming_edit
from codekin_server.lsp.features.changed_since import changed_since
from codekin_server.lsp.folder import Folder
from codekin_server.lsp.server import CodekinServer
from codekin_server.lsp.spot import Spot
from codekin_server.lsp.uris import path_of

KIND = types.CodeActionKind.RefactorRewrite
_CHANGED = "what is to be renamed has changed since this was offered; ask again"


@dataclass(frozen=True, slots=True)
class Renaming:
    """One renaming: of what stands at byte ``offset`` of version ``version``.

    ``offered`` is when, in seconds since the epoch; without it nothing tells what changed since in other files.
    """

    uri: str
    version: int | None
    offset: int
    name: str
    new_name: str
    offered: float | None = None

    def data(self) -> dict[str, Any]:
        """What an action carries."""
        known = {
            "uri": self.uri,
            "version": self.version,
            "offset": self.offset,
            "name": self.name,
            "newName": self.new_name,
        }
        return known if self.offered is None else {**known, "offered": self.offered}


async def rename_actions(spot: Spot, offer: NameOffer) -> list[types.CodeAction]:
    """An action for each name; with its edit where the client could not ask for it later."""
    actions = [_action(spot, offer, suggestion) for suggestion in offer.names.suggestions]
    if can_resolve(spot.server):
        return actions
    return await _whole(spot, actions)


async def resolved(ls: CodekinServer, action: types.CodeAction) -> types.CodeAction:
    """The action with its edit, or with the reason why there is none."""
    renaming = _renaming_of(action.data)
    path = path_of(renaming.uri) if renaming is not None else None
    folder = ls.folder_of(path)
    if renaming is None or path is None or folder is None:
        return action
    problem = await _add_edit(ls, folder, path, renaming, action)
    if problem is not None:
        ls.show(f"{action.title}: {problem}")
    return action


def percent(probability: float) -> str:
    """A probability as a person reads it."""
    return f"{max(1, round(100 * probability))} %"


def _action(spot: Spot, offer: NameOffer, suggestion: NameSuggestion) -> types.CodeAction:
    names = offer.names
    renaming = Renaming(spot.uri, spot.version, names.name_span.start, names.name, suggestion.name, time.time())
    title = f"Rename to '{suggestion.name}' ({percent(suggestion.probability)})"
    return types.CodeAction(title=title, kind=KIND, data=renaming.data())


async def _whole(spot: Spot, offered: Sequence[types.CodeAction]) -> list[types.CodeAction]:
    """Actions with their edits; those that cannot be had are shown as such where the client can, else left out."""
    actions, problems = list[types.CodeAction](), list[str]()
    for action in offered:
        renaming = _renaming_of(action.data)
        if renaming is None:
            continue
        problem = await _add_edit(spot.server, spot.folder, spot.path, renaming, action)
        if problem is None or action.disabled is not None:
            actions.append(action)
        else:
            problems.append(f"{action.title}: {problem}")
    if problems and not actions:
        spot.server.log(problems[0])
    return actions


async def _add_edit(
    ls: CodekinServer, folder: Folder, path: Path, renaming: Renaming, action: types.CodeAction
) -> str | None:
    """Put the edit, or the reason why there is none, into ``action``, and return the reason."""
    edit, problem = await _find_edit(ls, folder, path, renaming)
    action.edit = edit
    if problem is not None and can_disable(ls):
        action.disabled = types.CodeActionDisabled(problem)
    return problem


async def _find_edit(
    ls: CodekinServer, folder: Folder, path: Path, renaming: Renaming
) -> tuple[types.WorkspaceEdit | None, str | None]:
    document = ls.documents.get(renaming.uri)
    text, name = await ls.text_of(path), renaming.name.encode()
    same_version = (document.version if document is not None else None) == renaming.version
    if text is None or not same_version or not text.data.startswith(name, renaming.offset):
        return None, _CHANGED
    edit, conflicts = await rename_edit(ls, folder, path, renaming.offset, renaming.new_name, renaming.offered)
    return edit, "; ".join(conflicts) or None


async def rename_edit(
    ls: CodekinServer, folder: Folder, path: Path, offset: int, new_name: str, offered: float | None = None
) -> tuple[types.WorkspaceEdit | None, tuple[str, ...]]:
    """The edit that renames what stands at byte ``offset``, or the reasons why there is none.

    Where it was ``offered`` at that moment, no file that it edits may have changed since.
    """
    before = ls.documents.all()
    inside = folder.inside(path)
    answer = await folder.ask(lambda assist: assist.rename(inside, offset, new_name))
    if answer.conflicts:
        return None, answer.conflicts
    changed = await changed_since(ls, map(folder.root.joinpath, answer.edits), offered) if offered is not None else None
    if changed is not None:
        return None, (f"{folder.inside(changed)} has changed since this was offered; ask again",)
    try:
        replacements = {folder.root / where: spans for where, spans in answer.edits.items()}
        edit = await renaming_edit(ls, replacements)
    except Outdated:
        return None, (_CHANGED,)
    return (None, (_CHANGED,)) if ls.documents.all() != before else (edit, ())


def _renaming_of(data: object) -> Renaming | None:
    """What an action of ours carries; None for any other, such as those that editors resolve without a reason."""
    match data:
        case {
            "uri": str(uri),
            "version": int() | None as version,
            "offset": int(offset),
            "name": str(name),
            "newName": str(new),
        }:
            return Renaming(uri, version, offset, name, new, _moment_of(data))
        case _:
            return None


def _moment_of(data: object) -> float | None:
    match data:
        case {"offered": int() | float() as moment}:
            return moment
        case _:
            return None


def can_resolve(ls: CodekinServer) -> bool:
    """Whether the client asks for an action's edit when it is chosen."""
    can = _capability(ls)
    return can is not None and can.resolve_support is not None and "edit" in can.resolve_support.properties


def can_disable(ls: CodekinServer) -> bool:
    """Whether the client shows why an action cannot be had."""
    can = _capability(ls)
    return can is not None and bool(can.disabled_support)


def _capability(ls: CodekinServer) -> types.CodeActionClientCapabilities | None:
    documents = ls.client_capabilities.text_document
    return documents.code_action if documents is not None else None
