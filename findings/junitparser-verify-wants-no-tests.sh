#!/usr/bin/env bash
# junitparser 5.0.3: `verify` is content with a report that has no tests, whatever its suites count.
#
# Guess: a gate that reads the merged JUnit files of several machines fails where a file says failures="1",
# or where nothing was run at all. Seen: only the <testcase> elements are looked at. A suite that counts
# a failure and an error but lost its cases, and a file without any suite, are exit 0; so is what
# `merge` makes of them. A gate has to ask besides how many tests there are.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check junitparser==5.0.3

cat >nothing.xml <<'XML'
<testsuites/>
XML
cat >counted.xml <<'XML'
<testsuites><testsuite name="part 1" tests="40" failures="1" errors="1"/></testsuites>
XML
cat >failed.xml <<'XML'
<testsuites><testsuite name="part 2" tests="1" failures="1">
<testcase name="link"><failure message="none"/></testcase>
</testsuite></testsuites>
XML
verified() { venv/bin/junitparser verify "$1" && echo "$1: exit 0" || echo "$1: exit $?"; }
venv/bin/junitparser merge nothing.xml counted.xml merged.xml
for file in nothing.xml counted.xml merged.xml failed.xml; do verified "$file"; done | tee said
printf '%s: exit %s\n' nothing.xml 0 counted.xml 0 merged.xml 0 failed.xml 1 | diff - said
echo "as seen"
