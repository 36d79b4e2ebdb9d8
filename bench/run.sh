#!/usr/bin/env bash
# Measures suites and writes their results: bench/run.sh [suite…] [--case=TEXT]. Without names, all suites. perf-results/README.md is the protocol.
# BENCH_CORE is the core to run on (default: the last one); BENCH_BUILD=0 takes what is built; BENCH_PEERS names packages of peers to build in (OnnxRuntime, TorchSharp, true for both).
# BENCH_PYTHON is the interpreter for the scripts of bench/python.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Where these are set, OpenBLAS takes kernels or block sizes of another processor, and the comparison with it is worth nothing.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

if [ "${BENCH_BUILD:-1}" != 0 ]; then
  dotnet build -c Release --nologo -v quiet ${BENCH_PEERS:+"-p:Peers=$BENCH_PEERS"} bench/SimdNet.Bench
fi

pin=()
if command -v taskset >/dev/null; then
  # The last core: the first one serves most interrupts. Not nproc, which counts what this process may use.
  core=${BENCH_CORE:-$(($(getconf _NPROCESSORS_ONLN) - 1))}
  pin=(taskset -c "$core")
fi

# Before others on that core, where one may.
[ "$(id -u)" != 0 ] || pin=(nice -n -20 ${pin[@]+"${pin[@]}"})
exec ${pin[@]+"${pin[@]}"} dotnet run -c Release --no-build --project bench/SimdNet.Bench -- "$@"
