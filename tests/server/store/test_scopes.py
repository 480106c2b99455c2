"""Scopes that have functions of a name."""

CLASSES = (
    "class File:\n    def read(self):\n        def inner(): ...\n    def close(self): ...\n    class read: ...\n"
    "def read(): ...\nif x:\n    def read(): ...\n"
)


def test_scopes_are_found_by_the_names_of_their_functions(store, place):
    place(store, "pkg/a.py", CLASSES)
    place(store, "b.py", "def close(): ...\ndef other(): ...\n")
    assert store.scopes_with(["read", "close", "inner", "strange"]) == {
        "read": {("pkg/a.py", "File"), ("pkg/a.py", "")},
        "close": {("pkg/a.py", "File"), ("b.py", "")},
        "inner": {("pkg/a.py", "File.read")},
    }


def test_a_class_is_no_function_of_its_scope(store, place):
    place(store, "a.py", CLASSES)
    assert store.scopes_with(["File"]) == {}
    assert store.names_in_scopes([("a.py", "")]) == {("a.py", ""): {"read"}}


def test_the_names_of_scopes_are_those_of_their_functions(store, place):
    place(store, "a.py", CLASSES)
    place(store, "b.py", CLASSES)
    asked = [("a.py", "File"), ("b.py", "File.read"), ("b.py", "Gone"), ("gone.py", "")]
    assert store.names_in_scopes(asked) == {("a.py", "File"): {"read", "close"}, ("b.py", "File.read"): {"inner"}}


def test_of_an_open_document_the_open_text_counts(store, place):
    place(store, "a.py", "def saved(): ...\ndef old(): ...\n")
    place(store, "a.py", "def unsaved(): ...\ndef new(): ...\n", overlay=True)
    assert store.scopes_with(["saved", "unsaved"]) == {"unsaved": {("a.py", "")}}
    assert store.names_in_scopes([("a.py", "")]) == {("a.py", ""): {"unsaved", "new"}}


def test_any_number_of_names_and_scopes_may_be_asked_for(store, place):
    place(store, "a.py", "".join(f"def f{at}(): ...\n" for at in range(1200)))
    assert len(store.scopes_with(f"f{at}" for at in range(1200))) == 1200
    asked = [(f"{at}.py", "") for at in range(1200)]
    assert list(store.names_in_scopes([*asked, ("a.py", "")])) == [("a.py", "")]
    assert store.scopes_with([]) == store.names_in_scopes([]) == {}
