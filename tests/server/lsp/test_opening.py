from pathlib import Path

import pytest

from codekin_server.answers import AssistError
from codekin_server.lsp.opening import Opening
from codekin_server.settings.schema import CacheSettings, ModelSettings, Settings

ROOT = Path("/w")


def opening(open_assist, told, settings=None):
    return Opening(open_assist, ROOT, settings or Settings(), print, lambda why, where: told.append((why, where)))


def test_the_settings_are_passed_on():
    seen = {}
    settings = Settings(model=ModelSettings(Path("/m")), cache=CacheSettings(Path("/c")))
    opening(lambda root, **given: seen.update(given, root=root), [], settings)()
    assert (seen["root"], seen["model_dir"], seen["cache_dir"]) == (ROOT, Path("/m"), Path("/c"))
    assert seen["settings"] is settings


def test_where_the_index_cannot_be_kept_a_temporary_one_serves():
    def open_assist(_root, *, cache_dir, **_):
        if cache_dir is None:
            raise AssistError("read-only")
        return cache_dir

    told = []
    cache = opening(open_assist, told)()
    assert cache.is_dir()
    assert [(why, Path(where.name)) for why, where in told] == [("read-only", cache)]
    told[0][1].cleanup()


def test_what_a_temporary_index_does_not_help_is_the_first_failure():
    caches = []

    def open_assist(_root, *, cache_dir, **_):
        caches.append(cache_dir)
        raise AssistError(f"failure {len(caches)}")

    told = []
    with pytest.raises(AssistError, match="failure 1"):
        opening(open_assist, told)()
    assert told == []
    assert not caches[1].exists()
