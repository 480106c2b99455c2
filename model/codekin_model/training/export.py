"""From a run to what is shipped: ONNX graphs in a model folder, compared with the torch modules they came from.

In: a run folder of kind ``teacher``, ``search``, ``student``, ``decoder``, ``blend``, ``sketch`` or ``hubness``, and
a model folder. Out: the run's part in that folder, under a manifest that seals all parts. A teacher makes a folder;
what was trained with it joins, and what was trained beside other vectors goes. An export that fails changes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch

from codekin_model.checkpoint.manifest import (
    CONFIG,
    BlendPart,
    CheckpointError,
    HubnessPart,
    LanguageModelPart,
    Manifest,
    NamesPart,
    SketchPart,
    StructurePart,
    StudentPart,
    SummariesPart,
    read_manifest,
    verify_files,
    write_manifest,
)
from codekin_model.checkpoint.run import read_run
from codekin_model.corpus.package_list import Split
from codekin_model.embedder import Surroundings, Vectors
from codekin_model.evaluation.name_cases import name_cases
from codekin_model.extracted import ExtractedUnit, extract
from codekin_model.heads.name_decoder import NameDecoder
from codekin_model.heads.summary import SummaryDecoder
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.runtime.name_ranking import write_ranking
from codekin_model.runtime.onnx_embedder import load_onnx_embedder
from codekin_model.runtime.sketch import OnnxSketch
from codekin_model.runtime.student import load_onnx_student
from codekin_model.source.text import decode_source
from codekin_model.source.tree import parse
from codekin_model.source.units import find_units
from codekin_model.torch_runtime.export import export_language_model
from codekin_model.torch_runtime.export_blend import export_blend
from codekin_model.torch_runtime.export_fusion import export_fusion
from codekin_model.torch_runtime.export_hubness import export_hubness
from codekin_model.torch_runtime.export_names import export_name_decoder
from codekin_model.torch_runtime.export_sketch import SKETCH_GRAPH, export_sketch
from codekin_model.torch_runtime.export_student import export_student
from codekin_model.torch_runtime.export_summary import export_summary_decoder
from codekin_model.training.beside import check_language_model
from codekin_model.training.blend import load_blend
from codekin_model.training.config import EXPORTED
from codekin_model.training.decoder import LanguageModelNames, LanguageModelSummaries, load_decoder
from codekin_model.training.decoder_teacher import load_decoder_teacher
from codekin_model.training.folder_swap import rebuilt
from codekin_model.training.fusion_run import fuse_with, load_fusion_run
from codekin_model.training.hubness import load_hubness
from codekin_model.training.name_calibration import fit_ranking, unfitted
from codekin_model.training.sketch import load_sketch
from codekin_model.training.student import load_student
from codekin_model.training.student import student_vectors as trained_student_vectors
from codekin_model.training.teacher import LANGUAGE_MODEL, TeacherSystem, load_teacher
from codekin_model.vocab.vocabulary import Vocabulary, write_vocabulary

_THREADS = 2
_PARTS = ("language_model", "structure", "names", "student", "blend", "sketch", "hubness", "summaries")
"""Parts of a manifest that are files of its folder."""
_SAMPLE = 200
"""Functions of codekin's own that exported graphs are compared on."""
_MEAN, _LEAST = "cosine, mean", "cosine, least"
_LEAST_ALLOWED = 0.9
"""Of any function's cosine: the shipped model's is .994, and the least that was ever measured .99."""
Parity = Mapping[str, object]


def export_checkpoint(run: Path, out: Path, *, other_language_model: bool = False) -> Parity:
    """Write the part that ``run`` is into the model folder ``out``; gives how near it is to the trained one.

    With ``other_language_model`` it joins one that it was not trained beside, whose vectors lie in the same space:
    nothing checks that they do.

    Raises:
        CheckpointError: there is no such run, ``out`` is damaged or lacks what the run belongs to (its language model,
            and for a blend or a sketch a student), or the exported part is far from the trained one.
    """
    found = read_run(run, EXPORTED)
    joined = () if found.kind == "teacher" else _joined(found.kind, run, out)
    if joined and not other_language_model:
        check_language_model(run, found, out, read_manifest(out))
    with rebuilt(out, joined) as copy:
        parity = _EXPORTS[found.kind](run, copy)
        _check(parity, run)
        return {**parity, "fingerprint": read_manifest(copy).fingerprint}


def _check(parity: Parity, run: Path) -> None:
    """Refuse what is another model than the one that was trained; NaN is near to nothing."""
    least = parity.get(_LEAST)
    if isinstance(least, float) and not least >= _LEAST_ALLOWED:
        raise CheckpointError(
            f"{run} as ONNX is not what was trained: of {parity['functions']} functions the cosine is {least:.3f} at "
            f"least and {parity[_MEAN]:.3f} in the mean, and {_LEAST_ALLOWED} at least is asked for; its weights bear "
            "no eight bits: train it again at a lower rate"
        )


def _joined(kind: str, run: Path, out: Path) -> Collection[str]:
    """The files of the model in ``out`` that the part of ``run`` can join."""
    width = _WIDTHS[kind](run)  # first of all: a run that no folder would take is told so
    if not (out / CONFIG).is_file():
        raise CheckpointError(f"{out} holds no model that this {kind} could join: export its teacher there first")
    manifest = read_manifest(out)
    verify_files(out, manifest)
    if manifest.language_model is None:
        raise CheckpointError(f"{out} holds a Hugging Face model, which no {kind} joins: export a teacher elsewhere")
    if kind in _READ_STUDENT and manifest.student is None:
        raise CheckpointError(f"{out} holds no student that this {kind} could join: export one there first")
    if width != manifest.width:
        raise CheckpointError(
            f"{run} was made for vectors of {width} numbers, {out} has {manifest.width}: export it into the folder of "
            "its own teacher"
        )
    return (CONFIG, *manifest.files)


def fit_names(folder: Path, corpus: Path) -> Manifest:
    """Fit the ranking of names of a model folder on the validation packages of ``corpus``, and seal it again."""
    manifest = read_manifest(folder)
    if manifest.names is None:
        raise CheckpointError(f"{folder} names nothing: export a teacher there first")
    verify_files(folder, manifest)  # a seal over what is damaged would hide it
    with rebuilt(folder, (CONFIG, *manifest.files)) as copy:
        write_ranking(unfitted(), copy / manifest.names.ranking)  # the old one may know other features
        seal(copy, manifest)
        ranking = fit_ranking(name_cases(corpus, Split.VALIDATION, load_onnx_embedder(copy, _THREADS)))
        write_ranking(ranking, copy / manifest.names.ranking)
        return seal(copy, manifest)


def seal(folder: Path, manifest: Manifest) -> Manifest:
    """Write the manifest over the files of every part that it names."""
    parts = (getattr(manifest, name) for name in _PARTS)
    files = [
        str(getattr(part, field.name))
        for part in parts
        if part is not None
        for field in fields(part)
        if isinstance(getattr(part, field.name), str)
    ]
    return write_manifest(folder, manifest, files)


def _export_teacher(run: Path, out: Path) -> Parity:
    teacher = load_teacher(run)
    language = LanguageModelPart()
    texts = [unit.passage for unit in sample_units()]
    export_language_model(run / LANGUAGE_MODEL, out, texts, teacher.model.language.pooling)
    names = _write_names(teacher.model.decoder, teacher.words, out)
    system, width = TeacherSystem(teacher), teacher.model.language.width
    name, origin = run.resolve().name, system.fingerprint
    seal(out, Manifest(name=name, width=width, language_model=language, names=names, origin=origin))
    exported = OnnxLanguageModel(out, _THREADS, max_tokens=language.max_tokens).embed(texts)
    return cosines_of(exported, system.queries(texts)) | {"same first name": _same_names(out, system)}


def _export_fusion(run: Path, out: Path) -> Parity:
    model, vocabulary = load_fusion_run(run)
    part, before = StructurePart(), read_manifest(out)
    export_fusion(model, out)
    write_vocabulary(vocabulary.subtokens, out / part.subtokens)
    write_vocabulary(vocabulary.paths, out / part.paths)
    # A blend was trained, and hubness counted, beside other vectors.
    seal(out, replace(before, structure=part, blend=None, hubness=None))
    units = sample_units()
    embedder = load_onnx_embedder(out, _THREADS)
    trained = fuse_with(model, vocabulary, embedder.embed_texts([unit.passage for unit in units]), units)
    return cosines_of(embedder.embed_units(units), trained)


def _export_student(run: Path, out: Path) -> Parity:
    student, words, _ = load_student(run)
    part, before = StudentPart(), read_manifest(out)
    export_student(student, out)
    write_vocabulary(words, out / part.words)
    # A blend and a sketch were trained, and hubness counted, beside another student.
    seal(out, replace(before, student=part, blend=None, sketch=None, hubness=None))
    passages = [unit.passage for unit in sample_units()]
    with torch.inference_mode():
        trained = trained_student_vectors(student, words, passages)
    exported = load_onnx_student(out, _THREADS).embed_passages(passages)
    return cosines_of(exported, trained)


def _export_blend(run: Path, out: Path) -> Parity:
    blend, _ = load_blend(run)
    plain = seal(out, replace(read_manifest(out), blend=None, hubness=None))  # which was counted beside other vectors
    export_blend(blend, out)
    student = load_onnx_student(out, _THREADS)
    units = sample_units()
    passages = [unit.passage for unit in units]
    embedder = load_onnx_embedder(out, _THREADS)
    given = (embedder.embed_units(units), embedder.embed_texts(passages), student.embed_passages(passages))
    with torch.inference_mode():
        trained = blend(*map(torch.from_numpy, given)).numpy()
    seal(out, replace(plain, blend=BlendPart()))
    exported = load_onnx_embedder(out, _THREADS).embed_units(units)
    return cosines_of(exported, trained)


def _export_sketch(run: Path, out: Path) -> Parity:
    sketch, _ = load_sketch(run)
    plain = seal(out, replace(read_manifest(out), sketch=None))
    words = load_onnx_student(out, _THREADS).embed_passages([unit.passage for unit in sample_units()])
    export_sketch(sketch, out)
    with torch.inference_mode():
        trained = sketch(torch.from_numpy(words)).numpy()
    seal(out, replace(plain, sketch=SketchPart()))
    return cosines_of(OnnxSketch(out / SKETCH_GRAPH, _THREADS).turn(words), trained)


def _export_hubness(run: Path, out: Path) -> Parity:
    found, _ = load_hubness(run)
    plain = seal(out, replace(read_manifest(out), hubness=None))
    embedder, units = load_onnx_embedder(out, _THREADS), sample_units()
    given = embedder.embed_units(units)
    export_hubness(found, out)
    with torch.inference_mode():
        counted = found.units(torch.from_numpy(given)).numpy()
    seal(out, replace(plain, hubness=HubnessPart()))
    exported = load_onnx_embedder(out, _THREADS).embed_units(units)
    return cosines_of(exported, counted)


def _export_decoder(run: Path, out: Path) -> Parity:
    """A decoder of names takes the place of its teacher's; one of summaries joins."""
    decoder, words, config = load_decoder(run)
    teacher, before = load_decoder_teacher(Path(config.teacher)), read_manifest(out)
    if isinstance(decoder, NameDecoder):
        seal(out, replace(before, names=_write_names(decoder, words, out)))
        return {"same first name": _same_names(out, LanguageModelNames(decoder, words, teacher))}
    part = SummariesPart(longest=decoder.config.length)
    export_summary_decoder(decoder, out)
    write_vocabulary(words, out / part.words)
    seal(out, replace(before, summaries=part))
    embedder, writer = load_onnx_embedder(out, _THREADS), LanguageModelSummaries(decoder, words, teacher)
    same = [embedder.summarise(unit) == writer.summary_of(unit.passage) for unit in sample_units()]
    return {"same summary": float(np.mean(same))}


def _write_names(decoder: NameDecoder, words: Vocabulary, out: Path) -> NamesPart:
    """Write what names functions into the folder ``out``; its ranking is still to be fitted."""
    part = NamesPart()
    export_name_decoder(decoder, out)
    write_vocabulary(words, out / part.words)
    write_ranking(unfitted(), out / part.ranking)
    return part


def _read_by(decoder: NameDecoder | SummaryDecoder) -> int:
    """The width of the states that ``decoder`` reads, which is that of the language model's vectors."""
    return decoder.config.memory if isinstance(decoder, NameDecoder) else decoder.config.tokens


def _same_names(out: Path, trained: TeacherSystem | LanguageModelNames) -> float:
    """How often the exported decoder's first name is the trained one's."""
    embedder = load_onnx_embedder(out, _THREADS)
    units = sample_units(masked=True)
    pairs = [(embedder.hear(unit, Surroundings()).own, trained.names_of(unit.passage)) for unit in units]
    return float(np.mean([bool(ours and theirs and ours[0][0] == theirs[0][0]) for ours, theirs in pairs]))


_EXPORTS: Mapping[str, Callable[[Path, Path], Parity]] = {
    "teacher": _export_teacher,
    "search": _export_fusion,
    "student": _export_student,
    "decoder": _export_decoder,
    "blend": _export_blend,
    "sketch": _export_sketch,
    "hubness": _export_hubness,
}
_WIDTHS: Mapping[str, Callable[[Path], int]] = {
    "search": lambda run: load_fusion_run(run)[0].config.text,
    "student": lambda run: load_student(run)[0].config.output,
    "decoder": lambda run: _read_by(load_decoder(run)[0]),
    "blend": lambda run: load_blend(run)[0].text.in_features,
    "sketch": lambda run: load_sketch(run)[0].turn.in_features,
    "hubness": lambda run: load_hubness(run)[0].shape.width,
}
"""Of the vectors that a run was made for; a teacher brings its own."""
_READ_STUDENT = ("blend", "sketch")


@cache
def sample_units(*, masked: bool = False) -> Sequence[ExtractedUnit]:
    """Functions of this package's own source, the same in every installation of this version."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    units = [unit for file in files for unit in find_units(parse(decode_source(file.read_bytes())))]
    functions = [unit for unit in units if unit.kind.is_function]
    chosen = functions[:: max(1, len(functions) // _SAMPLE)][:_SAMPLE]
    return [extract(unit, masked=masked, docstring=not masked) for unit in chosen]


def cosines_of(exported: Vectors, trained: Vectors) -> dict[str, object]:
    """How near (functions, width) exported vectors are to the trained ones, all of length 1."""
    cosines = (exported * trained).sum(axis=1)
    return {"functions": len(cosines), _MEAN: float(cosines.mean()), _LEAST: float(cosines.min())}
