#!/usr/bin/env bash
# pytest 9.2.0, pluggy 1.6.0: a plugin that was unregistered lives as long as the plugin manager.
#
# Guess: once a plugin is unregistered and nobody else knows it, it and all that it holds can go, so that
# a run may let go of its records before its end. Seen: pytest_plugin_registered is historic, and the
# manager keeps the arguments of each of its calls, the plugin among them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pluggy==1.6.0

cat >plugin.py <<'PY'
import gc
import weakref


class Holder:
    """Of no hook, and of much memory."""


def pytest_unconfigure(config):
    holder = Holder()
    config.pluginmanager.register(holder, "holder")
    config.pluginmanager.unregister(name="holder")
    known = weakref.ref(holder)
    del holder
    gc.collect()
    print("has it:", config.pluginmanager.has_plugin("holder"), "it lives:", known() is not None)
PY
echo "def test_nothing(): pass" >test_nothing.py
venv/bin/python -m pytest -q -p plugin test_nothing.py >said
cat said
grep -q "has it: False it lives: True" said
echo "as seen"
