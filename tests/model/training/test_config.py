"""Configuration files: kinds, rows, and what is refused."""

from pathlib import Path

import pytest

pytest.importorskip("torch")

from codekin_model.training.config import EXPORTED, KINDS, decode_config, is_exported, read_config, read_rows
from codekin_model.training.search_config import NamesConfig, SearchConfig
from codekin_model.training.strict_config import ConfigError

SHIPPED = sorted(Path(__file__).parents[3].glob("model/configs/*.toml"))


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "own.toml"
        path.write_text(text)
        return path

    return write


def refusal(path: Path, row: str | None = None) -> str:
    with pytest.raises(ConfigError) as refused:
        read_config(path, row)
    assert "\n" not in str(refused.value)
    assert str(path) in str(refused.value)
    return str(refused.value)


def test_a_file_is_a_configuration(written):
    config = read_config(
        written(
            'kind = "search"\ncode = ["language-model", "code2vec"]\nfusion = "weighted-sum"\nquery = "cnn"\n'
            'pooling = "max"\n[training]\nbatch = 64\nmasking = 0.25\n[language_model]\nsource = "some/model"\n'
        )
    )
    assert isinstance(config, SearchConfig)
    assert (config.kind, config.fusion, config.query, config.pooling) == ("search", "weighted-sum", "cnn", "max")
    assert (config.training.batch, config.training.masking, config.training.epochs) == (64, 0.25, 4)
    assert config.language_model.source == "some/model"


def test_names_come_from_code2vec_unless_told_otherwise(written):
    config = read_config(written('kind = "names"\n'))
    assert isinstance(config, NamesConfig)
    assert config.code == ("code2vec",)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_refuses_keys_it_does_not_know(kind, written):
    assert "there is no key 'colour'" in refusal(written(f'kind = "{kind}"\ncolour = 3\n'))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "poem"', f"kind is 'poem'; allowed are {', '.join(KINDS)}"),
        ("epochs = 3", "there is no key 'kind'"),
        ('kind = "search"', "missing required field `code`"),
        ('kind = "search"\ncode = []', "code must name one part or several different ones"),
        ('kind = "search"\ncode = ["tokens", "tokens"]', "code must name one part or several different ones"),
        ('kind = "search"\ncode = ["words"]', "allowed are language-model, code2vec, cocoast, tokens"),
        (
            'kind = "search"\ncode = ["code2vec"]\nfusion = "attention"',
            "fusion = 'attention' needs two parts in code or more: add one of language-model, cocoast, tokens",
        ),
        (
            'kind = "search"\ncode = ["code2vec", "tokens"]',
            "code names 2 parts, which need a fusion: concatenation, weighted-sum, attention",
        ),
        ('kind = "search"\ncode = ["tokens"]\nquery = "lstm"', "query: Invalid enum value 'lstm'; allowed are"),
        ('kind = "search"\ncode = ["tokens"]\n[training]\nnaming = 0.5', "training.naming needs language-model"),
        ('kind = "search"\ncode = ["tokens"]\n[sizes]\nwidth = 100\nheads = 8', "width = 100 must be a multiple"),
        ('kind = "search"\ncode = ["tokens"]\n[training]\nmasking = 1.5', "training.masking: Expected `float` <= 1"),
        (
            'kind = "search"\ncode = ["tokens"]\n[training]\nlearning_rate = inf',
            "training.learning_rate: Expected `float`",
        ),
        ('kind = "search"\ncode = ["tokens"]\n[training]\nnaming = inf', "training.naming: Expected `float`"),
        ('kind = "decoder"\nteacher = "run"\n[sizes]\nwidth = 33', "width = 33 must be a multiple of heads = 4"),
        ('kind = "names"\nquery = "cnn"', "there is no key 'query'"),
        ("kind = ", "is no TOML"),
    ],
)
def test_what_is_wrong_is_refused(text, said, written):
    assert said in refusal(written(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "cannot be read" in refusal(tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("text", "exported"),
    [
        ('kind = "search"\ncode = ["language-model", "code2vec"]\nfusion = "attention"', True),
        ('kind = "search"\ncode = ["language-model", "code2vec"]\nfusion = "weighted-sum"', False),
        ('kind = "names"', False),
        ('kind = "summary"', False),
        ('kind = "student"\nteacher = "run"', True),
    ],
)
def test_a_configuration_says_whether_what_comes_of_it_is_exported(text, exported, written):
    assert is_exported(read_config(written(text))) is exported


def test_every_kind_that_is_exported_has_its_exporter():
    pytest.importorskip("onnxscript")
    from codekin_model.training.export import _EXPORTS  # noqa: PLC0415 - needs an extra

    assert set(EXPORTED) == set(_EXPORTS)


ROWS = """
kind = "search"
[training]
epochs = 2
[[row]]
name = "alone"
code = ["code2vec"]
[[row]]
name = "{fusion}, {masking}"
code = ["language-model", "code2vec"]
each.fusion = ["concatenation", "attention"]
each.training.masking = [0.0, 1.0]
"""


def test_a_row_stands_for_every_combination_of_its_values(written):
    rows = read_rows(written(ROWS))
    names = ["concatenation, 0.0", "concatenation, 1.0", "attention, 0.0", "attention, 1.0"]
    assert list(rows) == ["alone", *names]
    assert [(rows[name].fusion, rows[name].training.masking) for name in names] == [
        ("concatenation", 0.0),
        ("concatenation", 1.0),
        ("attention", 0.0),
        ("attention", 1.0),
    ]


def test_rows_share_what_stands_above_them(written):
    assert {config.training.epochs for config in read_rows(written(ROWS)).values()} == {2}


def test_a_row_is_read_by_its_name(written):
    path = written(ROWS)
    assert read_config(path, "alone") == read_rows(path)["alone"]


def test_one_row_of_several_must_be_named(written):
    assert "has 5 rows; name one of them: alone, concatenation, 0.0" in refusal(written(ROWS))
    assert "has no row 'together'; there are alone" in refusal(written(ROWS), "together")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[row]]\ncode = ["tokens"]', "row 1 has no name"),
        ("row = 3", "write [[row]] above each"),
        ('[[row]]\nname = "a"\ncode = ["tokens"]\neach.query = "cnn"', "each.query must be a list of values to try"),
        ('[[row]]\nname = "a"\neach = []', "each must be a list of values to try"),
        ('[[row]]\nname = "{b}"\ncode = ["tokens"]\neach.query = ["cnn"]', "may hold {query}"),
        ('[[row]]\nname = "{query.x}"\ncode = ["tokens"]\neach.query = ["cnn"]', "may hold {query}"),
        ('[[row]]\nname = "a"\ncode = ["tokens"]\neach.query = ["cnn", "rnn"]', "two rows are called 'a'"),
        ('[[row]]\nname = "a"\ncode = ["tokens"]\nlayers = 2', "row a: there is no key 'layers'"),
    ],
)
def test_rows_that_say_nothing_are_refused(text, said, written):
    assert said in refusal(written(f'kind = "search"\n{text}\n'), "a")


def test_a_description_gives_the_configuration_back():
    config = SearchConfig(("tokens", "cocoast"), "concatenation", "rnn", "max")
    from msgspec import to_builtins  # noqa: PLC0415 - as a run keeps it

    assert decode_config("search", to_builtins(config), "description.json") == config


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_configuration_of_the_repository_can_be_read(path):
    assert read_rows(path)


def test_the_ablation_has_every_row_of_the_papers():
    rows = read_rows(SHIPPED[0].with_name("ablation.toml")).values()
    search = [config for config in rows if isinstance(config, SearchConfig)]
    alone = {config.code for config in search if len(config.code) == 1 and config.query == "language-model"}
    assert alone >= {("language-model",), ("code2vec",), ("cocoast",)}
    fused = {(config.fusion, config.code[1:]) for config in search if config.code[0] == "language-model"}
    structures = (("code2vec",), ("cocoast",), ("code2vec", "cocoast"))
    assert fused >= {(f, s) for f in ("concatenation", "weighted-sum", "attention") for s in structures}
    asked = {(config.query, config.pooling) for config in search if config.code == ("tokens",)}
    assert len(asked - {("language-model", "mean")}) == 4 * 3
