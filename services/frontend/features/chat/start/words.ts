/** What a new chat shows: a greeting, what the day holds, and suggestions with prompts plain enough for any model. */
export const words = {
  greeting: {
    morning: (name: string) => `Good morning, ${name}`,
    afternoon: (name: string) => `Good afternoon, ${name}`,
    evening: (name: string) => `Good evening, ${name}`,
    night: (name: string) => `Up late, ${name}`,
    anonymous: "What needs doing?",
  },

  day: {
    empty: "Your list is empty. Start with a suggestion, or write your own.",
    allDone: "Everything for today is done.",
    clear: "Nothing is due today.",
    /** "One task is overdue, three are due today." */
    due: (overdue: number, today: number) => {
      const late = overdue === 0 ? "" : `${spelled(overdue)} ${nounFor(overdue)} ${verbFor(overdue)} overdue`;
      const now =
        today === 0 ? "" : `${spelled(today)}${overdue === 0 ? ` ${nounFor(today)}` : ""} ${verbFor(today)} due today`;
      const sentence = [late, now].filter((part) => part !== "").join(", ");
      return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
    },
  },

  suggestions: {
    label: "Suggestions",
    addFirst: { title: "Add a first task", detail: "Buy milk, due tomorrow", prompt: "add buy milk tomorrow" },
    addSeveral: {
      title: "Add several at once",
      detail: "Call the bank and water the plants",
      prompt: "add call the bank and water the plants",
    },
    dueToday: { title: "What is due today?", prompt: "what is due today?" },
    overdue: { title: "What is overdue?", prompt: "what is overdue?" },
    open: { title: "What is still open?", prompt: "list my open tasks" },
    help: { title: "What can you do?", detail: "A short introduction", prompt: "help" },
    anyTime: "Ask at any time",
    moveToToday: "Move it to today",
    planTomorrow: "Plan it for tomorrow",
    markDone: "Mark it as done",
    movePrompt: (title: string, day: string) => `move "${title}" to ${day}`,
    donePrompt: (title: string) => `mark "${title}" as done`,
    andOthers: (title: string, count: number) => (count === 1 ? title : `${title} and ${count - 1} more`),
    count: (count: number) => `${new Intl.NumberFormat("en").format(count)} ${nounFor(count)}`,
  },
};

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function spelled(count: number): string {
  return NUMBERS[count] ?? String(count);
}

function nounFor(count: number): string {
  return count === 1 ? "task" : "tasks";
}

function verbFor(count: number): string {
  return count === 1 ? "is" : "are";
}
