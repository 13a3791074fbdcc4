#!/bin/sh
# What `ironkeep mem` costs and whether it is right, on the build that users get; ends with 1 if a bar is
# missed. benches/memory.sh [cost|truth]
#
# cost: CPU time of whole processes (user and system) against `ps` and against a bare loop that reads
# smaps_rollup of every process, by turns in the same run: medians, and the median of the ratios of
# neighbours. On 2,000 small processes that are alike, 2,000 of which the k-th has 200 MB / k, and 10,000
# alike, in about 12 GB of memory. ROUNDS=99 pairs of each, a third of that on 10,000: where a bar is near, the
# medians of 31 pairs still wander by a hundredth or two.
#
# truth: processes with so much memory in known ways, and what ironkeep, ps_mem, smem and ps say it is.
# smem and ps_mem where installed (or PS_MEM=FILE); huge pages and swap where the host has them.
#
# IRONKEEP=FILE is measured in the place of a new build.
#
# Needs root, a C compiler, jq, ps of procps, unshare of util-linux: all runs in a namespace of processes of
# its own, whose end is that of everything in it.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
rounds=${ROUNDS:-99}
export LC_ALL=C

triple=x86_64-unknown-linux-gnu
if [ -z "${IRONKEEP:-}" ]; then
    RUSTFLAGS='-C target-feature=+crt-static' cargo build --quiet --release --locked --target $triple
fi
ironkeep=${IRONKEEP:-${CARGO_TARGET_DIR:-target}/$triple/release/ironkeep}
# Among themselves: what else runs on this host would be counted on both sides.
if [ "$$" != 1 ]; then
    IRONKEEP=$ironkeep exec unshare --pid --fork --kill-child --mount-proc benches/memory.sh "$@"
fi
work=$(mktemp -d)
tmpfs=$(mktemp /dev/shm/people-XXXXXX)
population='' huge=''
finish() {
    [ -z "$population" ] || kill "$population" 2>/dev/null || true
    [ -z "$huge" ] || echo "$huge" >/proc/sys/vm/nr_hugepages
    rm -rf "$work" "$tmpfs"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
people=$work/people
cc -std=gnu11 -O2 -Wall -o "$people" benches/memory/people.c -ldl
missed=0

# start WORDS…: a population; its first line is in $work/said.
start() {
    : >"$work/said"
    "$people" "$@" >"$work/said" &
    population=$!
    until [ -s "$work/said" ]; do
        kill -0 "$population" 2>/dev/null || return 1
        sleep 0.1
    done
}

stop() {
    kill "$population" 2>/dev/null || true
    wait "$population" 2>/dev/null || true
    # Its children end with it, but not at once.
    while pgrep -x people >"$work/left"; do
        sleep 0.2
    done
    population=''
}

# bar WHAT MEASURED BAR DETAIL
bar() {
    verdict=$(awk -v measured="$2" -v bar="$3" 'BEGIN { print measured <= bar ? "within" : "MISSED" }')
    [ "$verdict" = within ] || missed=1
    printf '%-52s %6s  bar %-5s %s  %s\n' "$1" "$2" "$3" "$verdict" "$4"
}

# against BAR WHAT OURS THEIRS
against() {
    "$people" pairs "$rounds" "$ironkeep $3" "$4" >"$work/pairs"
    read -r ours theirs ratio peak <"$work/pairs"
    bar "$2" "$ratio" "$1" "$ours ms to $theirs ms"
}

# Takes the program out of the page cache, so that it is there as after a boot: of a file that has just been
# written, or read as a whole, the kernel maps more around each page that is touched.
forget() {
    sync "$ironkeep"
    dd if="$ironkeep" iflag=nocache count=0 2>"$work/said"
    "$ironkeep" mem >"$work/said"
}

# peak BAR WHAT OURS
peak() {
    "$people" pairs 5 "$ironkeep $3" true >"$work/pairs"
    read -r ours theirs ratio peak <"$work/pairs"
    bar "$2" "$(echo "$peak" | awk '{ printf "%.1f", $1 * 1024 / 1e6 }')" "$1" "MB, $ours ms"
}

cost() {
    sizes='ps -eo size,pid,user,command --sort -size'
    all='mem --pss off -n 0 --format plain --columns rss,pid,user,command'
    shares='ps -eo pid,user,pss,uss,rss,comm'
    loop="$people loop"

    start people same 2000
    echo "2,000 processes alike:"
    against 0.7 'list: mem --pss off, ps size' 'mem --pss off' "$sizes"
    against 0.7 'list of all, columns as ps: mem --pss off -n 0, ps size' "$all" "$sizes"
    against 1.0 'every PSS: mem --pss all, ps pss' 'mem --pss all' "$shares"
    against 1.15 'every PSS: mem --pss all, bare loop' 'mem --pss all' "$loop"
    against 1.1 'top 15: mem, bare loop' mem "$loop"
    stop

    start people zipf 2000
    echo "2,000 processes, the k-th with 200 MB / k:"
    against 0.2 'top 15: mem, bare loop' mem "$loop"
    against 1.15 'every PSS: mem --pss all, bare loop' 'mem --pss all' "$loop"
    stop

    start people same 10000
    rounds=$(((rounds + 2) / 3))
    forget
    echo "10,000 processes alike:"
    against 0.7 'list: mem --pss off, ps size' 'mem --pss off' "$sizes"
    against 0.7 'list of all, columns as ps: mem --pss off -n 0, ps size' "$all" "$sizes"
    against 1.0 'every PSS: mem --pss all, ps pss' 'mem --pss all --budget none' "$shares"
    against 1.15 'every PSS: mem --pss all, bare loop' 'mem --pss all --budget none' "$loop"
    peak 8 'peak: mem' mem
    peak 8 'peak: mem --pss off' 'mem --pss off'
    peak 8 'peak: mem --pss all' 'mem --pss all --budget none'
    peak 8 'peak: mem --by program' 'mem --by program'
    stop
}

# mebibytes: of the bytes that are read
mebibytes() {
    awk '{ bytes += $1 } END { printf "%.1f", bytes / 1048576 }'
}

# of JSON WORDS…: what ironkeep says, as MiB.
of() {
    path=$1
    shift
    "$ironkeep" mem --format json --budget none "$@" | jq "$path" | mebibytes
}

# ours KIND PIDS
ours() {
    case $1 in
        hugetlb) of '[.data.survey.processes[].hugetlb_bytes] | add' -n 0 --pid "$2" ;;
        swap) of '.data.survey.total | .pss.at_least_bytes + .swap.at_least_bytes' --pss all --pid "$2" ;;
        *) of '.data.survey.total.pss.at_least_bytes' --pss all --pid "$2" ;;
    esac
}

# column PS_COLUMN PIDS
column() {
    ps -o "$1=" -p "$2" | awk '{ print $1 * 1024 }' | mebibytes
}

with_ps_mem() {
    if [ -n "$ps_mem" ]; then
        $ps_mem -t -p "$1" 2>/dev/null | mebibytes
    else
        echo 'not installed'
    fi
}

with_smem() {
    if command -v smem >/dev/null; then
        smem -H -c 'pid pss' | awk -v pids="$1" '
            BEGIN { split(pids, list, ","); for (at in list) asked[list[at]] = 1 }
            $1 in asked { print $2 * 1024 }
        ' | mebibytes
    else
        echo 'not installed'
    fi
}

# row WHAT ALLOCATED IRONKEEP PS_MEM SMEM PSS RSS SIZE
row() {
    off=$(awk -v is="$3" -v made="$2" 'BEGIN { off = (is - made) / made; printf "%.4f", off < 0 ? -off : off }')
    verdict=$(awk -v off="$off" 'BEGIN { print off <= 0.01 ? "within 1 %" : "MISSED" }')
    [ "$verdict" != MISSED ] || missed=1
    printf "$format" "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$8" "$verdict"
}

# population KIND WHAT
population() {
    if ! start made "$1" 2>"$work/errors"; then
        population=''
        printf '%-44s not here: %s\n' "$2" "$(cat "$work/errors")"
        return
    fi
    read -r megabytes pids <"$work/said"
    row "$2" "$megabytes" "$(ours "$1" "$pids")" "$(with_ps_mem "$pids")" "$(with_smem "$pids")" \
        "$(column pss "$pids")" "$(column rss "$pids")" "$(column size "$pids")"
    stop
}

# Of no process: what the whole host has more of afterwards.
in_tmpfs() {
    path='[.data.balance.lines[] | select(.what == "shmem").bytes] | add'
    before=$(of "$path" --pss off)
    head -c 100M /dev/zero >"$tmpfs"
    after=$(of "$path" --pss off)
    : >"$tmpfs"
    more=$(awk -v before="$before" -v after="$after" 'BEGIN { printf "%.1f", after - before }')
    row '100 MB in a file of tmpfs (shmem of the host)' 100 "$more" - - - - -
}

truth() {
    ps_mem=${PS_MEM:-$(command -v ps_mem || true)}
    format='%-46s %9s %9s %13s %13s %7s %7s %8s  %s\n'
    echo 'MiB in all processes of a population:'
    printf "$format" '' made ironkeep ps_mem smem 'ps pss' 'ps rss' 'ps size' ''
    population forks '200 MB and 8 forks that do not write to it'
    population shared '4 processes share 200 MB of /dev/shm'
    population private '1 GB of its own'
    population reserved '2 GB reserved, 100 MB written to'
    population memfd '2 processes share a memfd of 100 MB'
    in_tmpfs
    huge=$(cat /proc/sys/vm/nr_hugepages)
    echo $((huge + 40)) >/proc/sys/vm/nr_hugepages
    population hugetlb '64 MB of hugetlb pages (beside PSS)'
    echo "$huge" >/proc/sys/vm/nr_hugepages
    huge=''
    if [ "$(awk '/^SwapFree/ { print $2 }' /proc/meminfo)" -gt 409600 ]; then
        population swap '200 MB, swapped out (PSS and swap)'
    else
        printf '%-44s not here: no swap space\n' '200 MB, swapped out (PSS and swap)'
    fi
}

case ${1:-all} in
    cost) cost ;;
    truth) truth ;;
    all)
        cost
        truth
        ;;
    *) echo "usage: $0 [cost|truth]" >&2 && exit 2 ;;
esac
exit $missed
