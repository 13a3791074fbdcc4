#!/bin/sh
# Makes a Debian package of a program that is built already: the program, manual pages, completions, units,
# rules and dashboards. Needs dpkg-deb, and root for nothing.
#
#   packaging/deb/build.sh target/release/ironkeep          makes ironkeep_VERSION_ARCHITECTURE.deb here
#   packaging/deb/build.sh target/release/ironkeep FOLDER   makes it there
#
# The architecture is this machine's, or DEB_HOST_ARCH. The maintainer is DEBFULLNAME <DEBEMAIL>. With
# SOURCE_DATE_EPOCH in the environment, the same input gives the same package. DEB_COMPRESSION is gzip where
# time matters more than size.
set -eu
program=$(realpath "${1:?usage: packaging/deb/build.sh PROGRAM [FOLDER]}")
into=$(realpath "${2:-.}")
cd "$(dirname "$0")/../.."

architecture=${DEB_HOST_ARCH:-$(dpkg --print-architecture)}
maintainer="${DEBFULLNAME:-ironkeep maintainers} <${DEBEMAIL:-ironkeep@packages.example.org}>"
version=$("$program" --version | awk 'NR == 1 { print $2 }')
# A pre-release comes before its release: 1.0.0-rc.1 is 1.0.0~rc.1.
version=$(echo "$version" | tr - '~')
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
export SOURCE_DATE_EPOCH
umask 022

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/ironkeep

# put MODE FILE PATH: one file into the package.
put() {
    install -D -m "$1" "$2" "$root$3"
}

# put_compressed FILE PATH
put_compressed() {
    mkdir -p "$root$(dirname "$2")"
    gzip -9nc "$1" >"$root$2.gz"
}

put 0755 "$program" /usr/sbin/ironkeep
strip --remove-section=.comment --remove-section=.note "$root/usr/sbin/ironkeep"

for page in man/*.[578]; do
    put_compressed "$page" "/usr/share/man/man${page##*.}/${page##*/}"
done
"$program" util completions bash >"$work/completions"
put 0644 "$work/completions" /usr/share/bash-completion/completions/ironkeep
"$program" util completions zsh >"$work/completions"
put 0644 "$work/completions" /usr/share/zsh/vendor-completions/_ironkeep
"$program" util completions fish >"$work/completions"
put 0644 "$work/completions" /usr/share/fish/vendor_completions.d/ironkeep.fish

for unit in packaging/systemd/ironkeep-*; do
    put 0644 "$unit" "/lib/systemd/system/${unit##*/}"
done
put 0644 packaging/systemd/ironkeep.sysusers /usr/lib/sysusers.d/ironkeep.conf
put 0644 packaging/systemd/ironkeep.tmpfiles /usr/lib/tmpfiles.d/ironkeep.conf
put 0644 packaging/deb/ironkeep-exporter.default /etc/default/ironkeep-exporter

share=/usr/share/ironkeep
for file in packaging/prometheus/*.yml packaging/prometheus/*.yaml; do
    [ ! -f "$file" ] || put 0644 "$file" "$share/prometheus/${file##*/}"
done
for file in packaging/grafana/*.json; do
    [ ! -f "$file" ] || put 0644 "$file" "$share/grafana/${file##*/}"
done

doc=/usr/share/doc/ironkeep
# Examples are active nowhere: who wants them copies them.
put 0644 packaging/sudoers/ironkeep "$doc/examples/sudoers"
put 0644 packaging/consul/ironkeep.json "$doc/examples/consul.json"
for example in packaging/systemd/examples/*.conf; do
    put 0644 "$example" "$doc/examples/systemd/${example##*/}"
done
put 0644 packaging/README.md "$doc/README.packaging.md"
put_compressed CHANGELOG.md "$doc/NEWS.md"
cat >"$work/changelog" <<CHANGELOG
ironkeep ($version) unstable; urgency=medium

  * What is new is in NEWS.md.gz.

 -- $maintainer  $(date -R -u -d "@$SOURCE_DATE_EPOCH")
CHANGELOG
put_compressed "$work/changelog" "$doc/changelog"
{
    cat packaging/deb/copyright
    echo 'License: MIT'
    # Past its line of copyright; as a paragraph of a control file.
    sed '1,/^$/d; s/^$/./; s/^/ /' LICENSE-MIT
} >"$work/copyright"
put 0644 "$work/copyright" "$doc/copyright"

# The libraries that the program needs: none, if it is linked statically.
depends='systemd | systemd-standalone-sysusers'
mkdir -p "$work/debian"
: >"$work/debian/control"
if command -v dpkg-shlibdeps >/dev/null; then
    libraries=$(cd "$work" && dpkg-shlibdeps -O "ironkeep/usr/sbin/ironkeep" 2>/dev/null |
        sed -n 's/^shlibs:Depends=//p')
    depends=${libraries:+$libraries, }$depends
fi

mkdir "$root/DEBIAN"
for script in postinst prerm postrm; do
    install -m 0755 "packaging/deb/$script" "$root/DEBIAN/$script"
done
echo /etc/default/ironkeep-exporter >"$root/DEBIAN/conffiles"
(cd "$root" && find . -path ./DEBIAN -prune -o -path ./etc -prune -o -type f -print |
    sed 's|^\./||' | LC_ALL=C sort | xargs md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<CONTROL
Package: ironkeep
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends
Recommends: procps, sudo
Suggests: prometheus, prometheus-node-exporter
Section: admin
Priority: optional
Description: hardware and host management for servers with MegaRAID controllers
 ironkeep reads and manages LSI/Broadcom MegaRAID controllers by way of
 MegaCLI: it shows drives, virtual drives, batteries and enclosures, judges
 their health, replaces drives step by step, and says what it found in words
 for people and in JSON.
 .
 It is an exporter for Prometheus as well: a daemon with a page for people, or
 a writer for the textfile collector of node_exporter, with alert rules and
 dashboards.
 .
 MegaCLI itself is not part of the package.
CONTROL

find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Z"${DEB_COMPRESSION:-xz}" --build "$root" "$into" >"$work/log" || {
    cat "$work/log" >&2
    exit 1
}
echo "$into/ironkeep_${version}_$architecture.deb"
