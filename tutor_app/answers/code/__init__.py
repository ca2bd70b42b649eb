"""Code answers: run a learner's program in a sandbox, and judge what it does.

`sandbox` starts a fresh interpreter; `runner`, `confinement`, `namespaces`, `landlock`, `seccomp`
and `system_calls` run inside it and use the standard library only. `sandbox`'s docstring says what
is isolated where, and what is not.
"""
