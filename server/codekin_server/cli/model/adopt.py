"""``codekin adopt``: from a pretrained Hugging Face model, as it is, to a model folder that codekin runs."""

from pathlib import Path

from codekin_server.cli.model.export import show
from codekin_server.cli.model.telling import naming_the_extra, telling
from codekin_server.cli.terminal import write_json


def run(source: str, out: Path, pooling: str, prefix: str, max_tokens: int, *, onnx: bool, as_json: bool) -> None:
    """Adopt, and show how the folder is used."""
    with naming_the_extra():
        from codekin_model.checkpoint.manifest import CheckpointError, HuggingFacePart  # noqa: PLC0415 - beside an extra
        from codekin_model.training.adopting import adopt, adopt_as_onnx  # noqa: PLC0415 - an extra

        with telling(CheckpointError):
            part = HuggingFacePart(source, pooling=pooling, max_tokens=max_tokens, query_prefix=prefix)
            if onnx and part != HuggingFacePart(source):
                raise CheckpointError("--onnx goes with mean pooling and no prefix: leave these options away")
            adopted = adopt_as_onnx(Path(source), out) if onnx else adopt(part, out)
    if as_json:
        write_json(adopted)
    else:
        show(out, adopted)
