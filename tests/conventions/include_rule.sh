#!/bin/sh
# Proves that each directory includes only the directories that it may include, and that the core includes nothing outside.
# Reads every #include of include/roster and src. Usage: include_rule.sh <root of the tree>
set -u
cd "$1" || exit 2

awk '
# ---- the table. A room may include the rooms behind its colon, and those that they may include.
# A public room is include/roster/<room>.hpp; a private one is src/<room>.hpp and src/<room>.cpp.
function table() {
  rooms("version:")
  rooms("small_vector: version")
  rooms("opaque: version")
  rooms("outcome: version")
  rooms("result: version")
  rooms("id: result")
  rooms("identity: id")
  rooms("id_source: id")
  rooms("role: id")
  rooms("request: id")
  rooms("profile: identity outcome role")
  rooms("command: identity role")
  rooms("facts: identity small_vector request role")
  rooms("decision: command facts id_source opaque outcome profile")
  rooms("operation: decision")
  rooms("store: decision")
  rooms("set_operation: operation")
  rooms("engine: operation set_operation store")
  rooms("explanation: decision")
  rooms("profiles: profile")
  rooms("records: facts")
  rooms("invitation: profile records")
  rooms("membership_reader: records")
  rooms("record_store: records")
  rooms("memory_store: membership_reader record_store store portability core/split_mix core/put_conditions")
  rooms("format: explanation memory_store operation")
  rooms("roster: engine explanation invitation memory_store profiles")
  rooms("conformance: engine memory_store backticks")  # the laws for stores; src/conformance is one room
  rooms("http: engine profiles backticks")  # one room: include/roster/http and src/http
  rooms("sqlite_store: membership_reader record_store store")
  rooms("postgres_store: membership_reader record_store store")
  rooms("backticks: version")  # src/backticks.hpp: how errors show a text
  rooms("portability: version")  # src/portability.hpp: what compilers say in different ways
  # Behind the headers. A source named after a public room is that room, unless it needs more, which is listed here.
  rooms("core/bytes: version")
  rooms("core/letters: core/bytes")
  rooms("core/sha1: version")
  rooms("core/split_mix: version")
  rooms("core/put_conditions: record_store")
  rooms("core/utf8: version")
  rooms("core/duplicates: small_vector")
  rooms("core/name_text: result core/utf8")
  rooms("core/id: id core/letters core/name_text core/sha1")
  rooms("core/name: id core/name_text")
  rooms("core/id_source: id_source core/bytes core/split_mix")
  rooms("core/request: command portability request core/bytes core/split_mix")
  rooms("core/email_grammar: identity core/letters")
  rooms("core/email: identity core/email_grammar core/utf8")
  rooms("core/selector: profile")
  rooms("core/explanation: explanation core/rules")
  rooms("core/invitation: invitation core/rules")
  rooms("core/rules: decision core/duplicates core/request core/facts_checks core/workspace")
  rooms("core/facts_checks: facts")
  rooms("core/facts: facts core/facts_checks")
  rooms("core/engine: engine core/operation core/rules")
  rooms("core/workspace: decision")
  rooms("core/operation: operation core/rules")
  rooms("core/set_operation: set_operation core/operation core/rules")
  rooms("sql: decision")
  rooms("sqlite: sqlite_store sql core/put_conditions")
  rooms("postgres: postgres_store sql core/duplicates core/put_conditions")
}

BEGIN {
  # Standard headers without input, output, clocks, threads, locales or chance.
  set(core_std, "algorithm array bit charconv compare concepts cstddef cstdint cstring exception initializer_list " \
                "iterator limits memory new numeric optional span string string_view system_error tuple type_traits " \
                "utility variant vector")
  set(memory_std, "atomic mutex shared_mutex")  # in adapters, whose stores may be shared by threads
  # In src/conformance, which is a test that travels: it races stores by threads and processes.
  set(conformance_std, "atomic cstdio deque functional map memory mutex string thread")
  set(conformance_system, "signal.h sys/wait.h unistd.h")
  set(http_others, "nlohmann/json.hpp fmt/core.h")  # each in one file of src/http, and in no header
  set(postgres_system, "libpq-fe.h cerrno numeric poll.h sys/socket.h")  # in src/postgres, which talks to a server
  set(boost, "boost/outcome/policy/terminate.hpp boost/outcome/std_result.hpp boost/outcome/try.hpp boost/version.hpp")
  table()
}
function set(names, line,    list, n, i) {
  n = split(line, list, " ")
  for (i = 1; i <= n; i++) names[list[i]] = 1
}
function rooms(line,    at) {
  at = index(line, ":")
  below[substr(line, 1, at - 1)] = substr(line, at + 1)
}
# The room of a private file, from its path below src and without its suffix.
function room_of(path,    plain) {
  if (path == "portability" || path == "backticks") return path
  if (path ~ /^conformance\//) return "conformance"
  if (path ~ /^http\//) return "http"
  if (path ~ /^memory\//) return "memory_store"  # an adapter: it knows the contract, not who drives it
  if (path ~ /^(sql|sqlite|postgres)\//) return substr(path, 1, index(path, "/") - 1)  # more of them: a folder is a room
  if (path ~ /^core\/(rules\/.*|tile|tile_.*|single|change_entries|admission|judge|transitions|organization|role|account|capacity|disclosure|guards)$/) return "core/rules"  # one room in several files
  if (path ~ /^core\/operation_(layout|report)$/) return "core/operation"  # the same
  if (path == "core/set_pages") return "core/set_operation"  # the same
  plain = path
  sub(/^core\//, "", plain)
  return !(path in below) && (plain in below) ? plain : path
}
function may(from, to,    list, n, i) {
  if (from == to) return 1
  n = split(below[from], list, " ")
  for (i = 1; i <= n; i++) if (may(list[i], to)) return 1
  return 0
}
function blame(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; broken = 1 }
function is_known(name) {
  if (name in below) return 1
  blame("`" name "` has no line in the table of tests/conventions/include_rule.sh")
  return 0
}
function check(target) {
  if (is_known(target) && !may(room, target)) blame("`" room "` may not include `" target "`")
}

FNR == 1 {
  files++
  result_seen = 0
  path = FILENAME
  sub(/\.[ch]pp$/, "", path)
  public = sub(/^include\/roster\//, "", path)
  sub(/^src\//, "", path)
  memory = !public && path ~ /^memory\//
  adapter = !public && path ~ /^(memory|sqlite)\//
  conformance = path ~ /^conformance(\/|$)/
  room = public && path !~ /^http\// ? path : room_of(path)
  is_known(room)
}

/^(inline namespace|namespace roster::inline) ROSTER_/ {
  if (public != ($0 ~ /ROSTER_PUBLIC_ABI/)) blame("the namespace of a public header is ROSTER_PUBLIC_ABI, and no other")
}

/^[ \t]*#[ \t]*include/ {
  total++
  header = $0
  sub(/^[^<"]*[<"]/, "", header)
  sub(/[>"].*$/, "", header)
  # From Boost 1.76 on a policy header does not compile before the header of the result that it is for.
  if (header == "boost/outcome/std_result.hpp") result_seen = 1
  if (header ~ /^boost\/outcome\/policy\// && !result_seen) blame("`" header "` stands before `boost/outcome/std_result.hpp`")
  target = header
  sub(/\.hpp$/, "", target)
  if (sub(/^roster\//, "", target)) check(target ~ /^http\// ? "http" : target)
  else if ($0 ~ /include[ \t]*"/) {
    if (public) blame("a public header may not include the private `" header "`")
    else check(room_of(target ~ /^rules\// ? "core/" target : target ~ /\// || target == "portability" || target == "backticks" ? target : (memory ? "memory/" : conformance ? "conformance/" : "core/") target))
  } else if (header == "chrono" && (room == "format" || path == "http/format_values")) {
    # its calendar, which reads no clock
  } else if (room == "format") {
    if (header !~ /^fmt\/(base|core)\.h$/ && !(header in core_std)) blame("`" header "` is not allowed here")
  } else if (!(header in core_std) && !(header in boost) && !(adapter && header in memory_std) &&
             !(header == "sqlite3.h" && room == "sqlite") &&
             !(conformance && header in conformance_std) && !(conformance && !public && header in conformance_system) &&
             !(room == "http" && !public && header in http_others) &&
             !(room == "postgres" && header in postgres_system) &&
             !(header == "atomic" && room == "id_source") && !(FILENAME ~ /\.cpp$/ && header ~ /^boost\/uuid\//))
    blame("`" header "` is not allowed here")
}

END {
  # A rule that has read nothing has proved nothing.
  if (files < 2 || total < 2) { print "nothing was read"; exit 2 }
  printf "%d files, %d includes\n", files, total
  exit broken
}
' $(find include/roster src -name '*.hpp' -o -name '*.cpp' | LC_ALL=C sort)
