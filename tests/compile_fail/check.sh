#!/bin/sh
# Proves that a misuse does not compile, and fails for the reason that it should.
# Usage: check.sh <snippet> <compiler and its flags>...
#
# A snippet holds the right use, and the misuse under #ifdef REFUSED: without it the snippet must compile, so a broken
# include path cannot pass for a refusal. One of its lines `// refused: <text>` must be in the output of the compiler.
set -u
snippet=$1
shift

if ! said=$("$@" -fsyntax-only "$snippet" 2>&1); then
  printf 'the right use does not compile\n%s\n' "$said"
  exit 1
fi
if said=$("$@" -fsyntax-only -DREFUSED "$snippet" 2>&1); then
  echo "the misuse compiles"
  exit 1
fi
wanted=$(sed -n 's|^// refused: ||p' "$snippet")
[ -n "$wanted" ] || { echo "the snippet does not say what it expects"; exit 1; }
if ! printf '%s\n' "$said" | grep -qF -e "$wanted"; then
  printf 'refused, but for another reason than one of\n%s\n%s\n' "$wanted" "$said"
  exit 1
fi
