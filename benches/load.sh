#!/bin/sh
# The exporter of a host with 240 drives: its memory over 10,000 scrapes, then under the load of wrk, with
# Debian's prometheus-node-exporter under the same load in the same run: benches/load.sh [SECONDS]
#
# Needs curl, jq, wrk and prometheus-node-exporter. MegaCLI is the stand-in of the tests, on a simulated host.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-30}
interval=10

# As the README builds it: linked statically.
target=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS='-C target-feature=+crt-static' \
    cargo build --quiet --release --locked --target "$target" --features fakes --bins
release=$PWD/target/$target/release
work=$(mktemp -d)
daemon='' other=''
trap 'kill $daemon $other 2>/dev/null || true; wait; rm -rf "$work"' EXIT

# One of the eight controllers of the scenario.
"$release/ironkeep" --demo-state "$work/fleet.json" sim start fleet >"$work/said"
jq '.host.controllers |= .[:1]' "$work/fleet.json" >"$work/host.json"
ln -s "$release/fake-megacli" "$work/megacli"
echo "state = \"$work/host.json\"" >"$work/megacli.toml"

"$release/ironkeep" --megacli "$work/megacli" export serve --web.listen-address 127.0.0.1:0 \
    --interval "${interval}s" --state "$work/state.json" >"$work/said" 2>"$work/errors" &
daemon=$!
for _ in $(seq 600); do
    url=$(sed -n 's/.*listening on \(http:.*\)/\1/p' "$work/errors")
    [ -n "$url" ] && curl -sf "$url/-/ready" >"$work/said" && break
    sleep 0.1
done

# peak WHEN
peak() {
    kilobytes=$(awk '/^VmHWM/ { print $2 }' "/proc/$daemon/status")
    awk -v kb="$kilobytes" -v when="$1" 'BEGIN { printf "peak resident memory %s: %.1f MB\n", when, kb * 1024 / 1e6 }'
}

# scrape FROM TO: every form of every page, over connections that are kept and new ones.
scrape() {
    for format in 'text/plain' 'application/openmetrics-text'; do
        for encoding in identity gzip; do
            curl -sf -o /dev/null -H "Accept: $format" -H "Accept-Encoding: $encoding" "$url/metrics?[$1-$2]"
        done
    done
}

echo "metrics: $(curl -s "$url/metrics" | wc -c) bytes, page: $(curl -s "$url/" | wc -c) bytes"
peak 'after the first collection'
scrape 1 250
peak 'after 1,000 scrapes'
for part in 1 2 3 4 5 6 7 8 9; do
    scrape 1 250
    curl -sf -o /dev/null "$url/?[1-20]"
done
peak 'after 10,000 scrapes'

runs() {
    wc -l <"$work/megacli.log"
}
collections() {
    curl -s "$url/-/healthy" | jq .collections
}

# Scrapes alone end within a collection or two; pages that are made while the ones before are still
# there are what costs most.
until [ "$(collections)" -ge 10 ]; do
    sleep 1
done
peak 'after 10,000 scrapes and 10 collections (bar: 20 MB)'

# load NAME URL
load() {
    wrk -t2 -c32 -d"${seconds}s" --latency "$2" >"$work/$1.wrk"
    awk -v name="$1" '
        $1 == "99%" { p99 = $2 }
        $1 == "Requests/sec:" { requests = $2 }
        $1 == "Transfer/sec:" { transfer = $2 }
        /Socket errors|Non-2xx/ { errors = errors " " $0 }
        END { printf "%s: %s requests/s, %s/s, p99 %s, errors:%s\n", name, requests, transfer, p99, errors ? errors : " none" }
    ' "$work/$1.wrk"
}

# value FILE KEY COLUMN: in bytes, or in milliseconds
value() {
    awk -v key="$2" '$1 == key {
        number = $2 + 0
        unit = $2
        sub(/^[0-9.]+/, "", unit)
        split("B 1 KB 1024 MB 1048576 GB 1073741824 us 0.001 ms 1 s 1000", words, " ")
        for (at = 1; at in words; at += 2) if (words[at] == unit) print number * words[at + 1]
    }' "$work/$1.wrk"
}

# While nothing asks, and then under load: how often MegaCLI runs.
before="$(runs) $(collections)"
sleep "$seconds"
between="$(runs) $(collections)"
(
    while sleep 0.2; do
        curl -s "$url/metrics" | sha256sum
    done >"$work/bodies"
) &
sampler=$!
load ironkeep "$url/metrics"
kill "$sampler"
after="$(runs) $(collections)"
peak 'after the load'

port=$((${url##*:} + 1))
prometheus-node-exporter --web.listen-address "127.0.0.1:$port" >"$work/node" 2>&1 &
other=$!
for _ in $(seq 100); do
    curl -sf "http://127.0.0.1:$port/metrics" >"$work/said" && break
    sleep 0.1
done
echo "node_exporter's metrics: $(wc -c <"$work/said") bytes"
load node_exporter "http://127.0.0.1:$port/metrics"

echo "$before $between $after" | awk '{
    printf "MegaCLI at rest: %d runs in %d collections; under load: %d runs in %d collections\n",
        $3 - $1, $4 - $2, $5 - $3, $6 - $4
}'
echo "different pages seen under load: $(sort -u "$work/bodies" | wc -l) of $(wc -l <"$work/bodies") (one for each collection)"
echo "$(value ironkeep Transfer/sec:) $(value node_exporter Transfer/sec:) $(value ironkeep 99%) $(value node_exporter 99%)" | awk '{
    printf "bytes per second: %.1f times those of node_exporter (bar: 5)\n", $1 / $2
    printf "p99: %.2f ms, that of node_exporter: %.2f ms (bar: below)\n", $3, $4
}'
