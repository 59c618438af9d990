import { BaseSequencer, type TestSequencerConstructor, type TestSpecification } from "vitest/node";

/**
 * The order of test files: those named (by the end of their path) first, in that order. A long file that starts last
 * would run alone while the other workers have nothing left to do.
 */
export function longFilesFirst(...names: string[]): TestSequencerConstructor {
  const rank = ({ moduleId }: TestSpecification): number => {
    const index = names.findIndex((name) => moduleId.endsWith(`/${name}`));
    return index < 0 ? names.length : index;
  };
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
    }
  };
}
