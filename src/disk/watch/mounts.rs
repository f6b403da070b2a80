//! Folders whose changes the system does not report: what another computer writes to a shared folder raises no event here.

use std::path::Path;

/// File systems that live somewhere else.
const REMOTE: &[&str] = &[
    "9p",
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "drvfs",
    "fuse.davfs2",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "fuse.vmhgfs-fuse",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "prl_fs",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
];

/// Why events cannot be relied on under `root`; `None` where they can, or where nothing is known.
pub(super) fn unreliable(root: &Path) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
    let root = std::fs::canonicalize(root).ok()?;
    let kind = kind_of_mount(&mounts, &root)?;
    REMOTE
        .contains(&kind)
        .then(|| format!("the folder lies on a network or shared file system ({kind}), which reports no changes"))
}

/// The kind of file system that `path` lies on, by a table of mounts as Linux prints it.
fn kind_of_mount<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ');
        let (_, place, kind) = (fields.next()?, fields.next()?, fields.next()?);
        let place = unescape(place);
        path.starts_with(&place).then_some((place.len(), kind))
    });
    // Of two mounts on the same place the later hides the earlier.
    mounts.max_by_key(|&(length, _)| length).map(|(_, kind)| kind)
}

/// Blanks in the names of folders are printed in octal.
fn unescape(place: &str) -> String {
    place.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_and_latest_mount_counts() {
        let mounts = "/dev/sda / ext4 rw 0 0\nbox:/x /mnt/my\\040share nfs4 rw 0 0\n/dev/sdb /mnt ext4 rw 0 0\nx /a tmpfs rw 0 0\ny /a 9p rw 0 0\n";
        assert_eq!(kind_of_mount(mounts, Path::new("/home/me")), Some("ext4"));
        assert_eq!(kind_of_mount(mounts, Path::new("/mnt/my share/vault")), Some("nfs4"));
        assert_eq!(kind_of_mount(mounts, Path::new("/mnt/my shares")), Some("ext4"));
        assert_eq!(kind_of_mount(mounts, Path::new("/a/b")), Some("9p"));
    }
}
