#!/bin/sh
# Holds the README's promise on a fresh machine: makes a clean Debian below a temporary folder, with git, a
# C compiler and this machine's Rust and nothing else, clones the commit that is checked out here into it,
# and runs the README's first command there, then its second. Says PASS or FAIL and leaves nothing behind.
#
#   sudo tests/fresh_machine.sh          both commands; the second takes a while
#   sudo tests/fresh_machine.sh first    the first alone
#
# Needs root and debootstrap. FRESH_SUITE and FRESH_MIRROR name another suite or mirror than this machine's
# apt uses, TMPDIR another place for the 6 GB.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

# The lines of the README's Nth block of shell commands.
readme_block() {
    awk -v wanted="$1" '
        /^```sh$/ { block++; inside = 1; next }
        /^```$/ { inside = 0 }
        inside && block == wanted' README.md
}

# What this machine's apt says of Debian's main archive: FORMAT is one of apt-get's fields.
of_apt() {
    apt-get indextargets --format "\$(ORIGIN) \$(COMPONENT) \$(CODENAME) $1" 'Created-By: Packages' |
        awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ { print $4; exit }'
}

# Inside: root of a mount namespace of its own, so that nothing mounted here is left outside.
inside() {
    fresh=$1 toolchain=$2
    mount --bind "$toolchain" "$fresh/opt/rust"
    mount -o remount,bind,ro "$fresh/opt/rust"
    # As every machine has it: the tests of `watch` open pseudo-terminals.
    mkdir -p "$fresh/dev/pts"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$fresh/dev/pts"
    ln -sf pts/ptmx "$fresh/dev/ptmx"
    # The machine's way to the network, and none of its other settings.
    set -- HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/opt/rust/bin:/usr/sbin:/usr/bin:/sbin:/bin
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        eval "value=\${$name:-}"
        [ -z "$value" ] || set -- "$@" "$name=$value"
    done
    run() {
        chroot "$fresh" env -i "$@"
    }
    run "$@" git clone -q /root/ironkeep.bundle /root/ironkeep

    echo "== $first"
    status=0
    run "$@" sh -c "cd /root/ironkeep && $first" >"$fresh/root/first" || status=$?
    cat "$fresh/root/first"
    # Status 4: the health of the host in the example needs attention.
    case $status in 0 | 4) ;; *) fail "the first command ended with $status" ;; esac
    grep -q '^controller 0: ' "$fresh/root/first" || fail 'the first command showed no controller'

    [ "$commands" = both ] || return 0
    echo "== $second"
    run "$@" sh -c "cd /root/ironkeep && $second" || fail "the second command ended with $?"
}

if [ "${1:-}" = --inside ]; then
    shift
    inside "$@"
    exit
fi

commands=${1:-both}
case $commands in both | first) ;; *) fail "usage: tests/fresh_machine.sh [first]" ;; esac
[ "$(id -u)" -eq 0 ] || fail 'needs root'
command -v debootstrap >/dev/null || fail 'needs debootstrap'
first=$(readme_block 1)
second=$(readme_block 2)
[ -n "$first" ] && [ -n "$second" ] || fail 'no commands in README.md'
suite=${FRESH_SUITE:-$(of_apt '$(CODENAME)')}
mirror=${FRESH_MIRROR:-$(of_apt '$(REPO_URI)')}
[ -n "$suite" ] && [ -n "$mirror" ] || fail "no Debian among apt's sources: set FRESH_SUITE and FRESH_MIRROR"
# Where rustup stands before them, what it runs is found like this.
toolchain=$(rustc --print sysroot)
cargo_home=${CARGO_HOME:-$HOME/.cargo}

work=$(mktemp -d)
# Nothing is mounted below it on this side of the namespace: only what was made here goes.
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fresh=$work/root
echo "== a clean $suite in $fresh"
eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
[ -z "${http_proxy:-}" ] || export http_proxy
debootstrap --variant=minbase --include=git,gcc,libc6-dev,ca-certificates \
    "$suite" "$fresh" "$mirror" >"$work/log" 2>&1 || {
    tail "$work/log"
    fail 'debootstrap'
}
mkdir -p "$fresh/opt/rust" "$fresh/root/.cargo"
# How this machine reaches cargo's registry: names, certificates, cargo's settings. No credentials.
cp -L /etc/resolv.conf /etc/hosts "$fresh/etc/"
[ ! -f /etc/ssl/certs/ca-certificates.crt ] ||
    cp -L /etc/ssl/certs/ca-certificates.crt "$fresh/etc/ssl/certs/"
for name in config config.toml; do
    [ ! -f "$cargo_home/$name" ] || cp "$cargo_home/$name" "$fresh/root/.cargo/"
done
git -c safe.directory='*' bundle create -q "$fresh/root/ironkeep.bundle" HEAD

export first second commands
# The processes inside end with this one.
unshare --mount --pid --fork --kill-child --mount-proc="$fresh/proc" \
    sh tests/fresh_machine.sh --inside "$fresh" "$toolchain"
echo "PASS: $commands"
