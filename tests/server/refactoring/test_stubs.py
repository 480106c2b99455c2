from codekin_server.refactoring.stubs import STUBS, stub_folders


def test_the_stubs_of_the_standard_library_are_found():
    assert [folder for folder in stub_folders() if (folder / "threading.pyi").is_file()]
    assert STUBS in stub_folders()


def test_stubs_that_lie_in_a_folder_for_each_version_are_found_but_for_python_2(tmp_path):
    for name in ("2", "2and3", "3", "3.9", "json"):
        (tmp_path / name).mkdir()
    assert [folder.name for folder in stub_folders(tmp_path)] == [tmp_path.name, "2and3", "3", "3.9"]
