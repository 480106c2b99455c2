"""Fine-tuning the teacher: joint search (eq. 2) and names decoded word by word, in one pass over each function.

In: :class:`TeacherData` and an encoder. Out: losses and validation figures for the loop. A batch comes from a few
packages only, since a user searches one project: its functions are the hard negatives.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from codekin_model.corpus.package_list import Split
from codekin_model.encoders.language_model import LanguageModel
from codekin_model.evaluation.search import reciprocal_ranks
from codekin_model.heads.name_decoder import END, NameDecoder, name_loss
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.training.gradient_cache import read_in_chunks
from codekin_model.training.machine import TrainingError
from codekin_model.training.question_style import ask, plain_sentence, with_language
from codekin_model.training.teacher_config import TeacherTraining
from codekin_model.training.teacher_data import NO_WORD, Ids, TeacherData

_Read = TypeVar("_Read")

_GROUP = 32
"""Texts that are run together; they are neighbours in length."""
_QUERY_TOKENS = 40
_SAME = -1e4
"""Takes the same function, or the same text, out of the negatives."""
_VALIDATED = 256
"""Functions that are validated together."""


class TeacherModel(nn.Module):
    """The language model, and the decoder that names what it read."""

    def __init__(self, language: LanguageModel, decoder: NameDecoder) -> None:
        super().__init__()
        self.language = language
        self.decoder = decoder

    def train(self, mode: bool = True) -> "TeacherModel":  # noqa: FBT001, FBT002 - the signature of torch
        """Only the decoder drops out: one pass over the data does not overfit the language model."""
        super().train(mode)
        self.language.eval()
        return self


class TeacherProblem:
    """Batches are drawn by (seed, epoch, step) alone, so a killed run goes on as if nothing had happened."""

    def __init__(self, data: TeacherData, model: TeacherModel, pieces: WordPieces, options: TeacherTraining) -> None:
        self.module = model
        self._data, self._pieces, self._options = data, pieces, options
        train = data.splits == Split.TRAIN.value
        has_sentence = np.array([bool(each) for each in data.sentences])
        has_name = np.array([len(data.names[at]) > 0 for at in range(len(data.names))])
        questioned = np.zeros(len(train), bool)
        questioned[list(data.questions)] = True
        self._described = self._by_package(train & has_sentence)
        self._named = self._by_package(train & ~has_sentence & has_name)
        self._questioned = self._by_package(train & questioned)
        self._held_out = np.flatnonzero(~train & has_sentence)
        if not len(self._held_out):
            raise TrainingError("no validation function has a docstring to search with: train on more code")

    def _by_package(self, chosen: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for at in np.flatnonzero(chosen).tolist():
            groups[self._data.packages[at]].append(at)
        return [np.array(rows) for rows in groups.values()]

    def steps(self) -> int:
        """Batches of one epoch."""
        return self._options.steps

    def losses(self, epoch: int, first: int = 0) -> Iterable[Mapping[str, Tensor]]:
        """Search and naming losses of the batches from number ``first`` on."""
        for step in range(first, self._options.steps):
            yield self._loss(np.random.default_rng((self._options.seed, epoch, step)))

    def _loss(self, draw: np.random.Generator) -> dict[str, Tensor]:
        options = self._options
        source = random.Random(int(draw.integers(1 << 32)))  # noqa: S311 - draws questions, no secrets
        described = _sample(self._described, options.described, options.neighbours, draw)
        questioned = _sample(self._questioned, options.questioned, options.neighbours, draw)
        named = _sample(self._named, options.named, options.neighbours, draw)
        rows = np.concatenate([questioned, described, named])
        asked = [
            self._question(row, source, is_questioned=at < len(questioned)) for at, row in enumerate(rows.tolist())
        ]
        masked = draw.random(len(rows)) < options.masking
        masked[len(questioned) + len(described) :] = True
        masked |= np.array([kind == "name" for kind, _ in asked])
        code, naming = self._read_code(rows, masked)
        queries = self._embed(self._pieces.encode_all([text for _, text in asked], _QUERY_TOKENS))
        return {"search": self._search_loss(rows, code, queries, [text for _, text in asked]), "naming": naming}

    def _question(self, row: int, source: random.Random, *, is_questioned: bool) -> tuple[str, str]:
        """What is asked for ``row``, and what kind of text it is."""
        written = self._data.questions.get(row)
        if written and (is_questioned or source.random() < self._options.written):
            return "written", with_language(source.choice(written), source)
        sentence = self._data.sentences[row]
        if not sentence:
            return "name", self._data.plain_names[row]
        if source.random() < self._options.styled:
            return "docstring", ask(sentence, source)
        return "docstring", plain_sentence(sentence)

    def _search_loss(self, rows: NDArray[np.int64], code: Tensor, queries: Tensor, texts: Sequence[str]) -> Tensor:
        scores = queries @ code.T / self._options.temperature
        target = torch.arange(len(rows), device=scores.device)
        same = ((rows[:, None] == rows) | _equal(texts)) & ~np.eye(len(rows), dtype=bool)
        scores = scores.masked_fill(torch.from_numpy(same).to(scores.device), _SAME)
        return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2

    def _read_code(self, rows: NDArray[np.int64], masked: NDArray[np.bool_]) -> tuple[Tensor, Tensor]:
        """Vectors (rows, width) of the functions, and the mean naming loss of those that are masked."""
        data = self._data
        listed: list[tuple[int, bool]] = list(zip(rows.tolist(), masked.tolist(), strict=True))
        ids = [data.masked[row] if hidden else data.visible[row] for row, hidden in listed]
        to_name = [hidden and len(data.names[row]) > 0 for row, hidden in listed]

        def read(members: Sequence[int]) -> tuple[Tensor, Tensor]:
            """Vectors of some, and the sum of their naming losses."""
            states, real = self._states([ids[each] for each in members])
            pooled = self.module.language.pooled(states, real.long())
            named = [place for place, each in enumerate(members) if to_name[each]]
            if not named:
                return pooled, pooled.new_zeros(())
            functions = [listed[members[place]][0] for place in named]
            return pooled, self._name_loss(functions, states[named], real[named], pooled[named]) * len(named)

        order = _by_length(ids)
        vectors, naming = zip(*self._in_groups(read, order, _GROUP), strict=True)
        loss = torch.stack(naming).sum() / max(1, sum(to_name))
        return torch.cat(vectors)[np.argsort(order)], self._options.name_weight * loss

    def _in_groups(self, read: Callable[[Sequence[int]], _Read], order: Sequence[int], size: int) -> list[_Read]:
        groups = [order[at : at + size] for at in range(0, len(order), size)]
        return read_in_chunks(read, groups) if self._options.cached else [read(group) for group in groups]

    def _name_loss(self, functions: Sequence[int], states: Tensor, real: Tensor, pooled: Tensor) -> Tensor:
        names = [self._data.names[row] for row in functions]
        places = _padded([self._data.words[row] for row in functions], NO_WORD, states.shape[1]).to(states.device)
        target = _padded(names, END, max(map(len, names)) + 1).to(states.device)
        said = functional.pad(target[:, :-1], (1, 0), value=END)
        return name_loss(self.module.decoder(states, real, pooled, said), places, target)

    def _states(self, ids: Sequence[Ids]) -> tuple[Tensor, Tensor]:
        device = next(self.module.parameters()).device
        longest = max(map(len, ids))
        real = (torch.arange(longest) < torch.tensor([len(each) for each in ids])[:, None]).to(device)
        return self.module.language.states(_padded(ids, 0, longest).to(device), real.long()).float(), real

    def _embed(self, ids: Sequence[Sequence[int] | Ids]) -> Tensor:
        """Vectors (texts, width), in their order."""

        def read(members: Sequence[int]) -> Tensor:
            states, real = self._states([np.asarray(ids[each], np.int32) for each in members])
            return self.module.language.pooled(states, real.long())

        order = _by_length(ids)
        return torch.cat(self._in_groups(read, order, 2 * _GROUP))[np.argsort(order)]

    def validate(self) -> Mapping[str, float]:
        """MRR over the validation functions with a docstring, names visible and masked, and the naming loss."""
        rows: list[int] = self._held_out.tolist()
        sentences = [plain_sentence(self._data.sentences[row]) for row in rows]
        queries = self._embed(self._pieces.encode_all(sentences, _QUERY_TOKENS)).cpu().numpy()
        visible = self._embed([self._data.visible[row] for row in rows]).cpu().numpy()
        parts = np.array_split(self._held_out, len(rows) // _VALIDATED + 1)
        hidden = [self._read_code(part, np.ones(len(part), bool)) for part in parts]
        masked = torch.cat([vectors for vectors, _ in hidden]).cpu().numpy()
        naming = float(torch.stack([loss for _, loss in hidden]).mean()) / self._options.name_weight
        figures = {
            "visible": float(reciprocal_ranks(queries, visible).mean()),
            "masked": float(reciprocal_ranks(queries, masked).mean()),
            "name_loss": naming,
        }
        return figures | {"score": figures["visible"] + figures["masked"] - naming / 10}


def _sample(
    groups: Sequence[NDArray[np.int64]], count: int, together: int, draw: np.random.Generator
) -> NDArray[np.int64]:
    """``count`` rows; a package is drawn by its size, ``together`` of its functions at a time."""
    if not groups or not count:
        return np.zeros(0, np.int64)
    sizes = np.array([len(group) for group in groups], float)
    parts: list[NDArray[np.int64]] = []
    for _ in range(-(-count // together)):
        group = groups[int(draw.choice(len(groups), p=sizes / sizes.sum()))]
        parts.append(draw.choice(group, min(together, len(group)), replace=False))
    return np.concatenate(parts)[:count]


def _by_length(ids: Sequence[Sequence[int] | Ids]) -> list[int]:
    order: list[int] = np.argsort([len(each) for each in ids], kind="stable").tolist()
    return order


def _equal(texts: Sequence[str]) -> NDArray[np.bool_]:
    numbers = np.unique(np.array(texts), return_inverse=True)[1]
    return numbers[:, None] == numbers


def _padded(rows: Sequence[Sequence[int] | Ids], filler: int, width: int) -> Tensor:
    padded = np.full((len(rows), width), filler, np.int64)
    for at, row in enumerate(rows):
        padded[at, : len(row)] = row[:width]
    return torch.from_numpy(padded)
