"""What an installation brings: what is imported is declared, and what is declared is imported."""

import sys
import tomllib
from importlib.metadata import packages_distributions


def test_the_default_installation_declares_what_it_imports(modules, extras, repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    declared = {_normal(requirement) for requirement in project["dependencies"]}
    providers = packages_distributions()
    wrong = set()
    for name, module in modules.items():
        if any(name == room or name.startswith(f"{room}.") for room in extras):
            continue
        for imported in module.imports:
            top = imported.partition(".")[0]
            if top in sys.stdlib_module_names or top in ("codekin_model", "codekin_server", "hnswlib"):
                continue
            if not {_normal(each) for each in providers.get(top, [top])} & declared:
                wrong.add(f"{name} imports {top}")
    assert wrong == set()


def test_every_declared_dependency_is_imported(modules, repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    imported = {name.partition(".")[0] for module in modules.values() for name in module.imports}
    declared = {_normal(requirement).replace("-", "_") for requirement in project["dependencies"]}
    assert declared - imported == set()


def _normal(requirement: str) -> str:
    name = requirement
    for mark in "<>=!~[; ":
        name = name.partition(mark)[0]
    return name.strip().lower().replace("_", "-")
