async def test_the_server_says_what_it_can(connect, workspace, transport):
    async with connect(workspace, transport=transport) as editor:
        can = editor.greeting.capabilities
        assert can.code_action_provider.resolve_provider
        assert can.code_action_provider.code_action_kinds == ["refactor.rewrite"]
        assert sorted(can.execute_command_provider.commands) == [
            "codekin.explain",
            "codekin.reindex",
            "codekin.search",
            "codekin.similar",
            "codekin.status",
            "codekin.suggestNames",
        ]
        assert editor.greeting.server_info.name == "codekin"
