import { isObject, type Json, textField } from "../wire/json";

export interface Todo {
  text: string;
  status: "pending" | "in_progress" | "completed";
}

/** The list that a TodoWrite call brings, or undefined if it brings none. An active item shows what is being done. */
export function todosOf(input: Json): Todo[] | undefined {
  const list = isObject(input) ? input.todos : undefined;
  if (!Array.isArray(list)) return undefined;
  return list.map((item) => {
    const status = textField(item, "status");
    const active = status === "in_progress" ? textField(item, "activeForm") : "";
    return {
      text: active || textField(item, "content"),
      status: status === "completed" || status === "in_progress" ? status : "pending",
    };
  });
}
