#!/bin/sh
# The Debian package: builds it, installs it into a clean root that is made of this machine's own packages
# (no network), runs what it brought, removes and purges it, and looks for what is left. Where this machine
# lets it, systemd starts there too, and the units read controllers through sudo and a stand-in for MegaCLI.
#
#   tests/deb.sh [PROGRAM]     PROGRAM is packed; target/debug/ironkeep if there is none
#
# Needs root, and a Debian with dpkg-deb, systemd and sudo.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "deb: $*" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'needs root'
program=${1:-target/debug/ironkeep}
[ $# -gt 0 ] || cargo build --quiet --locked --bin ironkeep

work=$(mktemp -d)
# Nothing is mounted below it on this side of the namespaces.
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
root=$work/root

# A root with these packages and what they depend on, as files and as an entry of dpkg's; as after
# debootstrap, but offline.
clean_root() {
    apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks \
        --no-replaces --no-enhances "$@" |
        sed -n 's/^\([a-z0-9][^ ]*\)$/\1/p' | sort -u >"$work/names"
    dpkg-query -W -f '${db:Status-Abbrev}${binary:Package}\n' | sed -n 's/^ii //p' >"$work/installed"
    # dpkg-query says libc6:amd64, apt-cache libc6.
    sed 's/:.*//' "$work/installed" | paste - "$work/installed" |
        awk 'NR == FNR { wanted[$1]; next } $1 in wanted { print $2 }' "$work/names" - >"$work/packages"

    mkdir -p "$root/usr"
    for folder in bin sbin lib lib32 lib64 libx32; do
        [ ! -L "/$folder" ] || {
            mkdir -p "$root/usr/$folder"
            ln -s "usr/$folder" "$root/$folder"
        }
    done
    xargs dpkg -L <"$work/packages" | grep '^/.' | sort -u | while read -r path; do
        # Some container images leave documentation out.
        [ ! -e "$path" ] && [ ! -L "$path" ] || echo ".$path"
    done >"$work/paths"
    tar -C / -c --no-recursion -T "$work/paths" | tar -C "$root" -x --keep-directory-symlink
    cp -a /etc/alternatives "$root/etc/"
    # pam-auth-update makes them, so that they are no package's.
    for what in auth account password session session-noninteractive; do
        echo "${what%-noninteractive} required pam_permit.so" >"$root/etc/pam.d/common-$what"
    done
    [ -e "$root/usr/bin/awk" ] || ln -s /etc/alternatives/awk "$root/usr/bin/awk"
    mkdir -p "$root/dev" "$root/proc" "$root/sys" "$root/run/lock" "$root/tmp" "$root/var/lib/dpkg/info" \
        "$root/var/lib/dpkg/updates"
    chmod 1777 "$root/tmp" "$root/run/lock"
    cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
    cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
    awk -F: '{ print $1 ":*:19000:0:99999:7:::" }' "$root/etc/passwd" >"$root/etc/shadow"
    chmod 0640 "$root/etc/shadow"
    echo '127.0.0.1 localhost' >"$root/etc/hosts"
    echo "127.0.1.1 $(uname -n)" >>"$root/etc/hosts"
    mknod -m 0666 "$root/dev/null" c 1 3
    # Names of the packages, as dpkg's own entries have them.
    awk -v RS= -v ORS='\n\n' 'NR == FNR { wanted[$1]; next }
        match($0, /(^|\n)Package: [^\n]*/) {
            name = substr($0, RSTART, RLENGTH)
            sub(/.*: /, "", name)
            if (name in wanted) print
        }' RS='\n' "$work/names" RS= /var/lib/dpkg/status >"$root/var/lib/dpkg/status"
    while read -r package; do
        for file in /var/lib/dpkg/info/"$package".list /var/lib/dpkg/info/"${package%:*}".list; do
            [ ! -f "$file" ] || cp "$file" "$root/var/lib/dpkg/info/"
        done
    done <"$work/packages"
    chroot "$root" ldconfig
}

inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
}

# What is in the root, but for dpkg's records and for the users, which Debian keeps.
contents() {
    (cd "$root" && find . -path ./var/lib/dpkg -prune -o -path ./var/log/dpkg.log -prune -o \
        -path ./var/cache/ldconfig -prune -o -path './etc/*shadow*' -prune -o -path './etc/passwd*' -prune -o \
        -path './etc/group*' -prune -o -path './etc/.pwd.lock' -prune -o -path ./var/lib/systemd -prune -o \
        -printf '%p %M %u:%g\n' | sort)
}

echo '-- the package'
deb=$(DEB_COMPRESSION=gzip packaging/deb/build.sh "$program" "$work")
dpkg-deb --contents "$deb" >"$work/list"
# Everything is root's; folders and the program may be entered and run by all, and nothing is setuid.
awk '$2 != "root/root" || ($1 != "drwxr-xr-x" && $1 != "-rw-r--r--" && $6 != "./usr/sbin/ironkeep") {
        print "mode or owner: " $0; bad = 1 }
    $6 == "./usr/sbin/ironkeep" && $1 != "-rwxr-xr-x" { print "mode: " $0; bad = 1 }
    END { exit bad }' "$work/list" || fail 'wrong modes'
for path in etc/default/ironkeep-exporter lib/systemd/system/ironkeep-exporter.service \
    lib/systemd/system/ironkeep-exporter.socket lib/systemd/system/ironkeep-textfile.service \
    lib/systemd/system/ironkeep-textfile.timer usr/lib/sysusers.d/ironkeep.conf \
    usr/lib/tmpfiles.d/ironkeep.conf usr/share/man/man8/ironkeep.8.gz \
    usr/share/man/man5/ironkeep.toml.5.gz usr/share/man/man7/ironkeep-glossary.7.gz \
    usr/share/bash-completion/completions/ironkeep usr/share/zsh/vendor-completions/_ironkeep \
    usr/share/fish/vendor_completions.d/ironkeep.fish usr/share/doc/ironkeep/changelog.gz \
    usr/share/doc/ironkeep/copyright usr/share/doc/ironkeep/examples/sudoers; do
    grep -q " \./$path\$" "$work/list" || fail "$path is not in the package"
done
for room in prometheus grafana; do
    [ ! -d "packaging/$room" ] || grep -q "usr/share/ironkeep/$room/." "$work/list" ||
        fail "nothing of packaging/$room is in the package"
done

if command -v lintian >/dev/null; then
    # The program is that of a test, and its maintainer nobody.
    lintian --no-cfg --fail-on error "$deb" 2>/dev/null || fail 'lintian'
else
    echo 'deb: lintian is not here, and did not look'
fi

echo '-- a clean root'
essential=$(dpkg-query -W -f '${Essential} ${Package}\n' | sed -n 's/^yes //p')
# shellcheck disable=SC2086 # a list of names
clean_root $essential libgcc-s1 mawk passwd procps sudo systemd
mkdir -p "$root/home" "$root/opt" "$root/root" "$root/srv"
contents >"$work/before"

echo '-- installed'
inside dpkg --version >/dev/null || fail 'no clean root'
cp "$deb" "$root/tmp/ironkeep.deb"
inside dpkg -i /tmp/ironkeep.deb >"$work/log" 2>&1 || {
    cat "$work/log"
    fail 'dpkg -i'
}
status=0
inside ironkeep --demo health >"$work/health" || status=$?
# Status 4: the health of the simulated host needs attention.
case $status in 0 | 4) ;; *) fail "ironkeep --demo health ended with $status" ;; esac
grep -q '^controller 0: ' "$work/health" || fail 'ironkeep --demo health showed no controller'
grep -q '^ironkeep:.*:/usr/sbin/nologin$' "$root/etc/passwd" || fail 'no user ironkeep'
enabled=$(find "$root/etc/systemd/system" -name '*ironkeep*')
[ -z "$enabled" ] || fail "something was enabled: $enabled"
[ ! -e "$root/etc/sudoers.d/ironkeep" ] || fail 'a sudo rule is active'

echo '-- the sudo rule'
install -m 0440 "$root/usr/share/doc/ironkeep/examples/sudoers" "$root/etc/sudoers.d/ironkeep"
inside visudo -cqf /etc/sudoers.d/ironkeep || fail 'visudo refuses the rule'
mkdir -p "$root/opt/MegaRAID/MegaCli"
megacli=/opt/MegaRAID/MegaCli/MegaCli64
printf '#!/bin/sh\n' >"$root$megacli"
chmod 0755 "$root$megacli"
may() {
    inside sudo -l -U ironkeep "$megacli" "$@" >/dev/null 2>&1
}
allows() {
    may "$@" || fail "the rule refuses: $*"
}
refuses() {
    ! may "$@" || fail "the rule allows: $*"
}
allows -PDList -aALL -NoLog
allows -AdpEventLog -GetEventLogInfo -aALL -NoLog
allows -LDGetProp -Consistency -LALL -a0 -NoLog
allows -LDGetProp -Consistency -LALL -a12 -NoLog
allows -v -NoLog
allows -PDRbld -ShowProg '-PhysDrv[252:3]' -a0 -NoLog
allows -PDRbld -ShowProg '-PhysDrv[252:3,252:4,:5]' -a1 -NoLog
allows -AdpEventLog -GetLatest 17 -f F -a0 -NoLog
refuses
refuses -PDList -aALL
refuses -PDList -aALL -NoLog -Silent
refuses -LDGetProp -Consistency -LALL '-a0 -Silent' -NoLog
refuses -LDGetProp -Consistency -LALL -aALL -NoLog
refuses -PDRbld -Start '-PhysDrv[252:3]' -a0 -NoLog
refuses -PDRbld -ShowProg '-PhysDrv[252:3] -Start' -a0 -NoLog
refuses -PDRbld -ShowProg -PDClear -Start '-PhysDrv[252:3]' -a0 -NoLog
refuses -PDClear -Start '-PhysDrv[252:3]' -a0 -NoLog
refuses -AdpEventLog -GetLatest 17 -f /etc/passwd -a0 -NoLog
refuses -AdpEventLog -GetLatest '17 -f F' -f G -a0 -NoLog
refuses -AdpEventLog -Clear -aALL -NoLog
refuses -CfgForeign -Clear -aALL -NoLog
refuses -CfgClr -aALL -NoLog
! inside sudo -l -U ironkeep /usr/bin/id >/dev/null 2>&1 || fail 'the rule allows another program'

echo '-- the units, under systemd'
status=0
unshare --mount --pid --uts --ipc --cgroup --fork true 2>/dev/null || status=77
if [ "$status" -eq 0 ]; then
    # A copy: systemd leaves much behind.
    cp -a "$root" "$work/started"
    sh tests/units_inside.sh "$work/started" || status=$?
fi
case $status in
0) ;;
77) echo 'deb: systemd cannot be started here, so the units were not' ;;
*) fail 'the units' ;;
esac
rm -r "$root/etc/sudoers.d/ironkeep" "$root/opt/MegaRAID"

echo '-- installed again, removed, purged'
echo '# edited' >>"$root/etc/default/ironkeep-exporter"
inside dpkg -i /tmp/ironkeep.deb >"$work/log" 2>&1 || {
    cat "$work/log"
    fail 'dpkg -i, again'
}
grep -q edited "$root/etc/default/ironkeep-exporter" || fail 'an edited file was overwritten'
inside dpkg -r ironkeep >"$work/log" 2>&1 || {
    cat "$work/log"
    fail 'dpkg -r'
}
[ -f "$root/etc/default/ironkeep-exporter" ] || fail 'an edited file went with the package'
[ ! -e "$root/usr/sbin/ironkeep" ] || fail 'the program stayed'
mkdir -p "$root/var/lib/ironkeep/exporter"
inside dpkg -P ironkeep >"$work/log" 2>&1 || {
    cat "$work/log"
    fail 'dpkg -P'
}
rm "$root/tmp/ironkeep.deb"
contents >"$work/after"
diff "$work/before" "$work/after" || fail 'something was left behind, or went with the package'
echo 'deb: PASS'
