"""Fields of a ``TypedDict``, which are used by strings: ``movie["title"]``, ``{"title": 1}``.

In: a search. Out: nothing, or an error that names the first such string: jedi does not tell which dictionaries are of
which type. Must not know of new names or of editors.
"""

from tree_sitter import Node

from codekin_server.refactoring.inheritance import Family
from codekin_server.refactoring.namespaces import looked_into
from codekin_server.refactoring.searching import Search, classes_found, doubt, span_of
from codekin_server.refactoring.strings import argument_with, name_in_strings

_KEYED = "TypedDict"


def ask_about_keys(search: Search) -> None:
    """Nothing else in the workspace may look like a key of this name."""
    keys = [
        (path, content)
        for path, tree in search.trees.items()
        for content, span in name_in_strings(tree.root, search.name)
        if span == span_of(content) and _is_key(content)
    ]
    if keys and _is_field(search):
        raise doubt(search, *keys[0], f"may be the key of a {_KEYED} that is renamed")


def _is_field(search: Search) -> bool:
    classes = ((path, owner) for (path, _), owner in classes_found(search).items() if path is not None)
    return any(
        base.name.endswith(_KEYED)
        for path, owner in classes
        for base in Family.of(search.sources, path, owner, {}).bases
    )


def _is_key(content: Node) -> bool:
    string = content.parent
    above = string.parent if string is not None else None
    if string is None or above is None:
        return False
    if above.type == "pair":
        return above.child_by_field_name("key") == string
    if above.type == "dict_pattern":  # what stands behind the colon is a pattern of its own
        return True
    argument = argument_with(content)
    return looked_into(string) is not None or (argument is not None and argument.called == b"itemgetter")
