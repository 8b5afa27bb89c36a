#!/bin/sh
# Proves that the core is pure, from its objects: they use memory, unwinding and the parts of
# std::error_category, and nothing else; they have no variable, and nothing in them runs before main().
# Usage: symbol_rule.sh <nm> <readelf> <object>...
set -u
nm=$1
readelf=$2
shift 2
[ $# -gt 0 ] || { echo "no objects were given"; exit 2; }

# The symbols that the core may use, as nm prints them demangled. The first group is its own.
allowed='^roster::|^(vtable|typeinfo|typeinfo name) for roster::
^operator (new|delete)(\[\])?\(
^std::nothrow$
^(memcpy|memmove|memset|memcmp|memchr|bcmp|strlen|abort)$
^(_Unwind_Resume|__gxx_personality_v0|__cxa_begin_catch|__cxa_end_catch|__cxa_rethrow|__cxa_pure_virtual|__cxa_throw_bad_array_new_length|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|std::terminate\(\))$
^vtable for __cxxabiv1::__(si_|vmi_)?class_type_info$
^(vtable|typeinfo) for std::_V2::error_category$|^std::_V2::error_category::
^std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::
^std::__throw_(length_error|logic_error|bad_alloc|bad_array_new_length)\('

found=$("$nm" -C -u "$@" | grep -E '^ +[UwW] ' | sed 's/^ *[UwW] //' | LC_ALL=C sort -u)
[ -n "$found" ] || { echo "no symbols were read"; exit 2; }
rest=$(printf '%s\n' "$found" | grep -vE "$(printf '%s' "$allowed" | tr '\n' '|')")

# Constant tables with addresses in them stand in .data.rel.ro and are read-only once the program runs.
variables=$("$nm" -C -f sysv "$@" | awk -F'|' '{ section = $NF; gsub(/ /, "", section) }
  section ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && section !~ /^\.data\.rel\.ro/ && $1 !~ /^DW\.ref\./ { print $1 section }')
starts=$("$readelf" -SW "$@" | grep -oE '\.(init_array|ctors|preinit_array)[^ ]*' | sort -u)

status=0
say() { [ -z "$2" ] || { printf '%s\n%s\n' "$1" "$2"; status=1; }; }
say "The core asks for what it may not have:" "$rest"
say "The core has variables:" "$variables"
say "The core runs code before main():" "$starts"
[ $status -ne 0 ] || echo "$# objects, $(printf '%s\n' "$found" | wc -l) symbols"
exit $status
