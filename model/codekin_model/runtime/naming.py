"""Names for a masked function on ONNX Runtime: read it once, decode, rank.

In: the passage of a masked function, and named neighbours. Out: what the decoder says, and one calibrated list.
"""

from collections.abc import Sequence

from codekin_model.embedder import NameSuggestion, Neighbour
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.runtime.name_decoder import OnnxNameDecoder
from codekin_model.runtime.name_ranking import Heard, NameRanking
from codekin_model.runtime.word_pieces import WordPieces


class OnnxNaming:
    """A language model whose token states the decoder reads, the decoder, and the ranking that its names go into."""

    def __init__(
        self, language_model: OnnxLanguageModel, pieces: WordPieces, decoder: OnnxNameDecoder, ranking: NameRanking
    ) -> None:
        self._language_model, self._pieces, self._decoder = language_model, pieces, decoder
        self.ranking = ranking

    def hear(self, passage: str, neighbours: Sequence[Neighbour]) -> Heard:
        """The decoder's own names for a masked ``passage``, and what it thinks of those of ``neighbours``."""
        pieces = self._pieces.with_words(passage, self._language_model.max_tokens)
        states, vector = self._language_model.states(pieces.ids)
        function = self._decoder.read(states, vector, pieces.words)
        given = list(dict.fromkeys(each.name.strip("_") for each in neighbours))
        probabilities = self._decoder.probabilities(function, given)
        return Heard(self._decoder.names(function), tuple(zip(given, probabilities, strict=True)))

    def suggest(self, passage: str, neighbours: Sequence[Neighbour], limit: int) -> tuple[NameSuggestion, ...]:
        """At most ``limit`` names, best first."""
        return self.ranking.rank(self.hear(passage, neighbours), neighbours, limit)
