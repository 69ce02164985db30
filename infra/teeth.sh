#!/usr/bin/env bash
# Plants deliberate bugs in a copy of the store, one at a time, and tells how soon the simulation finds each, and by which checker.
#
#   infra/teeth.sh [--seeds N] [--only NN]... [--table FILE]
#
# The bugs are the patches in tests/OrleansStore.Simulation/Teeth; each names the checker that must find it. Seeds are taken in order from 1, at most N of them (default: 5,000), on all cores at a time. The copy
# is of the work tree as it stands, in a temporary folder. --only takes the number of a patch, and can be given again; --table writes the table of the README. Exit code: 0 every bug was found by its
# checker, 1 one was not found, or by another checker, or only by a replica that stopped by itself, 2 usage, or a patch could not be applied, built or run.
set -uo pipefail

seeds=5000 table='' only=()
usage() { sed -n '2,8s/^# \{0,1\}//p' "$0"; }
refuse() { echo "teeth.sh: $1; see --help" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --seeds | --only | --table) [ $# -ge 2 ] || refuse "$1 needs a value" ;;
    *) refuse "unknown option $1" ;;
  esac
  case $1 in
    --seeds) [[ $2 =~ ^[0-9]+$ ]] && [ $((10#$2)) -gt 0 ] || refuse "--seeds is '$2', which is no number above 0"; seeds=$((10#$2)) ;;
    --only) [[ $2 =~ ^[0-9]+$ ]] || refuse "--only is '$2', which is no number"; only+=("$(printf '%02d' $((10#$2)))") ;;
    --table) table=$2 ;;
  esac
  shift 2
done

root=$(cd "$(dirname "$0")/.." && pwd)
project=tests/OrleansStore.Simulation
patches=()
if [ ${#only[@]} -eq 0 ]; then
  patches=("$root/$project"/Teeth/[0-9][0-9]-*.patch)
else
  for number in "${only[@]}"; do
    found=("$root/$project/Teeth/$number"-*.patch)
    [ -e "${found[0]}" ] || refuse "there is no patch $number"
    patches+=("${found[0]}")
  done
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
copy=$(mktemp -d) log=$(mktemp)
trap 'rm -rf "$copy" "$log"' EXIT
(cd "$root" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done | xargs -0 cp --parents -t "$copy") \
  || { echo "teeth.sh: the work tree could not be copied" >&2; exit 2; }
cd "$copy" || exit 2

# The copy stands by itself, also where the temporary folder lies in some repository.
export GIT_CEILING_DIRECTORIES=${copy%/*}

fail() {
  cat "$log" >&2
  echo "teeth.sh: $1" >&2
  exit 2
}

# The suite of a world.
project_of() { [ "$1" = whole-datacenters ] && echo tests/OrleansStore.Embedded.Tests || echo "$project"; }

# Runs seeds until one fails; what it prints goes to the log. Where TEETH_COMMAND is set, that runs instead of build and simulation: the script's own tests do so.
hunt() {
  if [ -n "${TEETH_COMMAND:-}" ]; then
    TEETH_WORLD=$1 SIM_SEEDS=$seeds bash -c "$TEETH_COMMAND" >"$log" 2>&1
    return
  fi

  local test settings=slow.runsettings
  case $1 in
    two-activations) test=Store_StaysLinearizable_WhenManySeedsOfTwoActivationsAreTried ;;
    whole-datacenters) test=WholeDatacenterTests.Store_KeepsItsPromises_WhenManySeedsAreTried ;;
    *) test=Store_KeepsItsPromises_WhenEverythingFails settings=default.runsettings ;;
  esac
  SIM_SEED=1 SIM_SEEDS=$seeds SIM_STOP=1 dotnet test "$(project_of "$1")" -c Release --no-build --settings "$settings" --filter "$test" --logger 'console;verbosity=detailed' >"$log" 2>&1
}

header() { sed -n "s/^$2: //p;/^---/q" "$1"; }

missed=0 rows=()
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch) checker=$(header "$patch" Checker) world=$(header "$patch" World)
  git apply "$patch" 2>"$log" || fail "$name cannot be applied"
  # A bug need not be in good style.
  [ -n "${TEETH_COMMAND:-}" ] || dotnet build "$(project_of "$world")" -c Release -v quiet -p:RunAnalyzers=false >"$log" 2>&1 || fail "$name cannot be built"
  started=$SECONDS
  hunt "$world"
  code=$? took=$((SECONDS - started))
  read -r seed finder < <(sed -nE 's/.*seed ([0-9]+) at [^,]*, found by ([A-Za-z ]+):.*/\1 \2/p' "$log" | head -n 1)
  if [ -z "${seed:-}" ]; then
    # Rare states that a bug keeps from being reached are not found by a checker.
    [ "$code" -eq 0 ] || grep -q 'was never reached' "$log" || fail "$name cannot be run"
    echo "$name: NOT FOUND in $seeds seeds, $took s"
    missed=$((missed + 1)) seed="not found in $seeds"
  elif [ "$finder" != "$checker" ]; then
    grep -E -m 1 -A 3 'seed [0-9]+ at ' "$log" >&2
    echo "$name: FOUND BY $finder, not by $checker, after $seed seeds, $took s"
    missed=$((missed + 1)) seed="$seed, by $finder"
  else
    echo "$name: found by $checker after $seed seeds, $took s"
  fi

  rows+=("| ${name%%-*} | $(header "$patch" Bug) | $(header "$patch" Rule) | $checker | $seed | $took |")
  git apply -R "$patch" 2>"$log" || fail "$name cannot be taken back"
  seed='' finder=''
done

if [ -n "$table" ]; then
  cd "$root" || exit 2
  printf '%s\n' '| | bug | rule that it breaks | found by | seeds | seconds |' '|---|---|---|---|---|---|' "${rows[@]}" >"$table" || exit 2
fi

echo "$((${#patches[@]} - missed)) of ${#patches[@]} bugs were found by their checkers"
[ "$missed" -eq 0 ]
