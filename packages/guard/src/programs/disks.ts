import type { Program, ProgramTable } from "../program.ts";
import { perOperand, writesBlocks } from "../rules/blocks.ts";
import { onlyLooksWith } from "../rules/only-looks.ts";

const changes = {
  risk: "critical",
  effects: ["data", "delete"],
  does: "changes disks or file systems",
} as const satisfies Program;
const tells: Program = { risk: "low", effects: ["read"], does: "tells about disks" };
/** A program that only tells about disks with these options. */
function lists(options: string) {
  return { ...tells, rule: onlyLooksWith(options, changes) };
}

/** Disks, partitions and file systems. */
export const disks: ProgramTable = {
  dd: {
    risk: "medium",
    effects: ["read", "write"],
    does: "copies blocks",
    rule: writesBlocks,
    examples: {
      "dd if=/dev/zero of=/dev/sda": "critical",
      "dd if=/dev/zero of=x.img bs=1M count=1": "medium",
      'dd if=x of="$DISK"': "critical",
      "dd of=/etc/passwd": "critical",
      "dd if=/dev/sda of=x.img": "high",
      "dd o''f=/dev/sda": "critical",
    },
  },
  "mkfs mke2fs mkswap swapoff cfdisk sgdisk partprobe wipefs blkdiscard sdparm lvcreate lvremove lvextend lvreduce lvresize vgcreate vgremove vgextend vgreduce pvcreate pvremove pvmove pvresize growpart e2fsck fsck resize2fs resize.f2fs xfs_growfs xfs_repair xfs_admin fatlabel e2label diskutil hdiutil newfs badblocks debugfs":
    {
      ...changes,
      examples: {
        "mkfs.ext4 /dev/sda1": "critical",
        "mkfs -t ext4 x": "critical",
        "wipefs -a /dev/sda": "critical",
        "growpart /dev/sda 1": "critical",
      },
    },
  "fdisk gdisk parted sfdisk tune2fs": {
    ...lists("-l --list"),
    examples: { "fdisk -l": "low", "fdisk /dev/sda": "critical", "parted -s /dev/sda mklabel gpt": "critical" },
  },
  losetup: { ...lists("-a --all -l --list"), examples: { "losetup -a": "low", "losetup /dev/loop0 x": "critical" } },
  swapon: {
    ...lists("-s --show --noheadings --bytes --raw"),
    examples: { "swapon --show": "low", "swapon -a": "critical" },
  },
  mdadm: {
    ...lists("-D --detail -Q --query -E --examine"),
    examples: { "mdadm --detail /dev/md0": "low", "mdadm --zero-superblock /dev/sda": "critical" },
  },
  hdparm: {
    ...lists("-I -i"),
    examples: { "hdparm -I /dev/sda": "low", "hdparm --security-erase x /dev/sda": "critical" },
  },
  "zpool zfs": {
    ...changes,
    commands: {
      "status list iostat history get holds": {
        ...tells,
        options: { "-c": { risk: "high", effects: ["unknown"], does: "runs a program for each line" } },
      },
    },
    examples: {
      "zpool status -v": "low",
      "zpool status -c ./x": "high",
      "zfs list -t snapshot": "low",
      "zpool destroy tank": "critical",
      zpool: "critical",
    },
  },
  "nvme cryptsetup dmsetup": {
    ...changes,
    commands: { "list list-subsys smart-log id-ctrl status isLuks info": tells },
    examples: { "nvme list": "low", "nvme format /dev/nvme0": "critical", "cryptsetup luksDump /dev/sda1": "critical" },
  },
  btrfs: {
    ...changes,
    commands: {
      "filesystem fi subvolume sub scrub": { ...changes, commands: { "df du show usage list status": tells } },
    },
    examples: { "btrfs filesystem usage /": "low", "btrfs subvolume delete /data/x": "critical" },
  },
  smartctl: {
    ...tells,
    valued: "-d --device -n --nocheck",
    rule: onlyLooksWith(
      "-a -A -c -H -i -x --all --attributes --capabilities --health --info --scan --xall",
      { risk: "high", effects: ["data"], does: "tests or sets a disk" },
      "-d -j -n --device --json --nocheck",
    ),
    examples: {
      "smartctl -a /dev/sda": "low",
      "smartctl -t long /dev/sda": "high",
      "smartctl -s off /dev/sda": "high",
    },
  },
  "mount umount": {
    risk: "low",
    effects: ["read"],
    does: "lists or changes what is mounted",
    rule: perOperand("critical", ["privilege"], "changes what is mounted"),
    examples: { mount: "low", "mount /dev/sda1 /mnt": "critical", "umount /srv": "critical", "mount -a": "critical" },
  },
};
