"use client";

import type { Link, Person } from "@taskassistant/contracts";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ApiError } from "../../lib/errors/api-error.ts";
import { createAuth, type SignedInUser } from "../session/auth.ts";
import { signInAddress } from "../session/sign-in-address.ts";
import { createPeopleApi } from "./people-api.ts";

const SEARCH_DELAY_MS = 200;

/** What the page shows: `nothing` to whoever may not administer people. */
export type PeopleState =
  | { status: "loading" | "nothing" }
  | { status: "failed"; error: unknown }
  | { status: "ready"; people: Person[]; total: number; next: string | null; links: Link[]; user: SignedInUser };

/** Loads people and links, again after each change and for each search. Without a session it leads to signing in. */
export function usePeople(search: string) {
  const api = useMemo(() => createPeopleApi(), []);
  const [state, setState] = useState<PeopleState>({ status: "loading" });
  const newest = useRef(0);

  const load = useCallback(async () => {
    newest.current += 1;
    const mine = newest.current;
    const next = await loaded(api, search);
    if (mine === newest.current) setState(next);
  }, [api, search]);

  useEffect(() => {
    const timer = setTimeout(load, search === "" ? 0 : SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [load, search]);

  const more = async (): Promise<void> => {
    if (state.status !== "ready" || state.next === null) return;
    const page = await api.list(search, state.next);
    setState({ ...state, people: [...state.people, ...page.people], next: page.next_cursor });
  };
  return { api, state, load, more };
}

async function loaded(api: ReturnType<typeof createPeopleApi>, search: string): Promise<PeopleState> {
  const user = await createAuth().user();
  try {
    const [page, links] = await Promise.all([api.list(search), api.links()]);
    const known = user ?? { id: "", name: "", email: "" };
    const { people, total, next_cursor: next } = page;
    return { status: "ready", people, total, next, links, user: known };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) return { status: "failed", error };
    if (user !== null) return { status: "nothing" };
    window.location.replace(signInAddress(window.location));
    return { status: "loading" };
  }
}
