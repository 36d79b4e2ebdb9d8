#!/usr/bin/env bash
# How long a tiny trainer needs from the start of its process to its first step, and to full speed, under the JIT and as native code.
# bench/startup.sh [launches], 11 by default. Writes a table for perf-results/<processor>/Startup.md. BENCH_CORE is the core to run on, the last one by default.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredCompilation=1
launches=${1:-11}
name=SimdNet.Startup

dotnet build -c Release --nologo -v quiet "bench/$name" >&2
dotnet publish -c Release --nologo -v quiet "bench/$name" >&2
jit=artifacts/bin/$name/release/$name
native=artifacts/publish/$name/release_native/$name

pin=()
if command -v taskset >/dev/null; then
  pin=(taskset -c "${BENCH_CORE:-$(($(getconf _NPROCESSORS_ONLN) - 1))}")
fi

# median COLUMN of standard input.
median() { cut -f "$1" | sort -g | awk '{ values[NR] = $1 } END { print values[int((NR + 1) / 2)] }'; }

# row TITLE PROGRAM CASE: launches it, the first time to warm the files' cache, and prints medians.
row() {
  local lines
  lines=$(for ((i = 0; i <= launches; i++)); do
    # The time is read by the shell itself, right before it starts the process.
    ${pin[@]+"${pin[@]}"} "$2" "$3" "${EPOCHREALTIME/[.,]/}"
  done | tail -n +2)
  printf '| %s | %.1f ms | %.1f ms | %.0f ns | %.0f ns | %.0f ns | %s |\n' "$1" $(for column in 1 2 4 5 3 6; do median $column <<<"$lines"; done)
}

cat <<EOF
# Startup

Written by bench/startup.sh on $(date -u '+%Y-%m-%d %H:%M') UTC, commit $(git rev-parse --short HEAD), .NET $(dotnet --version | head -n 1) SDK; medians of $launches launches.
The time of a step is the median of it and the eight after it. Full speed: the median of a thousand steps two seconds later; it is reached at the first step that takes at most 1.25 times as long.

| Trainer | Main reached | First step done | Step 10 takes | Step 100 | Full speed | Reached at step |
|---|--:|--:|--:|--:|--:|--:|
EOF
row "JIT, 4-8-8-1, single samples" "$jit" small
row "JIT, 784-128-10, batches of 32" "$jit" digits
row "NativeAOT, 4-8-8-1, single samples" "$native" small
row "NativeAOT, 784-128-10, batches of 32" "$native" digits
