"""Where something stands in a file.

In: byte offsets into UTF-8 source. Out: frozen spans. Must not know of trees, lines of an editor, or UTF-16.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of bytes, ``start`` included and ``end`` excluded."""

    start: int
    end: int

    def contains(self, offset: int) -> bool:
        """Whether ``offset`` (bytes) lies inside, the end point counting as inside."""
        return self.start <= offset <= self.end

    def shifted(self, by: int) -> "Span":
        """The same range, ``by`` bytes later."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: the bytes ``start:old_end`` became the bytes ``start:new_end``."""

    start: int
    old_end: int
    new_end: int
