"""Uses ``x.name`` that jedi does not count among those of a class's member: whose they are.

In: a search. Out: more places; or an error that names the first place of which it is not known what it means. Asking
jedi takes about a hundredth of a second a place, so there is a limit to their number. Must not know of new names or of
editors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from pathlib import Path
from time import monotonic

from tree_sitter import Node

from codekin_server.refactoring.bindings import binds, is_bare, parts_of
from codekin_server.refactoring.jedi_lookup import Receiver, is_in_standard_library, receivers
from codekin_server.refactoring.known import known_of
from codekin_server.refactoring.members import bindings_of, class_around, defines_attribute, is_attribute, is_own
from codekin_server.refactoring.outside import starts_outside, taken_from_outside
from codekin_server.refactoring.references_error import ReferencesError
from codekin_server.refactoring.scopes import binds_in_module, scopes_around
from codekin_server.refactoring.searching import Place, Search, classes_found, doubt
from codekin_server.refactoring.subclasses import base_names, classes_in, name_of, subclasses

PLACES_LIMIT = 200
"""Uses that jedi is asked about, at most."""

_PATIENCE_S = 3.0
"""Once it is clear that it cannot be told, the other such places are counted for no longer than this."""

_COMPARISONS = (b"__eq__", b"__ne__", b"__lt__", b"__le__", b"__gt__", b"__ge__")
_UNKNOWN = "may be the same, but it is not known of which class it is"

Answer = tuple[Receiver, ...]
Use = tuple[Path, Node]


class _Whose(Enum):
    OURS = "ours"
    OTHERS = "others"
    BOTH = "both"
    NOBODY_KNOWS = "nobody knows"


@dataclass(frozen=True, slots=True)
class Asked:
    """What jedi said in one search, which asks several times over."""

    answers: dict[tuple[Path, int], Answer] = field(default_factory=dict[tuple[Path, int], Answer])


def ask_about_attributes(search: Search, asked: Asked) -> None:
    """Add those of the classes that have the name as a member, and leave those of all others.

    A name of two words that nothing else has is taken to be meant wherever it stands behind a dot.

    Raises:
        ReferencesError: there is a place of which it cannot be told, or there are too many to ask about.

    """
    classes = classes_found(search)
    if not classes or (search.name.startswith("__") and not search.name.endswith("__")):  # private to its class
        return
    left = [(path, node) for path in search.trees for node in _left(search, path, classes)]
    if len(left) > PLACES_LIMIT:
        why = f"is one of {len(left)} attributes of that name, too many to tell which of them mean this one"
        raise doubt(search, *left[0], why)
    told = _Told(search, classes, asked)
    unknown = list(told.unknown(left))
    if not unknown or told.added:  # what was added may tell more, in the next round
        return
    if not told.is_telling:
        raise _not_known(search, unknown, is_all=not told.gave_up)
    for path, node in unknown:
        search.add(path, [node])


def _not_known(search: Search, unknown: list[Use], *, is_all: bool) -> ReferencesError:
    more = len(unknown) - 1
    others = f", nor at {more}{'' if is_all else ' or more'} other place{'s' if more > 1 else ''}" if more else ""
    return doubt(search, *unknown[0], _UNKNOWN + others)


def _left(search: Search, path: Path, classes: Mapping[Place, Node]) -> Iterator[Node]:
    """Attributes that are not told by the text alone to be another thing's."""
    nodes = [node for node in search.left(path) if is_attribute(node)]
    outside = _outside(search, path) if nodes else frozenset[str]()
    for node in nodes:
        owner = class_around(node) if is_own(node) else None
        if owner is not None and any(bindings_of(owner, search.name)):
            continue
        if _is_compared(path, node, classes):
            search.add(path, [node])
        elif node.parent is not None and not starts_outside(node.parent.child_by_field_name("object"), outside):
            yield node


def _outside(search: Search, path: Path) -> frozenset[str]:
    """Names that the file has from elsewhere; its examples import more."""
    known = known_of(search.sources)
    return taken_from_outside(search.trees[path], known.modules) if path in search.examples else known.outside(path)


def _is_compared(path: Path, node: Node, classes: Mapping[Place, Node]) -> bool:
    """``other.name`` in the ``__eq__`` of a class that has the name."""
    method = next(scopes_around(node), None)
    owner = class_around(node)
    if method is None or owner is None or (path, owner.start_point[0] + 1) not in classes:
        return False
    named, given = method.child_by_field_name("name"), method.child_by_field_name("parameters")
    if named is None or named.text not in _COMPARISONS or given is None or len(parts_of(given)) <= 1:
        return False
    other = parts_of(given)[1]
    other = other.named_children[0] if other.type == "typed_parameter" else other
    receiver = node.parent.child_by_field_name("object") if node.parent is not None else None
    return receiver is not None and receiver.text == other.text


class _Told:
    """The answers about places that are left; ``added`` tells whether any of them is meant."""

    def __init__(self, search: Search, classes: Mapping[Place, Node], asked: Asked) -> None:
        self._search, self._classes, self._asked = search, classes, asked
        self._below: dict[tuple[Path, int], frozenset[tuple[Path, int]]] = {}
        self.is_telling = _is_telling(search)
        self.added = self.gave_up = False

    def unknown(self, left: list[Use]) -> Iterator[Use]:
        """Places that nobody knows; those that are meant are added on the way."""
        started, known_not = monotonic(), False
        for path, uses in groupby(left, lambda use: use[0]):
            if known_not and not self.is_telling and monotonic() - started > _PATIENCE_S:
                self.gave_up = True
                return
            nodes = [node for _, node in uses]
            for node, answer in zip(nodes, self._ask(path, nodes), strict=True):
                if self._is_unknown(path, node, answer):
                    known_not = True
                    yield path, node

    def _is_unknown(self, path: Path, node: Node, answer: Answer) -> bool:
        whose = self._whose(path, node, answer)
        if whose is _Whose.BOTH:
            raise doubt(self._search, path, node, "may be that of several classes, of which not all are renamed")
        if whose is _Whose.OURS:
            self._search.add(path, [node])
            self.added = True
        elif whose is _Whose.OTHERS and (defines_attribute(node) or any(each.has_it for each in answer)):
            self.is_telling = False  # others have the name, too
        return whose is _Whose.NOBODY_KNOWS

    def _whose(self, path: Path, node: Node, answer: Answer) -> _Whose:
        ours = [each for each in answer if each.classes & self._classes.keys()]
        others = [each for each in answer if each not in ours and (each.has_it or each.is_module)]
        if ours:
            return _Whose.BOTH if others else _Whose.OURS
        if others:
            return _Whose.OTHERS
        owner = class_around(node) if is_own(node) else None
        if owner is not None and not self._may_be_below(path, owner):
            return _Whose.OTHERS
        if answer and defines_attribute(node) and not any(self._is_above(each) for each in answer):
            return _Whose.OTHERS
        # a class without the member tells nothing: jedi may know some of several, and members can be set from outside
        return _Whose.NOBODY_KNOWS

    def _ask(self, path: Path, nodes: list[Node]) -> list[Answer]:
        known, text = self._asked.answers, self._search.trees[path].text
        offsets = [node.start_byte for node in nodes if (path, node.start_byte) not in known]
        found = receivers(self._search.sources, path, text, offsets, self._search.roots()) if offsets else []
        known.update(((path, offset), answer) for offset, answer in zip(offsets, found, strict=True))
        return [known[path, node.start_byte] for node in nodes]

    def _is_above(self, receiver: Receiver) -> bool:
        """Whether a class of the workspace that it may be of is one that those with the member are made from."""
        known = known_of(self._search.sources)
        inside = [(path, line) for path, line in receiver.classes if path in self._search.sources.files]
        return any(
            self._may_be_below(path, node)
            for path, line in inside
            if (tree := known.sources.tree(path)) is not None
            for node in classes_in(tree.root)
            if node.start_point[0] + 1 == line
        )

    def _may_be_below(self, path: Path, owner: Node) -> bool:
        """Whether an object of a class that has the member may be one of ``owner`` too, a mixin for instance."""
        named = {name_of(each) for each in self._classes.values()}
        if any((base.text or b"").decode("utf-8", "replace") in named for base in base_names(owner)):
            return True
        below = self._with_below(path, owner)
        places = ((where, each) for (where, _), each in self._classes.items() if where is not None)
        return any(below & self._with_below(where, each) for where, each in places)

    def _with_below(self, path: Path, owner: Node) -> frozenset[tuple[Path, int]]:
        key = path, owner.start_byte
        if key not in self._below:
            found = subclasses(self._search.sources, path, owner)
            self._below[key] = frozenset({key, *((where, node.start_byte) for where, node in found)})
        return self._below[key]


def _is_telling(search: Search) -> bool:
    """Whether the name is one of two words or more that nothing else in sight has, neither here nor in Python's own."""
    if "_" not in search.name.strip("_"):
        return False
    as_option = search.name.strip("_").replace("_", "-").encode()  # `--dry-run` becomes `args.dry_run`
    if any(as_option in tree.text.data for tree in search.trees.values()):
        return False
    if any(_gives_name(node) for path in search.trees for node in search.left(path)):
        return False
    return not is_in_standard_library(search.name)


def _gives_name(node: Node) -> bool:
    """Whether something that is not renamed gets an attribute of the name here."""
    above = node.parent
    if above is not None and above.type in ("function_definition", "class_definition"):
        return above.child_by_field_name("name") == node
    if above is not None and above.type == "keyword_argument" and above.child_by_field_name("name") == node:
        call = above.parent.parent if above.parent is not None else None
        called = call.child_by_field_name("function") if call is not None else None
        return called is not None and _makes_object(called)
    if defines_attribute(node):
        return is_own(node)
    if not is_bare(node) or not binds(node):
        return False
    scope = next(scopes_around(node), None)
    return binds_in_module(node) or (scope is not None and scope.type == "class_definition")


def _makes_object(called: Node) -> bool:
    """``SimpleNamespace(name=1)``, ``Mock(name=1)``, and any other class as far as its name tells."""
    last = (called.text or b"").rpartition(b".")[2]
    return last[:1].isupper()
