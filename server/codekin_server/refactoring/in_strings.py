"""Strings that carry the name: lists of a module's or a class's names, forward references, and names to be looked up.

In: a search. Out: more places; or an error that names the first string of which it cannot be told what it means. Must
not know of jedi, of new names or of editors.
"""

import re
from pathlib import Path, PurePath

from tree_sitter import Node

from codekin_model.source.span import Span
from codekin_server.refactoring.dotted_paths import Meaning, Target
from codekin_server.refactoring.imports import may_be_module, package_of, star_imports_of
from codekin_server.refactoring.members import class_around
from codekin_server.refactoring.namespaces import Kind, Namespace, namespace_with
from codekin_server.refactoring.scopes import is_looked_up_alike, scopes_around
from codekin_server.refactoring.searching import Search, doubt, span_of
from codekin_server.refactoring.strings import argument_with, name_in_strings

_ATTRIBUTES = {
    b"getattr": 1,
    b"setattr": 1,
    b"hasattr": 1,
    b"delattr": 1,
    b"object": 1,  # of mock.patch
    b"attrgetter": 0,
    b"methodcaller": 0,
}
"""What is given an attribute's name, and as which argument."""
_PATCHING = (b"patch", b"setattr", b"delattr")
_OF_CLASSES = (b"__slots__", b"__match_args__")
_OTHERWISE = re.compile(rb"([\w.]+\.)?(Literal|Annotated)\b")
"""Types in which strings are values."""
_SETUP = "setup.py"
"""In it, entry points are strings: ``"command = package.module:function"``."""
_DOTTED = re.compile(rb"[\w.:\x80-\xff]+")


def ask_about_strings(search: Search) -> None:
    """Add those that surely mean the same."""
    target = Target.of(search)
    for path, tree in search.trees.items():
        for content, span in name_in_strings(tree.root, search.name):
            if span in search.found.get(path, ()):
                continue
            if _is_sure(target, path, content, span):
                search.found.setdefault(path, set()).add(span)
            elif target.can_be_reached and _is_doubtful(target, path, content, span):
                raise doubt(search, path, content, "may be the same, but stands in a string")


def _is_sure(target: Target, path: Path, content: Node, span: Span) -> bool:
    search, homes = target.search, target.homes
    tree = search.trees[path]
    if span == span_of(content):
        list_name, scope = _list_with(content)
        if list_name == b"__all__" and scope is not None and scope.type == "module":
            return path in homes or any(star_imports_of(tree, path, homes))
        if list_name in _OF_CLASSES:
            return any(scope == owner for owner in target.classes.values())
        namespace = namespace_with(content)
        if namespace is not None:
            return _is_surely_in(target, path, content, namespace)
    if _is_type(content) and not _is_dotted(content, span):
        return is_looked_up_alike(tree, search.found.get(path, ()), search.name, content)
    if path.name == _SETUP:
        return target.meaning(_text_before(content, span), path.parent) is Meaning.OURS
    argument = argument_with(content)
    patched = argument is not None and argument.called in _PATCHING and argument.index == 0
    return patched and any(_is_path_of(search, content, span, home) for home in homes)


def _is_surely_in(target: Target, path: Path, content: Node, namespace: Namespace) -> bool:
    tree = target.search.trees[path]
    if namespace.kind is Kind.MODULE:
        return path in target.homes or any(star_imports_of(tree, path, target.homes))
    if namespace.kind is Kind.LOCAL:
        return is_looked_up_alike(tree, target.search.found.get(path, ()), target.search.name, content)
    return _is_itself(namespace) and class_around(content) in target.classes.values()


def _is_itself(namespace: Namespace) -> bool:
    return namespace.owner is not None and namespace.owner.text == b"self"


def _is_doubtful(target: Target, path: Path, content: Node, span: Span) -> bool:
    namespace = namespace_with(content) if span == span_of(content) else None
    if namespace is not None:
        return namespace.kind is Kind.OBJECT and (bool(target.classes) or not _is_itself(namespace))
    argument = argument_with(content)
    if argument is not None and _ATTRIBUTES.get(argument.called) == argument.index:
        return span == span_of(content) or argument.called == b"attrgetter"
    if not _is_dotted(content, span):
        return False
    before = _before(content, span)
    if _is_type(content) or (argument is not None and argument.called in _PATCHING):
        classes = {each.text for owner in target.classes.values() if (each := owner.child_by_field_name("name"))}
        last = re.split(r"\W", before)[-1]
        return last.encode() in classes or any(may_be_module(before, home) for home in target.homes)
    if path.name != _SETUP and not _DOTTED.fullmatch(content.text or b""):
        return False
    return target.meaning(_text_before(content, span), path.parent) is not Meaning.OTHERS


def _list_with(content: Node) -> tuple[bytes | None, Node | None]:
    """What the list that a string is put into is called, and the scope it is of: ``__all__ += ["name"]``."""
    above = content.parent
    while above is not None and above.type not in ("assignment", "augmented_assignment", "call", "block", "module"):
        above = above.parent
    scope = next(scopes_around(content), None)
    if above is None or above.type in ("block", "module"):
        return None, scope
    if above.type == "call":
        function = above.child_by_field_name("function")
        listed = function.child_by_field_name("object") if function is not None else None
    else:
        listed = above.child_by_field_name("left")
    return (listed.text if listed is not None else None), scope


def _is_type(content: Node) -> bool:
    """Whether a string is read as a type: in an annotation, a ``cast`` or what a ``TypeVar`` is bound to."""
    argument = argument_with(content)
    if argument is not None:
        if argument.called == b"cast":
            return argument.index == 0
        return argument.called == b"TypeVar" and (argument.index > 0 or argument.keyword is not None)
    above = content.parent
    is_type = False
    while above is not None and above.type not in ("block", "module", "parameters", "call", "assignment"):
        if above.type in ("generic_type", "subscript") and _OTHERWISE.match(above.text or b""):
            return False
        is_type = is_type or above.type == "type"
        above = above.parent
    return is_type


def _is_dotted(content: Node, span: Span) -> bool:
    return _text_before(content, span).endswith((".", ":"))


def _before(content: Node, span: Span) -> str:
    """``a.b`` of ``a.b.name``."""
    return re.split(r"[^\w.]", _text_before(content, span)[:-1])[-1]


def _text_before(content: Node, span: Span) -> str:
    return (content.text or b"")[: span.start - content.start_byte].decode("utf-8", "replace")


def _is_path_of(search: Search, content: Node, span: Span, home: Path) -> bool:
    """Whether a string is the whole way to the name, from the folder that imports start in."""
    if not _DOTTED.fullmatch(content.text or b"") or not _is_dotted(content, span):
        return False
    way = PurePath(*_before(content, span).split("."))
    return any(package_of(home) == root / way for root in (search.sources.root, search.sources.root / "src"))
