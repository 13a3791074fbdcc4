#!/bin/sh
# Makes the pictures of the README from the demo: a recorded night, the map, the live view.
# Needs tmux, for the live view.
set -eu
cd "$(dirname "$0")/.."

cargo build --quiet --example picture
cargo build --quiet
PATH=$PWD/target/debug:$PWD/target/debug/examples:$PATH
docs=$PWD/docs
work=$(mktemp -d)
trap 'tmux -L pictures kill-server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

export LC_ALL=C.UTF-8 COLUMNS=100

# Shows a command line, runs it, and shows what it prints. `health` ends with 4 where something is wrong.
type() {
    printf '\033[1m$ %s\033[0m\n' "$*"
    "$@" --color always || test $? -eq 4
    echo
}

# A night, on a host whose time stands still between the commands: the same in every run.
{
    type ironkeep --demo-state night.json --demo-speed 0 sim start healthy
    type ironkeep --demo-state night.json sim fail 252:3
    type ironkeep --demo-state night.json health
    type ironkeep --demo-state night.json sim tick 45m
    type ironkeep --demo-state night.json operation list
    type ironkeep --demo-state night.json sim finish
    type ironkeep --demo-state night.json sim pull 252:3
    type ironkeep --demo-state night.json sim insert 252:3 blank
    type ironkeep --demo-state night.json sim finish
    type ironkeep --demo-state night.json health
} 2>&1 | picture >"$docs/night.svg"

ironkeep --demo=rebuilding --color always map 252:2 | picture >"$docs/map.svg"

# Here time runs, a minute a second, so that the end of the rebuild can be told.
ironkeep --demo-state live.json --demo-speed 60 sim start rebuilding >/dev/null
tmux -L pictures -f /dev/null new-session -d -x 100 -y 28 \
    "env TERM=tmux-256color ironkeep --demo-state live.json watch --interval 1"
tmux -L pictures set -g default-terminal tmux-256color
sleep 6
tmux -L pictures capture-pane -e -p | picture >"$docs/watch.svg"
