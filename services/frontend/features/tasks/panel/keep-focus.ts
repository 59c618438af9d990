/**
 * Call before a change that moves a row of a list elsewhere. If the focus is lost with the row, the row that takes its
 * place gets it, so that people who work by keyboard stay where they were. `fallback` is the id of the element that gets
 * the focus when the list is empty, and `afterMs` how long the row stays.
 */
export function keepFocus(control: HTMLElement, fallback: string, afterMs = 0): void {
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
  }, afterMs + 50);
}
