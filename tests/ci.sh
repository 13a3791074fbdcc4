#!/bin/sh
# Every check of this repository, in order; the first that fails ends it. Runs on a laptop as it runs in
# CI, and installs nothing: a check whose tool is not there is named as skipped in the last lines.
set -eu
cd "$(dirname "$0")/.."

begun=$(date +%s)
skipped=''
doing='the beginning'
trap '[ $? -eq 0 ] || echo "FAILED: $doing" >&2' EXIT

# step WHAT COMMAND...
step() {
    doing=$1
    shift
    echo "== $doing"
    "$@"
}

# skip WHAT WHY
skip() {
    echo "== $1: skipped, $2"
    skipped="$skipped
  skipped: $1 ($2)"
}

have() {
    command -v "$1" >/dev/null 2>&1
}

in_git() {
    have git && git rev-parse --is-inside-work-tree >/dev/null 2>&1
}

# What is not committed: the checks must leave it as they found it.
tree() {
    git status --porcelain --untracked-files=all
    git diff
}

# The brackets keep the patterns from finding themselves.
foreign_names() {
    hosts='crates[.]io|npmjs[.]|pypi[.]|rubygems[.]|deb[.]debian'
    paths='/wor[k]/|/far[m]/'
    ! git grep -nIE "$hosts|$paths" -- . ':!*Cargo.lock'
}

# groff ends with 0 however much it has to say.
groff_is_silent() {
    said=$(groff -Kutf8 -mandoc -Tutf8 -ww -z "$@" 2>&1)
    [ -z "$said" ] || {
        echo "$said"
        return 1
    }
}

documentation() {
    RUSTDOCFLAGS='-D warnings' \
        cargo doc --workspace --no-deps --document-private-items --all-features --locked
}

unchanged() {
    [ "$(tree)" = "$before" ] || {
        echo 'the checks changed these files:'
        git status --short
        return 1
    }
}

if in_git; then
    before=$(tree)
    step 'no name of a registry host or of a folder of one machine' foreign_names
else
    skip 'names of hosts and folders' 'not a git checkout'
fi

step 'layout of the code' cargo fmt --all --check
step 'lints' cargo clippy --workspace --all-targets --locked -- -D warnings
step 'lints, every feature' \
    cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
step 'lints, the parsers alone' cargo clippy -p ironkeep-parsers --locked -- -D warnings

if have cargo-nextest; then
    step 'tests' cargo nextest run --workspace --all-features --locked --no-fail-fast \
        --status-level fail --final-status-level fail
else
    step 'tests' cargo test --workspace --all-features --locked --no-fail-fast --lib --bins --tests
fi
step 'random states of a simulated host' \
    env PROPTEST_CASES=2000 cargo test --locked --all-features --test round_trip
step 'random states, faults and commands: nothing is lost' \
    env PROPTEST_CASES=20000 cargo test --locked --all-features --test safety
step 'examples in the documentation of the code' \
    cargo test --workspace --all-features --locked --doc
step 'documentation of the code' documentation

if have chromium; then
    step 'the page for people, in a browser' \
        cargo test --locked --all-features --test page -- --ignored --nocapture
else
    skip 'the page for people, in a browser' 'no chromium'
fi

if have prometheus; then
    step 'the fleet, of a real Prometheus' \
        cargo test --locked --all-features --test fleet -- --ignored
else
    skip 'the fleet, of a real Prometheus' 'no prometheus'
fi

# Part of the fuzzer is C++; all else that is built here is content with a C compiler.
if have c++; then
    step 'parsers and server on damaged input' fuzz/run.sh 1
else
    skip 'parsers and server on damaged input' 'no c++'
fi

if have groff; then
    step 'manual pages, groff' groff_is_silent man/*.[578]
else
    skip 'manual pages, groff' 'no groff'
fi
if have mandoc; then
    step 'manual pages, mandoc' mandoc -Tlint -Wwarning man/ironkeep.8 man/ironkeep.toml.5
    # clap writes the others, and breaks lines where none need be.
    step 'manual pages that are generated, mandoc' mandoc -Tlint -Werror man/*.[578]
else
    skip 'manual pages, mandoc' 'no mandoc'
fi

if have promtool; then
    step 'metrics, promtool' \
        cargo test --locked --all-features --test metrics -- --ignored promtool
    step 'alert rules' promtool check rules packaging/prometheus/ironkeep.rules.yml
    step 'unit tests of the alert rules' promtool test rules packaging/prometheus/tests/*.yml
else
    skip 'metrics, alert rules and their unit tests' 'no promtool'
fi
if have prometheus; then
    step 'alerts and dashboards on every scenario, in Prometheus' \
        cargo test --locked --all-features --test prometheus -- --ignored
else
    skip 'alerts and dashboards in Prometheus' 'no prometheus'
fi

if have systemd-analyze; then
    step 'systemd units, and how exposed they are' sh tests/units.sh
else
    skip 'systemd units' 'no systemd-analyze'
fi
if have visudo; then
    step 'sudo rule' visudo -cqf packaging/sudoers/ironkeep
else
    skip 'sudo rule' 'no visudo'
fi
if [ "$(id -u)" -ne 0 ]; then
    skip 'Debian package' 'not root'
elif have dpkg-deb && have apt-cache && have systemd-sysusers && have sudo; then
    step 'Debian package: installed, used, removed' sh tests/deb.sh
else
    skip 'Debian package' 'no dpkg-deb, apt-cache, systemd or sudo'
fi

if have cargo-deny; then
    step 'licences and sources of dependencies' cargo deny check licenses bans sources
    if cargo deny fetch db >/dev/null 2>&1; then
        step 'known defects of dependencies' cargo deny check --disable-fetch advisories
    else
        skip 'known defects of dependencies' 'their database cannot be fetched'
    fi
else
    skip 'licences and sources of dependencies' 'no cargo-deny'
fi

if in_git; then
    step 'no file was changed by the checks' unchanged
fi

echo
echo "every check passed in $(($(date +%s) - begun)) s$skipped"
