import pytest

FREE = [
    "def $0f1():\n    pass\n\n\ndef other(new):\n    return new\n",
    "def $0f1():\n    pass\n\n\ndef other():\n    new = 1\n    return new\n",
    "def $0f1():\n    pass\n\n\nx.new = f1\n",
    "def $0f1():\n    pass\n\n\ng(new=f1)\n",
    "def $0f1():\n    pass\n\n\nfrom new import x\n",
    "import a.new\n\n\ndef $0f1():\n    pass\n",
    "class A:\n    def $0f1(self):\n        return new\n",
    "class A:\n    new = 1\n\n\ndef $0f1():\n    pass\n",
    "def a():\n    def $0f1():\n        pass\n\n\ndef b():\n    new = 1\n    return new\n",
]
TAKEN = [
    "def $0f1():\n    pass\n\n\nnew = 1\n",
    "new = 1\n\n\ndef $0f1():\n    pass\n",
    "def $0f1():\n    pass\n\n\ndef new():\n    pass\n",
    "from m import new\n\n\ndef $0f1():\n    pass\n",
    "from m import x as new\n\n\ndef $0f1():\n    pass\n",
    "import new\n\n\ndef $0f1():\n    pass\n",
    "def $0f1():\n    pass\n\n\ndef other():\n    return new()\n",
    "def $0f1():\n    pass\n\n\ndef other(new):\n    return f1(new)\n",
    "def $0f1():\n    pass\n\n\ndef other(x=new):\n    return x\n",
    "def $0f1():\n    pass\n\n\ndef other():\n    for new in f1():\n        pass\n",
    "def $0f1():\n    pass\n\n\ndef other():\n    with x as new:\n        f1()\n",
    "def $0f1():\n    pass\n\n\ndef other():\n    global new\n    new = 1\n",
    "def $0f1():\n    pass\n\n\nlambda new: f1()\n",
    "def $0f1():\n    pass\n\n\ndef other():\n    if (new := f1()):\n        pass\n",
    "def $0f1():\n    pass\n\n\ndef other(v):\n    match v:\n        case [new, *_]:\n            f1()\n",
    "def a():\n    def $0f1():\n        pass\n    new = 1\n    return f1\n",
    "def a():\n    def $0f1():\n        pass\n\n    def b():\n        nonlocal new\n        new = 1\n    new = 2\n",
    "new = 1\n\n\ndef a():\n    def $0f1():\n        pass\n    return f1, new\n",
    "class A:\n    def $0f1(self):\n        pass\n\n    new = 1\n",
    "class A:\n    def $0f1(self):\n        self.new = 1\n",
    "class A:\n    def $0f1(self):\n        pass\n\n    def g(cls):\n        return cls.new\n",
]


@pytest.mark.parametrize("text", FREE)
def test_a_name_that_nothing_else_means_is_taken(one_file, text):
    assert one_file(text, "new") == text.replace("$0", "").replace("f1", "new")


@pytest.mark.parametrize("text", TAKEN)
def test_a_name_that_would_collide_or_be_captured_is_refused(one_file, text):
    assert "'new' is already" in one_file(text, "new")
