#!/bin/sh
# Runs every fuzz target for a number of seconds each (10 unless told): run.sh [SECONDS [OUTPUT...]]
#
# Works on a stable toolchain: the coverage instrumentation needs no nightly flag, and without unsafe
# code there is nothing for a sanitizer to find. `cargo fuzz run read` works as well, with OUTPUT set.
set -eu
cd "$(dirname "$0")"
seconds=${1:-10}
[ $# -gt 0 ] && shift

target=$(rustc -vV | sed -n 's/^host: //p')
sancov="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS="--cfg fuzzing $sancov" \
    cargo build --release --locked --target "$target" --bin read --bin split \
    --bin web_config --bin web_request
# Of the parsers' crate, so that the server is not built a second time.
names=$(cargo run --quiet --locked --manifest-path ../Cargo.toml -p ironkeep-parsers --example fuzz_seeds)
mkdir -p artifacts

# One line for each target; a crash leaves its input in artifacts/ and ends the run.
fuzz() {
    log=artifacts/$1.log
    if OUTPUT=$1 "target/$target/release/$2" "corpus/$1" -max_total_time="$seconds" -max_len=65536 \
        -artifact_prefix="artifacts/$1-" -print_final_stats=1 >"$log" 2>&1; then
        printf '%-30s %s runs\n' "$1" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
    else
        printf '%-30s FAILED: see %s\n' "$1" "$log"
        tail -n 20 "$log"
        exit 1
    fi
}

if [ $# -gt 0 ]; then
    names=$*
else
    fuzz split split
    fuzz web_config web_config
    fuzz web_request web_request
fi
for name in $names; do
    fuzz "$name" read
done
