import { createContext, useContext } from "react";

/** A context without a default. Its hook throws outside of the provider, since the page is then composed wrongly. */
export function requiredContext<Value>(name: string) {
  const Context = createContext<Value | null>(null);

  function useRequired(): Value {
    const value = useContext(Context);
    if (value === null) throw new Error(`${name} is read outside of its provider`);
    return value;
  }

  return [Context, useRequired] as const;
}
