"use client";

import { requiredContext } from "../../../lib/required-context.ts";
import type { TypedStore } from "./typed-store.ts";

const [TypedContext, useTypedStore] = requiredContext<TypedStore>("What is typed into quick add");

export { TypedContext, useTypedStore };
