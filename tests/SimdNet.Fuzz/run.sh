#!/usr/bin/env bash
# Fuzzes the readers of binary files with AFL++ (Debian: apt-get install afl++).
#   tests/SimdNet.Fuzz/run.sh [SECONDS [TARGET…]]     600 seconds of each reader, as many at once as there are processors, unless told otherwise
# Begins with sound files, which the program writes, and with those of corpus/TARGET. KEEP=1 puts the fewest files there that reach what was reached.
# Findings are left under artifacts/fuzz/TARGET/default/crashes and …/hangs; "dotnet artifacts/fuzz/plain/SimdNet.Fuzz.dll read TARGET FILE" reads one again.
# Ends with a line for each reader: executions, edges, findings. Exits with 1 where there is a finding.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(npy npz idx safetensors model checkpoint)
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is missing: apt-get install afl++" >&2; exit 2; }
work=$(cd ../.. && pwd)/artifacts/fuzz
rm -rf "$work"
mkdir -p "$work"
# What is instrumented runs under the fuzzer alone: seeds and findings are for the plain build.
dotnet publish -c Release --nologo -v quiet -o "$work/plain"
cp -r "$work/plain" "$work/bin"
dotnet tool restore >"$work/tool.log"
dotnet sharpfuzz "$work/bin/SimdNet.Core.dll"

# AFL++ looks for its own instrumentation, the processor's clock and the kernel's core pattern: none of them matters to a managed program.
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_TieredPGO=0

# fuzz TARGET: a reader for its time.
fuzz() {
  dotnet "$work/plain/SimdNet.Fuzz.dll" seeds "$1" "$work/seeds/$1"
  ! [ -d "corpus/$1" ] || cp "corpus/$1"/* "$work/seeds/$1"
  afl-fuzz -i "$work/seeds/$1" -o "$work/$1" -x afl.dict -t 10000 -m none -V "$seconds" -- dotnet "$work/bin/SimdNet.Fuzz.dll" "$1" >"$work/$1.log" 2>&1 || echo "afl-fuzz ended with $?" >&2
}

# keep TARGET: the fewest files with its edges, each named by what is in it.
keep() {
  rm -rf "$work/$1/kept"
  AFL_ALLOW_TMP=1 afl-cmin -e -i "$work/$1/default/queue" -o "$work/$1/kept" -t 10000 -m none -- "$(command -v dotnet)" "$work/bin/SimdNet.Fuzz.dll" "$1" >"$work/$1.cmin.log" 2>&1
  rm -rf "corpus/$1"
  mkdir -p "corpus/$1"
  local file
  for file in "$work/$1/kept"/*; do
    cp "$file" "corpus/$1/$(sha256sum <"$file" | cut -c -16)"
  done
}

for target in "${targets[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
  fuzz "$target" &
done
wait

found=0
for target in "${targets[@]}"; do
  stats=$work/$target/default/fuzzer_stats
  [ -f "$stats" ] || { echo "$target: did not start, see $work/$target.log"; found=1; continue; }
  value() { sed -n "s/^$1 *: //p" "$stats"; }
  echo "$target: $(value execs_done) executions in $(value run_time) s, $(value edges_found) edges, $(value corpus_count) files kept, $(value saved_crashes) crashes, $(value saved_hangs) hangs"
  [ "${KEEP:-0}" = 0 ] || keep "$target"
  [ "$(value saved_crashes)" = 0 ] && [ "$(value saved_hangs)" = 0 ] || found=1
done
exit $found
