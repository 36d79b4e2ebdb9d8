#!/usr/bin/env bash
# The tests that take larger counts before a release, in parts of minutes: tests/long.sh [part…]. Without names, all but hostile, which takes days. tests/long.sh --list names them.
# perf-results/reliability.md records what was run. Builds first; BUILD=0 takes what is built.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 SIMDNET_LONG=1

project=tests/SimdNet.Tests

# Each part with its classes.
parts=(
  "products ProductTests FusedProductTests"
  "functions FunctionAccuracyTests ActivationAccuracyTests ActivationTests"
  "gradients GradientTests GradientCheckTests"
  "weights WeightTests NonFiniteTests"
  "subnormals SubnormalTests"
  "allocations AllocationTests WorkerTeamTests"
  "predictions PredictorTests"
  "deadlocks WorkerTeamFaultTests WorkerTeamLoadTests WorkerTeamLifetimeTests TeamProcessTests"
  "processes SameBitsProcessTests"
  "bits SameBitsMatrixTests SameBitsPartsTests"
  "files RoundTripTests NpyRoundTripTests SafetensorsFileTests PythonInteropTests"
  "hostile HostileFilesTests"
)

# What no part names.
others=$(grep -rlE --include='*Tests.cs' 'Long\.(Count\(|Enabled)' "$project" | sed 's|.*/||; s|\.cs$||' | grep -vxFf <(printf '%s\n' "${parts[@]}" | tr ' ' '\n') | tr '\n' ' ')
[ -z "$others" ] || parts+=("others $others")

if [ "${1:-}" = --list ]; then
  printf '%s\n' "${parts[@]}"
  exit
fi

for name in "$@"; do
  printf '%s\n' "${parts[@]}" | grep -q "^$name " || { echo "There is no part $name: tests/long.sh --list names them." >&2; exit 2; }
done

[ "${BUILD:-1}" = 0 ] || dotnet build -c Release --nologo -v quiet "$project" || exit

echo "commit $(git rev-parse --short HEAD), $(date -u +%F)"
failed=0
for part in "${parts[@]}"; do
  read -r name classes <<<"$part"
  case " $* " in
    *" $name "*) ;;
    "  ") [ "$name" != hostile ] || continue ;;
    *) continue ;;
  esac
  filter=$(printf '|FullyQualifiedName~.%s.' $classes)
  start=$SECONDS
  result=$(dotnet test -c Release --no-build --filter "${filter:1}" "$project" 2>&1) || { failed=1; printf '%s\n' "$result"; }
  summary=$(printf '%s\n' "$result" | grep -E '^(Passed|Failed)!') || { failed=1; summary="no result"; }
  printf '%-12s %5d s  %s\n' "$name" $((SECONDS - start)) "$summary"
done
exit $failed
