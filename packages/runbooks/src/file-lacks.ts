import type { ReviewedStep } from "./snapshot.ts";

/**
 * What keeps a step from being run because of the files that it names, as predicates without a full stop: "needs `dist`,
 * which is not there". It may still be undone.
 */
export function fileLacks({ step, files, sends }: Pick<ReviewedStep, "step" | "files" | "sends">): readonly string[] {
  const absent = files.filter(({ digest }) => digest === null).map(({ path }) => path);
  const { upload } = step;
  const present = upload !== undefined && !absent.includes(upload.from);
  return [
    ...absent.map((path) => `needs \`${path}\`, which is not there`),
    ...(present && sends === undefined ? [`uploads \`${upload.from}\`, which is a file; expected a folder`] : []),
    ...(present && sends?.files === 0 ? [`uploads \`${upload.from}\`, which holds no file`] : []),
  ];
}
