#!/usr/bin/env bash
# Builds the wheel, installs it into an environment that has nothing else, and uses it from another folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bin="$root/.venv/bin"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$bin/python" -m build --wheel --outdir "$work/dist" "$root" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
"${PYTHON:-python3}" -m venv "$work/env"
"$work/env/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dist/*.whl

cd "$work"
PATH="$work/env/bin:/usr/bin:/bin"
trunkline --version
trunkline plugins --json | grep -q '"whatsapp"'
mkdir bots && trunkline new bot hello >/dev/null
trunkline check bots
printf 'TALK "Who is there?"\nname = HEAR\nTALK "Hello, " + name\n' > hello.bas
printf 'Ana\n' | trunkline run hello.bas | grep -q 'Hello, Ana'
python -c 'import pathlib, adapters.web; root = pathlib.Path(adapters.web.__file__).parent; assert list(root.rglob("*.js")), "the page is missing from the wheel"'
python -c 'import pathlib, core.sqlite; root = pathlib.Path(core.sqlite.__file__).parent; assert list(root.rglob("*.sql")), "the SQL is missing from the wheel"'
echo "the wheel works in a clean environment"
