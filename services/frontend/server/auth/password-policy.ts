import { PASSWORD_MAX, PASSWORD_MIN } from "@taskassistant/contracts/limits";
import type { PasswordRefusal } from "@taskassistant/contracts/password-refusals";

/** Whose password it is to be. */
export interface PasswordOwner {
  email?: string | undefined;
  name?: string | undefined;
}

/** Says why a new password is refused; undefined if it is good enough. */
export type PasswordPolicy = (password: string, owner: PasswordOwner) => Promise<PasswordRefusal | undefined>;

/**
 * A password that falls to fewer guesses is refused: an attacker whom the rate limits slow down makes about this
 * many in a year.
 */
const MIN_GUESSES = 1_000_000;
/** The estimate takes time that grows with the square of the length, so of a long password both ends are looked at. */
const END_LENGTH = 32;
/** White space, what takes no place, and the letters that fonts draw as nothing. */
const BLANK = /^[\p{White_Space}\p{C}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * The rules for new passwords, by NIST SP 800-63B-4, section 3.1.1.2: a minimum length, any characters, and no password that
 * is common, is a pattern, or is made of what everybody knows of its owner. A password that is in use is never checked again.
 * Texts that look the same are one password, because it is hashed in the form NFKC too. The list of common passwords is
 * loaded when it is first needed.
 */
export function createPasswordPolicy(): PasswordPolicy {
  let loading: Promise<Estimate> | undefined;
  return async (password, { email = "", name = "" }) => {
    const text = password.normalize("NFKC");
    if (BLANK.test(text) && text !== "") return "PASSWORD_BLANK";
    if ([...text].length < PASSWORD_MIN) return "PASSWORD_TOO_SHORT";
    if (password.length > PASSWORD_MAX) return "PASSWORD_TOO_LONG";
    loading ??= loadEstimate();
    const estimate = await loading;
    const known = [email, ...email.split("@"), name, ...name.split(/\s+/), "TaskAssistant"];
    const personal = known.flatMap((word) => (word.length < 3 ? [] : [word.normalize("NFKC").toLowerCase()]));
    const ends = endsOf(text).map((end) => estimate(end, personal));
    if (ends.some(({ guesses }) => guesses >= MIN_GUESSES)) return undefined;
    return ends.some((end) => end.isPersonal) ? "PASSWORD_PERSONAL" : "PASSWORD_COMMON";
  };
}

/** How many guesses an attacker needs who knows these words of the owner, and whether one of them helps. */
type Estimate = (text: string, known: string[]) => { guesses: number; isPersonal: boolean };

async function loadEstimate(): Promise<Estimate> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return (text, known) => {
    const { guesses, sequence } = estimator.check(text, known);
    return { guesses, isPersonal: sequence.some(({ dictionaryName }) => dictionaryName === "userInputs") };
  };
}

/** What is looked at: a text that consists of repetitions is no better than one of them. */
function endsOf(text: string): string[] {
  const characters = [...unitOf(text)];
  if (characters.length <= END_LENGTH) return [characters.join("")];
  return [characters.slice(0, END_LENGTH).join(""), characters.slice(-END_LENGTH).join("")];
}

/** The shortest beginning whose repetitions begin with the text: `abc` for `abcabca`, and the text itself if there is none. */
function unitOf(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    if (text.startsWith(text.slice(length))) return text.slice(0, length);
  }
  return text;
}
