"""What of a function hints at its name beside what its body says: its shape, and how like another's it is.

In: a unit's tree. Out: :class:`Traits`, and :class:`Resemblance` of two of them. A function's own name is in neither.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log

from tree_sitter import Node

from codekin_model.extraction.tokens import subtokens
from codekin_model.source.tree import node_text
from codekin_model.source.unit import UnitKind
from codekin_model.source.unit_tree import UnitTree

_RECEIVERS = frozenset({"self", "cls"})
_FUNCTIONS = frozenset({"function_definition", "lambda"})
_NO_PARAMETERS = 0.5
"""How alike the parameters of two functions without any are: it says little."""


@dataclass(frozen=True, slots=True)
class Traits:
    """``scope`` are the words of the class or function around it, ``identifiers`` those that its body uses.

    ``parameters`` are in order, ``self`` and ``cls`` left out; ``decorators`` are their last words, as in
    ``functools.cache``. ``says_own_name``: the body uses the function's name, as an override that calls ``super`` does.
    Of the words that identifiers are made of, ``uses`` says how often each stands in the body, ``returned`` which stand
    in what it gives back, ``called`` which in the names of what it calls.
    """

    kind: UnitKind
    scope: frozenset[str]
    parameters: tuple[str, ...]
    decorators: frozenset[str]
    identifiers: frozenset[str]
    says_own_name: bool
    returns: bool
    lines: int
    uses: tuple[tuple[str, int], ...] = ()
    returned: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Body:
    """``identifiers`` as they stand in a body, in no order; ``returned`` and ``called`` are some of them."""

    identifiers: Counter[str]
    returned: frozenset[str]
    called: frozenset[str]
    returns: bool


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How alike two functions are, each 0 (not at all) to 1; ``length`` is the logarithm of their lines' quotient."""

    parameters: float
    same_parameters: bool
    identifiers: float
    same_kind: bool
    same_decorators: bool
    length: float
    scope: float
    both_say_own_name: bool
    same_return: bool


_NOTHING = _Body(Counter(), frozenset(), frozenset(), returns=False)


def traits_of(tree: UnitTree) -> Traits:
    """The traits of a function; what is broken in it is passed over."""
    unit, definition = tree.unit, _definition(tree.node)
    body = definition.child_by_field_name("body")
    parameters = definition.child_by_field_name("parameters")
    used = _NOTHING if body is None else _used_in(body)
    others = used.identifiers.keys() - {unit.name}
    return Traits(
        kind=unit.kind,
        scope=frozenset(subtokens(unit.qualified_name.rpartition(".")[0])),
        parameters=() if parameters is None else _parameters(parameters),
        decorators=frozenset(_decorator(each) for each in tree.node.named_children if each.type == "decorator"),
        identifiers=frozenset(others),
        says_own_name=unit.name in used.identifiers,
        returns=used.returns,
        lines=unit.end_line - unit.start_line + 1,
        uses=_counted({name: used.identifiers[name] for name in others}),
        returned=_words(used.returned & others),
        called=_words(used.called & others),
    )


def resemblance(one: Traits, other: Traits) -> Resemblance:
    """How alike two functions are, their names aside."""
    has_parameters = bool(one.parameters or other.parameters)
    return Resemblance(
        parameters=_shared(set(one.parameters), set(other.parameters)) if has_parameters else _NO_PARAMETERS,
        same_parameters=one.parameters == other.parameters,
        identifiers=_shared(one.identifiers, other.identifiers),
        same_kind=one.kind == other.kind,
        same_decorators=one.decorators == other.decorators,
        length=abs(log((one.lines + 1) / (other.lines + 1))),
        scope=_shared(one.scope, other.scope),
        both_say_own_name=one.says_own_name and other.says_own_name,
        same_return=one.returns == other.returns,
    )


def _shared(one: frozenset[str] | set[str], other: frozenset[str] | set[str]) -> float:
    """Jaccard's index; 0 for nothing and nothing."""
    return len(one & other) / max(len(one | other), 1)


def _definition(node: Node) -> Node:
    return node.child_by_field_name("definition") or node


def _decorator(node: Node) -> str:
    return node_text(node).lstrip("@ ").partition("(")[0].rpartition(".")[2].strip()


def _parameters(parameters: Node) -> tuple[str, ...]:
    names = (_first_identifier(each) for each in parameters.named_children)
    return tuple(name for name in names if name and name not in _RECEIVERS)


def _first_identifier(node: Node) -> str:
    """The name of a parameter, which stands before its type and its default."""
    while node.type != "identifier":
        if not node.named_children:
            return ""
        node = node.named_children[0]
    return node_text(node)


def _used_in(body: Node) -> _Body:
    """What a body uses, functions inside it included; what those give back, it does not."""
    identifiers, returned, called, returns = Counter[str](), set[str](), set[str](), False
    stack = [(body, False, False)]
    while stack:
        node, is_inside, is_returned = stack.pop()
        if node.type == "identifier":
            identifiers[node_text(node)] += 1
            returned.update([node_text(node)] if is_returned else ())
        elif node.type == "return_statement" and node.named_children and not is_inside:
            returns = is_returned = True
        elif node.type == "call":
            called.update(_called(node))
        is_inside = is_inside or node.type in _FUNCTIONS
        stack.extend((child, is_inside, is_returned) for child in node.named_children)
    return _Body(identifiers, frozenset(returned), frozenset(called), returns)


def _called(call: Node) -> Iterator[str]:
    """The name of what is called: of ``self.store.read()``, ``read``."""
    function = call.child_by_field_name("function")
    name = function.child_by_field_name("attribute") or function if function is not None else None
    if name is not None and name.type == "identifier":
        yield node_text(name)


def _counted(names: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """How often each word stands in ``names``, which stand so often; in alphabetical order."""
    words = Counter[str]()
    for name, times in names.items():
        for word in subtokens(name):
            words[word] += times
    return tuple(sorted(words.items()))


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in subtokens(name))
