#!/bin/sh
# Installs what is missing, and nothing else. Usage: setup.sh quickstart | http | tests | ci | site
#
# Looks for the headers and programs themselves rather than for packages, so another compiler, another Boost or a
# library in /usr/local counts as present. With ROSTER_NO_INSTALL=1 it only prints what is missing, and fails if anything is.
set -u
purpose=${1:-tests}
missing=""

need() { missing="$missing $1"; }
has() { command -v "$1" > /dev/null 2>&1; }
compiler=${CXX:-c++}
has "$compiler" || compiler=g++

# Asks the compiler, which knows where it looks; before there is one, the folder where packages put headers.
has_header() {
  if has "$compiler"; then
    printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | $compiler -std=c++20 -E -x c++ - > /dev/null 2>&1
  else
    [ -e "/usr/include/$1" ]
  fi
}

if [ "$purpose" = site ]; then
  has doxygen || need doxygen
  has python3 || need python3
else
  has "$compiler" || need g++
  has cmake || need cmake
  has ninja || has make || need ninja-build
  # libboost-dev and libboost1.81-dev exclude each other: whichever is there is good enough.
  has_header boost/outcome/std_result.hpp || need libboost-dev
  has_header fmt/core.h || need libfmt-dev
  has_header sqlite3.h || need libsqlite3-dev
fi
if [ "$purpose" != quickstart ] && [ "$purpose" != site ]; then
  has_header nlohmann/json.hpp || need nlohmann-json3-dev
  has_header httplib.h || need libcpp-httplib-dev
  has pkg-config || need pkg-config
fi
# The packages of the tests, and those without which some are skipped.
if [ "$purpose" = ci ]; then
  has valgrind || need valgrind
fi
if [ "$purpose" = tests ] || [ "$purpose" = ci ]; then
  has_header libpq-fe.h || has_header postgresql/libpq-fe.h || need libpq-dev
  has initdb || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || need postgresql
  has_header catch2/catch.hpp || has_header catch2/catch_all.hpp || need catch2
  has_header rapidcheck.h || need librapidcheck-dev
  has curl || need curl
fi

[ -n "$missing" ] || exit 0
if [ "${ROSTER_NO_INSTALL:-0}" != 0 ]; then
  echo "missing:$missing"
  exit 1
fi
if ! has apt-get; then
  echo "missing (by the names of Debian's packages):$missing"
  echo "this system has no apt-get: install these in its own way and run this again"
  exit 1
fi

sudo=""
if [ "$(id -u)" -ne 0 ]; then
  has sudo || { echo "missing:$missing; to install them, run this as root"; exit 1; }
  sudo="sudo"
fi
echo "installing:$missing"
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
install() {
  # shellcheck disable=SC2086  # one word for each package
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > "$log" 2>&1
}
# The lists of packages may be absent or old, and an installation before this one may have been cut off: mend either only if
# it does not work without.
if ! install; then
  $sudo env DEBIAN_FRONTEND=noninteractive dpkg --configure -a > "$log" 2>&1
  $sudo apt-get update -qq > "$log" 2>&1
  install || { cat "$log"; echo "could not install:$missing"; exit 1; }
fi
