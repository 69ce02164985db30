#!/usr/bin/env bash
# Three datacenters of two silos each on this machine, on the Orleans engine, each datacenter on a PostgreSQL cluster of its own. Ctrl-C stops everything; nothing is left behind.
#
#   infra/orleans-demo.sh --orleans-sql DIR [--configuration Debug|Release] [--seconds N]
#
# DIR holds Orleans' own scripts for PostgreSQL, PostgreSQL-Main.sql and PostgreSQL-Clustering.sql, or the folders in which they lie. They are part of Orleans' source, not of its
# packages: take src/AdoNet of https://github.com/dotnet/orleans at the tag v10.4.2.
# With --seconds it ends by itself after that time.
set -euo pipefail

die() { echo "$*" >&2; exit 2; }

where="Orleans' scripts for PostgreSQL come with its source, not with its packages: git clone --depth 1 --branch v10.4.2 https://github.com/dotnet/orleans, then --orleans-sql orleans/src/AdoNet"
orleans_sql='' configuration=Release seconds=
while [ $# -gt 0 ]; do
  case $1 in
    --orleans-sql) orleans_sql=${2:?$1 needs a folder}; shift 2 ;;
    --configuration) configuration=${2:?$1 needs Debug or Release}; shift 2 ;;
    --seconds) seconds=${2:?$1 needs a number}; shift 2 ;;
    --help | -h) sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "$0"; exit 0 ;;
    *) die "$1 is no option of this script; see --help." ;;
  esac
done
[ -n "$orleans_sql" ] || die "--orleans-sql is missing. $where"
[ -d "$orleans_sql" ] || die "--orleans-sql $orleans_sql is no folder. $where"
main_sql=$(find "$orleans_sql" -name PostgreSQL-Main.sql -print -quit)
clustering_sql=$(find "$orleans_sql" -name PostgreSQL-Clustering.sql -print -quit)
[ -n "$main_sql" ] && [ -n "$clustering_sql" ] || die "$orleans_sql holds no PostgreSQL-Main.sql or no PostgreSQL-Clustering.sql. $where"

root=$(cd "$(dirname "$0")/.." && pwd)
binary=$root/silo/bin/orleans/$configuration/net10.0/OrleansStore.Silo.dll
tool=$root/client/OrleansStore.Cli/bin/$configuration/net10.0/ostore.dll
[ -f "$binary" ] || die "$binary is not there: dotnet build silo -c $configuration -p:Orleans=true"
[ -f "$tool" ] || die "$tool is not there: dotnet build client/OrleansStore.Cli -c $configuration"

bin=
for candidate in ${PATH//:/ } $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
  if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ] && [ -x "$candidate/psql" ]; then
    bin=$candidate
    break
  fi
done
[ -n "$bin" ] || die 'PostgreSQL is not installed: no folder has initdb, postgres and psql. The package postgresql has them.'

# A server refuses to run as root: then another user runs it.
as=()
if [ "$(id -u)" = 0 ]; then
  user=$(getent passwd postgres >/dev/null && echo postgres || echo nobody)
  as=(setpriv "--reuid=$user" --clear-groups)
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/orleans-demo-XXXXXX")
pids=() servers=()
stop() {
  trap - EXIT INT TERM
  set +e
  [ ${#pids[@]} = 0 ] || kill -TERM "${pids[@]}" 2>/dev/null
  for pid in "${pids[@]}"; do wait "$pid"; done
  [ ${#servers[@]} = 0 ] || kill -QUIT "${servers[@]}" 2>/dev/null
  for pid in "${servers[@]}"; do wait "$pid"; done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

http=5111 silo=5311 gateway=5211 database=5511
remotes_of() {
  local own=$1 list='' i
  for i in 0 1 2 3 4 5; do
    [ $((i / 2 + 1)) = "$own" ] || list+=",dc$((i / 2 + 1))=127.0.0.1:$((gateway + i))"
  done
  echo "${list#,}"
}

for dc in 1 2 3; do
  data=$folder/dc$dc port=$((database + dc - 1))
  mkdir "$data" && [ ${#as[@]} = 0 ] || chown "$user" "$data"
  chmod 755 "$folder"
  "${as[@]}" "$bin/initdb" -D "$data/data" -U postgres -A trust -E UTF8 --locale=C >"$folder/initdb$dc.log" 2>&1 || { cat "$folder/initdb$dc.log" >&2; exit 1; }
  "${as[@]}" "$bin/postgres" -D "$data/data" -p "$port" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$data" >"$folder/postgres$dc.log" 2>&1 &
  servers+=($!)
done
for dc in 1 2 3; do
  port=$((database + dc - 1))
  admin=(-X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres)
  for _ in $(seq 100); do
    "$bin/psql" "${admin[@]}" -d postgres -c 'SELECT 1' >/dev/null 2>&1 && break
    kill -0 "${servers[$((dc - 1))]}" 2>/dev/null || { cat "$folder/postgres$dc.log" >&2; exit 1; }
    sleep 0.1
  done
  "$bin/psql" "${admin[@]}" -d postgres -c "CREATE DATABASE store_dc$dc" >/dev/null
  dotnet "$tool" schema apply --postgres "Host=127.0.0.1;Port=$port;Database=store_dc$dc;Username=postgres" >/dev/null
  PGOPTIONS=--client-min-messages=warning "$bin/psql" "${admin[@]}" -d "store_dc$dc" -f "$main_sql" -f "$clustering_sql" >/dev/null
  "$bin/psql" "${admin[@]}" -d "store_dc$dc" -c 'CREATE ROLE store LOGIN IN ROLE orleansstore_runtime' -c 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO store' >/dev/null
done

for i in 0 1 2 3 4 5; do
  dc=$((i / 2 + 1))
  ORLEANSSTORE__POSTGRES="Host=127.0.0.1;Port=$((database + dc - 1));Database=store_dc$dc;Username=store" \
    dotnet "$binary" --engine orleans --datacenter "dc$dc" --http "127.0.0.1:$((http + i))" --silo-port $((silo + i)) --gateway-port $((gateway + i)) \
    --clustering postgres --storage postgres --remotes "$(remotes_of $dc)" --data "$folder" &
  pids+=($!)
done
echo "Silos 1 and 2 of dc1, dc2, dc3 serve on http://127.0.0.1:$http to $((http + 5)), in this order. Process ids: ${pids[*]}; kill -9 one and see. Ctrl-C stops everything."
if [ -n "$seconds" ]; then sleep "$seconds" & wait $!; else wait; fi
