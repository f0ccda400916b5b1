/** The reference of a container image, as far as its text says. */
interface ImageReference {
  /** Without tag and digest. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

function readImage(text: string): ImageReference {
  const [rest = "", digest] = withDefaults(text).split("@", 2);
  const colon = rest.lastIndexOf(":");
  const tagged = colon > rest.lastIndexOf("/");
  return {
    name: tagged ? rest.slice(0, colon) : rest,
    ...(tagged ? { tag: rest.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** `${TAG:-1.2}` means 1.2 to whoever says nothing; `${TAG}` is said somewhere else. */
function withDefaults(text: string): string {
  return text.replace(/\$\{[A-Za-z_]\w*:?-([^}]*)\}/g, "$1");
}

/** Tags that are made to be moved: a word, perhaps with another one behind it, and no number. */
const moving =
  /^(?:latest|stable|edge|main|master|trunk|develop|devel|dev|nightly|snapshot|rolling|current|testing|unstable|lts|mainline|release|prod|production|staging|alpine|slim|bullseye|bookworm|trixie|buster|focal|jammy|noble|fpm|apache|cli|jre|jdk|management|default)(?:-[a-z]+)*$/i;

/** What is not pinned about an image. `loose`: a tag that names a version, but moves with every minor release. */
export type Pinning = "pinned" | "loose" | "moving" | "untagged" | "latest";

export function pinningOf(text: string): Pinning {
  const { name, tag, digest } = readImage(text);
  if (digest !== undefined || name === "scratch") return "pinned";
  if (tag === undefined) return /[$]|\{\{/.test(name) ? "pinned" : "untagged";
  if (/[$]|\{\{/.test(tag)) return "pinned";
  if (/^latest\b/i.test(tag)) return "latest";
  if (moving.test(tag)) return "moving";
  return /^v?\d+(?:-[a-z][\w-]*)?$/i.test(tag) ? "loose" : "pinned";
}
