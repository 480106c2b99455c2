"""The model as it is shipped, on ONNX Runtime: units -> vectors, queries -> vectors, names, explanations.

In: extracted units and words. Out: what :class:`codekin_model.embedder.Embedder` promises. Must not import torch.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from codekin_model.checkpoint.manifest import (
    CheckpointError,
    Manifest,
    StructurePart,
    SummariesPart,
    read_manifest,
    verify_files,
)
from codekin_model.embedder import Described, Explanation, NameSuggestion, Surroundings, Vectors
from codekin_model.extracted import ExtractedUnit
from codekin_model.extraction.tokens import name_words
from codekin_model.runtime.blend import OnnxBlend
from codekin_model.runtime.hubness import OnnxHubness, open_hubness
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.runtime.name_decoder import OnnxNameDecoder
from codekin_model.runtime.name_features import Heard
from codekin_model.runtime.name_ranking import read_ranking
from codekin_model.runtime.naming import OnnxNaming
from codekin_model.runtime.occlusion import Measure, context_weights
from codekin_model.runtime.structure import OnnxStructure
from codekin_model.runtime.student import open_student
from codekin_model.runtime.summaries import OnnxSummaries
from codekin_model.runtime.vector_cache import VectorCache
from codekin_model.runtime.word_pieces import WordPieces
from codekin_model.vocab.context_batch import StructureVocabulary
from codekin_model.vocab.vocabulary import read_vocabulary


class OnnxEmbedder:
    """A loaded model. Not thread-safe; it uses as many threads as it was loaded with.

    What only functions need, its decoders among it, is loaded when it is first asked: a search does not wait for it.
    """

    def __init__(
        self,
        fingerprint: str,
        language_model: OnnxLanguageModel,
        structure: OnnxStructure | None = None,
        hubness: OnnxHubness | None = None,
        blend: Callable[[], OnnxBlend | None] = lambda: None,
        naming: Callable[[], OnnxNaming | None] = lambda: None,
        summaries: Callable[[], OnnxSummaries | None] = lambda: None,
    ) -> None:
        self._fingerprint = fingerprint
        self._width = language_model.width
        self._language = VectorCache(language_model.embed, language_model.width)
        self._structure = structure
        self._hubness = hubness
        self._blend = cache(blend)
        self._naming = cache(naming)
        self._summaries = cache(summaries)

    @property
    def fingerprint(self) -> str:
        """Names the model's files."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """Length of a vector."""
        return self._width

    def embed_units(self, units: Sequence[ExtractedUnit]) -> Vectors:
        """One vector of length 1 for each of ``units``, in their order."""
        passages = [unit.passage for unit in units]
        language = self._language.embed(passages)
        fused = language if self._structure is None else self._structure.fuse(language, units)
        blend = self._blend()
        mixed = fused if blend is None else blend.mix(fused, language, passages)
        return mixed if self._hubness is None else self._hubness.units(mixed)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text, in the space of the units'."""
        texts = self.embed_texts(queries)
        return texts if self._hubness is None else self._hubness.questions(texts)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """The language model's own vectors, which everything else in a model folder was trained with."""
        return self._language.embed(texts)

    def suggest_names(self, unit: ExtractedUnit, around: Surroundings, limit: int) -> tuple[NameSuggestion, ...]:
        """At most ``limit`` names, best first; none where the model has no name decoder.

        Raises:
            ValueError: ``unit`` was not extracted with its name masked.
        """
        if not unit.masked:
            raise ValueError("names are suggested for units whose own name is masked")
        naming = self._naming()
        return () if naming is None else naming.suggest(unit.passage, around, limit)

    def hear(self, unit: ExtractedUnit, around: Surroundings) -> Heard:
        """What the decoder alone says of a masked unit, before any ranking; nothing where there is none."""
        naming = self._naming()
        return Heard(()) if naming is None else naming.hear(unit.passage, around)

    def nearness(self, unit: ExtractedUnit, name: str) -> float:
        """How near ``name`` is to a masked ``unit``: the share of authors' names that are farther from their functions.

        1 where the model does not name functions.
        """
        naming = self._naming()
        return 1.0 if naming is None else naming.ranking.share_farther(self.cosine(unit, name))

    def cosine(self, unit: ExtractedUnit, name: str) -> float:
        """That of the language model's vectors of ``unit`` and of ``name``, asked as a question."""
        text, asked = self._language.embed([unit.passage, " ".join(name_words(name))])
        return float(text @ asked)

    def summarise(self, unit: ExtractedUnit, near: Sequence[Described] = ()) -> str | None:
        """One line that says what ``unit`` does; None where the model has no decoder of summaries."""
        summaries = self._summaries()
        return None if summaries is None else summaries.summarise(unit.passage, near)

    def explain(self, unit: ExtractedUnit, name: str | None = None) -> Explanation:
        """What carried the vector of ``unit``; of a masked one what makes ``name`` likely, if the decoder can say it.

        Without a ``name`` the one is meant that the decoder finds most probable.
        """
        count = len(unit.contexts)
        if self._structure is None:
            even = Explanation(weights=(1 / count,) * count if count else (), structure_share=0.0)
        else:
            even = self._structure.explain(self._language.embed([unit.passage])[0], unit)
        weights = context_weights(unit.passage, unit.contexts, even.weights, self._measure(unit, name))
        return Explanation(weights, even.structure_share)

    def _measure(self, unit: ExtractedUnit, name: str | None) -> Measure:
        """How near texts are to the vector of ``unit``, or how likely they make its name."""
        naming = self._naming() if unit.masked else None
        if naming is not None:
            wanted = name or next((own for own, _ in naming.hear(unit.passage, Surroundings()).own), None)
            if wanted and naming.can_say(unit.passage, wanted):
                return partial(naming.log_probabilities, name=wanted)
        vector = self._language.embed([unit.passage])[0]
        return lambda texts: [float(each @ vector) for each in self._language.embed(texts)]


def load_onnx_embedder(folder: Path, threads: int) -> OnnxEmbedder:
    """Load a model folder after comparing its files with their seals.

    Raises:
        CheckpointError: the folder is damaged, of another version, or holds no ONNX model.
    """
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    language_model = _language_model(folder, manifest, threads)
    structure = None if manifest.structure is None else _structure(folder, manifest.structure, threads)
    hubness = open_hubness(folder, manifest, threads)
    blend = partial(_blend, folder, manifest, threads)
    naming = partial(_naming, folder, manifest, language_model, threads)
    summaries = partial(_summaries, folder, manifest, language_model, threads)
    return OnnxEmbedder(manifest.fingerprint, language_model, structure, hubness, blend, naming, summaries)


def _language_model(folder: Path, manifest: Manifest, threads: int) -> OnnxLanguageModel:
    part = manifest.language_model
    if part is None:
        raise CheckpointError(f"{folder} holds a Hugging Face model, which the ONNX runtime does not run")
    model = OnnxLanguageModel(folder, threads, max_tokens=part.max_tokens, graph=part.file, tokenizer=part.tokenizer)
    if model.width != manifest.width:
        raise CheckpointError(f"{folder}: the graph's width is {model.width}, config.json says {manifest.width}")
    return model


def _structure(folder: Path, part: StructurePart, threads: int) -> OnnxStructure:
    vocabulary = StructureVocabulary(read_vocabulary(folder / part.subtokens), read_vocabulary(folder / part.paths))
    return OnnxStructure(folder / part.file, vocabulary, threads)


def _blend(folder: Path, manifest: Manifest, threads: int) -> OnnxBlend | None:
    part = manifest.blend
    return None if part is None else OnnxBlend(folder / part.file, open_student(folder, manifest, threads), threads)


def _naming(folder: Path, manifest: Manifest, language_model: OnnxLanguageModel, threads: int) -> OnnxNaming | None:
    part, text = manifest.names, manifest.language_model
    if part is None or text is None:
        return None
    decoder = OnnxNameDecoder(folder / part.file, read_vocabulary(folder / part.words), threads)
    ranking = read_ranking(folder / part.ranking)
    return OnnxNaming(language_model, WordPieces(folder / text.tokenizer), decoder, ranking)


def _summaries(
    folder: Path, manifest: Manifest, language_model: OnnxLanguageModel, threads: int
) -> OnnxSummaries | None:
    part: SummariesPart | None = manifest.summaries
    text = manifest.language_model
    if part is None or text is None:
        return None
    words, pieces = read_vocabulary(folder / part.words), WordPieces(folder / text.tokenizer)
    return OnnxSummaries(language_model, pieces, folder / part.file, words, part.longest, threads)
