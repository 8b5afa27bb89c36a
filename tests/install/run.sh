#!/bin/sh
# Proves that other projects can use roster in each of the ways that docs/reference/platforms.md names: an installed
# package, static and shared, with CMake and with pkg-config, and as a part of their own tree, where it must change and
# install nothing.
# Usage: run.sh <cmake> <build folder of this project> <folder for the work> <compiler>
set -u
cmake=$1
built=$2
work=$3
compiler=$4
here=$(cd "$(dirname "$0")" && pwd) || exit 1
root=$(cd "$here/../.." && pwd) || exit 1

rm -rf "$work"
mkdir -p "$work"
log=$work/log
fail() { echo "$*"; exit 1; }
quietly() { "$@" > "$log" 2>&1 || { cat "$log"; fail "failed: $*"; }; }
set_generator=""
if command -v ninja > /dev/null 2>&1; then set_generator="-GNinja"; fi
configure() { "$cmake" "$@" $set_generator -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug; }
run_host() { said=$("$1") || fail "$1 failed with $?"; [ "$said" = "added, then existing" ] || fail "$1 said $said"; }

# ---- installed as it was built, and moved to another place
quietly "$cmake" --install "$built" --prefix "$work/first"
mv "$work/first" "$work/static"
libdir=$(dirname "$(find "$work/static" -name pkgconfig -type d)")
wanted="" modules=roster defines=""
for component in format conformance http sqlite postgres; do
  [ -e "$libdir/pkgconfig/roster-$component.pc" ] || continue
  wanted="$wanted;$component"
  modules="$modules roster-$component"
  defines="$defines -DHOST_HAS_$(echo "$component" | tr a-z A-Z)"
done
[ -e "$work/static/share/licenses/roster/LICENSE" ] || fail "the licence is not installed"
if grep -rqF "$work/first" "$work/static" --include='*.cmake' --include='*.pc'; then fail "a file names the first prefix"; fi
if grep -rqF 'LINK_ONLY:>' "$work/static" --include='*.cmake'; then fail "a target is linked to nothing"; fi
quietly configure -S "$here/package" -B "$work/package" -DCMAKE_PREFIX_PATH="$work/static" -DWANTED="$wanted"
quietly "$cmake" --build "$work/package"
run_host "$work/package/host"
echo "find_package: works"

# ---- the project of docs/how-to/write-a-store.md, with the store of docs/examples/own-store
case $wanted in *conformance*)
  mkdir -p "$work/my_store"
  cp -r "$root/docs/examples/own-store" "$work/my_store/"
  mv "$work/my_store/own-store/CMakeLists.txt" "$work/my_store/"
  cp "$root/docs/examples/125-own-store.cpp" "$work/my_store/laws.cpp"
  for part in put fetch commit; do echo "#include \"own-store/$part.cpp\""; done > "$work/my_store/my_store.cpp"
  quietly configure -S "$work/my_store" -B "$work/my_store/build" -DCMAKE_PREFIX_PATH="$work/static"
  quietly "$cmake" --build "$work/my_store/build"
  quietly "${cmake%cmake}ctest" --test-dir "$work/my_store/build" --no-tests=error -R '^my store: commit/'
  echo "a store of its own, and its laws: works" ;;
esac

# ---- a wrong Outcome layout is refused when the consumer is configured, not when it crashes
cp -r "$work/static" "$work/other"
config=$(find "$work/other" -name rosterConfig.cmake)
if grep -q '_roster_built_with "1\.7[45]' "$config"; then other=1.81; else other=1.74; fi
sed -i.bak "s/_roster_built_with \"[0-9.]*\"/_roster_built_with \"$other\"/" "$config"
if configure -S "$here/package" -B "$work/mixture" -DCMAKE_PREFIX_PATH="$work/other" > "$log" 2>&1; then
  fail "a package built with Boost $other was accepted beside another Outcome ABI"
fi
tr -s '\n ' '  ' < "$log" | grep -q "another Outcome ABI" || { cat "$log"; fail "refused, but not for its Outcome ABI"; }
echo "find_package: refuses a mixture of Outcome ABIs"

# ---- an unknown component is refused
refuses() { # <prefix> <component> <what must be said>
  if configure -S "$here/package" -B "$work/unknown" -DCMAKE_PREFIX_PATH="$1" -DWANTED="$2" > "$log" 2>&1; then
    fail "a component that is not there was accepted"
  fi
  tr -s '\n ' '  ' < "$log" | grep -qF "$3" || { cat "$log"; fail "refused, but not by the words: $3"; }
}
refuses "$work/static" htpp 'roster has no component `htpp`; it has format, http, sqlite, postgres, conformance'
mv "$libdir/cmake/roster/rosterConformanceTargets.cmake" "$work/"
refuses "$work/static" conformance 'built without its component `conformance`: build it with -DROSTER_CONFORMANCE=ON'
mv "$work/rosterConformanceTargets.cmake" "$libdir/cmake/roster/"
echo "find_package: names the component that it has not"

# ---- pkg-config
if command -v pkg-config > /dev/null 2>&1; then
  # shellcheck disable=SC2086  # one word for each module
  flags=$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --cflags --libs $modules) || fail "pkg-config does not find $modules"
  # shellcheck disable=SC2086  # one word for each flag
  quietly "$compiler" -std=c++20 $defines "$here/host.cpp" $flags -o "$work/pkg_config_host" -Wl,-rpath,"$libdir"
  run_host "$work/pkg_config_host"
  echo "pkg-config: works"
else
  echo "pkg-config: not here, so not tried"
fi

# ---- a parent's Boost is the one that is written down, wherever a cross build looks for headers; and either target of fmt
mkdir -p "$work/boost/boost" "$work/fmt"
echo '#define BOOST_VERSION 108600' > "$work/boost/boost/version.hpp"
cat > "$work/parent.cmake" <<END
add_library(Boost::headers INTERFACE IMPORTED GLOBAL)
set_target_properties(Boost::headers PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "\$<BUILD_INTERFACE:$work/boost>")
set(CMAKE_FIND_ROOT_PATH $work)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
END
printf '%s\n' 'set(PACKAGE_VERSION 10.0.0)' 'set(PACKAGE_VERSION_COMPATIBLE TRUE)' > "$work/fmt/fmt-config-version.cmake"
http=OFF
case "$wanted" in *http*) http=ON ;; esac
for fmt in fmt::fmt fmt::fmt-header-only; do
  echo "add_library($fmt INTERFACE IMPORTED)" > "$work/fmt/fmt-config.cmake"
  rm -rf "$work/parent"
  quietly configure -S "$root" -B "$work/parent" -DCMAKE_PROJECT_roster_INCLUDE="$work/parent.cmake" -Dfmt_DIR="$work/fmt" \
    -DROSTER_FORMAT=ON -DROSTER_HTTP=$http -DROSTER_BUILD_TESTS=OFF -DROSTER_BUILD_EXAMPLES=OFF -DROSTER_SQLITE=OFF -DROSTER_POSTGRES=OFF
  grep -q "^fmt_DIR:.*=$work/fmt$" "$work/parent/CMakeCache.txt" || fail "another fmt was found"
  grep -qF '_roster_built_with "1.86"' "$work/parent/rosterConfig.cmake" || fail "the Boost of the parent is not written down"
done
echo "configure: knows its parent's Boost and either fmt"

# ---- inside another project, which hides its symbols, takes shared libraries and compiles in large pieces
embed() {
  quietly configure -S "$here/embedded" -B "$work/embedded" -DROSTER="$root" -DBUILD_SHARED_LIBS=ON -DCMAKE_UNITY_BUILD=ON \
    -DCMAKE_CXX_VISIBILITY_PRESET=hidden -DCMAKE_VISIBILITY_INLINES_HIDDEN=ON "$@"
  quietly "$cmake" --build "$work/embedded" -j 2
}
embed
run_host "$work/embedded/host"
quietly "$cmake" --install "$work/embedded" --prefix "$work/nothing"
[ -z "$(find "$work/nothing" -type f 2> /dev/null)" ] || fail "roster installs itself with its parent"
echo "add_subdirectory: works, and changes nothing"

# ---- shared, and installed by the parent because it asked for that
embed -DROSTER_INSTALL=ON
quietly "$cmake" --install "$work/embedded" --prefix "$work/shared" --component roster
[ -n "$(find "$work/shared" -name 'libroster.so.*')" ] || fail "the component roster has no shared library"
[ -z "$(find "$work/shared" -name '*.hpp' -o -name '*.cmake' -o -name '*.pc')" ] || fail "the component roster has more"
quietly "$cmake" --install "$work/embedded" --prefix "$work/shared" --component roster-dev
rm -rf "$work/embedded"
quietly configure -S "$here/package" -B "$work/shared-package" -DCMAKE_PREFIX_PATH="$work/shared" -DWANTED=
quietly "$cmake" --build "$work/shared-package"
run_host "$work/shared-package/host"
if command -v readelf > /dev/null 2>&1; then
  sh "$root/tests/conventions/visible.sh" readelf "MemoryStore::put_account(" "$(find "$work/shared" -name 'libroster.so.*.*.*')" ||
    fail "libroster.so shows too much, or too little"
fi
echo "find_package, shared: works"
