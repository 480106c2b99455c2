"""``codekin.map`` through real messages."""


async def test_every_function_has_its_place_on_the_map(editor, workspace):
    found = await editor.command("codekin.map")
    points = {point["qualified_name"]: point for point in found["points"]}
    assert set(points) == {
        "total_price", "read_lines", "Cart.__init__", "Cart.add_price", "Cart.sum_up", "Cart.sum_up.rounded",
        "daily_report", "count_words",
    }  # fmt: skip
    assert all(-1 <= point[axis] <= 1 for point in points.values() for axis in "xy")
    assert len({(point["x"], point["y"]) for point in points.values()}) == len(points)
    first = points["read_lines"]
    assert (first["folder"], first["uri"]) == ("shop", (workspace / "shop" / "orders.py").as_uri())
    assert (found["links"], found["note"]) == ([], None)


async def test_the_map_is_the_same_every_time(editor):
    assert await editor.command("codekin.map") == await editor.command("codekin.map")


async def test_near_duplicates_are_linked(connect, workspace):
    original = (workspace / "shop" / "orders.py").read_text()
    (workspace / "copied.py").write_text(original)
    async with connect(workspace) as editor:
        await editor.embedded()
        found = await editor.command("codekin.map")
    linked = {frozenset(found["points"][at]["path"] for at in link[:2]) for link in found["links"]}
    assert linked == {frozenset({"copied.py", "shop/orders.py"})}


async def test_a_folder_has_a_map_of_its_own(editor, workspace):
    (workspace / "other").mkdir()
    found = await editor.command("codekin.map", {"folder": (workspace / "other").as_uri()})
    assert (found["points"], found["note"]) == ([], "there are no embedded functions here yet")
