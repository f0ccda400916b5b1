/**
 * Shell text that points a symbolic link at something else, in one atomic rename: whoever follows the link sees the old
 * release or the new one, at every moment. The two forms of `mv` are GNU's and BusyBox's, and that of BSD and macOS;
 * without `-T` or `-h` the new link would be moved into the folder that the old one points to. Where `mv` has neither, as
 * in an old macOS, it refuses, and what was current stays.
 *
 * @param link fit to stand unquoted in shell text, as is `to`
 */
export function pointLink(link: string, to: string): string {
  const next = `${link}.next`;
  return `ln -sfn ${to} ${next}\nmv -fT ${next} ${link} 2>/dev/null || mv -fh ${next} ${link}`;
}

/** What a link says now, as an argument; an empty one when there is no such link. */
export function linkText(link: string): string {
  return `"$(readlink ${link})"`;
}

/** Every line of a shell text two columns further in. */
export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
