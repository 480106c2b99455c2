"""Every combination that a configuration can name is trained, saved, loaded and says the same."""

import itertools
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("datasketch")

import numpy as np  # noqa: E402 - torch is an extra

from codekin_model.checkpoint.manifest import CheckpointError  # noqa: E402
from codekin_model.corpus.build import read_corpus  # noqa: E402
from codekin_model.corpus.package_list import Split  # noqa: E402
from codekin_model.encoders.query import Architecture, TokenPooling  # noqa: E402
from codekin_model.evaluation.system import NamingSystem, SearchSystem  # noqa: E402
from codekin_model.torch_runtime.search_config import CodePart, FusionKind, QueryKind, Sizes  # noqa: E402
from codekin_model.training import train_search as training_module  # noqa: E402
from codekin_model.training.search_config import DataConfig, NamesConfig, SearchConfig, TrainingConfig  # noqa: E402
from codekin_model.training.search_data import load_search_data  # noqa: E402
from codekin_model.training.search_problem import NamingObjective, SearchObjective  # noqa: E402
from codekin_model.training.search_system import load_names_system, load_search_system  # noqa: E402
from codekin_model.training.train_search import train_names, train_search  # noqa: E402

SIZES = Sizes(embedding=8, width=16, heads=2, hidden=16, layers=1)
ONE_STEP = TrainingConfig(epochs=1, batch=100, contexts=20)
DATA = DataConfig(undocumented=100, code_tokens=40)

MODEL, CODE2VEC, COCOAST, TOKENS = CodePart
FUSIONS = [fusion for fusion in FusionKind if fusion is not FusionKind.NONE]
FUSED = [(MODEL, CODE2VEC), (MODEL, COCOAST), (MODEL, CODE2VEC, COCOAST), (TOKENS, COCOAST), (CODE2VEC, COCOAST)]
ARCHITECTURES = [QueryKind(each.value) for each in Architecture]

ALONE = [SearchConfig((part,)) for part in CodePart]
JOINED = [SearchConfig(parts, fusion) for fusion, parts in itertools.product(FUSIONS, FUSED)]
ASKED = [
    SearchConfig((TOKENS,), query=query, pooling=pooling, tokens=Architecture(query.value))
    for query, pooling in itertools.product(ARCHITECTURES, TokenPooling)
]
WITH_MODEL = [SearchConfig((MODEL, CODE2VEC), FusionKind.ATTENTION, query=query) for query in ARCHITECTURES]
SEARCH = [*ALONE, *JOINED, *ASKED, *WITH_MODEL]
NAMES = [
    NamesConfig(),
    NamesConfig((COCOAST,)),
    NamesConfig((MODEL,)),
    *(NamesConfig((MODEL, CODE2VEC), fusion) for fusion in FUSIONS),
    NamesConfig((TOKENS, CODE2VEC), FusionKind.CONCATENATION),
]

pytestmark = pytest.mark.usefixtures("_word_model")


def tiny(config):
    return replace(config, sizes=SIZES, training=ONE_STEP, data=DATA)


def title(config) -> str:
    query = f" {config.query} {config.pooling}" if isinstance(config, SearchConfig) else ""
    return f"{'+'.join(config.code)} {config.fusion}{query}"


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    return tmp_path_factory.mktemp("features")


@pytest.fixture
def trained(corpus, features, frozen, tmp_path, monkeypatch):
    """Trains one step; gives the data, the module as it was in memory, and the run folder."""

    def train(config):
        kept, make = [], training_module.new_model
        monkeypatch.setattr(training_module, "new_model", lambda *given: kept.append(make(*given)) or kept[0])
        before = train_names if isinstance(config, NamesConfig) else train_search
        folder = before(config, corpus, tmp_path / "run", features=features)
        return load_search_data(config, corpus, features, frozen), kept[0].eval(), folder

    return train


@pytest.mark.parametrize("config", SEARCH, ids=title)
def test_a_loaded_search_system_gives_the_vectors_it_was_saved_with(config, trained):
    data, module, folder = trained(tiny(config))
    objective, rows = SearchObjective(data, module, ONE_STEP), data.documented_rows(Split.VALIDATION)
    functions = [data.functions[row] for row in data.documented[rows]]
    system = load_search_system(folder)
    for masked in (False, True):
        vectors = system.code(functions, masked=masked)
        with torch.no_grad():
            expected = objective.encode(rows, masked=masked)
        assert vectors == pytest.approx(expected, abs=1e-4)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    with torch.no_grad():
        expected = objective._asked(rows)
    assert system.queries([function.summary for function in functions]) == pytest.approx(expected, abs=1e-4)
    assert system.scores(["read a file"], functions, masked=True).shape == (1, len(functions))


@pytest.mark.parametrize("config", NAMES, ids=title)
def test_a_loaded_naming_system_gives_the_names_it_was_saved_with(config, trained):
    data, module, folder = trained(tiny(config))
    rows = data.rows(Split.VALIDATION)
    with torch.no_grad():
        scores = NamingObjective(data, data.naming, module, 1.0).scores(rows)
    named = load_names_system(folder).names([data.functions[row] for row in rows], 3)
    words = data.vocabularies["names"].words
    for row, names in zip(scores, named, strict=True):
        expected = row[2:].softmax(0)
        assert [name for name, _ in names] == [words[at + 2] for at in expected.topk(3).indices.tolist()]
        assert [share for _, share in names] == pytest.approx(expected.topk(3).values.tolist(), abs=1e-4)


def test_systems_are_what_evaluators_measure(trained, tmp_path):
    _, _, folder = trained(tiny(ALONE[1]))
    assert isinstance(load_search_system(folder), SearchSystem)


def test_naming_systems_are_what_evaluators_measure(trained):
    _, _, folder = trained(tiny(NAMES[0]))
    assert isinstance(load_names_system(folder), NamingSystem)


def test_a_naming_head_beside_search_names_too(trained):
    config = replace(tiny(SearchConfig((MODEL, CODE2VEC), FusionKind.ATTENTION)))
    data, module, folder = trained(replace(config, training=replace(ONE_STEP, naming=0.5)))
    rows = data.rows(Split.VALIDATION)
    with torch.no_grad():
        scores = NamingObjective(data, data.naming, module, 1.0).scores(rows)
    system = load_search_system(folder)
    named = system.names([data.functions[row] for row in rows], 1)
    words = data.vocabularies["names"].words
    assert isinstance(system, NamingSystem)
    assert [names[0][0] for names in named] == [words[int(row[2:].argmax()) + 2] for row in scores]


def test_without_a_naming_head_it_names_nothing(trained):
    _, _, folder = trained(tiny(ALONE[3]))
    assert not isinstance(load_search_system(folder), NamingSystem)


def test_the_language_model_runs_on_as_many_threads_as_torch(trained, frozen, corpus, features, monkeypatch):
    config = tiny(ALONE[0])
    asked = []
    for module in ("train_search", "search_system"):
        name = f"codekin_model.training.{module}.load_frozen_model"
        monkeypatch.setattr(name, lambda config, threads: asked.append(threads) or frozen)
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        load_search_system(trained(config)[2])
    finally:
        torch.set_num_threads(before)
    assert asked == [3, 3]


def test_more_names_than_there_are_are_all_of_them(trained, corpus):
    data, _, folder = trained(tiny(NAMES[0]))
    (names,) = load_names_system(folder).names([function for _, function in read_corpus(corpus)][:1], 1000)
    assert len(names) == len(data.vocabularies["names"]) - 2
    assert sum(share for _, share in names) == pytest.approx(1, abs=1e-4)


def test_a_masked_name_is_not_seen(trained, corpus):
    _, _, folder = trained(tiny(JOINED[2]))
    system = load_search_system(folder)
    functions = [function for _, function in read_corpus(corpus) if function.unit.name == "read_file"][:1]
    unit = functions[0].unit
    renamed = replace(unit, name="load", qualified_name="load", source=unit.source.replace("read_file", "load"))
    both = [*functions, replace(functions[0], unit=renamed)]
    masked, visible = (system.code(both, masked=masked) for masked in (True, False))
    assert masked[0] == pytest.approx(masked[1], abs=1e-5)
    assert visible[0] != pytest.approx(visible[1], abs=1e-3)


def test_what_is_kept_gives_the_same_vectors(trained, corpus, tmp_path):
    _, _, folder = trained(tiny(SearchConfig((MODEL, CODE2VEC, COCOAST), FusionKind.ATTENTION)))
    functions = [function for _, function in read_corpus(corpus)][:5]
    expected = load_search_system(folder).code(functions, masked=True)
    for _ in range(2):
        system = load_search_system(folder, features=tmp_path / "kept")
        assert system.code(functions, masked=True) == pytest.approx(expected, abs=1e-6)
    assert list((tmp_path / "kept").rglob("masked-*.npy"))


def test_a_run_goes_on_where_it_stopped(trained, corpus, features):
    config = tiny(ALONE[3])
    _, _, folder = trained(config)
    more = replace(config, training=replace(ONE_STEP, epochs=2))
    train_search(more, corpus, folder, features=features)
    assert (folder / "curves.csv").read_text().count("\n") == 3  # the header and two epochs


def test_another_language_model_is_refused(trained, frozen, monkeypatch):
    _, _, folder = trained(tiny(ALONE[0]))
    other = replace(frozen, fingerprint="others")
    monkeypatch.setattr("codekin_model.training.search_system.load_frozen_model", lambda config, threads: other)
    with pytest.raises(CheckpointError, match="not the language model that the run was trained with"):
        load_search_system(folder)


def test_a_run_of_another_kind_is_refused(trained):
    _, _, folder = trained(tiny(NAMES[0]))
    with pytest.raises(CheckpointError, match="kind 'names'; expected search"):
        load_search_system(folder)


def test_weights_of_another_configuration_are_refused(trained):
    _, _, folder = trained(tiny(ALONE[3]))
    path = folder / "description.json"
    path.write_text(path.read_text().replace('"embedding": 8', '"embedding": 4'))
    with pytest.raises(CheckpointError, match="does not fit"):
        load_search_system(folder)


def test_a_configuration_of_another_time_is_refused(trained):
    _, _, folder = trained(tiny(ALONE[3]))
    path = folder / "description.json"
    path.write_text(path.read_text().replace('"embedding": 8', '"colour": 8'))
    with pytest.raises(CheckpointError, match=r"no key 'sizes.colour'.* train it again"):
        load_search_system(folder)
