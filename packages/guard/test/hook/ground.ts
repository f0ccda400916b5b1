import type { Ground } from "../../src/index.ts";

/** A mesh in /m whose developer may read what the sysadmin gives out. Nothing of it is on the disk. */
export const ground: Ground = {
  node: { id: "developer", folder: "/m/projects/developer", grants: { send: [], read: ["sysadmin/out/**"] } },
  others: [
    { id: "sysadmin", folder: "/m/projects/sysadmin" },
    { id: "inner", folder: "/m/projects/developer/inner" },
  ],
  root: "/m",
  home: "/home/ada",
  temporary: ["/tmp"],
  sharedRepository: true,
  checkout: false,
  realPath: (path) => path,
};

export const cwd = ground.node.folder;
