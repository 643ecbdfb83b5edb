#!/usr/bin/env bash
# Builds what the benchmarks need and runs them; see docs/benchmarks.md. Options: bench/run.sh --help
set -euo pipefail
cd "$(dirname "$0")/.."

# Server and generator hold one descriptor for each subscriber.
ulimit -n "$(ulimit -Hn)"

build() { dotnet build --nologo --verbosity quiet --configuration Release "$1" >&2; }
for project in Carillon.Bench SocketIO.Peer SignalR.Peer; do build "bench/$project"; done
if [ -d src/Carillon.Server ]; then build src/Carillon.Server; fi
if [ ! -d bench/socketio-node/node_modules ]; then npm ci --prefix bench/socketio-node --silent >&2; fi

exec dotnet bench/Carillon.Bench/bin/Release/net10.0/Carillon.Bench.dll "$@"
