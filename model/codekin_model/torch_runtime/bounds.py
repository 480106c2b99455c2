"""Numbers that configurations may hold, with their bounds: what is outside is refused when a file is read.

Plain types. Must not know what they count.
"""

from typing import Annotated

from msgspec import Meta

_FINITE = 1e300
"""msgspec takes no infinity for a bound, and without one it lets infinity in."""

Size = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0, le=_FINITE)]
Weight = Annotated[float, Meta(ge=0, le=_FINITE)]
