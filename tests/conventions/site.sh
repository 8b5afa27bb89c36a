#!/bin/sh
# Proves that docs/reference/build.sh makes a site: every public name has a comment, every link inside it resolves, and no
# Markdown is left in it. Its pages load without an error and fit the width of a phone, and its search finds a type and a
# page. Each check is also shown a sample that breaks it.
# Usage: site.sh <root of the tree> <folder for the site>; 77: there is no Doxygen, Python or Chromium.
set -u
root=$(cd "$1" && pwd) || exit 2
out=$2
here=$root/tests/conventions
for program in doxygen python3; do
  command -v $program > /dev/null 2>&1 || { echo "no $program: the site is not built"; exit 77; }
done
ROSTER_NO_INSTALL=1 sh "$root/docs/reference/build.sh" "$out/site" || exit 1

mkdir -p "$out/broken" && cd "$out" || exit 1
printf '<p id="here"><a href="#here">a</a><a href="#none">b</a><a href="none.html">c</a> **d**' > broken/links.html
found=$(python3 "$here/site_links.py" broken)
[ "$(echo "$found" | grep -c 'there is no none.html\|has no anchor none\|Markdown: ')" = 3 ] || { echo "not found: $found"; exit 1; }
rm broken/links.html
python3 "$here/site_links.py" site || exit 1

for browser in chromium chromium-browser google-chrome none; do
  command -v $browser > /dev/null 2>&1 && break
done
[ $browser != none ] || { echo "no Chromium: the pages were not loaded"; exit 77; }

# probe <folder> <pages>: prints the complaints of the probe and of the browser.
probe() {
  timeout 300 $browser --headless --no-sandbox --disable-gpu --allow-file-access-from-files --user-data-dir="$PWD/browser" \
    --enable-logging=stderr --virtual-time-budget=600000 --dump-dom \
    "file://$here/site_probe.html?file://$PWD/$1#$2" > dom 2> log
  sed -n 's/.*:CONSOLE[^ ]* /console: /p' log
  tr '\n' ' ' < dom | sed 's/.*<body>//; s/<[^>]*>/\n/g' | grep '[a-z]'
}
wide='<!doctype html><body><div style="width: 900px">wide</div><script>missing()</script>'
echo "$wide" | tee broken/index.html > broken/other.html
found=$(probe broken other.html)
for wanted in 'console: .*missing is not defined' 'too wide: other.html' 'empty: other.html' 'the search for'; do
  echo "$found" | grep -q "$wanted" || { printf 'not found by the probe: %s, only:\n%s\n' "$wanted" "$found"; exit 1; }
done

pages=$(cd site && ls ./*.html | sed 's|./||' |
  grep -E '^(index|pages|annotated|files|adr|glossary|(reference|how-to|explanation|namespace|examples-0)[^.]*|class[^.]*(engine|operation|store))\.html$')
found=$(probe site "$(echo "$pages" | tr '\n' ',' | sed 's/,$//')")
echo "$found"
[ "$found" = "probed $(echo "$pages" | wc -l) pages" ]
