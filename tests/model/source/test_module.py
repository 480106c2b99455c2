import pytest

from codekin_model.source.module import module_name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("pkg/sub/part.py", "pkg.sub.part"),
        ("pkg/__init__.py", "pkg"),
        ("src/pkg/sub/__init__.py", "pkg.sub"),
        ("src/pkg/a.py", "pkg.a"),
        ("setup.py", "setup"),
        ("src.py", "src"),
        ("__init__.py", "__init__"),
        ("../pkg/a.pyw", "pkg.a"),
        ("", ""),
    ],
)
def test_the_name_is_what_an_import_would_use(path, name):
    assert module_name(path) == name
