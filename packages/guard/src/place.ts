import type { Risk } from "@memomesh/core";
import { isSteering } from "./steering.ts";
import { type ResolvedWord, unknownPart } from "./word.ts";

/** What kind of place a path names, seen from a step that runs in its target's folder. */
export type Place = "inside" | "mesh" | "home" | "temporary" | "sink" | "device" | "system" | "outside" | "unknown";

/** As much of a word as a path needs. */
export type PathWord = Pick<ResolvedWord, "text"> & Partial<Pick<ResolvedWord, "known" | "elsewhere">>;

const systemRoots = new Set(
  "etc usr bin sbin lib lib32 lib64 boot opt root proc sys run System Library Applications private".split(" "),
);
const systemFolders = new Set(["lib", "spool", "run", "log", "cache", "www"]);
const sinks = /^\/dev\/(?:null|stdout|stderr|stdin|tty|fd\/\d+)$/;
const variableInFront = /^\$(SITE|MESH|HOME|TMPDIR)(?=\/|$)/;

/** @param word as resolved: fixed variables in front are written `$SITE`, what is not known `‹?›` */
export function placeOf({ text: written, elsewhere = false }: PathWord): Place {
  const text = shortest(written);
  if (sinks.test(text)) return "sink";
  if (/^\/dev(?:\/|$)/.test(text)) return "device";
  if (text.split("/").includes("..")) return "outside";
  if (text.startsWith("~")) return "home";
  if (text.startsWith(unknownPart)) return "unknown";
  const variable = variableInFront.exec(text)?.[1];
  if (variable === undefined && text.startsWith("$")) return "unknown";
  if (variable === "SITE") return "inside";
  if (variable === "MESH") return "mesh";
  if (variable === "HOME") return "home";
  if (variable === "TMPDIR" || text.startsWith("/tmp/")) return "temporary";
  if (!text.startsWith("/")) return elsewhere ? "unknown" : "inside";
  return isSystem(text) ? "system" : "outside";
}

/** Without doubled slashes and "." parts, which change nothing about the path. */
function shortest(path: string): string {
  return path.replace(/\/{2,}/g, "/").replace(/\/(?:\.\/)+/g, "/");
}

function isSystem(path: string): boolean {
  const [, first = "", second = ""] = path.split("/");
  // A pattern or an unknown part there may stand for any of them.
  if (first === "" || /[*?[‹]/.test(first)) return true;
  return systemRoots.has(first) || (first === "var" && systemFolders.has(second));
}

const secretFolders = new Set([".ssh", ".gnupg", ".aws", ".kube", ".azure", ".gcloud", ".password-store", ".docker"]);
const secretNames = new Set(
  ".env .netrc .pgpass .npmrc .pypirc .git-credentials .vault-token .my.cnf .htpasswd .bash_history .zsh_history id_rsa id_ed25519 id_ecdsa id_dsa shadow gshadow sudoers sudoers.d environ credentials docker.sock".split(
    " ",
  ),
);
const secretEnd = /\.(?:pem|key|p12|pfx|kdbx|jks|keystore)$/;
const exampleOfSecret = /\.(?:example|sample|template|dist|pub)$/;

/** Whether secrets are kept there; a pattern that may stand for such a file counts as one. */
export function isSecretPath({ text }: PathWord): boolean {
  // `--file=.env`, `@.env`, `host:.env`
  const parts = text.split(/[/=@:,\s]/);
  if (exampleOfSecret.test(parts.at(-1) ?? "")) return false;
  return parts.some((written) => {
    const part = written.toLowerCase();
    return (
      secretNames.has(part) ||
      secretFolders.has(part) ||
      part.startsWith(".env.") ||
      secretEnd.test(part) ||
      /^\.[^.]*[*?[]/.test(part) ||
      /^id_[*?[]/.test(part)
    );
  });
}

const obeyedNames = new Set(["crontab", "authorized_keys", "known_hosts", "autostart", "launchagents", "launchdaemons"]);

/** Whether a shell, git, an agent or a login obeys the file later. */
export function isObeyedPath(word: PathWord): boolean {
  const parts = word.text.toLowerCase().split("/");
  if (parts.some((part) => isSteering(part) || obeyedNames.has(part))) return true;
  const hidden = parts.some((part) => /^\.[^./]/.test(part));
  const isHome = placeOf(word) === "home" || (placeOf(word) !== "inside" && placeOf(word) !== "mesh" && hidden);
  return hidden && (isHome || parts.some((part) => /^\.(?:bash|zsh|profile|login|xinit|vim|git|config|ssh|local|inputrc)/.test(part)));
}

const writeRisks: Readonly<Record<Place, Risk>> = {
  inside: "low",
  sink: "low",
  temporary: "low",
  mesh: "medium",
  home: "medium",
  outside: "medium",
  unknown: "high",
  system: "high",
  device: "critical",
};

/** How much harm writing to a path can do. */
export function writeRisk(path: PathWord): Risk {
  const place = placeOf(path);
  if (place === "device") return "critical";
  if (isObeyedPath(path)) return place === "inside" ? "medium" : "high";
  if (path.text.split("/").includes("..")) return "high";
  if (path.known === false && (place === "inside" || place === "temporary")) return "medium";
  return writeRisks[place];
}

/** The root, a home, the mesh, or all of a folder. */
const everything = /^(?:\/|\/\*|~[^/]*\/?|~[^/]*\/\*|\.|\.\/|\.\/\*|\.\.?\/?\*?|\*|\.\*|\$(?:HOME|MESH)\/?\*?)$/;

/** How much harm it can do that a path, with everything below it, is removed. */
export function removalRisk(path: PathWord): Risk {
  const place = placeOf(path);
  const text = shortest(path.text);
  if (everything.test(text) || place === "unknown") return "critical";
  if (/^\$SITE\/?(?:\.|\*)?$/.test(text)) return "high";
  if (place === "inside" || place === "temporary") return path.known === false ? "high" : "medium";
  return place === "system" || place === "device" ? "critical" : "high";
}
