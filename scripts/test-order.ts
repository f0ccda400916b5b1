import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Packages whose tests stay in their own process. */
const inProcess = /\/packages\/(?:agents|core|guard|quality)\//;

/**
 * Runs what starts other processes first: starting one copies the page tables of the worker, which has grown to several
 * times its size when the parsers and the properties have run in it.
 */
export class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLight = ({ moduleId }: TestSpecification) => inProcess.test(moduleId);
    return [...sorted.filter((file) => !isLight(file)), ...sorted.filter(isLight)];
  }
}
