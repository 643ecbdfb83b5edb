#!/usr/bin/env bash
# Builds Carillon and serves it; arguments go to the server: ./run.sh --port 5001 --database other.db
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)

if ! command -v dotnet >/dev/null; then
  echo "run.sh: the .NET SDK 10 is needed: https://dotnet.microsoft.com/download" >&2
  exit 1
fi

echo "Building Carillon..." >&2

# Standard output belongs to the server: it holds one line, the address, when ready.
if ! log=$(dotnet build "$root/src/Carillon.Server" --configuration Release --nologo --verbosity quiet 2>&1); then
  echo "$log" >&2
  echo "run.sh: the build failed" >&2
  exit 1
fi

exec dotnet "$root/src/Carillon.Server/bin/Release/net10.0/carillon.dll" serve "$@"
