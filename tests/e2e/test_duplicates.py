"""``codekin.duplicates`` through real messages."""

import pytest

BODY = '''(self, prices, discount):
        """Sum the prices and take the discount off."""
        total = 0
        for price in prices:
            if price < 0:
                raise ValueError("a price is below zero")
            total += price
        return total * (1 - discount)
'''
PREPAID = BODY.replace("is below zero", "is too low").replace("total += price", "total += price + self.fee")
GETTERS = "".join(
    f"class {name}:\n    @property\n    def title(self):\n        return self._title\n\n\n" for name in ("Book", "Song")
)


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "workspace"
    for name, text in {
        "one/bill.py": f"class Bill:\n    def total_price{BODY}",
        "two/invoice.py": f"class Invoice:\n    def total_price{BODY}",
        "getters.py": GETTERS,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


async def test_copies_are_one_cluster_and_getters_are_none(editor, workspace):
    found = await editor.command("codekin.duplicates")
    (cluster,) = found["clusters"]
    assert [member["qualified_name"] for member in cluster["members"]] == ["Bill.total_price", "Invoice.total_price"]
    assert cluster["members"][0]["uri"] == (workspace / "one" / "bill.py").as_uri()
    assert cluster["members"][0]["range"]["start"] == {"line": 1, "character": 0}
    assert cluster["lines"] == 8
    assert 0.9 <= cluster["similarity"] <= 1


async def test_a_folder_with_one_of_the_copies_has_none(editor, workspace):
    assert (await editor.command("codekin.duplicates", {"folder": (workspace / "one").as_uri()}))["clusters"] == []


async def test_a_copy_under_another_name_is_one(connect, workspace):
    (workspace / "two" / "invoice.py").write_text(f"def sum_up{BODY}")
    async with connect(workspace) as editor:
        await editor.embedded()
        (cluster,) = (await editor.command("codekin.duplicates"))["clusters"]
        assert [member["qualified_name"] for member in cluster["members"]] == ["Bill.total_price", "sum_up"]


async def test_the_settings_say_how_alike_duplicates_are(connect, workspace):
    (workspace / "two" / "invoice.py").write_text(f"class Invoice:\n    def total_price{PREPAID}")
    async with connect(workspace, options={"settings": {"similar": {"threshold": 1.0}}}) as editor:
        await editor.embedded()
        assert (await editor.command("codekin.duplicates"))["clusters"] == []
        assert (await editor.command("codekin.duplicates", {"threshold": 0.9}))["clusters"]


async def test_an_edited_copy_is_none_any_more(editor, workspace):
    uri = editor.open(workspace / "two" / "invoice.py")
    editor.change(uri, "class Invoice:\n    def send(self, mail):\n        self.sent = mail.send(self.address)\n")
    await editor.until(lambda found: not found["clusters"], "codekin.duplicates")
