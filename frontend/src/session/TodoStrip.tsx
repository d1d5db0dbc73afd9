import { Check, ChevronDown, Circle, Square } from "lucide-react";
import { useState } from "react";
import { t } from "../text/text";
import type { Todo } from "./todos";

/** The agent's to-do list in one line, unfolded on demand. */
export function TodoStrip({ todos }: { todos: Todo[] }) {
  const [open, setOpen] = useState(false);
  const active = todos.findIndex((todo) => todo.status === "in_progress");
  const done = todos.filter((todo) => todo.status === "completed").length;
  const words =
    active >= 0
      ? t("{at} of {of}", { at: active + 1, of: todos.length })
      : done === todos.length
        ? t("All done")
        : t("{at} of {of} done", { at: done, of: todos.length });
  return (
    <>
      <button type="button" className="todo inset" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="bars" aria-hidden="true">
          {todos.map((todo, index) => (
            <i key={index} className={todo.status} />
          ))}
        </span>
        <span className="cut grow">
          <span className="num">{words}</span> {todos[active]?.text}
        </span>
        <ChevronDown className="i s" aria-hidden="true" />
      </button>
      {open && (
        <ul className="todolist" aria-label={t("To do")}>
          {todos.map((todo, index) => (
            <li key={index} className={todo.status}>
              {todo.status === "completed" ? (
                <Check className="i s" aria-hidden="true" />
              ) : todo.status === "in_progress" ? (
                <Square className="i s" aria-hidden="true" />
              ) : (
                <Circle className="i s" aria-hidden="true" />
              )}
              <span>
                {todo.text}
                <span className="vh">, {statusWords(todo)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function statusWords({ status }: Todo): string {
  if (status === "completed") return t("done");
  return status === "in_progress" ? t("active") : t("to come");
}
