import { posix } from "node:path";

/** A folder of the mesh that is to become a release on a target. */
export interface Upload {
  /** Relative to the mesh's root. */
  readonly from: string;
  /** Where the release is to lie, relative to the target's folder. */
  readonly to: string;
  /** The link to the release in use, relative to the target's folder. */
  readonly link: string;
}

/** What a part of a path on a target is made of, so that no shell reads anything else in it. */
const part = "[A-Za-z0-9_][A-Za-z0-9._+-]*";
const path = `\`${part}(?:/${part})*\``;

/** As it stands in the attributes of a step. */
export const uploadPattern = new RegExp(`(\`[^\`\\n]+\` to ${path} as ${path})`, "y");

/** @param text as {@link uploadPattern} has found it */
export function readUpload(text: string): Upload {
  const [from = "", to = "", link = ""] = [...text.matchAll(/`([^`]+)`/g)].map(([, each]) => each);
  return { from, to, link };
}

export function printUpload({ from, to, link }: Upload): string {
  return `\`${from}\` to \`${to}\` as \`${link}\``;
}

/** Where the files of a release lie until all of them are there. */
export function partialFolder({ to }: Upload): string {
  return `${to}.part`;
}

/** Where it is kept, as the text of a link, to what the link led before. */
function keptLink({ to }: Upload): string {
  return `${to}.before`;
}

/** The new link, before it takes the place of the old one. */
function nextLink({ link }: Upload): string {
  return `${link}.next`;
}

/** Whether a release and its link, and what is needed beside them, are in nobody's way. */
export function liesApart(upload: Upload): boolean {
  const paths = [upload.to, partialFolder(upload), keptLink(upload), upload.link, nextLink(upload)];
  // Some file systems take capital and small letters for the same.
  const folders = paths.map((each) => `${each.toLowerCase()}/`);
  return folders.every((one, at) => folders.every((other, index) => at === index || !one.startsWith(other)));
}

/**
 * The commands of a step that uploads. They run in the target's folder, and `run` only when the release is there with the
 * digest that was approved: below {@link partialFolder}, or below `to` when an earlier try came that far.
 *
 * They are part of what is approved, and of what is proved later of steps that ran: another text needs another attribute.
 */
export function uploadCommands(upload: Upload): Readonly<Record<"run" | "check" | "undo", string>> {
  const { to, link } = upload;
  const [partial, kept, next] = [partialFolder(upload), keptLink(upload), nextLink(upload)];
  const text = posix.relative(posix.dirname(`/${link}`), `/${to}`);
  const leads = `"$(readlink ${link})"`;
  // The link is switched in one rename. The two forms of mv are that of GNU, and that of BSD and macOS.
  const point = `test -d ${next}\n  mv -fT ${next} ${link} 2>/dev/null || mv -fh ${next} ${link}`;
  return {
    run: `# The files have been sent to ${partial}, and have the approved digest there.
test ! -e ${link} || test -L ${link} || { echo "${link} is no link" >&2; exit 1; }
if test -d ${partial}; then
  test ! -e ${to}
  mv ${partial} ${to}
fi
if test ${leads} != ${text}; then
  ln -sfn -- "$(readlink ${link} || echo /dev/null)" ${kept}
  ln -sfn ${text} ${next}
  ${point}
fi`,
    check: `test ${leads} = ${text}\ntest -d ${link}`,
    undo: `# The files stay in ${to}.
if test ${leads} != ${text}; then
  echo "${link} does not lead to ${text}: nothing is changed"
elif test "$(readlink ${kept})" = /dev/null; then
  rm ${link}
else
  ln -sfn -- "$(readlink ${kept})" ${next}
  ${point}
fi`,
  };
}
