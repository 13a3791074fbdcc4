#!/bin/sh
# The systemd units of packaging/: systemd finds nothing wrong with them, and none is exposed more than the
# table in packaging/README.md says. Needs systemd-analyze; nothing is installed or started.
set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "units: $*" >&2
    exit 1
}

# The program is not installed here; whether there is another one to start does not matter.
for unit in packaging/systemd/ironkeep-*; do
    sed 's|/usr/sbin/ironkeep|/usr/bin/env|' "$unit" >"$work/${unit##*/}"
done
said=$(cd "$work" && systemd-analyze verify --man=no ./*.service ./*.socket ./*.timer 2>&1) ||
    fail "$said"
[ -z "$said" ] || fail "$said"

# The variants: the unit with the drop-in behind it.
for example in packaging/systemd/examples/*.conf; do
    name=${example##*/}
    unit=ironkeep-exporter
    case $name in textfile-*) unit=ironkeep-textfile name=${name#textfile-} ;; esac
    cat "packaging/systemd/$unit.service" "$example" >"$work/$unit-${name%.conf}.service"
done

# unit, its line in the table: | `NAME` | 3.1 | …
cd "$work"
for unit in *.service; do
    recorded=$(awk -F'|' -v unit=" \`$unit\` " '$2 == unit { print $3 + 0 }' \
        "$OLDPWD/packaging/README.md")
    [ -n "$recorded" ] || fail "packaging/README.md records no score of $unit"
    score=$(systemd-analyze security --offline=true --no-pager "./$unit" |
        sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\) .*/\1/p')
    [ -n "$score" ] || fail "systemd-analyze does not judge $unit"
    echo "$unit: exposed by $score, recorded $recorded"
    awk -v now="$score" -v then="$recorded" 'BEGIN { exit !(now <= then) }' ||
        fail "$unit is exposed by $score, and $recorded is recorded in packaging/README.md"
done
