"""The names that a function may not take because its scope has given them away.

In: the syntax tree of a file and a function in it. Out: every name bound in the scope that the function's own name
is bound in: the module, the class, or the function around it; and those of the functions among them. Must not know of
models or stores.
"""

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from codekin_model.source.tree import SyntaxTree, node_text
from codekin_model.source.unit import CodeUnit

_SCOPES = frozenset({"function_definition", "class_definition", "lambda"})
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)
_WRAPPED_PARAMETERS = frozenset({"typed_parameter", "list_splat_pattern", "dictionary_splat_pattern"})
_BINDING_FIELDS = {
    "assignment": "left",
    "augmented_assignment": "left",
    "named_expression": "name",
    "for_statement": "left",
    "as_pattern": "alias",
    "aliased_import": "alias",
    "type_alias_statement": "left",
}


def names_taken(tree: SyntaxTree, unit: CodeUnit) -> frozenset[str]:
    """Names bound in the scope of ``unit``, its own name left out unless something else binds it, too."""
    if unit.name_span is None:
        return frozenset()
    own = tree.root.descendant_for_byte_range(unit.name_span.start, unit.name_span.end)
    definition = own.parent if own is not None else None
    if definition is None:
        return frozenset()
    scope = _scope_around(definition)
    return frozenset(node_text(name) for name in _bound_in(scope) if name.start_byte != unit.name_span.start)


def siblings_of(unit: CodeUnit, units: Iterable[CodeUnit]) -> frozenset[str]:
    """Names of the other functions among the ``units`` of a file that stand in the scope of ``unit``."""
    scope = unit.qualified_name.rpartition(".")[0]
    return frozenset(
        each.name
        for each in units
        if each.kind.is_function
        and each.qualified_name.rpartition(".")[0] == scope
        and each.span.start != unit.span.start
    )


def _scope_around(definition: Node) -> Node:
    node = definition
    while node.parent is not None:
        node = node.parent
        if node.type in _SCOPES:
            break
    return node


def _bound_in(scope: Node) -> Iterator[Node]:
    """The identifiers that statements of ``scope`` itself bind; bodies of scopes inside it are passed over."""
    parameters = scope.child_by_field_name("parameters")
    if parameters is not None:
        yield from _parameter_names(parameters)
    body = scope.child_by_field_name("body")
    stack = list((body or scope).children)
    while stack:
        node = stack.pop()
        yield from _bound_by(node)
        if node.type not in _SCOPES and node.type not in _COMPREHENSIONS:
            stack.extend(node.children)


def _bound_by(node: Node) -> Iterator[Node]:
    if node.type in ("function_definition", "class_definition"):
        name = node.child_by_field_name("name")
        if name is not None:
            yield name
    elif node.type in ("import_statement", "import_from_statement"):
        for imported in node.children_by_field_name("name"):
            if imported.type == "dotted_name":
                yield imported.named_children[0]
    elif node.type in _BINDING_FIELDS:
        target = node.child_by_field_name(_BINDING_FIELDS[node.type])
        if target is not None:
            yield from _targets(target)


def _targets(node: Node) -> Iterator[Node]:
    """Identifiers of an assignment's left side; ``a.b`` and ``a[b]`` bind no name."""
    stack = [node]
    while stack:
        each = stack.pop()
        if each.type == "identifier":
            yield each
        elif each.type not in ("attribute", "subscript"):
            stack.extend(each.named_children)


def _parameter_names(parameters: Node) -> Iterator[Node]:
    for parameter in parameters.named_children:
        name = parameter.child_by_field_name("name") or parameter
        while name.type in _WRAPPED_PARAMETERS and name.named_children:
            name = name.named_children[0]
        if name.type == "identifier":
            yield name
