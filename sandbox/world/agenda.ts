/** What a book does in later hours. */
export interface Agenda<Task> {
  /** Puts something on it that is to be done so many hours from now. */
  later(hours: number, task: Task): void;
  /** What is to be done by now, and has not been given before. */
  due(): Task[];
}

/** An agenda without anything on it, by the hours of a story. */
export function newAgenda<Task>({ hour }: { hour(): number }): Agenda<Task> {
  const agenda = new Map<number, Task[]>();
  return {
    later: (hours, task) => {
      const at = hour() + hours;
      agenda.set(at, [...(agenda.get(at) ?? []), task]);
    },
    due: () => {
      const hours = [...agenda.keys()].filter((at) => at <= hour());
      const tasks = hours.flatMap((at) => agenda.get(at) ?? []);
      for (const at of hours) agenda.delete(at);
      return tasks;
    },
  };
}
