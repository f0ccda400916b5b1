import type { ProgramTable } from "../program.ts";
import { perOperand, writesBlocks } from "../rules/blocks.ts";

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
  "mkfs mke2fs mkswap swapon swapoff fdisk sfdisk cfdisk gdisk sgdisk parted partprobe wipefs blkdiscard hdparm sdparm nvme mdadm lvcreate lvremove lvextend lvreduce lvresize vgcreate vgremove vgextend pvcreate pvremove pvmove cryptsetup zfs zpool btrfs tune2fs e2fsck fsck resize2fs xfs_growfs xfs_repair losetup dmsetup diskutil hdiutil newfs badblocks debugfs":
    {
      risk: "critical",
      effects: ["data", "delete"],
      does: "changes disks or file systems",
      examples: {
        "mkfs.ext4 /dev/sda1": "critical",
        "mkfs -t ext4 x": "critical",
        "wipefs -a /dev/sda": "critical",
        "zpool destroy tank": "critical",
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
