"""The company that names keep in the workspace, read from its index.

In: a scope and the names of functions in it. Out: names that stand beside these in other scopes. Which scopes have a
name is kept until the index changes: half of all classes have an ``__init__``. Must not know of files or models.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from codekin_model.extraction.company import Companion, Scope, company_of, likely_scopes
from codekin_server.store.store import Store

_KEPT = 512
"""Names whose scopes are kept, about."""

_Holders = Mapping[str, AbstractSet[Scope]]


class CompanyReader:
    """Reads one index. Thread-safe: what it keeps is only added to, or replaced."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: tuple[int, _Holders] = (0, {})
        self._scopes: dict[Scope, Scope] = {}  # one object for each: they are looked up by the thousand

    def __call__(self, own: Scope, mates: frozenset[str]) -> tuple[Companion, ...]:
        """Names that functions of other scopes than ``own`` have beside ``mates``, best first."""
        likely = likely_scopes(mates, self._holders(mates), own)
        return company_of(mates, likely, self._store.names_in_scopes(likely))

    def _holders(self, mates: frozenset[str]) -> _Holders:
        version = self._store.vector_version  # asked first: what is read after it is no older
        of_version, kept = self._kept
        if version != of_version or (len(kept) > _KEPT and mates - kept.keys()):
            kept = {}
            self._scopes = {}
        if unknown := mates - kept.keys():
            found = self._store.scopes_with(unknown)
            one = self._scopes.setdefault
            kept = {**kept, **{name: {one(each, each) for each in found.get(name, ())} for name in unknown}}
            self._kept = version, kept
        return kept
