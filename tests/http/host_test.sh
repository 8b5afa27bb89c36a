#!/bin/sh
# Proves that the example host serves the six APIs over a real socket as documented, that a thousand
# simultaneous requests for one new person make one account and one membership, and that it stops on a signal.
# Usage: host_test.sh <http_host> [store, if not memory; `postgres` is the server that ROSTER_POSTGRES names]
set -u
host=$1
store=${2:-memory}
[ "$store" != postgres ] || store=postgres:$ROSTER_POSTGRES
here=$(cd "$(dirname "$0")" && pwd) || exit 1
command -v curl > /dev/null 2>&1 || { echo "curl is not here"; exit 77; }
work=$(mktemp -d) || exit 1
server=""
trap '[ -z "$server" ] || kill -9 "$server" 2> /dev/null; rm -rf "$work"' EXIT
failed=0
fail() { echo "$*"; failed=1; }

: > "$work/says"
"$host" --keys "$here/../../docs/examples/http_host/keys" --port 0 --store "$store" > "$work/access" 2> "$work/says" &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  grep -q listening "$work/says" && break
  sleep 0.1
done
base=$(sed -n 's/^listening on //p' "$work/says")
[ -n "$base" ] || { cat "$work/says"; echo "the host did not start"; exit 1; }

acme=11111111-1111-4111-8111-111111111111
globex=22222222-2222-4222-8222-222222222222
ada=33333333-3333-4333-8333-333333333333
grace=44444444-4444-4444-8444-444444444444
editor=55555555-5555-4555-8555-555555555555
uuid='[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
moment='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z'

# ask <header> <path> <body>: what curl got, as "status body"
ask() {
  said=$(curl -s -w '%{http_code}' -X POST "$base$2" -H "$1" -H 'Content-Type: application/json' -d "$3")
  status=$(printf '%s' "$said" | tail -c 3)
  printf '%s %s' "$status" "${said%???}"
}
# is <what> <header> <path> <body> <pattern of "status body">
is() {
  got=$(ask "$2" "$3" "$4")
  printf '%s\n' "$got" | grep -Eqx -e "$5" || fail "$1: wanted
  $5
got
  $got"
}

# ---- Recoup
recoup=/recoup/api/organizations/members
key='x-api-key: key-ada'
is "recoup: a new e-mail" "$key" $recoup "{\"organizationId\":\"$acme\",\"email\":\"zoe@example.com\"}" \
  "200 \{\"status\":\"success\",\"id\":\"$uuid\",\"account_id\":\"$uuid\"\}"
first=$(ask "$key" $recoup "{\"organizationId\":\"$acme\",\"email\":\"zoe@example.com\"}")
[ "$first" = "$(ask 'Authorization: Bearer key-ada' $recoup "{\"organizationId\":\"$acme\",\"email\":\"ZOE@example.com\"}")" ] ||
  fail "recoup: the same again is not the same"
is "recoup: 400" "$key" $recoup "{\"organizationId\":\"$acme\"}" \
  '400 \{"status":"error","error":"Provide exactly one of accountId or email"\}'
is "recoup: 401" "x-api-key: nobody's" $recoup '{' '401 \{"status":"error","error":"Unauthorized: provide a valid API key"\}'
is "recoup: 403" "x-api-key: key-grace" $recoup "{\"organizationId\":\"$acme\",\"accountId\":\"$ada\"}" \
  '403 \{"status":"error","error":"Caller is not a member of the organization"\}'

# ---- Turso
turso=/turso/v1/organizations/acme/members
key='Authorization: Bearer key-ada'
is "turso: owner is not given" "$key" $turso '{"username":"grace","role":"owner"}' \
  '400 \{"error":"role must be one of admin, member, viewer"\}'
is "turso: the stored spelling" "$key" $turso '{"username":"grace"}' '200 \{"member":"Grace","role":"member"\}'
is "turso: again" "$key" $turso '{"username":"grace","role":"admin"}' \
  '409 \{"error":"user Grace is already a member of organization acme"\}'
is "turso: unknown" "$key" $turso '{"username":"nobody"}' '404 \{"error":"could not find user nobody"\}'
is "turso: forbidden" 'Authorization: Bearer key-grace' $turso '{"username":"iku"}' \
  '403 \{"error":"only organization admins or owners can add members"\}'
is "turso: personal" "$key" /turso/v1/organizations/ada/members '{"username":"grace"}' \
  '400 \{"error":"members can only be added to a team, not to a personal account"\}'
is "turso: 401" 'Authorization: Basic key-ada' $turso '{}' '401 \{"error":"missing or invalid authorization token"\}'

# ---- Piper
piper=/piper/v1/organizations/$acme/members
key='Authorization: Bearer pat_ada'
body="{\"email\":\"JSmith@example.com\",\"role_id\":\"$editor\"}"
is "piper: an unknown e-mail is invited" "$key" "$piper" "$body" \
  "200 \{\"id\":\"$uuid\",\"user_id\":\"($uuid)\",\"organization_id\":\"$acme\",\"role_id\":\"$editor\",\"created_at\":\"$moment\",\"role\":\{\"id\":\"$editor\",\"name\":\"editor\",\"is_system\":false\},\"user\":\{\"email\":\"JSmith@example.com\",\"first_name\":null,\"last_name\":null,\"id\":\"\\1\",\"is_active\":false,\"timezone\":null,\"created_at\":null,\"updated_at\":null,\"status\":\"pending\",\"invited_at\":\"$moment\"\},\"organization\":\{\"name\":\"acme\",\"id\":\"$acme\",\"business_information\":null,\"timezone\":null,\"created_by_user_id\":null,\"owner_user_id\":null,\"created_at\":null,\"updated_at\":null\}\}"
is "piper: 409" "$key" "$piper" "$body" '409 \{"detail":"User is already a member of this organization"\}'
is "piper: 422" "$key" /piper/v1/organizations/acme/members '{"role_id":"x"}' \
  '422 \{"detail":\[\{"loc":\["path","org_id"\],"msg":"Input should be a valid UUID","type":"uuid_parsing"\},\{"loc":\["body","email"\],"msg":"Field required","type":"missing"\},\{"loc":\["body","role_id"\],"msg":"Input should be a valid UUID","type":"uuid_parsing"\}\]\}'
is "piper: 401" 'Authorization: Bearer key-ada' "$piper" "$body" '401 \{"detail":"A platform token is required: it starts with pat_"\}'
is "piper: 403" 'Authorization: Bearer pat_reader' "$piper" "$body" '403 \{"detail":"Not enough permissions"\}'
is "piper: 404" "$key" "/piper/v1/organizations/$ada/members" "$body" '404 \{"detail":"Organization not found"\}'

# ---- Mem0
mem0=/mem0/api/v1/orgs/organizations/$acme/projects/search/members/
key='Authorization: Token key-ada'
body='{"email":"grace@example.com","role":"READER"}'
for _ in 1 2; do
  is "mem0: added, and again" "$key" "$mem0" "$body" '200 \{"message":"User added to the project successfully."\}'
done
is "mem0: 400" "$key" "$mem0" '{"email":"grace@example.com","role":"reader"}' '400 \{"message":"Role must be READER or OWNER."\}'
is "mem0: 401" 'Authorization: Bearer key-ada' "$mem0" "$body" \
  '401 \{"message":"Authentication credentials were not provided or are invalid."\}'
is "mem0: 403" 'Authorization: Token key-grace' "$mem0" "$body" '403 \{"message":"Unauthorized to modify project members."\}'
is "mem0: 404" "$key" "/mem0/api/v1/orgs/organizations/$globex/projects/search/members/" "$body" \
  '404 \{"message":"Organization or project not found"\}'
is "mem0: 409" "$key" "$mem0" '{"email":"grace@example.com","role":"OWNER"}' \
  '409 \{"message":"User is already a member of the project with another role."\}'

# ---- Devin
devin=/devin/v2/enterprise/organizations/$acme/members
key='Authorization: Bearer apk_user_ada'
is "devin: two lists and a group" "$key" "$devin" "{\"user_ids\":[\"$grace\"],\"org_ids\":[\"$globex\"],\"group_names\":[\"crew\"]}" \
  '200 \{"status":"success"\}'
is "devin: 422" "$key" "$devin" "{\"user_ids\":[\"$grace\",1],\"org_ids\":{}}" \
  '422 \{"detail":\[\{"loc":\["body","org_ids"\],"msg":"Input should be a valid list","type":"list_type"\},\{"loc":\["body","user_ids",1\],"msg":"Input should be a valid string","type":"string_type"\}\]\}'
is "devin: 401" 'Authorization: Bearer key-ada' "$devin" '{}' '401 \{"detail":"Not authenticated"\}'
is "devin: 403" 'Authorization: Bearer apk_user_grace' "$devin" "{\"user_ids\":[\"$grace\"],\"org_ids\":[]}" \
  "403 \{\"detail\":\"An enterprise admin's personal API key is required for organization $acme\"\}"
is "devin: 404" "$key" "$devin" '{"user_ids":["nobody"],"org_ids":[]}' '404 \{"detail":"User not found: nobody"\}'

# ---- roster's own
own=/roster/organizations/$globex/members
key='Authorization: Bearer key-ada'
is "own: created" "$key" "$own" '{"members":[{"email":"max@example.com","role":"viewer"}]}' \
  "201 \{\"dry_run\":false,\"results\":\[\{\"index\":0,\"result\":\"created\",\"code\":\"added\",\"status\":201,\"account_id\":\"$uuid\",\"account_created\":true,\"membership_id\":\"$uuid\",\"role\":\"viewer\"\}\],\"summary\":\{\"created\":1,\"changed\":0,\"unchanged\":0,\"refused\":0\}\}"
is "own: a dry run" "$key" "$own?dry_run=true" '{"members":[{"email":"max@example.com","role":"member"},{"account_id":"nobody"}]}' \
  '207 \{"dry_run":true,"results":.*"result":"changed","code":"replaced".*"code":"account_not_found".*'
is "own: a problem" "$key" "$own" '{"member":[]}' '400 \{"type":"about:blank","title":"Bad Request","status":400,.*"errors":\[.*'

# ---- whatever the API: no such path, no such method, too much
is "nothing there" "$key" /turso/v1 '{}' '404 \{"error":"there is nothing at this address: check the path"\}'
for path in / /turso /turso2/v1/organizations/acme/members; do
  [ "$(ask "$key" "$path" '{}')" = "404 " ] || fail "no API is at $path, yet something answers"
done
[ "$(curl -s -o /dev/null -w '%{http_code}' "$base$turso")" = 405 ] || fail "GET is not 405"
head -c 1100000 /dev/zero | tr '\0' ' ' > "$work/large"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$base$turso" -H "$key" -H 'Content-Type: application/json' --data-binary "@$work/large")" = 413 ] ||
  fail "a large body is not 413"
printf '{"username":"gr\0ace"}' > "$work/nul"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$base$turso" -H "$key" -H 'Content-Type: application/json' --data-binary "@$work/nul")" = 400 ] ||
  fail "a NUL byte is not 400"

# ---- a thousand at once
# storm <header> <path> <body>: 1,000 requests over 50 connections; bodies in $work/storm, statuses on output
storm() {
  mkdir -p "$work/storm"
  rm -f "$work"/storm/*
  curl -s -Z --parallel-max 50 -H "$1" -H 'Content-Type: application/json' -d "$3" \
    -o "$work/storm/#1" -w '%{http_code}\n' "$base$2?n=[1-1000]" 2> /dev/null | sort | uniq -c | awk '{ printf "%s%s x %s", sep, $2, $1; sep = ", " }'
}
got=$(storm 'x-api-key: key-ada' $recoup "{\"organizationId\":\"$acme\",\"email\":\"storm@example.com\"}")
[ "$got" = "200 x 1000" ] || fail "recoup: a thousand at once gave $got"
[ "$(cat "$work"/storm/* | sed 's/}{/}\n{/g' | sort -u | grep -c '"status":"success"')" -eq 1 ] || fail "recoup: a thousand at once gave several members"
is "recoup: it is one account" 'Authorization: Bearer key-ada' "/roster/organizations/$acme/members?dry_run=true" \
  '{"members":[{"email":"STORM@example.com"}]}' '200 .*"code":"existing".*'
got=$(storm 'Authorization: Bearer key-ada' /turso/v1/organizations/globex/members '{"username":"iku","role":"viewer"}')
[ "$got" = "200 x 1, 409 x 999" ] || fail "turso: a thousand at once gave $got"

# ---- the log, and the end
lines=$(wc -l < "$work/access")
kill -TERM "$server"
wait "$server" || fail "the host ended with $?"
server=""
lines=$(wc -l < "$work/access")
[ "$lines" -gt 2000 ] || fail "the access log has $lines lines"
grep -qv '^{"time":"[^"]*","api":"[a-z0-9]*","method":"[A-Z]*","path":' "$work/access" && fail "a line of the access log is malformed"
grep -qE 'key-ada|pat_ada|apk_user|example.com' "$work/access" && fail "the access log tells a secret"
[ $failed -ne 0 ] || echo "the host answers as documented; $lines requests"
exit $failed
