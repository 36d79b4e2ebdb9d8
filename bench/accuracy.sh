#!/usr/bin/env bash
# What networks reach on Fashion-MNIST's 10,000 test images, here and with scikit-learn, over five seeds. Writes perf-results/accuracy.md.
# bench/accuracy.sh [folder], by default the one of Debian's dataset-fashion-mnist. BENCH_PYTHON names the interpreter, /usr/bin/python3 by default (Debian: python3-sklearn); BENCH_BUILD=0 runs what is built.
# BENCH_ROWS=plain leaves out the network with batch normalization and dropout.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
folder=${1:-/usr/share/datasets/fashion-mnist}
python=${BENCH_PYTHON:-/usr/bin/python3}
seeds=(1 2 3 4 5)
plain="--layers 128:relu,10:softmax --optimizer adam --learning-rate 0.001 --batch-size 128 --epochs 10 --scale divide:255"
deep="--layers 512,batchnorm,relu,dropout:0.4,256,batchnorm,relu,dropout:0.3,10:softmax --optimizer adam --learning-rate 0.001 --schedule cosine:14070 --batch-size 128 --epochs 30 --scale divide:255"
out=$(mktemp)
trap 'rm -f "$out"' EXIT

[ "${BENCH_BUILD:-1}" = 0 ] || dotnet build -c Release --nologo -v quiet -clp:ErrorsOnly src/SimdNet.Cli >&2

# number NAME of a line of JSON.
number() { sed "s/.*\"$1\": *\([0-9.eE+-]*\).*/\1/"; }

# row TITLE COMMAND…: runs it once a seed, and prints each test accuracy, their mean and standard deviation (of the sample), and the mean time.
row() {
  local title=$1 seed line accuracies=() seconds=()
  shift
  for seed in "${seeds[@]}"; do
    line=$("$@" --seed "$seed" 2>/dev/null | tail -n 1)
    accuracies+=("$(number test_accuracy <<<"$line")")
    seconds+=("$(number seconds <<<"$line")")
    echo "$title, seed $seed: $line" >&2
  done
  printf '%s\n' "${accuracies[@]}" | awk -v title="$title" -v seconds="${seconds[*]}" '
    { a[NR] = 100 * $1; sum += a[NR] }
    END {
      mean = sum / NR
      for (i = 1; i <= NR; i++) squares += (a[i] - mean) ^ 2
      n = split(seconds, s, " ")
      for (i = 1; i <= n; i++) time += s[i] / n
      printf "| %s |", title
      for (i = 1; i <= NR; i++) printf " %.2f |", a[i]
      printf " **%.2f** | %.2f | %.0f |\n", mean, sqrt(squares / (NR - 1)), time
    }'
}

simdnet() { dotnet run -c Release --no-build --project src/SimdNet.Cli -- "$@" --json; }

# What scikit-learn says follows from its version, the data and the seed: it is kept, and not asked for again.
peer() {
  local kept="artifacts/accuracy/scikit-learn-$version-$2-epochs-seed-$4.json"
  mkdir -p artifacts/accuracy
  [ -s "$kept" ] || { "$python" bench/python/accuracy.py "$@" >"$kept.part" && mv "$kept.part" "$kept"; }
  cat "$kept"
}

here=$(row "SimdNet, 128:relu,10:softmax" simdnet train "$folder" --test "$folder" $plain)
version=$("$python" bench/python/accuracy.py --version)
there=$(row "scikit-learn, the same" peer "$folder" 10)
best=
[ "${BENCH_ROWS:-all}" = plain ] || best=$(row "SimdNet, with batch normalization and dropout" simdnet train "$folder" --test "$folder" $deep)

# The mean is the column after the five seeds.
mean() { awk -F'|' '{ gsub(/[ *]/, "", $8); print $8 }' <<<"$1"; }
difference=$(awk -v a="$(mean "$here")" -v b="$(mean "$there")" 'BEGIN { printf "%+.2f", a - b }')

cat >"$out" <<TABLE
# Accuracy on Fashion-MNIST

Written by \`bench/accuracy.sh\` on $(date -u '+%Y-%m-%d %H:%M') UTC, commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src || echo +changes); .NET $(dotnet --version) SDK, scikit-learn $version.
60,000 images to train on, 10,000 to test on; accuracy in percent on the test images after the last epoch, for five seeds (of initial weights, order and masks), with mean and standard deviation. Seconds are those of one training on a machine that does other work too, and no measurement.

| | seed 1 | 2 | 3 | 4 | 5 | mean | ± | s |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
$here
$there${best:+
$best}

The first two have the same layers, loss, optimizer (Adam, rate 0.001), batch size 128 and 10 epochs, pixels divided by 255 and no penalty. Their means differ by $difference points.

\`\`\`
simdnet train $folder --test $folder $plain --seed S
python3 bench/python/accuracy.py $folder 10 --seed S${best:+
simdnet train $folder --test $folder $deep --seed S}
\`\`\`
TABLE
mv "$out" perf-results/accuracy.md
chmod 644 perf-results/accuracy.md
