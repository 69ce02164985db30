#!/usr/bin/env bash
# Measures OrleansStore and etcd, or its two engines, in turn, in the same minutes on the same machine, and prints both and their ratio.
#
#   infra/bench/compare.sh [--against etcd|orleans|orleans-postgres] [--connections N] [--seconds S] [--rounds R] [--primary DC|ring] [--value-bytes B] [--keys K] [--buckets N]
#
# Three processes each, on loopback; every write is on the disks of a majority (fsync) before it is acknowledged, every read is linearizable. The load is wrk's, the caller of
# OrleansStore talks to dc1, the caller of etcd to its leader, through its JSON gateway (a gRPC client gets more out of etcd). Figures are the medians of the rounds. Any answer but
# 2xx, or a socket error, ends the comparison with exit code 1. Needs wrk and the .NET SDK; for etcd (the default) etcd and etcdctl (Debian: wrk, etcd-server, etcd-client); for the Orleans engine
# its packages, and with orleans-postgres, which gives each datacenter a PostgreSQL of its own, initdb, postgres and psql.
set -euo pipefail

against=etcd connections=64 seconds=15 rounds=3 primary=dc1 bytes=256 keys=100000 buckets=64
while [ $# -gt 0 ]; do
  case $1 in
    --against) against=$2 ;;
    --connections) connections=$2 ;; --seconds) seconds=$2 ;; --rounds) rounds=$2 ;; --primary) primary=$2 ;;
    --value-bytes) bytes=$2 ;; --keys) keys=$2 ;; --buckets) buckets=$2 ;;
    --help | -h) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "compare.sh: unknown option $1; see --help" >&2; exit 2 ;;
  esac
  shift 2
done
case $against in
  etcd) tools=(etcd etcdctl) ;; orleans) tools=() ;; orleans-postgres) tools=(initdb postgres psql setpriv) ;;
  *) echo "compare.sh: --against is '$against'; see --help" >&2; exit 2 ;;
esac
for tool in wrk curl dotnet "${tools[@]}"; do
  command -v $tool >/dev/null || { echo "compare.sh: $tool is not installed" >&2; exit 2; }
done

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
pids=() servers=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  for pid in "${servers[@]}"; do kill -QUIT "$pid" 2>/dev/null || true; done
  for pid in "${servers[@]}"; do wait "$pid" 2>/dev/null || true; done
  pids=() servers=()
}
trap 'stop; rm -rf "$work"' EXIT
build() { # project, folder, further arguments
  dotnet build "$root/$1" -c Release -v quiet -o "$work/$2" "${@:3}" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 2; }
}
build silo silo
[ "$against" = etcd ] || build silo silo-orleans -p:Orleans=true
[ "$against" != orleans-postgres ] || build client/OrleansStore.Cli tool

# wrk's arguments after --: value bytes, keys, first key of a preload.
cat >"$work/common.lua" <<'LUA'
local threads = 0
function setup(thread) thread:set("id", threads); threads = threads + 1 end
function init(args)
  bytes, keys, next = tonumber(args[1]), tonumber(args[2]), tonumber(args[3] or 0) + id
  math.randomseed(os.time() * 31 + id * 7919)
  prepare()
end
function key(n) return string.format("key-%08d", n) end
function any() return math.random(0, keys - 1) end
function following() local n = next; next = (next + 2) % keys; return n end
LUA
cat >"$work/store.lua" <<'LUA'
function prepare() value = string.rep("v", bytes) end
function put(n) return wrk.format("PUT", "/v1/kv/" .. key(n), nil, value) end
function get(n) return wrk.format("GET", "/v1/kv/" .. key(n)) end
LUA
cat >"$work/etcd.lua" <<'LUA'
local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local function base64(text)
  local out = {}
  for i = 1, #text, 3 do
    local a, b, c = text:byte(i, i + 2)
    local bits = a * 65536 + (b or 0) * 256 + (c or 0)
    for place, shift in ipairs({262144, 4096, 64, 1}) do
      local digit = math.floor(bits / shift) % 64 + 1
      out[#out + 1] = (place == 3 and not b or place == 4 and not c) and "=" or digits:sub(digit, digit)
    end
  end
  return table.concat(out)
end
local headers = {["Content-Type"] = "application/json"}
function prepare() value = base64(string.rep("v", bytes)) end
function put(n) return wrk.format("POST", "/v3/kv/put", headers, '{"key":"' .. base64(key(n)) .. '","value":"' .. value .. '"}') end
function get(n) return wrk.format("POST", "/v3/kv/range", headers, '{"key":"' .. base64(key(n)) .. '"}') end
LUA
cp "$work/store.lua" "$work/orleans.lua"
cp "$work/store.lua" "$work/orleans-postgres.lua"
for side in store "$against"; do
  for load in 'preload:put(following())' 'put:put(any())' 'get:get(any())'; do
    { cat "$work/common.lua" "$work/$side.lua"; echo "function request() return ${load#*:} end"; } >"$work/$side-${load%%:*}.lua"
  done
done

start_store() {
  local peers=dc1=127.0.0.1:15201,dc2=127.0.0.1:15202,dc3=127.0.0.1:15203 i
  local where=(); [ "$primary" = ring ] || where=(--primary "$primary")
  for i in 1 2 3; do
    "$work/silo/OrleansStore.Silo" --datacenter dc$i --http 127.0.0.1:1510$i --peer 127.0.0.1:1520$i --peers $peers --data "$work/data" \
      --buckets "$buckets" "${where[@]}" >"$work/dc$i.log" 2>&1 &
    pids+=($!)
  done
  for i in 1 2 3; do await "http://127.0.0.1:1510$i/health/ready"; done
  target=http://127.0.0.1:15101
}

start_orleans() { # further arguments, with {i} for the number of the datacenter
  local where=() i j remotes
  [ "$primary" = ring ] || where=(--primary "$primary")
  for i in 1 2 3; do
    remotes=''
    for j in 1 2 3; do [ $i = $j ] || remotes+=",dc$j=127.0.0.1:1540$j"; done
    "$work/silo-orleans/OrleansStore.Silo" --engine orleans --datacenter dc$i --http 127.0.0.1:1510$i --silo-port 1530$i --gateway-port 1540$i --remotes "${remotes#,}" \
      --data "$work/data" --buckets "$buckets" "${where[@]}" "${@//\{i\}/$i}" >"$work/dc$i.log" 2>&1 &
    pids+=($!)
  done
  for i in 1 2 3; do await "http://127.0.0.1:1510$i/health/ready"; done
  target=http://127.0.0.1:15101
}

start_orleans-postgres() {
  local as=() i
  # A server refuses to run as root: then another user runs it.
  [ "$(id -u)" != 0 ] || as=(setpriv "--reuid=$(getent passwd postgres >/dev/null && echo postgres || echo nobody)" --clear-groups)
  chmod 755 "$work"
  for i in 1 2 3; do
    rm -rf "$work/pg$i"
    mkdir "$work/pg$i"
    [ ${#as[@]} = 0 ] || chown "${as[1]#--reuid=}" "$work/pg$i"
    "${as[@]}" initdb -D "$work/pg$i/data" -U postgres -A trust -E UTF8 --locale=C >"$work/initdb$i.log" 2>&1 || { cat "$work/initdb$i.log" >&2; exit 2; }
    "${as[@]}" postgres -D "$work/pg$i/data" -p 1550$i -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$work/pg$i" >"$work/postgres$i.log" 2>&1 &
    servers+=($!)
  done
  for i in 1 2 3; do
    for _ in $(seq 100); do psql -h 127.0.0.1 -p 1550$i -U postgres -qc 'SELECT 1' >/dev/null 2>&1 && break; sleep 0.1; done
    "$work/tool/ostore" schema apply --postgres "Host=127.0.0.1;Port=1550$i;Database=postgres;Username=postgres" >"$work/schema$i.log" 2>&1 || { cat "$work/schema$i.log" >&2; exit 2; }
  done
  start_orleans --storage postgres --postgres 'Host=127.0.0.1;Port=1550{i};Database=postgres;Username=postgres'
}

start_etcd() {
  local cluster=m1=http://127.0.0.1:15381,m2=http://127.0.0.1:15382,m3=http://127.0.0.1:15383 i
  for i in 1 2 3; do
    etcd --name m$i --data-dir "$work/m$i" --log-level error --quota-backend-bytes 8589934592 \
      --listen-client-urls http://127.0.0.1:1537$i --advertise-client-urls http://127.0.0.1:1537$i \
      --listen-peer-urls http://127.0.0.1:1538$i --initial-advertise-peer-urls http://127.0.0.1:1538$i \
      --initial-cluster $cluster --initial-cluster-state new >"$work/m$i.log" 2>&1 &
    pids+=($!)
  done
  for i in 1 2 3; do await "http://127.0.0.1:1537$i/health"; done
  target=$(ETCDCTL_API=3 etcdctl --endpoints=http://127.0.0.1:15371,http://127.0.0.1:15372,http://127.0.0.1:15373 endpoint status |
    awk -F', ' '$5 == "true" {print $1}')
}

await() {
  local i
  for i in $(seq 150); do curl -sf "$1" >/dev/null && return; sleep 0.2; done
  echo "compare.sh: $1 did not answer" >&2; cat "$work"/*.log >&2; exit 2
}

load() { # side, load, connections, seconds, first key; prints wrk's report
  wrk -t$(($3 < 2 ? 1 : 2)) -c"$3" -d"$4s" --latency -s "$work/$1-$2.lua" "$target" -- "$bytes" "$keys" "${5:-0}" >"$work/report"
  if grep -qE 'Non-2xx|Socket errors' "$work/report"; then
    echo "compare.sh: errors in the $2 load of $1:" >&2; cat "$work/report" >&2; exit 1
  fi
}

measure() { # side: preloads, then loads; appends "operation requests/s p50 p99" lines
  local first=0 operation
  while [ $first -lt $((keys + keys / 5)) ]; do
    load "$1" preload 64 5 $((first % keys))
    # The next one goes on a little before where the slower thread can have come to.
    first=$((first + $(awk '/requests in/ {print int($1 * 0.8)}' "$work/report")))
  done
  for operation in put get; do
    load "$1" $operation "$connections" "$seconds"
    awk -v operation=$operation '
      function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
      $1 == "50%" {p50 = ms($2)} $1 == "99%" {p99 = ms($2)} $1 == "Requests/sec:" {rate = $2}
      END {printf "%s %.0f %.3f %.3f\n", operation, rate, p50, p99}' "$work/report" | tee -a "$work/$1.results" | sed "s/^/  $1 /"
  done
}

median() { # side, operation, column
  awk -v operation="$2" -v column="$3" '$1 == operation {print $column}' "$work/$1.results" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'
}

for round in $(seq "$rounds"); do
  echo "round $round of $rounds: operation, requests/s, p50 ms, p99 ms"
  for side in store "$against"; do
    rm -rf "$work/data" "$work"/m[123]
    start_$side
    measure $side
    stop
  done
done

echo
other=$against
[ "$against" != etcd ] || other="etcd $(etcd --version | awk 'NR == 1 {print $3}') (JSON gateway)"
echo "OrleansStore (embedded engine, $buckets buckets, primaries: $primary) and $other; $connections connections, $bytes-byte values, $keys keys, medians of $rounds"
printf '%-5s %28s %28s %8s %8s %8s\n' '' 'OrleansStore req/s p50 p99' "$against req/s p50 p99" ratio p50 p99
for operation in put get; do
  ours=($(for column in 2 3 4; do median store $operation $column; done))
  theirs=($(for column in 2 3 4; do median "$against" $operation $column; done))
  awk -v o=$operation -v a="${ours[0]}" -v b="${ours[1]}" -v c="${ours[2]}" -v x="${theirs[0]}" -v y="${theirs[1]}" -v z="${theirs[2]}" \
    'BEGIN {printf "%-5s %12d %7.2f %7.2f %12d %7.2f %7.2f %8.2f %8.2f %8.2f\n", o, a, b, c, x, y, z, a / x, b / y, c / z}'
done
