import type { ResourcesSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { ResourceRequirements } from "../../../kube/objects.ts";
import { canonicalQuantity, quantityValue } from "./quantity.ts";

type Quantities = Readonly<Record<string, string | number>>;

/**
 * Default resources with the user's on top, name by name. A default gives way where it would contradict what the user
 * gave, since the API server refuses a request above its limit: a smaller limit takes the default request down with it, a
 * larger request takes the default limit up.
 */
export function resources(
  defaults: { readonly requests: Quantities; readonly limits: Quantities },
  given: ResourcesSpec | undefined,
): ResourceRequirements {
  const { requests = {}, limits = {} } = given ?? {};
  const isMore = (a: string | number, b: string | number) => quantityValue(a) > quantityValue(b);
  return {
    requests: canonical({ ...replaced(defaults.requests, limits, isMore), ...requests }),
    limits: canonical({ ...replaced(defaults.limits, requests, (a, b) => isMore(b, a)), ...limits }),
  };
}

/** The defaults, each replaced by the user's quantity of the same name where it contradicts that one. */
function replaced(
  defaults: Quantities,
  given: Quantities,
  contradicts: (byDefault: string | number, given: string | number) => boolean,
): Quantities {
  const entries = Object.entries(defaults).map(([name, byDefault]) => {
    const other = given[name];
    return [name, other !== undefined && contradicts(byDefault, other) ? other : byDefault] as const;
  });
  return Object.fromEntries(entries);
}

function canonical(quantities: Quantities): Record<string, string> {
  return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, canonicalQuantity(value)]));
}

const MEBIBYTE = 1024n * 1024n;

/**
 * Options of Node.js that keep a server inside its memory limit. By default Node.js lets the heap grow to the whole limit,
 * and the kernel kills the process before it collects garbage. Half of the limit is for long-lived objects, the rest for code,
 * stacks, buffers and the young generation, whose 4 MiB are enough for requests that last milliseconds.
 */
export function nodeOptions({ limits }: ResourceRequirements): string {
  const memory = limits?.memory;
  const young = "--max-semi-space-size=4";
  if (memory === undefined) return young;
  const half = quantityValue(memory) / 1000n / MEBIBYTE / 2n;
  return `--max-old-space-size=${half > LEAST_HEAP ? half : LEAST_HEAP} ${young}`;
}

/** MiB below which our servers do not start; with such a limit the kernel kills them, which the condition reports. */
const LEAST_HEAP = 32n;
