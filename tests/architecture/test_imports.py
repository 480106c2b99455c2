"""Who may import whom. ARCHITECTURE.md says why."""

import ast

import pytest

CONTRACT_OF_MODEL = (
    "codekin_model.source",
    "codekin_model.extraction",
    "codekin_model.extracted",
    "codekin_model.embedder",
    "codekin_model.checkpoint.manifest",
)

MAY_IMPORT = {
    "codekin_server.assist_error": (),
    "codekin_server.answers": ("codekin_server.assist_error", "codekin_model.source", "codekin_model.embedder"),
    "codekin_server.version": (),
    "codekin_server.haste": (),
    "codekin_server.answers_kin": ("codekin_server.answers", *CONTRACT_OF_MODEL),
    "codekin_server.pasted": ("codekin_server.assist_error", "codekin_server.present_file", *CONTRACT_OF_MODEL),
    "codekin_server.copies": (
        "codekin_server.answers_kin",
        "codekin_server.conversion",
        "codekin_server.present_file",
        "codekin_server.search",
        "codekin_server.store",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.mapping": (
        "codekin_server.answers_kin",
        "codekin_server.conversion",
        "codekin_server.copies",
        "codekin_server.search",
        "codekin_server.store",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.assist_index": (
        "codekin_server.answers",
        "codekin_server.assist_status",
        "codekin_server.background",
        "codekin_server.search",
        "codekin_server.store",
        "codekin_server.telling",
        "codekin_server.worker",
        "codekin_server.workspace",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.assist_search": (
        "codekin_server.answers",
        "codekin_server.answers_kin",
        "codekin_server.assist_error",
        "codekin_server.conversion",
        "codekin_server.haste",
        "codekin_server.search",
        "codekin_server.store",
        "codekin_server.telling",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.assist_kin": (
        "codekin_server.answers",
        "codekin_server.answers_kin",
        "codekin_server.assist_error",
        "codekin_server.conversion",
        "codekin_server.copies",
        "codekin_server.mapping",
        "codekin_server.pasted",
        "codekin_server.present_file",
        "codekin_server.search",
        "codekin_server.store",
        "codekin_server.telling",
        "codekin_server.worker",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.settings": (),
    "codekin_server.present_text": CONTRACT_OF_MODEL,
    "codekin_server.background": (),
    "codekin_server.workspace_root": ("codekin_server.assist_error",),
    "codekin_server.assist_status": (
        "codekin_server.answers",
        "codekin_server.background",
        "codekin_server.conversion",
        "codekin_server.store",
        "codekin_server.version",
        "codekin_server.worker",
        "codekin_server.workspace",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.installation": (
        "codekin_server.settings",
        "codekin_server.store",
        "codekin_server.version",
        "codekin_server.worker",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.indexes": ("codekin_server.answers", "codekin_server.assist_error", "codekin_server.store"),
    "codekin_server.present_file": (
        "codekin_server.answers",
        "codekin_server.assist_error",
        "codekin_server.workspace",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.conversion": (
        "codekin_server.answers",
        "codekin_server.assist_error",
        "codekin_server.present_file",
        "codekin_server.search",
        "codekin_server.settings",
        "codekin_server.store",
        "codekin_server.worker",
        "codekin_server.workspace",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.telling": (
        "codekin_server.assist_error",
        "codekin_server.store",
        "codekin_server.worker",
        "codekin_server.workspace",
    ),
    "codekin_server.overriding": (
        "codekin_server.assist_error",
        "codekin_server.present_file",
        "codekin_server.refactoring",
        "codekin_server.store",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.summary": (
        "codekin_server.answers",
        "codekin_server.assist_error",
        "codekin_server.naming",
        "codekin_server.present_file",
        "codekin_server.telling",
        "codekin_server.worker",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.assist_names": (
        "codekin_server.answers",
        "codekin_server.naming",
        "codekin_server.overriding",
        "codekin_server.present_file",
        "codekin_server.refactoring",
        "codekin_server.settings",
        "codekin_server.store",
        "codekin_server.telling",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.portrait": ("codekin_server.answers", "codekin_server.assist"),
    "codekin_server.explanation": ("codekin_server.answers", *CONTRACT_OF_MODEL),
    "codekin_server.store": CONTRACT_OF_MODEL,
    "codekin_server.worker.messages": CONTRACT_OF_MODEL,
    "codekin_server.worker.process": ("codekin_server.worker", "codekin_model"),
    "codekin_server.worker": ("codekin_server.worker", "codekin_server.haste", *CONTRACT_OF_MODEL),
    "codekin_server.refactoring": CONTRACT_OF_MODEL,
    "codekin_server.workspace": ("codekin_server.store", "codekin_server.worker", *CONTRACT_OF_MODEL),
    "codekin_server.search": (
        "codekin_server.haste",
        "codekin_server.store",
        "codekin_server.worker",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.naming": ("codekin_server.store", "codekin_server.worker", *CONTRACT_OF_MODEL),
    "codekin_server.assist": (
        "codekin_server.answers",
        "codekin_server.assist_error",
        "codekin_server.assist_index",
        "codekin_server.assist_kin",
        "codekin_server.assist_names",
        "codekin_server.assist_search",
        "codekin_server.assist_status",
        "codekin_server.background",
        "codekin_server.conversion",
        "codekin_server.explanation",
        "codekin_server.naming",
        "codekin_server.present_file",
        "codekin_server.present_text",
        "codekin_server.settings",
        "codekin_server.workspace_root",
        "codekin_server.version",
        "codekin_server.refactoring",
        "codekin_server.search",
        "codekin_server.summary",
        "codekin_server.telling",
        "codekin_server.workspace",
        "codekin_server.store",
        "codekin_server.worker",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.cli": (
        "codekin_server.answers",
        "codekin_server.answers_kin",
        "codekin_server.assist_error",
        "codekin_server.assist",
        "codekin_server.indexes",
        "codekin_server.installation",
        "codekin_server.present_file",
        "codekin_server.settings",
        "codekin_server.version",
        *CONTRACT_OF_MODEL,
    ),
    "codekin_server.cli.model": (
        "codekin_server.assist_error",
        "codekin_server.cli",
        "codekin_model.checkpoint.manifest",
        "codekin_model.corpus",
        "codekin_model.training",
        "codekin_model.evaluation",
    ),
    "codekin_server.lsp": (
        "codekin_server.answers",
        "codekin_server.answers_kin",
        "codekin_server.assist_error",
        "codekin_server.assist",
        "codekin_server.assist_names",
        "codekin_server.portrait",
        "codekin_server.haste",
        "codekin_server.present_text",
        "codekin_server.settings",
        "codekin_server.version",
        *CONTRACT_OF_MODEL,
    ),
}
"""Room -> what of ours it may import besides itself; the longest name that fits a module decides."""

EXCEPTIONS = {"codekin_server.cli.serve": ("codekin_server.lsp.app",)}

ONLY_IN = {
    "torch": (
        "codekin_model.encoders",
        "codekin_model.fusion",
        "codekin_model.heads",
        "codekin_model.torch_runtime",
        "codekin_model.training",
        "codekin_model.evaluation",
    ),
    "transformers": ("codekin_model.encoders", "codekin_model.torch_runtime", "codekin_model.training"),
    "onnxruntime": ("codekin_model.runtime", "codekin_model.torch_runtime"),
    "tokenizers": ("codekin_model.runtime",),
    "codekin_model.runtime": (
        "codekin_model.torch_runtime",
        "codekin_model.training",
        "codekin_model.evaluation",
        "codekin_server.worker.process",
    ),
    "codekin_server.worker.process": (),
    "pygls": ("codekin_server.lsp",),
    "lsprotocol": ("codekin_server.lsp",),
    "typer": ("codekin_server.cli",),
    "rich": ("codekin_server.cli", "codekin_model.training"),  # a training of hours shows how far it is
    "matplotlib": ("codekin_model.training", "codekin_model.evaluation"),
    "peft": ("codekin_model.encoders",),
    "jedi": ("codekin_server.refactoring",),
    "sqlite3": ("codekin_server.store",),
    "hnswlib": ("codekin_server.store",),
    "pickle": (),
}
"""A module or distribution -> the only rooms that may import it."""


def under(name: str, packages) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def room_of(name: str) -> str | None:
    return max((room for room in MAY_IMPORT if under(name, (room,))), key=len, default=None)


def ours(module) -> set[str]:
    return {name for name in module.imports if under(name, ("codekin_model", "codekin_server"))}


def test_every_module_of_the_server_belongs_to_a_room(modules):
    packages = {"codekin_server"}
    homeless = [name for name in modules if under(name, packages) and room_of(name) is None]
    assert homeless == ["codekin_server"]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_of_a_room_point_down(modules, room):
    wrong = [
        f"{name} imports {imported}"
        for name, module in modules.items()
        if room_of(name) == room
        for imported in ours(module)
        if not under(imported, (room, *MAY_IMPORT[room], *EXCEPTIONS.get(name, ())))
    ]
    assert wrong == []


def test_the_model_never_imports_the_server(modules):
    wrong = [
        f"{name} imports {imported}"
        for name, module in modules.items()
        if under(name, ("codekin_model",))
        for imported in ours(module)
        if under(imported, ("codekin_server",))
    ]
    assert wrong == []


@pytest.mark.parametrize("imported", ONLY_IN)
def test_imported_in_its_rooms_only(modules, imported):
    rooms = (*ONLY_IN[imported], imported)
    wrong = [
        name
        for name, module in modules.items()
        if any(under(each, (imported,)) for each in module.imports) and not under(name, rooms)
    ]
    assert wrong == []


def test_encoders_do_not_import_each_other(modules):
    room = "codekin_model.encoders"
    wrong = [
        name
        for name, module in modules.items()
        if under(name, (room,)) and any(under(i, (room,)) for i in module.imports)
    ]
    assert wrong == []


def test_extractions_share_nothing_but_tokens(modules):
    room = "codekin_model.extraction"
    shared = ("codekin_model.extraction.tokens",)
    writers = ("codekin_model.extraction.code2vec_format",)
    wrong = [
        f"{name} imports {imported}"
        for name, module in modules.items()
        if under(name, (room,)) and not under(name, writers)
        for imported in module.imports
        if under(imported, (room,)) and not under(imported, shared)
    ]
    assert wrong == []


def test_only_one_module_of_the_server_counts_in_utf16(modules):
    signs = ("utf-16-", "utf_16", "position_codec")
    wrong = [
        name
        for name, module in modules.items()
        if under(name, ("codekin_server",)) and any(sign in ast.unparse(module.tree).lower() for sign in signs)
    ]
    assert set(wrong) <= {"codekin_server.lsp.convert"}


def test_no_import_cycle_between_modules(modules):
    graph = {name: {each for each in module.imports if each in modules} for name, module in modules.items()}
    done: set[str] = set()
    while True:
        free = {name for name, imported in graph.items() if name not in done and imported <= done | {name}}
        if not free:
            break
        done |= free
    assert sorted(graph.keys() - done) == []


def test_what_makes_models_is_imported_when_its_command_runs(modules, extras):
    """The command line starts fast, and without the extra [train]."""
    wrong = [
        f"{name} imports {imported}"
        for name, module in modules.items()
        if under(name, ("codekin_server.cli",))
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom)
        for imported in [node.module]
        if under(imported, extras)
    ]
    assert wrong == []


def test_relative_imports_are_not_used(modules):
    wrong = [
        name
        for name, module in modules.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []
