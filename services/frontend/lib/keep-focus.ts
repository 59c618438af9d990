/**
 * Call before something makes a row of a list go elsewhere: should the focus be lost with it, the row that takes its
 * place gets it, so that whoever works by keyboard stays where they were. `fallback` is the id for an empty list.
 */
export function keepFocus(control: HTMLElement, fallback: string): void {
  const selector = control.dataset.rowControl;
  const list = control.closest("section")?.parentElement;
  if (!selector || !list) return;
  const peers = [...list.querySelectorAll<HTMLElement>(`[data-row-control="${selector}"]`)];
  const at = peers.indexOf(control);
  const heirs = [...peers.slice(at + 1), ...peers.slice(0, at).reverse()];
  setTimeout(() => {
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    const heir = heirs.find((peer) => peer.isConnected) ?? document.getElementById(fallback);
    heir?.focus();
  }, 50);
}
