#!/bin/sh
# Starts a PostgreSQL server of its own, runs a command with ROSTER_POSTGRES set to how it is reached, and stops it.
# Usage: server.sh <folder> [-d] [-t] <command> [argument...]
#
# The server listens on a unix socket only, belongs to an unprivileged user, and keeps nothing: with -d it waits for the
# disk as a real one does, otherwise not. With -t it listens on a port of this machine as well, and ROSTER_POSTGRES_TCP
# says how it is reached there. ROSTER_POSTGRES_CONTROL is a command that stops, starts or restarts it.
# Exits with 77 where there is no PostgreSQL to start.
set -u
folder=$1
shift
settings="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
if [ "$1" = -d ]; then settings=""; shift; fi
listens="listen_addresses="
if [ "$1" = -t ]; then
  port=$((20000 + $$ % 40000))
  listens="listen_addresses=127.0.0.1 -c port=$port"
  shift
fi

programs=""
for candidate in "${ROSTER_POSTGRES_BIN:-}" $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2> /dev/null | sort -rV) \
  "$(dirname "$(command -v initdb || echo /)")"; do
  if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then programs=$candidate; break; fi
done
[ -n "$programs" ] || { echo "no PostgreSQL server here (Debian and Ubuntu: apt-get install postgresql)"; exit 77; }

# A server refuses to be root's.
as=""
if [ "$(id -u)" -eq 0 ]; then
  for user in postgres nobody; do
    if id "$user" > /dev/null 2>&1; then as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups"; break; fi
  done
fi

# Its user must be able to reach the folder, and the name of a socket must be short: otherwise both are somewhere else.
mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 1
home=$(mktemp -d "$folder/server.XXXXXX") || exit 1
[ -z "$as" ] || chown "$user" "$home"
if [ "${#home}" -gt 80 ] || ! $as test -w "$home" 2> /dev/null; then
  rmdir "$home"
  home=$(mktemp -d /tmp/roster.XXXXXX) || exit 1
  [ -z "$as" ] || chown "$user" "$home"
fi

cat > "$home/control" << END
#!/bin/sh
cd "$home"
exec env LC_ALL=C $as "$programs/pg_ctl" -s -w -t 60 -D "$home/data" -l "$home/log" \
  -o "-c $listens -c unix_socket_directories='$home' -c max_connections=60 -c max_prepared_transactions=2 -c shared_buffers=64MB \
  -c jit=off -c autovacuum_naptime=5s -c deadlock_timeout=100ms $settings" "\$@"
END
chmod +x "$home/control"
finish() {
  "$home/control" stop -m immediate > /dev/null 2>&1
  rm -rf "$home"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

cd "$home" || exit 1
LC_ALL=C $as "$programs/initdb" -D "$home/data" -U roster -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$home/initdb.log" 2>&1 ||
  { cat "$home/initdb.log"; exit 1; }
"$home/control" start > /dev/null || { cat "$home/log"; exit 1; }
cd - > /dev/null || exit 1

if [ "${port:-}" ]; then
  export ROSTER_POSTGRES_TCP="host=127.0.0.1 port=$port user=roster dbname=postgres connect_timeout=10"
fi
ROSTER_POSTGRES="host=$home ${port:+port=$port }user=roster dbname=postgres connect_timeout=10" ROSTER_POSTGRES_CONTROL="$home/control" "$@"
code=$?
if [ "${ROSTER_POSTGRES_LOG:-}" ]; then cp "$home/log" "$ROSTER_POSTGRES_LOG"; fi
exit $code
