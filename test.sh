#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every suite. The last line is "N passed, N failed[, N skipped]".
set -uo pipefail
cd "$(dirname "$0")" || exit 1

fail() {
  echo "test.sh: $1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

eng/install-test-tools.sh || fail "a tool that the tests need could not be installed"
dotnet build Carillon.slnx --configuration Release --nologo --verbosity quiet || fail "the build failed"

# One suite after the other: some start many processes, and a crowded machine makes any clock wrong.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet test --solution Carillon.slnx --configuration Release --no-build --max-parallel-test-modules 1 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

count() { sed -n "s/^ *$1: *\([0-9]\{1,\}\)\$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded)
failed=$(count failed)
skipped=$(count skipped)
if [ -z "$passed" ] || [ -z "$failed" ]; then
  fail "the test runner ended without a summary"
fi

# A suite that crashed or ran nothing has no failed test, but is no success.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  failed=1
fi

if [ "${skipped:-0}" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
