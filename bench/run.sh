#!/usr/bin/env bash
# Measures suites and writes their results: bench/run.sh [suite…] [--case=TEXT]. Without names, all suites. perf-results/README.md is the protocol.
# BENCH_CORE is the core to run on (default: the last one), BENCH_CORES those of the suites Threads and ThreadsProducts (default: the last two, as in 0-1); BENCH_BUILD=0 takes what is built; BENCH_PEERS names packages of peers to build in (OnnxRuntime, TorchSharp, true for both).
# BENCH_PYTHON is the interpreter for the scripts of bench/python.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Where these are set, OpenBLAS takes kernels or block sizes of another processor, and the comparison with it is worth nothing.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

# on CORES ARGUMENTS…: runs the program on those cores, before others there, where one may. taskset's numbers are not nproc's, which counts what this process may use.
on() {
  local pin=()
  ! command -v taskset >/dev/null || pin=(taskset -c "$1")
  [ "$(id -u)" != 0 ] || pin=(nice -n -20 ${pin[@]+"${pin[@]}"})
  shift
  ${pin[@]+"${pin[@]}"} dotnet run -c Release --no-build --project bench/SimdNet.Bench -- "$@"
}

# The last core, since the first one serves most interrupts; for the suites of several threads the last two.
last=$(($(getconf _NPROCESSORS_ONLN) - 1))
core=${BENCH_CORE:-$last}
cores=${BENCH_CORES:-$((last > 0 ? last - 1 : 0))-$last}

suites=() threaded=() options=() measures=1 starts=0 smoke=0
for argument in "$@"; do
  case "${argument,,}" in
    compare | --list) measures=0 ;;
    threads | threadsproducts) threaded+=("$argument") ;;
    --smoke) smoke=1 options+=("$argument") ;;
    -*) options+=("$argument") ;;
    startup) starts=1 suites+=("$argument") ;;
    *) suites+=("$argument") ;;
  esac
done

if [ ${#suites[@]} = 0 ] && [ ${#threaded[@]} = 0 ] && [ ${#options[@]} = $smoke ]; then
  starts=1
fi

if [ "${BENCH_BUILD:-1}" != 0 ]; then
  dotnet build -c Release --nologo -v quiet ${BENCH_PEERS:+"-p:Peers=$BENCH_PEERS"} bench/SimdNet.Bench
  if [ $starts = 1 ] && [ $measures = 1 ]; then
    # The program that Startup launches, and the same as native code, without which that column is named as absent.
    dotnet build -c Release --nologo -v quiet bench/SimdNet.Startup
    [ $smoke = 1 ] || dotnet publish -c Release --nologo -v quiet bench/SimdNet.Startup || rm -rf artifacts/publish/SimdNet.Startup
  fi
fi

if [ $measures = 0 ]; then
  on "$core" "$@"
  exit
fi

if [ ${#suites[@]} -gt 0 ] || [ ${#threaded[@]} = 0 ]; then
  on "$core" ${suites[@]+"${suites[@]}"} ${options[@]+"${options[@]}"}
fi

if [ ${#suites[@]} = 0 ] && [ ${#threaded[@]} = 0 ] && [ ${#options[@]} = 0 ]; then
  threaded=(Threads ThreadsProducts)
fi

if [ ${#threaded[@]} -gt 0 ]; then
  on "$cores" "${threaded[@]}" ${options[@]+"${options[@]}"}
fi
