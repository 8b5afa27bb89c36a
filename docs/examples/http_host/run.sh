#!/bin/sh
# Builds the example host, prints requests to try, and serves a small directory until it is stopped.
# Usage: run.sh [options of http_host, such as --port 9000]
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
root=$(cd "$here/../../.." && pwd) || exit 1
build=$root/build/http_host
jobs=$(nproc 2> /dev/null || echo 2)

sh "$root/tests/setup.sh" http || exit 1

mkdir -p "$build"
log=$build/build.log
# Prints the output of a step only if it failed.
quietly() { "$@" > "$log" 2>&1 || { cat "$log"; echo "failed: $*"; exit 1; }; }
set_generator=""
if [ ! -e "$build/CMakeCache.txt" ] && command -v ninja > /dev/null 2>&1; then set_generator="-GNinja"; fi
[ -x "$build/http_host" ] || echo "building the library and docs/examples/http_host in build/http_host, once" >&2
quietly cmake -S "$root" -B "$build" $set_generator -DCMAKE_BUILD_TYPE=Release -DROSTER_BUILD_TESTS=OFF \
  -DROSTER_BUILD_EXAMPLES=ON -DROSTER_HTTP=ON
quietly cmake --build "$build" --target http_host -j "$jobs"

port=8080
previous=""
for argument in "$@"; do
  [ "$previous" != --port ] || port=$argument
  previous=$argument
done
cat << LINES >&2
Try, from another terminal:

curl -i http://127.0.0.1:$port/recoup/api/organizations/members -H 'x-api-key: key-ada' -H 'Content-Type: application/json' \\
  -d '{"organizationId":"11111111-1111-4111-8111-111111111111","email":"zoe@example.com"}'
curl -i http://127.0.0.1:$port/turso/v1/organizations/acme/members -H 'Authorization: Bearer key-ada' -H 'Content-Type: application/json' \\
  -d '{"username":"grace","role":"admin"}'
curl -i http://127.0.0.1:$port/piper/v1/organizations/11111111-1111-4111-8111-111111111111/members -H 'Authorization: Bearer pat_ada' \\
  -H 'Content-Type: application/json' -d '{"email":"jsmith@example.com","role_id":"55555555-5555-4555-8555-555555555555"}'
curl -i http://127.0.0.1:$port/mem0/api/v1/orgs/organizations/11111111-1111-4111-8111-111111111111/projects/search/members/ \\
  -H 'Authorization: Token key-ada' -H 'Content-Type: application/json' -d '{"email":"grace@example.com","role":"READER"}'
curl -i http://127.0.0.1:$port/devin/v2/enterprise/organizations/11111111-1111-4111-8111-111111111111/members \\
  -H 'Authorization: Bearer apk_user_ada' -H 'Content-Type: application/json' \\
  -d '{"user_ids":["44444444-4444-4444-8444-444444444444"],"org_ids":["22222222-2222-4222-8222-222222222222"]}'
curl -i "http://127.0.0.1:$port/roster/organizations/22222222-2222-4222-8222-222222222222/members?dry_run=true" \\
  -H 'Authorization: Bearer key-ada' -H 'Content-Type: application/json' \\
  -d '{"members":[{"email":"max@example.com"},{"username":"grace","role":"admin"},{"account_id":"nobody"}]}'

LINES
exec "$build/http_host" --keys "$here/keys" "$@"
