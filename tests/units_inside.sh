#!/bin/sh
# For tests/deb.sh: starts systemd in a root that has the package and the sudo rule, and there the units, with a
# stand-in for MegaCLI that has the answers of a capture. Holds that their sandbox lets MegaCLI be run, the daemon's
# through sudo, and that it holds what it promises.
#
#   tests/units_inside.sh ROOT
#
# Needs root and namespaces. Ends with 77 if systemd does not start there.
set -eu

fail() {
    echo "units: $*" >&2
    exit 1
}

# In namespaces of its own: what systemd wants to find, then systemd as process 1.
if [ "${1:-}" = --boot ]; then
    root=$2
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for device in null zero full random urandom tty; do
        : >"$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    # A file system of its own is as closed as the others.
    mount -t tmpfs -o mode=755 tmpfs "$root/srv"
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
    else
        mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
        mkdir "$root/sys/fs/cgroup/systemd"
        mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
    fi
    exec chroot "$root" env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        /lib/systemd/systemd --system --log-target=null --show-status=false
fi

root=$1
cd "$(dirname "$0")/.."
capture=fixtures/megacli/8.07.14-healthy_raid5_hs

megacli=$root/opt/MegaRAID/MegaCli/MegaCli64
cp -R "$capture" "$root/opt/MegaRAID/capture"
cat >"$megacli" <<'MEGACLI'
#!/bin/dash
# Answers as the capture does, and tries what it should not be able to do.
[ "$(id -u)" -eq 0 ] || exit 99
for folder in /etc /home /opt/MegaRAID /root /run /srv /usr/bin /usr/lib /var /var/lib/ironkeep; do
    (: >"$folder/escaped") 2>/dev/null && exit 98
done
(: >CmdTool.log) 2>/dev/null || [ "$PWD" = / ] || exit 97
capture=/opt/MegaRAID/capture
name=$(mawk -F'\t' -v words="$*" '$2 == words { print $1; exit }' "$capture/commands.tsv")
[ -n "$name" ] || exit 96
cat "$capture/$name.txt"
MEGACLI
for unit in ironkeep-exporter ironkeep-textfile; do
    mkdir -p "$root/etc/systemd/system/$unit.service.d"
done
sandbox='/usr/bin/setpriv --reuid=ironkeep --regid=ironkeep --init-groups --inh-caps=-all --ambient-caps=-all --'
cat >"$root/etc/systemd/system/ironkeep-exporter.service.d/test.conf" <<DROPIN
[Service]
Type=oneshot
Restart=no
# The clock of the capture's controller is far behind.
SuccessExitStatus=4
StandardOutput=file:/var/lib/ironkeep/exporter-health
ExecStart=
ExecStart=!$sandbox /usr/sbin/ironkeep --sudo health
DROPIN
cat >"$root/etc/systemd/system/ironkeep-textfile.service.d/test.conf" <<'DROPIN'
[Unit]
ConditionPathIsDirectory=
[Service]
SuccessExitStatus=4
StandardOutput=file:/var/lib/ironkeep/textfile-health
ExecStart=
ExecStart=/usr/sbin/ironkeep health
DROPIN

# Without one, systemd takes this for a first start, at which it enables what is installed.
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
unshare --mount --pid --uts --ipc --cgroup --fork --kill-child sh tests/units_inside.sh --boot "$root" &
outer=$!
# With process 1 of the namespace, all that is in there ends.
first() {
    pgrep -o -P "$outer"
}
trap 'kill -KILL "$(first)" "$outer" 2>/dev/null || true' EXIT
inside() {
    nsenter -t "$(first)" -m -p -u -i -C -r -w "$@"
}
tries=0
until inside systemctl is-system-running 2>/dev/null | grep -qE '^(running|degraded)$'; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] && kill -0 "$outer" 2>/dev/null || exit 77
    sleep 0.5
done

for name in exporter textfile; do
    mkdir -p "$root/var/lib/ironkeep"
    inside systemctl start "ironkeep-$name.service" 2>/dev/null || {
        inside systemctl status --no-pager --lines=20 "ironkeep-$name.service" >&2 || true
        cat "$root/var/lib/ironkeep/$name-health" >&2
        fail "ironkeep-$name.service"
    }
    grep -q '^controller 0: LSI MegaRAID SAS 9271-8i, .* 8 physical drives' "$root/var/lib/ironkeep/$name-health" || {
        cat "$root/var/lib/ironkeep/$name-health" >&2
        fail "ironkeep-$name.service cannot read a controller"
    }
done
inside systemctl show -p User --value ironkeep-exporter.service | grep -qx ironkeep || fail 'the user'
