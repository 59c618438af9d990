import { useSyncExternalStore } from "react";

/** State that lives outside React and that parts of the page follow. */
export interface Store<State> {
  /** Returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): State;
}

/** A store whose owner changes it with `publish`; everybody else gets `subscribe` and `getSnapshot`. */
export function createStore<State extends object>(initial: State) {
  const listeners = new Set<() => void>();
  let state = initial;

  function publish(change: Partial<State>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  return { subscribe, getSnapshot: () => state, publish, isFollowed: () => listeners.size > 0 };
}

/** The state of a store; the component is drawn again when it changes. */
export function useStore<State>({ subscribe, getSnapshot }: Store<State>): State {
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
