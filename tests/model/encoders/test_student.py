"""The student's vectors are weighted bags of words, mixed."""

import pytest

torch = pytest.importorskip("torch")

from codekin_model.encoders.student import Student, StudentConfig  # noqa: E402 - torch is an extra

WORDS, OUTPUT = 12, 6
OWN = torch.arange(WORDS)
"""The whole vocabulary, so that rows of it are its numbers."""
NAMES = torch.tensor([[2, 3, 0], [4, 0, 0]])
SOURCE = torch.tensor([[5, 6, 7, 0], [8, 8, 0, 0]])
CONTEXTS = torch.tensor([[1, 2], [0, 0]])
NONE = torch.zeros(1, 2, dtype=torch.long)


def new_student(beside: int) -> Student:
    torch.manual_seed(0)
    student = Student(StudentConfig(WORDS, 5, (3, 4, 2), width=8, beside=beside, hidden=10, output=OUTPUT)).eval()
    with torch.no_grad():
        for bag in (student.names, student.words, student.contexts):
            torch.nn.init.normal_(bag.strengths.weight)
            torch.nn.init.normal_(bag.places)
        if student.beside is not None:
            torch.nn.init.normal_(student.beside.strengths.weight)
    return student


@pytest.fixture(params=[0, 7], ids=["words alone", "words beside each other"])
def student(request) -> Student:
    return new_student(request.param)


@pytest.fixture
def beside() -> Student:
    return new_student(7)


def test_vectors_have_length_one(student):
    vectors = student(OWN, NAMES, SOURCE, CONTEXTS)
    assert vectors.shape == (2, OUTPUT)
    assert torch.allclose(vectors.norm(dim=-1), torch.ones(2), atol=1e-6)


def test_padding_never_matters(student):
    expected = student(OWN, NAMES, SOURCE, CONTEXTS)
    with torch.no_grad():
        for bag in (student.names, student.words, student.contexts):
            bag.strengths.weight[0] = 7.0
        if student.beside is not None:
            student.beside.strengths.weight[0] = 7.0
    assert torch.allclose(student(OWN, NAMES, SOURCE, CONTEXTS), expected, atol=1e-6)


def test_a_bag_is_the_sum_of_its_vectors_by_the_softmax_of_word_and_place(student):
    bag = student.names
    scores = bag.strengths.weight[[2, 3], 0] + bag.places[:2]
    expected = scores.softmax(0) @ bag.vectors.weight[[2, 3]]
    assert torch.allclose(bag(bag.vectors.weight, bag.strengths.weight, NAMES)[0], expected, atol=1e-6)


def test_a_bag_of_nothing_is_zero(student):
    bag = student.contexts
    assert not bag(bag.vectors.weight, bag.strengths.weight, NONE).any()


def test_what_a_batch_has_of_the_vocabulary_changes_nothing(student):
    own = torch.tensor([0, 2, 3, 4, 5, 6, 7, 8])
    rows = torch.zeros(WORDS, dtype=torch.long).index_copy(0, own, torch.arange(len(own)))
    found = student(own, rows[NAMES], rows[SOURCE], CONTEXTS)
    assert torch.allclose(found, student(OWN, NAMES, SOURCE, CONTEXTS), atol=1e-6)


def test_empty_places_at_the_end_change_nothing(student):
    found = student(OWN, NAMES[:, :2], SOURCE[:, :3], CONTEXTS)
    assert torch.allclose(found, student(OWN, NAMES, SOURCE, CONTEXTS), atol=1e-6)


def test_a_word_between_others_is_a_sum_of_three_and_what_its_unit_is_about(beside):
    layer, vectors = beside.beside, beside.names.vectors.weight
    unit = torch.randn(1, 7)
    first, second, third = layer.turn(vectors).split(7, dim=-1)
    meant = torch.nn.functional.gelu(
        torch.stack([second[5] + third[6], first[5] + second[6] + third[7], first[6] + second[7]]) + unit
    )
    weights = (layer.gate(meant).squeeze(-1) + layer.strengths.weight[[5, 6, 7], 0]).softmax(0)
    found = layer(layer.turn(vectors), layer.strengths.weight, unit, SOURCE[:1])
    assert torch.allclose(found[0], weights @ meant, atol=1e-6)


def test_only_what_reads_neighbours_reads_the_order_of_words():
    for size, same in ((0, True), (7, False)):
        student = new_student(size)
        with torch.no_grad():
            student.words.places.zero_()
        turned = student(OWN, NAMES[:1], torch.tensor([[7, 5, 6, 0]]), CONTEXTS[:1])
        assert torch.allclose(student(OWN, NAMES[:1], SOURCE[:1], CONTEXTS[:1]), turned, atol=1e-6) is same


def test_a_student_without_buckets_reads_no_contexts():
    torch.manual_seed(0)
    student = Student(StudentConfig(WORDS, 0, (3, 4, 2), width=8, hidden=10, output=OUTPUT)).eval()
    assert student.contexts is None
    assert torch.equal(student(OWN, NAMES, SOURCE, CONTEXTS), student(OWN, NAMES, SOURCE, torch.zeros_like(CONTEXTS)))
    student.begin_from(torch.randn(WORDS, OUTPUT), torch.zeros(OUTPUT))
    assert student.skip.weight.shape == (OUTPUT, 16)


def test_a_unit_without_anything_still_has_a_vector(student):
    vector = student(OWN, torch.zeros(1, 3, dtype=torch.long), torch.zeros(1, 4, dtype=torch.long), NONE)
    assert vector.norm().item() == pytest.approx(1)


def begun(words: int, width: int) -> tuple[Student, torch.Tensor]:
    """A new student and the centred vectors of words that it began from; its layers add nothing."""
    torch.manual_seed(1)
    student = Student(StudentConfig(words, 5, (3, 4, 2), width=width, hidden=10, output=OUTPUT)).eval()
    vectors, mean = torch.randn(words, OUTPUT), torch.randn(OUTPUT)
    student.begin_from(vectors, mean)
    torch.nn.init.zeros_(student.narrow.weight)
    torch.nn.init.zeros_(student.narrow.bias)
    return student, vectors - mean


@pytest.mark.parametrize(("words", "width"), [(30, OUTPUT), (WORDS, 8), (6, 5)])
def test_it_begins_as_the_mean_of_the_words_less_their_common_mean(words, width):
    """With as many directions as the vectors have, or as there are words."""
    student, centred = begun(words, width)
    found = student(torch.arange(len(centred)), torch.tensor([[2, 3, 0]]), torch.tensor([[5, 5, 4, 0]]), NONE)[0]
    expected = centred[[2, 3]].mean(0) + centred[[5, 5, 4]].mean(0)
    assert torch.allclose(found, expected / expected.norm(), atol=1e-5)


def test_a_narrow_student_begins_with_the_main_directions():
    student, centred = begun(40, 3)
    _, _, directions = torch.linalg.svd(centred[2:], full_matrices=False)
    found = student(torch.arange(len(centred)), torch.tensor([[9, 0, 0]]), torch.zeros(1, 4, dtype=torch.long), NONE)[0]
    expected = centred[9] @ directions[:3].T @ directions[:3]
    assert torch.allclose(found, expected / expected.norm(), atol=1e-5)


def test_padding_stays_nothing_after_the_beginning():
    student, _ = begun(WORDS, 8)
    assert not student.words.vectors.weight[0].any()


def test_a_word_has_one_vector_in_names_and_in_sources():
    student, _ = begun(WORDS, 8)
    assert student.names.vectors is student.words.vectors


def test_dropout_is_for_training_only(student):
    assert torch.equal(student(OWN, NAMES, SOURCE, CONTEXTS), student(OWN, NAMES, SOURCE, CONTEXTS))
    student.train()
    assert not torch.equal(student(OWN, NAMES, SOURCE, CONTEXTS), student(OWN, NAMES, SOURCE, CONTEXTS))
