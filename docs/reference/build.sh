#!/bin/sh
# Builds the pages and the reference of include/roster as a static site: build/site/index.html.
#
# Doxygen runs twice. The first run reads the headers alone: a public name without a comment is an error. The second run
# joins the pages, with links from the names in them to that reference. Warnings of both are errors.
# Installs what is missing (Debian). With ROSTER_NO_INSTALL=1 it only prints what is missing. Usage: build.sh [folder]
set -u
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
out=${1:-$root/build/site}
here=$root/docs/reference/site

sh "$root/tests/setup.sh" site || exit 1
mkdir -p "$out" && out=$(cd "$out" && pwd) || exit 1
if [ -n "$(ls -A "$out")" ] && [ ! -e "$out/doxygen.css" ]; then
  echo "$out is not empty, and no site: name another folder"
  exit 1
fi
work=$out.work
rm -rf "$work" && mkdir -p "$work" || exit 1

# The options of the Doxyfile and of standard input; a path in the output is one of the tree.
run() {
  { cat "$here/Doxyfile"; cat; } > "$work/Doxyfile"
  (cd "$work" && doxygen Doxyfile) > "$work/log" 2>&1 && return
  sed "s|$work/||" "$work/log"
  exit 1
}

python3 "$here/pages.py" headers "$root" "$work" || exit 1
run << EOF
INPUT = include "$here/namespaces.dox"
STRIP_FROM_PATH = "$work/include" "$work"
STRIP_FROM_INC_PATH = "$work/include"
GENERATE_HTML = NO
GENERATE_XML = YES
XML_PROGRAMLISTING = NO
EOF
python3 "$here/pages.py" undocumented "$work/xml" || exit 1
python3 "$here/pages.py" pages "$root" "$work/xml" "$work/pages" || exit 1
run << EOF
INPUT = pages include "$here/namespaces.dox"
STRIP_FROM_PATH = "$work/include" "$work"
STRIP_FROM_INC_PATH = "$work/include"
LAYOUT_FILE = "$here/layout.xml"
HTML_EXTRA_STYLESHEET = "$here/style.css"
USE_MDFILE_AS_MAINPAGE = pages/index.md
OUTPUT_DIRECTORY = "$work"
HTML_OUTPUT = html
EOF
rm -rf "$out" && mv "$work/html" "$out" && echo "$out/index.html"
