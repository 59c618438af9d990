/**
 * Whether a resourceVersion is newer than another; undefined when they are not both decimal numbers and so cannot be
 * compared. (Comparing is sanctioned for Kubernetes' own storage since 1.35, KEP-5504.)
 */
export function isNewer(version: string | undefined, than: string | undefined): boolean | undefined {
  if (version === undefined || than === undefined) return undefined;
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return undefined;
  const a = version.replace(/^0+/, "");
  const b = than.replace(/^0+/, "");
  return a.length === b.length ? a > b : a.length > b.length;
}
