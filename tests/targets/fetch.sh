#!/bin/sh
# Fetches something that targets compile with, once, from a registry of packages. Usage: fetch.sh THING FOLDER
#
# Prints where it is. Fails, with the reason on the standard error, where it cannot be had. Things:
#   boost-1.74 boost-1.81   the headers of Debian's package
#   boost-current           the headers of Boost, from PyPI
#   libc++-16               the standard library of LLVM 16: Debian's packages, which exclude version 19 when installed
#   libpq-static            what Debian's libpq.a needs besides what libpq-dev brings
#   zig                     a compiler for many machines, from PyPI
#   headers                 those of fmt, nlohmann/json, Catch2 and cpp-httplib that this system has, and Boost's, without the
#                           system's own
#   rapidcheck              its sources, from Debian
#   sqlite                  SQLite as one source file, as a package of npm carries it
set -u
thing=$1
fetched=$2
place=$fetched/$thing
new=$place.$$  # of this process: two may fetch at the same time
boost_current=1.88.0
zig=0.17.1
better_sqlite3=12.11.1

fail() { echo "cannot fetch $thing: $*" >&2; rm -rf "$new"; exit 1; }

# Unpacks packages of Debian, without installing them.
debian() {
  (cd "$new" && apt-get download "$@" && for package in *.deb; do dpkg-deb -x "$package" . && rm "$package"; done)
}
# A package of PyPI, unpacked. The wheel is an archive that Python reads.
pypi() {
  python3 -m pip download -q --no-deps --only-binary :all: -d "$new" "$1" &&
    (cd "$new" && python3 -m zipfile -e ./*.whl . && rm ./*.whl)
}
# The source archives of a Debian package: the lists of sources are read into a folder of our own, because most systems
# have none. The newest release's archive is as good: only upstream's part of it is used.
debian_source() {
  lists=$fetched/apt
  mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
  keyring=$(ls /usr/share/keyrings/debian-archive-keyring.gpg 2> /dev/null) || return 1
  mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list.d/debian.sources \
    /etc/apt/sources.list 2> /dev/null | grep /debian | head -n 1)
  printf 'Types: deb-src\nURIs: %s\nSuites: bookworm trixie\nComponents: main\nSigned-By: %s\n' \
    "${mirror:-http://deb.debian.org/debian}" "$keyring" > "$lists/source.sources"
  own="-o Dir::Etc::sourcelist=$lists/source.sources -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$lists/lists
    -o Dir::Cache=$lists/cache"
  # shellcheck disable=SC2086  # options
  apt-get $own -qq update || return 1
  # shellcheck disable=SC2086
  for version in $(apt-cache $own showsrc "$1" | sed -n 's/^Version: //p'); do
    (cd "$new" && apt-get $own -qq source --download-only "$1=$version")
    for archive in "$new"/*.orig.tar.*; do
      if [ -e "$archive" ]; then tar -xf "$archive" -C "$new" && return 0; fi
    done
  done
  return 1
}

get() {
  case $thing in
    boost-1.74) debian libboost1.74-dev ;;
    boost-1.81) debian libboost1.81-dev ;;
    boost-current) pypi "libboost-headers==$boost_current" ;;
    zig) pypi "ziglang==$zig" && chmod +x "$new/ziglang/zig" ;;
    libc++-16) debian libc++-16-dev libc++1-16 libc++abi-16-dev libc++abi1-16 libunwind-16 libunwind-16-dev ;;
    libpq-static) debian postgresql-server-dev-15 krb5-multidev libkrb5-dev libgssapi-krb5-2 libldap-dev libldap-2.5-0 ;;
    rapidcheck) debian_source rapidcheck ;;
    sqlite)
      command -v npm > /dev/null 2>&1 || fail "npm is not there"
      (cd "$new" && npm pack --silent "better-sqlite3@$better_sqlite3" && tar -xzf ./*.tgz) ;;
    headers)
      for one in boost fmt nlohmann catch2 httplib.h; do
        [ -e "/usr/include/$one" ] || fail "/usr/include/$one is not there"
        ln -s "/usr/include/$one" "$new/$one"
      done ;;
    *) fail "nobody knows what that is" ;;
  esac
}

if [ ! -d "$place" ]; then
  rm -rf "$new"
  mkdir -p "$new"
  get > "$new.log" 2>&1 || { cat "$new.log" >&2; rm "$new.log"; fail "see above"; }
  rm "$new.log"
  [ -d "$place" ] || mv "$new" "$place"
  rm -rf "$new"
fi
case $thing in
  boost-1.*) echo "$place/usr/include" ;;
  boost-current) echo "$place/libboost_headers/include" ;;
  zig) echo "$place/ziglang/zig" ;;
  rapidcheck) dirname "$(dirname "$(find "$place" -path "*include/rapidcheck.h")")" ;;
  sqlite) echo "$place/package/deps/sqlite3" ;;
  *) echo "$place" ;;
esac
