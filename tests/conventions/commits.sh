#!/bin/sh
# Proves that the subject of each commit is `area: summary` in at most 72 characters. It begins after the commit in which
# the rule was written down, and is shown subjects that break the rule.
# Usage: commits.sh <root of the tree>; 77: there is no git, or no history.
set -u
since=5f7f606
earlier=9f91fd5   # written between the rule and this test
bad() { awk 'length($0) > 72 || !/^[a-z][a-z0-9_.\/+-]*(, [a-z][a-z0-9_.\/+-]*)*: [^ ]/'; }

refuses() { [ -n "$(printf '%s\n' "$1" | bad)" ] || { echo "not refused: $1"; exit 1; }; }
accepts() { [ -z "$(printf '%s\n' "$1" | bad)" ] || { echo "refused: $1"; exit 1; }; }
accepts 'docs: rewrite the outcomes plainly'
accepts 'stores, http: rewrite the comments of the sources plainly'
accepts "core: $(printf '%066d' 0)"
refuses "core: $(printf '%067d' 0)"
refuses 'Rewrite the outcomes plainly'
refuses 'Docs: rewrite the outcomes plainly'
refuses 'docs:rewrite'
refuses 'docs: '

cd "$1" || exit 2
git rev-parse --quiet --verify "$since^{commit}" > /dev/null 2>&1 || { echo "no git, or not this history"; exit 77; }
found=$(git log --no-merges --format='%h %s' "$since..HEAD" | while read -r commit subject; do
  case $commit in $earlier*) continue ;; esac
  printf '%s\n' "$subject" | bad | sed "s/^/$commit /"
done)
[ -z "$found" ] || { printf 'more than 72 characters, or not `area: summary`:\n%s\n' "$found"; exit 1; }
