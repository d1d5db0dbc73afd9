import { Check, ChevronDown, Circle, Square } from "lucide-react";
import { useState } from "react";
import type { Todo } from "./todos";

/** The agent's to-do list in one line, unfolded on demand. */
export function TodoStrip({ todos }: { todos: Todo[] }) {
  const [open, setOpen] = useState(false);
  const active = todos.findIndex((todo) => todo.status === "in_progress");
  const done = todos.filter((todo) => todo.status === "completed").length;
  const words =
    active >= 0
      ? `${active + 1} of ${todos.length}`
      : done === todos.length
        ? "All done"
        : `${done} of ${todos.length} done`;
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
        <ul className="todolist" aria-label="To do">
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
                <span className="vh">, {todo.status.replace("_", " ")}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
