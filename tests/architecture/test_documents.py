"""What the documents say, where a test can tell."""

import re


def test_readme_quotes_the_cost_that_was_measured(repository):
    table = re.search(r"\| what \| cost \|.*", (repository / "tests/benchmarks/COST.md").read_text(), re.DOTALL)
    assert table is not None
    assert table.group().strip() in (repository / "README.md").read_text()


def test_every_link_of_the_documents_leads_somewhere(repository):
    broken = [
        f"{document.name}: {target}"
        for document in (*repository.glob("*.md"), *repository.glob("docs/*.md"))
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_architecture_names_every_room(repository, modules):
    text = (repository / "ARCHITECTURE.md").read_text()
    rooms = {name.split(".")[1] for name in modules if name.count(".") >= 1}
    assert sorted(room for room in rooms if room not in text) == []
