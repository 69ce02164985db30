#!/usr/bin/env bash
# Measures what a key costs in memory, and how long a store needs to serve again after all of its processes were killed.
#
#   infra/bench/recovery.sh [--keys N] [--value-bytes B] [--rest SECONDS] [--buckets N]
#
# Three processes of one datacenter each, on loopback, all primaries in dc1. Each key has 16 bytes and is written once (ostore bench). Memory is the resident set after a rest, less that
# of the empty store (buckets that nobody uses leave memory). Then all processes are killed with -9 and started together: the time is taken from there until every bucket has answered a linearizable get of a key that was
# written. An answer that is not the record ends the run with exit code 1. Needs curl (7.66 or newer) and the .NET SDK.
set -euo pipefail

keys=1000000 bytes=256 rest=60 buckets=64
while [ $# -gt 0 ]; do
  case $1 in
    --keys) keys=$2 ;; --value-bytes) bytes=$2 ;; --rest) rest=$2 ;; --buckets) buckets=$2 ;;
    --help | -h) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "recovery.sh: unknown option $1; see --help" >&2; exit 2 ;;
  esac
  shift 2
done
for tool in curl dotnet; do
  command -v $tool >/dev/null || { echo "recovery.sh: $tool is not installed" >&2; exit 2; }
done

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
pids=()
stop() { # signal
  for pid in "${pids[@]}"; do kill "-$1" "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  pids=()
}
trap 'stop TERM; rm -rf "$work"' EXIT
for project in silo client/OrleansStore.Cli; do
  dotnet build "$root/$project" -c Release -v quiet -o "$work/bin/$project" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 2; }
done

start() {
  local peers=dc1=127.0.0.1:15201,dc2=127.0.0.1:15202,dc3=127.0.0.1:15203 i
  for i in 1 2 3; do
    "$work/bin/silo/OrleansStore.Silo" --datacenter dc$i --http 127.0.0.1:1510$i --peer 127.0.0.1:1520$i --peers $peers --data "$work/data" \
      --buckets "$buckets" --primary dc1 >>"$work/dc$i.log" 2>&1 &
    pids+=($!)
  done
  for i in 1 2 3; do
    until curl -sf "http://127.0.0.1:1510$i/health/ready" >/dev/null; do
      kill -0 "${pids[$((i - 1))]}" 2>/dev/null || { cat "$work/dc$i.log" >&2; exit 2; }
      sleep 0.05
    done
  done
}

memory() { # kB of each process
  local pid
  for pid in "${pids[@]}"; do awk '/VmRSS/ {print $2}' "/proc/$pid/status"; done
}

url() { printf 'http://127.0.0.1:15101/v1/kv/memory/%09d' "$1"; }

start
sleep 10
empty=($(memory))
echo "writing $keys keys of 16 bytes with values of $bytes bytes" >&2
"$work/bin/client/OrleansStore.Cli/ostore" bench get --keys "$keys" --value-size "$bytes" --prefix memory/ --duration 1s --warm-up 0s --endpoints http://127.0.0.1:15101 >"$work/bench" ||
  { cat "$work/bench" >&2; exit 1; }
busy=($(memory))
echo "resting for $rest s" >&2
sleep "$rest"
full=($(memory))
for i in 0 1 2; do
  echo "dc$((i + 1)): $((empty[i] / 1024)) MB empty, $((busy[i] / 1024)) MB right after the load, $((full[i] / 1024)) MB after the rest: $(((full[i] - empty[i]) * 1024 / keys)) bytes a key"
done

# A key of each bucket.
declare -A key_of=()
for ((n = 0; n < keys && ${#key_of[@]} < buckets; n++)); do
  bucket=$(curl -sf -o /dev/null -D - "$(url "$n")" | tr -d '\r' | awk 'tolower($1) == "orleansstore-bucket:" {print $2}')
  [ -n "$bucket" ] || { echo "recovery.sh: key $n is not there" >&2; exit 1; }
  key_of[$bucket]=$n
done
for n in "${key_of[@]}"; do printf 'url = %s\noutput = /dev/null\n' "$(url "$n")"; done >"$work/urls"

stop KILL
began=$(date +%s%N)
start
ready=$(date +%s%N)
# With as many connections as buckets: each waits for its own.
curl -sSf -Z --parallel-max "${#key_of[@]}" -H 'OrleansStore-Timeout: 60000' -K "$work/urls" -w '%{http_code}\n' >"$work/answers" || { cat "$work/answers" >&2; exit 1; }
ended=$(date +%s%N)
[ "$(grep -c '^200$' "$work/answers")" = "${#key_of[@]}" ] || { cat "$work/answers" >&2; exit 1; }
echo "all killed and started: ready after $(((ready - began) / 1000000)) ms, a linearizable get of each of ${#key_of[@]} buckets answered after $(((ended - began) / 1000000)) ms"
