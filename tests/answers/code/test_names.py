import pytest

from tutor_app.answers.code.names import used_names


@pytest.mark.parametrize(
    "program",
    [
        "def f(n):\n    return max(n)\n",
        "biggest = max\ndef f(n):\n    return biggest(n)\n",
        "import builtins\ndef f(n):\n    return builtins.max(n)\n",
        "from numpy import max as biggest\n",
        "max = max([1, 2])\n",
    ],
)
def test_a_function_is_found_however_it_is_reached(program: str) -> None:
    assert used_names(program, ["max"]) == ("max",)


@pytest.mark.parametrize(
    "program",
    [
        "def f(n):\n    max = n[0]\n    for x in n:\n        if x > max:\n            max = x\n"
        "    return max\n",
        "def max(n):\n    return n[0] if len(n) == 1 else max(n[1:])\n",
        "# max is not allowed\ndef f(n):\n    return 'max'\n",
        "def f(max):\n    return max\n",
        "def f(n:\n    return max(n)\n",
    ],
)
def test_a_name_of_the_programs_own_is_no_use_of_the_function(program: str) -> None:
    assert used_names(program, ["max"]) == ()


def test_methods_modules_and_global_are_found_in_the_order_asked_for() -> None:
    program = "import os.path, heapq as h\ndef f(n):\n    global x\n    n.sort()\n"
    assert used_names(program, ["sort", "global", "path", "heapq", "sum"]) == (
        "sort", "global", "path", "heapq",
    )  # fmt: skip
