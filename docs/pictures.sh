#!/bin/sh
# Makes the pictures of the README from the demo: docs/map.svg, docs/watch.svg, docs/health.svg.
# Needs tmux, for the one of the live view.
set -eu
cd "$(dirname "$0")/.."

cargo build --quiet --example picture
cargo build --quiet
ironkeep=$PWD/target/debug/ironkeep
picture=$PWD/target/debug/examples/picture
work=$(mktemp -d)
trap 'tmux -L pictures kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

export LC_ALL=C.UTF-8 COLUMNS=100

# The same moment in every run: time stands still on the host.
"$ironkeep" --demo-state "$work/night.json" --demo-speed 0 sim start rebuilding >/dev/null

"$ironkeep" --demo-state "$work/night.json" --color always health | "$picture" >docs/health.svg || true
"$ironkeep" --demo-state "$work/night.json" --color always map 252:3 | "$picture" >docs/map.svg

tmux -L pictures -f /dev/null new-session -d -x 100 -y 30 \
    "env TERM=tmux-256color $ironkeep --demo-state $work/night.json watch"
tmux -L pictures set -g default-terminal tmux-256color
sleep 3
tmux -L pictures capture-pane -e -p | "$picture" >docs/watch.svg
