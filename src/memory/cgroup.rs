//! What `/proc/PID/cgroup` says: the control group, the unit of systemd, the container.
//!
//! Version 2 has one hierarchy, in a line `0::/path`. Version 1 has one for each controller, as
//! `4:memory:/path`, and one in which systemd keeps its units, `1:name=systemd:/path`. A hybrid host has both.
//! A controller that a service does not use stays in a group further up, so that systemd's own hierarchy tells
//! most.

use std::borrow::Cow;

/// Where a process belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// The control group, as `/system.slice/ssh.service`; `None` if the file has none.
    pub cgroup: Option<&'a str>,
    /// The unit of systemd: the innermost that is no slice, as `systemctl` names it. A unit of a user's
    /// manager goes before that manager's own.
    pub unit: Option<Cow<'a, str>>,
    /// The container that this host's engine knows, by the first 12 digits of its id, or by its name.
    pub container: Option<Cow<'a, str>>,
}

/// Reads a file `cgroup`. Lines that are none of a control group are passed over.
pub fn place(file: &str) -> Place<'_> {
    let (mut systemd, mut unified, mut memory, mut any) = (None, None, None, None);
    for line in file.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if !path.starts_with('/') {
            continue;
        }
        // Of a group that has been removed while a process was left in it.
        let path = path.strip_suffix(" (deleted)").unwrap_or(path);
        if controllers == "name=systemd" {
            systemd = Some(path);
        } else if controllers.is_empty() {
            unified = Some(path);
        } else if controllers.split(',').any(|it| it == "memory") {
            memory = Some(path);
        }
        any = any.or(Some(path));
    }
    let candidates = [systemd, unified, memory];
    let known = || candidates.into_iter().flatten();
    Place {
        cgroup: known().find(|path| *path != "/").or(any),
        unit: known().find_map(unit),
        container: known().find_map(container),
    }
}

/// The names in a path, without those that only lead out of the reader's own control group.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter(|name| !name.is_empty() && *name != "..")
}

/// The unit that systemd's `cg_path_get_unit` and `cg_path_get_user_unit` find: the first name after slices;
/// and if that is the manager of a user or a session, the first after slices below it.
fn unit(path: &str) -> Option<Cow<'_, str>> {
    let mut rest = names(path).map(unescaped);
    let mut next = || rest.by_ref().find(|name| kind(name) != Some("slice"));
    let outer = next().filter(|name| is_unit(name))?;
    let has_units = match kind(outer) {
        Some("service") => outer.starts_with("user@"),
        Some("scope") => outer.starts_with("session-"),
        _ => false,
    };
    if !has_units {
        return Some(outer.into());
    }
    // The manager of a user lives in an `init.scope`, as process 1 does: `user@1000.service` tells them apart.
    let inner = next().filter(|name| is_unit(name) && *name != "init.scope");
    Some(inner.unwrap_or(outer).into())
}

/// A name as it was before systemd kept it apart from the kernel's own files by an underscore
/// (`cg_escape`). A `\x2d` is part of a unit's name.
fn unescaped(name: &str) -> &str {
    name.strip_prefix('_').unwrap_or(name)
}

fn is_unit(name: &str) -> bool {
    const KINDS: [&str; 8] = [
        "service", "scope", "socket", "mount", "swap", "target", "timer", "path",
    ];
    kind(name).is_some_and(|kind| KINDS.contains(&kind))
}

/// What follows the last dot of a unit's name.
fn kind(name: &str) -> Option<&str> {
    let (name, kind) = name.rsplit_once('.')?;
    (!name.is_empty()).then_some(kind)
}

/// The outermost container of a path: the one that the engine of this host knows.
fn container(path: &str) -> Option<Cow<'_, str>> {
    let mut parent = "";
    for name in names(path).map(unescaped) {
        let found = by_id(name)
            .map(Cow::Borrowed)
            .or_else(|| by_name(name, parent));
        if found.is_some() {
            return found;
        }
        parent = name;
    }
    None
}

/// `docker-<id>.scope` of systemd's driver, and `<id>` of the other: `/docker/<id>`,
/// `/kubepods/burstable/pod<uid>/<id>`, podman's `libpod-<id>`. What watches a container from outside,
/// `libpod-conmon-<id>.scope`, is none of it.
fn by_id(name: &str) -> Option<&str> {
    let name = name.strip_suffix(".scope").unwrap_or(name);
    let engines = [
        "docker-",
        "libpod-",
        "cri-containerd-",
        "crio-",
        "nerdctl-",
        "containerd-",
    ];
    let id = engines.iter().find_map(|engine| name.strip_prefix(engine));
    let id = id.unwrap_or(name);
    let is_id = id.len() == 64 && id.bytes().all(|it| it.is_ascii_hexdigit());
    if is_id { id.get(..12) } else { None }
}

/// `lxc.payload.NAME` and `/lxc/NAME`, `systemd-nspawn@NAME.service`, `machine-NAME.scope`.
fn by_name<'a>(name: &'a str, parent: &str) -> Option<Cow<'a, str>> {
    if let Some(name) = name.strip_prefix("lxc.payload.") {
        return Some(name.into());
    }
    if parent == "lxc" || parent == "lxc.payload" {
        return Some(name.into());
    }
    let machine = name
        .strip_prefix("systemd-nspawn@")
        .and_then(|it| it.strip_suffix(".service"))
        .or_else(|| name.strip_prefix("machine-")?.strip_suffix(".scope"))?;
    Some(plain(machine))
}

/// A name without the escapes of unit names: `web\x2d1` is `web-1`.
fn plain(name: &str) -> Cow<'_, str> {
    if !name.contains("\\x") {
        return name.into();
    }
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend(before.bytes());
        let code = after
            .get(..2)
            .and_then(|it| u8::from_str_radix(it, 16).ok());
        if let (Some(code), Some(after)) = (code, after.get(2..)) {
            bytes.push(code);
            rest = after;
        } else {
            bytes.extend(b"\\x");
            rest = after;
        }
    }
    bytes.extend(rest.bytes());
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "3f1d6a0c9b7e4d2f8a5c1e0b9d8f7a6c5b4e3d2c1f0a9b8e7d6c5f4a3b2e1d0c";

    /// Unit and container of a process in the group `path` of version 2.
    #[track_caller]
    fn holds(path: &str, unit: Option<&str>, container: Option<&str>) {
        let path = path.replace("ID", ID);
        let file = format!("0::{path}\n");
        let place = place(&file);
        assert_eq!(place.cgroup, Some(path.as_str()));
        let unit = unit.map(|it| it.replace("ID", ID));
        assert_eq!(place.unit.as_deref(), unit.as_deref());
        assert_eq!(place.container.as_deref(), container);
    }

    #[test]
    fn services_and_scopes_are_units() {
        holds("/system.slice/ssh.service", Some("ssh.service"), None);
        holds("/init.scope", Some("init.scope"), None);
        let instance = "/system.slice/system-getty.slice/getty@tty1.service";
        holds(instance, Some("getty@tty1.service"), None);
        let below = "/system.slice/containerd.service/some/thing";
        holds(below, Some("containerd.service"), None);
        holds("/system.slice/boot-efi.mount", Some("boot-efi.mount"), None);
        holds("/", None, None);
        holds("/system.slice", None, None);
        holds("/made/by/hand", None, None);
    }

    #[test]
    fn units_of_a_users_manager_go_before_the_manager() {
        let user = "/user.slice/user-1000.slice";
        let app = r"app-gnome-org.gnome.Terminal\x2dserver-2211.scope";
        let path = format!("{user}/user@1000.service/app.slice/{app}");
        holds(&path, Some(app), None);
        let own = format!("{user}/user@1000.service/init.scope");
        holds(&own, Some("user@1000.service"), None);
        let session = format!("{user}/session-c2.scope");
        holds(&session, Some("session-c2.scope"), None);
    }

    #[test]
    fn escapes_of_systemd_are_taken_off_and_those_of_unit_names_stay() {
        let fsck = r"/system.slice/systemd-fsck@dev-disk-by\x2duuid-1.service";
        let unit = r"systemd-fsck@dev-disk-by\x2duuid-1.service";
        holds(fsck, Some(unit), None);
        let clash = "/system.slice/_cpu.service";
        holds(clash, Some("cpu.service"), None);
    }

    #[test]
    fn containers_of_every_engine_are_known() {
        let short = Some("3f1d6a0c9b7e");
        let docker = "/system.slice/docker-ID.scope";
        holds(docker, Some("docker-ID.scope"), short);
        holds("/docker/ID", None, short);
        let podman = "/machine.slice/libpod-ID.scope/container";
        holds(podman, Some("libpod-ID.scope"), short);
        let rootless = "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope";
        holds(rootless, Some("libpod-ID.scope"), short);
        let watcher = "/machine.slice/libpod-conmon-ID.scope";
        holds(watcher, Some("libpod-conmon-ID.scope"), None);
        let pods = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice";
        let containerd = format!("{pods}/cri-containerd-ID.scope");
        holds(&containerd, Some("cri-containerd-ID.scope"), short);
        let crio = format!("{pods}/crio-ID.scope");
        holds(&crio, Some("crio-ID.scope"), short);
        holds("/kubepods/besteffort/pod12-34/ID", None, short);
        holds("/lxc.payload.web1/system.slice", None, Some("web1"));
        holds("/lxc/web1", None, Some("web1"));
        holds("/lxc.monitor.web1", None, None);
        let nspawn = r"/machine.slice/systemd-nspawn@web\x2d1.service/payload";
        let unit = r"systemd-nspawn@web\x2d1.service";
        holds(nspawn, Some(unit), Some("web-1"));
        let machine = r"/machine.slice/machine-qemu\x2d3\x2ddb.scope";
        holds(
            machine,
            Some(r"machine-qemu\x2d3\x2ddb.scope"),
            Some("qemu-3-db"),
        );
    }

    #[test]
    fn of_containers_in_containers_the_hosts_is_named() {
        let inner = "a".repeat(64);
        holds(
            &format!("/docker/ID/docker/{inner}"),
            None,
            Some("3f1d6a0c9b7e"),
        );
    }

    #[test]
    fn groups_outside_of_the_readers_own_are_understood() {
        holds(
            "/../../system.slice/cron.service",
            Some("cron.service"),
            None,
        );
    }

    #[test]
    fn in_version_1_the_hierarchy_of_systemd_tells_most() {
        let file = "12:memory:/\n11:cpu,cpuacct:/\n1:name=systemd:/system.slice/sshd.service\n";
        let sshd = place(file);
        assert_eq!(sshd.cgroup, Some("/system.slice/sshd.service"));
        assert_eq!(sshd.unit.as_deref(), Some("sshd.service"));
        let hybrid = "9:name=systemd:/\n4:memory:/jobs/17\n0::/\n";
        assert_eq!(place(hybrid).cgroup, Some("/jobs/17"));
        let file = format!("4:cpu,memory:/docker/{ID}\n1:name=systemd:/docker/{ID}\n");
        assert_eq!(place(&file).container.as_deref(), Some("3f1d6a0c9b7e"));
        assert_eq!(place("9:pids:/x\n").cgroup, Some("/x"));
    }

    #[test]
    fn nonsense_is_no_group() {
        for file in ["", "\n", "0::\n", "abc", "1:memory", "::::"] {
            assert_eq!(place(file), Place::default(), "{file:?}");
        }
        assert_eq!(plain(r"a\x2"), r"a\x2");
        assert_eq!(plain(r"a\xzzb\x2d"), r"a\xzzb-");
        assert_eq!(
            place("0::/a.service (deleted)\n").cgroup,
            Some("/a.service")
        );
    }
}
