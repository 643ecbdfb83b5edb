#!/usr/bin/env bash
# Feeds mutated packets, payloads and frames to the Socket.IO server: ./fuzz.sh --executions 10000000 [--seed N] [--target NAME]
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
dotnet build "$root/tests/Carillon.Fuzz" --configuration Release --nologo --verbosity quiet >&2
exec dotnet "$root/tests/Carillon.Fuzz/bin/Release/net10.0/Carillon.Fuzz.dll" "$@"
