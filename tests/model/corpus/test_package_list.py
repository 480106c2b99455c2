"""The list of packages is pinned, and its mistakes are named."""

from pathlib import Path

import pytest

from codekin_model.corpus.package_list import PackageListError, Split, read_package_list

MODEL = Path(__file__).parents[3] / "model"
LISTED = MODEL / "packages.toml"
WIDE, WIDER = MODEL / "packages-wide.toml", MODEL / "packages-wider.toml"


def test_the_shipped_list_holds_out_eight_packages_twice():
    packages = read_package_list(LISTED)
    for split in (Split.VALIDATION, Split.TEST):
        assert sum(package.split is split for package in packages) >= 8


@pytest.mark.parametrize("path", [LISTED, WIDE, WIDER])
def test_every_listed_package_is_pinned_and_names_its_licence(path):
    assert all(package.version and package.licence for package in read_package_list(path))


@pytest.mark.parametrize(("more", "before"), [(WIDE, (LISTED,)), (WIDER, (LISTED, WIDE))])
def test_further_lists_are_for_training_and_repeat_nothing(more, before):
    packages = read_package_list(more)
    assert {package.split for package in packages} == {Split.TRAIN}
    listed = {package.name for each in before for package in read_package_list(each)}
    assert not {package.name for package in packages} & listed


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[package]]\nname = "a"\nversion = "1"\nlicence = "MIT"\nsplit = "dev"', "a: 'dev' is not a valid Split"),
        ('[[package]]\nname = "a"', "needs exactly"),
        ('[[package]]\nname = "a"\nversion = "1"\nlicence = "MIT"\nsplit = "test"\n' * 2, "listed twice: a"),
        ("[package", "is no TOML"),
        ("", "lists nothing"),
        ("package = 3", "lists nothing"),
    ],
)
def test_a_mistake_is_named(tmp_path, text, complaint):
    path = tmp_path / "packages.toml"
    path.write_text(text)
    with pytest.raises(PackageListError, match=complaint):
        read_package_list(path)


def test_a_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PackageListError, match=r"none\.toml cannot be read"):
        read_package_list(tmp_path / "none.toml")
