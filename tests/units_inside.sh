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
case $* in
'-AdpEventLog -GetLatest '*' -f F -a0 -NoLog') name=AdpEventLog_GetLatest_3_f_F_aALL ;;
# The host has one controller.
'-LDGetProp -Consistency -LALL -a0 -NoLog') name=LDGetProp_Consistency_LALL_aALL ;;
*) name=$(mawk -F'\t' -v words="$*" '$2 == words { print $1; exit }' "$capture/commands.tsv") ;;
esac
[ -n "$name" ] || exit 96
[ ! -f "$capture/$name.events" ] || cat "$capture/$name.events" >F || exit 95
cat "$capture/$name.txt"
MEGACLI
chmod 0755 "$megacli"
mkdir -p "$root/var/lib/prometheus/node-exporter"

# Without one, systemd takes this for a first start, at which it enables what is installed.
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child \
    sh tests/units_inside.sh --boot "$root" &
outer=$!
# With process 1 of the namespace, all that is in there ends.
first() {
    pgrep -o -P "$outer"
}
trap 'kill -KILL "$(first)" "$outer" 2>/dev/null || true' EXIT
inside() {
    nsenter -t "$(first)" -m -p -u -i -n -C -r -w "$@"
}
tries=0
until inside systemctl is-system-running 2>/dev/null | grep -qE '^(running|degraded)$'; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] && kill -0 "$outer" 2>/dev/null || exit 77
    sleep 0.5
done

start() {
    inside systemctl start "$1" 2>/dev/null || {
        inside systemctl status --no-pager --lines=30 "$1" >&2 || true
        fail "$1 does not start"
    }
}

# judge WHAT FILE: the metrics in it are those of a controller of which everything could be read.
judge() {
    grep -qx 'megaraid_up 1' "$2" && grep -q '^megaraid_physical_drive_info{' "$2" ||
        { cat "$2" >&2; fail "$1 cannot read a controller"; }
    ! grep '^megaraid_collector_success{.* 0$' "$2" >&2 || fail "$1 cannot read all of a controller"
    grep -q '^megaraid_collector_success{.*events.* 1$' "$2" || fail "$1 reads no events"
}

# The metrics that the daemon serves.
scrape() {
    inside bash -c 'exec 3<>/dev/tcp/127.0.0.1/10876 && printf "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" >&3 && cat <&3' |
        tr -d '\r' >"$root/scraped"
    judge "$1" "$root/scraped"
}

unit=ironkeep-exporter.service
start "$unit"
scrape "$unit"
user=$(inside ps -o user= -C ironkeep)
[ "$user" = ironkeep ] || fail "the daemon runs as $user"
inside systemctl reload "$unit" || fail "$unit cannot be reloaded"
inside ironkeep export healthcheck >/dev/null || fail 'the health check'
inside systemctl stop "$unit"
[ "$(inside systemctl show -p Result --value "$unit")" = success ] || fail "$unit does not stop as it should"

start ironkeep-textfile.service
judge ironkeep-textfile.service "$root/var/lib/prometheus/node-exporter/ironkeep.prom"
[ "$(stat -c %a "$root/var/lib/prometheus/node-exporter/ironkeep.prom")" = 644 ] ||
    fail 'node_exporter cannot read the file'

examples=$root/usr/share/doc/ironkeep/examples/systemd
dropins=$root/etc/systemd/system/$unit.d
mkdir "$dropins"
cp "$examples/root.conf" "$dropins/"
inside systemctl daemon-reload
start "$unit"
scrape "$unit, as root"
inside systemctl stop "$unit"

# The share of process 1, which is root's, in the metrics of a unit that may look into other users' processes.
of_init='^ironkeep_mem_group_pss_bytes{.*program="systemd".*} [1-9]'
printf '[export]\nmemory = "program"\n' >"$root/etc/ironkeep.toml"
rm "$dropins/root.conf"
inside systemctl daemon-reload
start "$unit"
scrape "$unit"
! grep -q "$of_init" "$root/scraped" || fail "$unit sees more than it should"
inside systemctl stop "$unit"
cp "$examples/memory.conf" "$dropins/"
mkdir "$root/etc/systemd/system/ironkeep-textfile.service.d"
cp "$examples/textfile-memory.conf" "$root/etc/systemd/system/ironkeep-textfile.service.d/memory.conf"
inside systemctl daemon-reload
start "$unit"
tries=0
until scrape "$unit, with memory.conf" && grep -q "$of_init" "$root/scraped"; do
    tries=$((tries + 1))
    [ "$tries" -lt 40 ] || { grep ironkeep_mem "$root/scraped" >&2; fail "$unit reads no memory"; }
    sleep 0.5
done
user=$(inside ps -o user= -C ironkeep)
[ "$user" = ironkeep ] || fail "with memory.conf the daemon runs as $user"
inside systemctl stop "$unit"
start ironkeep-textfile.service
grep -q "$of_init" "$root/var/lib/prometheus/node-exporter/ironkeep.prom" ||
    fail 'ironkeep-textfile.service reads no memory'

rm "$dropins/memory.conf" "$root/etc/ironkeep.toml"
cp "$examples/socket.conf" "$dropins/"
echo 'ARGS=--web.systemd-socket' >"$root/etc/default/ironkeep-exporter"
inside systemctl daemon-reload
start ironkeep-exporter.socket
inside bash -c ': </dev/tcp/127.0.0.1/10876'
# The connection has it started; this waits until it has collected.
start "$unit"
scrape "$unit, by its socket"
