#!/bin/sh
# Proves that the commands of docs/getting-started.md lead from a clone to a program that keeps members in a file.
# Writes the files that the page names, and runs each block behind <!-- run by tests/install/pages.sh --> in an empty
# folder, with less optimization and fewer components. Usage: pages.sh <cmake> <folder for the work> <compiler>
set -u
cmake=$1
work=$2
compiler=$3
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
page=$root/docs/getting-started.md

rm -rf "$work"
mkdir -p "$work" && cd "$work" || exit 1
ln -s "$root" roster

# A script of the page: the file after "Write `FILE`" is the next block.
awk '/^Write `[^`]*`/ { split($0, parts, "`"); file = parts[2] }
  /^<!-- run by tests\/install\/pages\.sh -->$/ { runs = 1; next }
  /^```/ && open { open = 0; if (file != "" && !runs) print "END_OF_FILE"; if (!runs) file = ""; runs = 0; next }
  /^```/ { open = 1; if (file != "" && !runs) print "cat > " file " << \"END_OF_FILE\""; next }
  open && (runs || file != "")' "$page" > commands
[ "$(grep -c '^cmake ' commands)" -ge 6 ] && [ "$(grep -c '^cat > ' commands)" = 2 ] || {
  cat commands
  echo "the commands of $page were not read"
  exit 1
}

cat > run << END
set -eu
HOME=$work
cmake() {
  if [ "\$1" = -S ]; then
    command "$cmake" "\$@" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O0 \\
      -DCMAKE_UNITY_BUILD=ON -DROSTER_FORMAT=OFF -DROSTER_HTTP=OFF -DROSTER_POSTGRES=OFF
  else
    CMAKE_BUILD_PARALLEL_LEVEL=2 command "$cmake" "\$@"
  fi
}
END
cat commands >> run
sh run > log 2>&1 || { cat log; exit 1; }
found=$(grep -e '^added$' -e '^zoe@example.com: ' log | tr '\n' ';')
[ "$found" = "added;zoe@example.com: added;zoe@example.com: existing;" ] || { cat log; echo "the programs printed: $found"; exit 1; }
