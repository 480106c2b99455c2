"""What a single identifier does where it stands: whether it is looked up in scopes, and whether it binds its name.

In: an identifier node, or one whose parts are counted. Out: yes or no, or those parts. Must not know of scopes,
files or new names.
"""

from tree_sitter import Node

_TARGETS = {
    "assignment": "left",
    "augmented_assignment": "left",
    "for_statement": "left",
    "for_in_clause": "left",
    "type_alias_statement": "left",
    "named_expression": "name",
    "function_definition": "name",
    "class_definition": "name",
    "aliased_import": "alias",
}
"""Which field of a node binds the names inside it."""

_ALWAYS = frozenset({"as_pattern_target", "splat_pattern"})
_SEQUENCES = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "tuple", "list"})
_PATTERNS = _SEQUENCES | {"list_splat_pattern", "parenthesized_expression", "type", "dotted_name"}
_CAPTURES = frozenset({"case_pattern", "keyword_pattern"})
_IMPORTS = frozenset({"import_statement", "import_from_statement"})
_PARAMETERS = frozenset({"parameters", "lambda_parameters"})
_STARRED = frozenset({"list_splat_pattern", "dictionary_splat_pattern"})
_PARAMETER_PARTS = _STARRED | {"typed_parameter", "default_parameter", "typed_default_parameter"}
_BESIDE = frozenset({"comment", "line_continuation"})
"""What may stand between any two parts of a node."""


def parts_of(node: Node) -> list[Node]:
    """The named children by position: comments and line continuations, which the parser puts between them, left out."""
    return [child for child in node.named_children if child.type not in _BESIDE]


def binds(node: Node) -> bool:
    """Whether a bare identifier gives its name a meaning in the scope around it."""
    if parameter_list(node) is not None:
        return True
    part, above = node, node.parent
    while above is not None and above.type in _PATTERNS:
        part, above = above, above.parent
    if above is None:
        return False
    if above.type in _IMPORTS or above.type in _ALWAYS:
        return True
    if above.type in _CAPTURES:
        return part.type == "dotted_name" and len(parts_of(part)) == 1
    field = _TARGETS.get(above.type)
    return field is not None and above.child_by_field_name(field) == part


def parameter_list(node: Node) -> Node | None:
    """The parameter list that ``node`` is the name of a parameter in, if it is one."""
    part, above = node, node.parent
    while above is not None and above.type in _PARAMETER_PARTS:
        if (above.child_by_field_name("name") or parts_of(above)[0]) != part:
            return None
        part, above = above, above.parent
    return above if above is not None and above.type in _PARAMETERS else None


def is_bare(node: Node) -> bool:
    """Whether an identifier is looked up in scopes, rather than in an object, a call's keywords or a module."""
    above = node.parent
    if above is None:
        return False
    if above.type == "attribute":
        return above.child_by_field_name("attribute") != node
    if above.type == "keyword_argument":
        return above.child_by_field_name("name") != node
    if above.type == "keyword_pattern":
        return parts_of(above)[0] != node
    if above.type == "dotted_name":
        return parts_of(above)[0] == node and not _names_a_module(above)
    return True


def _names_a_module(dotted: Node) -> bool:
    """``from here import x``, ``import here as x``, ``from m import here as x``."""
    above = dotted.parent
    if above is None or above.type in ("aliased_import", "relative_import"):
        return above is not None
    return above.type == "import_from_statement" and above.child_by_field_name("module_name") == dotted
