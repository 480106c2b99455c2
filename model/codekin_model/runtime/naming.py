"""Names for a masked function on ONNX Runtime: read it once, decode, rank.

In: the passage of a masked function, and its surroundings. Out: what the decoder says, and one calibrated list.
"""

from collections.abc import Sequence
from math import log

from codekin_model.embedder import NameSuggestion, Surroundings
from codekin_model.runtime.language_model import OnnxLanguageModel
from codekin_model.runtime.name_decoder import OnnxNameDecoder
from codekin_model.runtime.name_features import Heard
from codekin_model.runtime.name_ranking import NameRanking
from codekin_model.runtime.neighbour_words import NeighbourWords
from codekin_model.runtime.next_words import ReadFunction
from codekin_model.runtime.word_pieces import WordPieces

_ENOUGH = 10
"""A workspace with fewer neighbours is too small to say how its functions are named."""
_FOUND = 16
"""Names that are searched for where there are neighbours to lead there."""
_FOUND_ALONE = 48
"""Names that are searched for where there are none: what they share tells which words are worth saying."""

_LEAST = 1e-12


class OnnxNaming:
    """A language model whose token states the decoder reads, the decoder, and the ranking that its names go into."""

    def __init__(
        self, language_model: OnnxLanguageModel, pieces: WordPieces, decoder: OnnxNameDecoder, ranking: NameRanking
    ) -> None:
        self._language_model, self._pieces, self._decoder = language_model, pieces, decoder
        self.ranking = ranking

    def log_probabilities(self, passages: Sequence[str], name: str) -> list[float]:
        """How likely the decoder finds ``name`` for each of ``passages``, as a logarithm."""
        chances = [self._decoder.probabilities(self._read(passage), [name])[0] for passage in passages]
        return [log(max(chance, _LEAST)) for chance in chances]

    def can_say(self, passage: str, name: str) -> bool:
        """Whether the decoder knows the words of ``name``, or finds them in the function."""
        return self._decoder.probabilities(self._read(passage), [name])[0] > _LEAST

    def hear(self, passage: str, around: Surroundings) -> Heard:
        """The decoder's own names for a masked ``passage``, and what it thinks of those of neighbours and company.

        Among the own ones are those that the neighbours' words led it to; all probabilities are the decoder's alone.
        """
        function = self._read(passage)
        if not around.neighbours:
            return Heard(self._decoder.names(function, _FOUND_ALONE))
        found = [name for name, _ in self._decoder.names(function, _FOUND, NeighbourWords.of_names(around.neighbours))]
        given = list(dict.fromkeys(each.name.strip("_") for each in (*around.neighbours, *around.company)))
        asked = list(dict.fromkeys([*found, *given]))
        probabilities = dict(zip(asked, self._decoder.probabilities(function, asked), strict=True))
        own = sorted(((name, probabilities[name]) for name in found), key=lambda each: -each[1])
        return Heard(tuple(own), tuple((name, probabilities[name]) for name in given))

    def _read(self, passage: str) -> ReadFunction:
        pieces = self._pieces.with_words(passage, self._language_model.max_tokens)
        states, vector = self._language_model.states(pieces.ids)
        return self._decoder.read(states, vector, pieces.words)

    def suggest(self, passage: str, around: Surroundings, limit: int) -> tuple[NameSuggestion, ...]:
        """At most ``limit`` names, best first; with few neighbours as if there were none."""
        if len(around.neighbours) < _ENOUGH:
            around = Surroundings(traits=around.traits)
        return self.ranking.rank(self.hear(passage, around), around, limit)
