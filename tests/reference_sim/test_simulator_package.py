from __future__ import annotations

import subprocess
import sys

import reference_sim


def test_public_names_are_sorted_and_exist() -> None:
    names = reference_sim.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(reference_sim, name) for name in names)


def test_an_import_brings_numpy_alone() -> None:
    program = """
import sys
import reference_sim
roots = {name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
print(*sorted(root for root in roots if not root.startswith(("_", "cython"))))
"""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{program}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["numpy", "reference_sim"]
