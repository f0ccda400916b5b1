import type { Risk } from "@memomesh/core";
import { type ResolvedWord, unknownPart } from "./word.ts";

/** What kind of place a path names, seen from a step that runs in its target's folder. */
export type Place = "inside" | "mesh" | "home" | "temporary" | "sink" | "device" | "system" | "outside" | "unknown";

const systemRoots = /^\/(?:etc|usr|bin|sbin|lib|lib64|boot|opt|root|proc|sys|run|var\/(?:lib|spool|run|log)|System|Library|Applications)(?:\/|$)/;
const sinks = /^\/dev\/(?:null|stdout|stderr|stdin|tty|fd\/\d+)$/;

/** @param path as resolved: fixed variables in front are written `$SITE`, what is not known `‹?›` */
export function placeOf({ text }: Pick<ResolvedWord, "text">): Place {
  if (sinks.test(text)) return "sink";
  if (text.startsWith("/dev/")) return "device";
  if (/^~/.test(text)) return "home";
  const [, variable, rest = ""] = /^\$(SITE|MESH|HOME|TMPDIR)(?=\/|$)(.*)$/s.exec(text) ?? [];
  const path = variable === undefined ? text : rest;
  if (path.split("/").includes("..")) return "outside";
  if (path.startsWith(unknownPart)) return "unknown";
  if (variable === "SITE") return "inside";
  if (variable === "MESH") return "mesh";
  if (variable === "HOME") return "home";
  if (variable === "TMPDIR" || /^\/tmp\//.test(text)) return "temporary";
  if (path.includes("$")) return "unknown";
  if (text === "/" || systemRoots.test(text)) return "system";
  return text.startsWith("/") ? "outside" : "inside";
}

/** Places that keep secrets. */
const secretPath = /(?:^|\/)(?:\.env(?:\.[^/]*)?|\.ssh(?:\/.*)?|\.gnupg(?:\/.*)?|\.aws(?:\/.*)?|\.kube(?:\/.*)?|\.netrc|\.pgpass|\.npmrc|\.docker\/config\.json|id_(?:rsa|ed25519|ecdsa|dsa)|shadow|gshadow|sudoers(?:\.d\/.*)?|[^/]*\.(?:pem|key|p12|pfx|kdbx))$/;
const exampleOfSecret = /\.(?:example|sample|template)$/;

export function isSecretPath({ text }: Pick<ResolvedWord, "text">): boolean {
  return secretPath.test(text) && !exampleOfSecret.test(text);
}

/** Files that a shell, git or a login obeys later. */
const obeyed = /(?:^|\/)(?:\.(?:bash|zsh|profile|login|xinit|vim|git)[^/]*(?:\/.*)?|\.config\/.*|crontab|authorized_keys|\.envrc)$/;

export function isObeyedPath({ text }: Pick<ResolvedWord, "text">): boolean {
  return obeyed.test(text);
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
export function writeRisk(path: ResolvedWord): Risk {
  const place = placeOf(path);
  if (place === "device") return "critical";
  if (isObeyedPath(path)) return place === "inside" ? "medium" : "high";
  if (/(?:^|\/)\.\.(?:\/|$)/.test(path.text)) return "high";
  return writeRisks[place];
}

/** How much harm it can do that a path, with everything below it, is removed. */
export function removalRisk(path: ResolvedWord): Risk {
  const place = placeOf(path);
  if (/^(?:\/|\/\*|~\/?|~\/\*|\.|\.\/|\.\.?\/?\*?|\*|\$(?:HOME|MESH)\/?\*?)$/.test(path.text)) return "critical";
  if (/^\$SITE\/?\*?$/.test(path.text)) return "high";
  if (!path.known && placeOf(path) === "unknown") return "critical";
  if (place === "inside" || place === "temporary") return path.known ? "medium" : "high";
  return place === "system" || place === "device" ? "critical" : "high";
}
